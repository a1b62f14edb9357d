"""The workflow of a study against the sandbox whose URL and token are given, with the client `prolific_client` that
openapi-python-client has generated. The sandbox starts with seed.json."""

import sys

from prolific_client import AuthenticatedClient, models
from prolific_client.api.bonuses import bonuses_pay, bonuses_set_up
from prolific_client.api.messages import messages_list, messages_send_to_group
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

FIRST = "5e9b9c9b0f9c9a0001b0b1f4"

url, token = sys.argv[1:]
client = AuthenticatedClient(base_url=url, token=token, prefix="Token", raise_on_unexpected_status=True)
steps = 0


def step(name, actual, expected):
    global steps
    assert actual == expected, f"{name}: {actual} and not {expected}"
    steps += 1


def call(operation, status, *arguments, **options):
    response = operation.sync_detailed(*arguments, client=client, **options)
    assert response.status_code == status, f"{operation.__name__}: {response.status_code} {response.content}"
    return response.parsed


def balance():
    shown = call(workspaces_balance, 200, workspace.id)
    return shown.total_balance, shown.available_balance


[workspace] = call(workspaces_list, 200).results
step("workspace", workspace.title, "Colour lab")
# The seeded study holds its two places of 2.10.
step("balance before", balance(), (10_000, 9_580))
[project] = call(projects_list, 200, workspace.id).results
step("project", project.title, "Colours")
own = call(projects_create, 201, workspace.id, body=models.CreateProject(title="Follow-ups"))
step("projects", [project.title for project in call(projects_list, 200, workspace.id).results], ["Colours", "Follow-ups"])

review = models.ManuallyReview(action=models.ManuallyReviewAction.MANUALLY_REVIEW)
code = models.CompletionCode(code="COLOURS2", code_type=models.CompletionCodeType.COMPLETED, actions=[review])
body = models.CreateStudy(
    project=own.id,
    name="Naming colours, part 2",
    description="Name the colours of twenty more patches.",
    external_study_url="https://lab.example.org/colours-2?pid={{%PROLIFIC_PID%}}",
    prolific_id_option=models.ProlificIdOption.URL_PARAMETERS,
    completion_codes=[code],
    total_available_places=2,
    estimated_completion_time=10,
    reward=150,
)
draft = call(studies_create, 201, body=body)
step("draft", (draft.status, draft.project), (models.StudyStatus.UNPUBLISHED, own.id))
cost = call(studies_cost, 200, draft.id, is_projected=True).rewards
step("cost", (cost.rewards.amount, cost.fees.amount, cost.tax.amount), (300, 100, 20))
published = call(studies_transition, 200, draft.id, body=models.StudyTransition(action=models.StudyAction.PUBLISH))
step("publish", published.status, models.StudyStatus.ACTIVE)
step("cost reserved", balance(), (10_000, 9_160))
again = call(studies_transition, 400, draft.id, body=models.StudyTransition(action=models.StudyAction.PUBLISH))
step("publish again", again.error.status, 400)

submissions = call(submissions_list, 200, study=FIRST).results
step("submissions", [one.status for one in submissions], [models.SubmissionStatus.AWAITING_REVIEW] * 2)
ids = [one.id for one in submissions]
call(submissions_bulk_approve, 200, body=models.BulkApproveSubmissions(submission_ids=ids))
step("approved", call(submissions_counts, 200, FIRST).approved, 2)
step("first study", call(studies_get, 200, FIRST).status, models.StudyStatus.COMPLETED)
step("rewards paid", balance(), (9_580, 9_160))

people = [one.participant_id for one in submissions]
body = models.CreateParticipantGroup(name="Wave 1", workspace_id=workspace.id, participant_ids=people)
group = call(participant_groups_create, 201, body=body)
members = call(participant_groups_list_participants, 200, group.id).results
step("group", [member.participant_id for member in members], people)

text = "The second part is open to you."
body = models.SendGroupMessage(participant_group_id=group.id, body=text, study_id=draft.id)
call(messages_send_to_group, 204, body=body)
step("message", [one.body for one in call(messages_list, 200, user_id=people[1]).results], [text])

body = models.SetUpBonuses(study_id=FIRST, csv_bonuses="\n".join(f"{one},1.00" for one in ids))
bonuses = call(bonuses_set_up, 201, body=body)
step("bonuses", (bonuses.amount, bonuses.total_amount), (200, 280))
step("nothing charged", balance(), (9_580, 9_160))
call(bonuses_pay, 202, bonuses.id)
step("bonus of one", call(submissions_get, 200, ids[0]).bonus_payments, [100])
step("bonuses paid", balance(), (9_300, 8_880))

step("unknown study", call(studies_get, 404, "5e9b9c9b0f9c9a0001b0b1f5").error.status, 404)
print(f"{steps} steps as expected")
