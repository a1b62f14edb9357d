"""The workflow of a study against the sandbox whose URL and token are given, with the clients that openapi-python-client
has generated: `prolific_client` for the API, and `sandbox_client` for the control API, which leads the participants. The
sandbox starts with seed.json."""

import sys

import sandbox_client
from prolific_client import AuthenticatedClient, models
from prolific_client.api.bonuses import bonuses_pay, bonuses_set_up
from prolific_client.api.messages import messages_list, messages_list_unread, messages_send_to_group
from prolific_client.api.participant_groups import participant_groups_create, participant_groups_list_participants
from prolific_client.api.projects import projects_create, projects_list
from prolific_client.api.studies import studies_cost, studies_create, studies_get, studies_transition
from prolific_client.api.submissions import (
    submissions_bulk_approve,
    submissions_counts,
    submissions_get,
    submissions_list,
)
from prolific_client.api.workspaces import workspaces_balance, workspaces_list
from sandbox_client import models as control_models
from sandbox_client.api.clock import sandbox_clock_advance
from sandbox_client.api.participants import (
    sandbox_participants_take,
    sandbox_participants_write,
    sandbox_submissions_transition,
)
from sandbox_client.api.requests import sandbox_requests_list
from sandbox_client.api.state import sandbox_reset

url, token = sys.argv[1:]
api = AuthenticatedClient(base_url=url, token=token, prefix="Token", raise_on_unexpected_status=True)
control = sandbox_client.Client(base_url=url, raise_on_unexpected_status=True)
steps = 0


def step(name, actual, expected):
    global steps
    assert actual == expected, f"{name}: {actual} and not {expected}"
    steps += 1


def call(operation, status, *arguments, **options):
    client = control if operation.__name__.startswith("sandbox_client.") else api
    response = operation.sync_detailed(*arguments, client=client, **options)
    assert response.status_code == status, f"{operation.__name__}: {response.status_code} {response.content}"
    return response.parsed


def balance():
    shown = call(workspaces_balance, 200, workspace.id)
    return shown.total_balance, shown.available_balance


def take(participant, status=201, begin=True):
    body = control_models.SandboxParticipantsTakeBody(study_id=study.id, begin=begin)
    return call(sandbox_participants_take, status, participant, body=body)


def act(submission, action, **options):
    action = control_models.SandboxSubmissionsTransitionBodyAction(action)
    body = control_models.SandboxSubmissionsTransitionBody(action=action, **options)
    return call(sandbox_submissions_transition, 200, submission.id, body=body)


[workspace] = call(workspaces_list, 200).results
step("workspace", workspace.title, "Colour lab")
step("balance before", balance(), (10_000, 10_000))
own = call(projects_create, 201, workspace.id, body=models.CreateProject(title="Follow-ups"))
step("projects", [project.title for project in call(projects_list, 200, workspace.id).results], ["Colours", "Follow-ups"])
group = call(participant_groups_create, 201, body=models.CreateParticipantGroup(name="Wave 1", workspace_id=workspace.id))
step("group", (group.name, group.participant_count), ("Wave 1", 0))

review = models.ManuallyReview(action=models.ManuallyReviewAction.MANUALLY_REVIEW)
join = models.AddToParticipantGroup(
    action=models.AddToParticipantGroupAction.ADD_TO_PARTICIPANT_GROUP, participant_group=group.id
)
code = models.CompletionCode(code="COLOURS", code_type=models.CompletionCodeType.COMPLETED, actions=[review, join])
body = models.CreateStudy(
    project=own.id,
    name="Naming colours",
    description="Name the colours of twenty patches.",
    external_study_url="https://lab.example.org/colours?pid={{%PROLIFIC_PID%}}",
    prolific_id_option=models.ProlificIdOption.URL_PARAMETERS,
    completion_codes=[code],
    total_available_places=2,
    estimated_completion_time=10,
    reward=150,
)
study = call(studies_create, 201, body=body)
step("draft", (study.status, study.project), (models.StudyStatus.UNPUBLISHED, own.id))
cost = call(studies_cost, 200, study.id, is_projected=True).rewards
step("cost", (cost.rewards.amount, cost.fees.amount, cost.tax.amount), (300, 100, 20))
step("nobody takes part in a draft", take("p1", 400).error.detail, "The study is UNPUBLISHED.")
publish = models.StudyTransition(action=models.StudyAction.PUBLISH)
step("publish", call(studies_transition, 200, study.id, body=publish).status, models.StudyStatus.ACTIVE)
step("cost reserved", balance(), (10_000, 9_580))
step("publish again", call(studies_transition, 400, study.id, body=publish).error.status, 400)

first = take("p1")
step("taken", first.status, "ACTIVE")
step("submitted", act(first, "SUBMIT", code="COLOURS").status, "AWAITING REVIEW")
step("returned", act(take("p2"), "RETURN").status, "RETURNED")
late = take("p3", begin=False)
step("reserved", late.status, "RESERVED")
call(sandbox_clock_advance, 200, body=control_models.SandboxClockAdvanceBody(seconds=660))
step("nobody came", call(submissions_get, 200, late.id).status, models.SubmissionStatus.TIMED_OUT)
second = take("p4")
step("submitted without a code", act(second, "SUBMIT").entered_code, "NOCODE")
step("full", take("p5", 400).error.status, 400)
submissions = call(submissions_list, 200, study=study.id).results
waiting = models.SubmissionStatus.AWAITING_REVIEW
expected = [waiting, models.SubmissionStatus.RETURNED, models.SubmissionStatus.TIMED_OUT, waiting]
step("submissions", [one.status for one in submissions], expected)
step("codes", [one.study_code for one in submissions], ["COLOURS", None, None, "NOCODE"])
members = call(participant_groups_list_participants, 200, group.id).results
step("members", [member.participant_id for member in members], ["p1"])

ids = [first.id, second.id]
call(submissions_bulk_approve, 200, body=models.BulkApproveSubmissions(submission_ids=ids))
step("approved", call(submissions_counts, 200, study.id).approved, 2)
step("study", call(studies_get, 200, study.id).status, models.StudyStatus.COMPLETED)
step("rewards paid", balance(), (9_580, 9_580))

text = "The second part is open to you."
body = models.SendGroupMessage(participant_group_id=group.id, body=text, study_id=study.id)
call(messages_send_to_group, 204, body=body)
step("message", [one.body for one in call(messages_list, 200, user_id="p1").results], [text])
call(sandbox_participants_write, 201, "p1", body=control_models.SandboxParticipantsWriteBody(body="Where?"))
step("response", [one.body for one in call(messages_list_unread, 200).results], ["Where?"])

body = models.SetUpBonuses(study_id=study.id, csv_bonuses="\n".join(f"{one},1.00" for one in ids))
bonuses = call(bonuses_set_up, 201, body=body)
step("bonuses", (bonuses.amount, bonuses.total_amount), (200, 280))
step("nothing charged", balance(), (9_580, 9_580))
call(bonuses_pay, 202, bonuses.id)
step("bonus of one", call(submissions_get, 200, ids[0]).bonus_payments, [100])
step("bonuses paid", balance(), (9_300, 9_300))

step("unknown study", call(studies_get, 404, "5e9b9c9b0f9c9a0001b0b1f5").error.status, 404)
[request] = call(sandbox_requests_list, 200, limit=1).results
step("record", (request.operation, request.status), ("studies_get", 404))
call(sandbox_reset, 204)
step("reset", call(studies_get, 404, study.id).error.status, 404)
print(f"{steps} steps as expected")
