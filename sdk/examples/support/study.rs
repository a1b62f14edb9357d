//! The steps of a study that several examples take. Each can be repeated after any failure: what is there is found again by
//! its name, and not created twice.

use std::collections::BTreeSet;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use prolific_sdk::Client;
use prolific_sdk::types::{
    BulkApproveSubmissions, CompletionCode, CompletionCodeAction, CompletionCodeType, CreateParticipantGroup,
    CreateStudy, Filter, MinorUnits, Minutes, ParticipantGroupId, ParticipantId, ParticipantIdList, Places, ProjectId,
    ProlificIdOption, SendGroupMessage, Study, StudyAction, StudyCost, StudyId, StudyStatus, StudyTransition,
    SubmissionId,
};

use crate::support::Failure;

/// The number of ids in a request, as the documentation recommends.
const CHUNK: usize = 1000;

/// A progress line, which is shown on terminals only.
pub fn progress(template: &str) -> Result<ProgressBar, Failure> {
    let bar = ProgressBar::new_spinner().with_style(ProgressStyle::with_template(template)?);
    bar.enable_steady_tick(Duration::from_millis(100));
    Ok(bar)
}

/// Approves submissions, which pays the rewards. One request after the other: parallel ones compete for the money.
pub async fn approve(client: &Client, submissions: &[SubmissionId]) -> Result<(), Failure> {
    for chunk in submissions.chunks(CHUNK) {
        client.submissions().bulk_approve(BulkApproveSubmissions::submissions(chunk)).send().await?;
    }
    Ok(())
}

/// Creates the group, or finds that of an earlier run. Participants who are in it stay in it.
pub async fn save_group(
    client: &Client,
    workspace: &str,
    study: &StudyId,
    people: &BTreeSet<ParticipantId>,
) -> Result<ParticipantGroupId, Failure> {
    let name = format!("Participants of {study}");
    let groups = client.participant_groups();
    let mut list = groups.list(workspace).active(true).stream();
    let mut found = None;
    while let Some(group) = list.try_next().await? {
        if group.name.as_deref() == Some(&name) {
            found = group.id;
        }
    }
    let id = if let Some(id) = found {
        id
    } else {
        // Looks for the group itself if the outcome of the request is unknown.
        let group = groups.create_checked(CreateParticipantGroup::in_workspace(name, workspace)).await?;
        group.id.ok_or("the service sent no id")?
    };
    for chunk in people.iter().collect::<Vec<_>>().chunks(CHUNK) {
        groups.add_participants(&id, ParticipantIdList::new(chunk.iter().copied())).send().await?;
    }
    println!("the group {id} has the people");
    Ok(id)
}

/// The study of an earlier run, or a new draft: a create whose outcome is unknown is not repeated blindly.
pub async fn find_or_draft(client: &Client, draft: CreateStudy) -> Result<Study, Failure> {
    let studies = client.studies();
    let mut list = studies.list_of_project(&draft.project).stream();
    while let Some(found) = list.try_next().await? {
        if found.name == draft.name {
            return Ok(studies.get(found.id).send().await?);
        }
    }
    Ok(studies.create(draft).send().await?)
}

/// A study at a URL that gets the participant's id as `pid`, with one completion code. Its submissions are reviewed.
pub fn draft(
    project: ProjectId,
    name: &str,
    description: &str,
    url: &str,
    code: &str,
    (places, minutes, reward): (Places, Minutes, MinorUnits),
) -> CreateStudy {
    let completed = CompletionCode::new(code, CompletionCodeType::Completed, [CompletionCodeAction::manually_review()]);
    let separator = if url.contains('?') { '&' } else { '?' };
    let url = format!("{url}{separator}pid={{{{%PROLIFIC_PID%}}}}");
    let option = ProlificIdOption::UrlParameters;
    CreateStudy::at_url(project, name, description, option, url, [completed], places, minutes, reward)
}

/// Drafts a follow-up with the reward and the length of the first study, for a group of so many people alone; shows its
/// cost, publishes it, and writes to the group. Stops before publishing if no money may be spent: there is no study then.
pub async fn follow_up(
    client: &Client,
    first: &Study,
    (group, people): (&ParticipantGroupId, usize),
    url: &str,
    code: &str,
    may_spend: bool,
) -> Result<Option<Study>, Failure> {
    let project = first.project.clone().ok_or("the service did not say which project the study is in")?;
    let name = format!("{}, follow-up", first.name);
    let reward = first.reward.ok_or("the service did not say what the first study pays")?;
    let minutes = first.estimated_completion_time.ok_or("the service did not say how long the first study takes")?;
    let description = "The second part of a study that you have taken part in.";
    let size = (Places(people.try_into()?), minutes, reward);
    let draft = draft(project, &name, description, url, code, size)
        .filters([Filter::select("participant_group_allowlist", [group])]);
    let follow_up = find_or_draft(client, draft).await?;
    let id = &follow_up.id;
    if follow_up.status != StudyStatus::Unpublished {
        println!("the follow-up {id} is published already: {}", follow_up.status);
        return Ok(Some(follow_up));
    }
    println!("the follow-up {id} is a draft for this group");
    show_cost(&client.studies().cost(id).is_projected(true).send().await?);
    if !may_spend {
        println!("stopped before publishing, which reserves the cost: --spend publishes");
        return Ok(None);
    }
    publish(client, id).await?;
    println!("the follow-up is active");

    let text = "Thank you for taking part. A second part is open to you now.";
    client.messages().send_to_group(SendGroupMessage::new(group, text).study_id(id)).send().await?;
    println!("wrote to the group");
    Ok(Some(follow_up))
}

/// Rewards, fees and tax of the places.
pub fn show_cost(cost: &StudyCost) {
    let Some(rewards) = &cost.rewards else { return println!("the service did not say what it costs") };
    let parts = [("rewards", &rewards.rewards), ("fees", &rewards.fees), ("tax", &rewards.tax)];
    let mut total = MinorUnits::ZERO;
    for (name, part) in parts {
        let Some(part) = part else { continue };
        let amount = part.amount.unwrap_or_default();
        total = total.checked_add(amount).unwrap_or(total);
        println!("  {name:8}{:>9} {}", amount.to_major(), part.currency.as_deref().unwrap_or_default());
    }
    println!("  {:8}{:>9}", "total", total.to_major());
}

/// Publishes a study, and waits until it is active.
pub async fn publish(client: &Client, study: &StudyId) -> Result<(), Failure> {
    client.studies().transition(study, StudyTransition::new(StudyAction::Publish)).send().await?;
    until("publishing", async || match client.studies().get(study).send().await?.status {
        StudyStatus::Active => Ok(Some(())),
        StudyStatus::Publishing | StudyStatus::Processing | StudyStatus::Unpublished => Ok(None),
        other => Err(format!("the study {study} is {other}, and not active").into()),
    })
    .await
}

/// Looks again and again for what the service does after its response, for five minutes at most.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Result<Option<T>, Failure>) -> Result<T, Failure> {
    let bar = progress(&format!("{{spinner}} {what}"))?;
    for _ in 0..60 {
        if let Some(found) = look().await? {
            bar.finish_and_clear();
            return Ok(found);
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
    Err(format!("{what} has taken more than five minutes: look at it in Prolific's web application").into())
}
