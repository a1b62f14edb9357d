//! From a cohort to a follow-up study: approves the submissions of a study, saves the people as a group, drafts a study
//! for this group alone, shows what it costs, publishes it, and writes to the group. Can be run again after any failure:
//! the group and the draft are found again by their names.
//!
//! ```text
//! cargo run --example follow_up_study                           # offline: a sandbox, which has documented examples only
//! PROLIFIC_TOKEN=… cargo run --example follow_up_study -- WORKSPACE_ID --study STUDY_ID --url URL
//! ```
//!
//! A real service is not asked to spend money, unless `--spend` is given: without it, the program stops before it
//! approves or publishes.

mod support;

use std::collections::BTreeSet;
use std::time::Duration;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use prolific_sandbox::Seed;
use prolific_sdk::Client;
use prolific_sdk::types::{
    BulkApproveSubmissions, CompletionCode, CompletionCodeAction, CompletionCodeType, CreateParticipantGroup,
    CreateStudy, Filter, MinorUnits, ParticipantGroupId, ParticipantId, ParticipantIdList, Places, ProjectId,
    ProlificIdOption, SendGroupMessage, Study, StudyAction, StudyCost, StudyId, StudyStatus, StudyTransition,
    SubmissionId, SubmissionStatus,
};
use support::Failure;

/// Invites the participants of a study to a follow-up study, in the service that PROLIFIC_TOKEN and PROLIFIC_URL name,
/// or in a sandbox.
#[derive(Parser)]
#[expect(clippy::doc_markdown, reason = "the help shows this text")]
struct Arguments {
    /// The id of the workspace.
    #[arg(env = "PROLIFIC_WORKSPACE_ID")]
    workspace_id: Option<String>,
    /// The id of the first study.
    #[arg(long)]
    study: Option<String>,
    /// The URL of the follow-up, which gets the participant's id as `pid`.
    #[arg(long)]
    url: Option<String>,
    /// The code that participants enter at the end of the follow-up.
    #[arg(long, default_value = "FOLLOWUP")]
    code: String,
    /// Approves submissions and publishes the study. Both are paid from the balance of the workspace.
    #[arg(long)]
    spend: bool,
}

/// The number of ids in a request, as the documentation recommends.
const CHUNK: usize = 1000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let arguments = Arguments::parse();
    let service = support::connect(Seed::new(), arguments.workspace_id).await?;
    let (client, workspace) = (&service.client, service.workspace()?);
    let may_spend = arguments.spend || service.is_sandbox();
    let (study, url) = match (arguments.study, arguments.url) {
        (Some(study), Some(url)) => (study, url),
        // The study of the documented examples.
        (None, None) if service.is_sandbox() => {
            ("5e9b9c9b0f9c9a0001b0b1f4".to_owned(), "https://lab.example.org/colours-2".to_owned())
        }
        _ => return Err("give the first study with --study, and the URL of the follow-up with --url".into()),
    };

    let first = client.studies().get(study).send().await?;
    println!("\"{}\" is the first study", first.name);
    let cohort = read_submissions(client, &first.id).await?;
    println!(
        "people who have taken part: {}; submissions that await review: {}",
        cohort.people.len(),
        cohort.to_review.len()
    );
    if cohort.people.is_empty() {
        return Err("nobody has taken part whom a follow-up could invite".into());
    }

    if !cohort.to_review.is_empty() {
        if !may_spend {
            println!("stopped before approving, which pays the rewards: --spend approves all, and goes on");
            return Ok(());
        }
        // One request after the other: parallel ones compete for the money.
        for chunk in cohort.to_review.chunks(CHUNK) {
            client.submissions().bulk_approve(BulkApproveSubmissions::submissions(chunk)).send().await?;
        }
        println!("approved {}", cohort.to_review.len());
    }

    let group = save_group(client, workspace, &first.id, &cohort.people).await?;
    println!("the group {group} has the people");

    let project = first.project.clone().ok_or("the service did not say which project the study is in")?;
    let name = format!("{}, follow-up", first.name);
    let follow_up = if let Some(found) = find_study(client, &project, &name).await? {
        client.studies().get(found).send().await?
    } else {
        let places = Places(cohort.people.len().try_into()?);
        let draft = draft(&first, project, &name, &url, &arguments.code, &group, places)?;
        client.studies().create(draft).send().await?
    };
    let (follow_up, status) = (follow_up.id, follow_up.status);
    if status != StudyStatus::Unpublished {
        println!("the follow-up {follow_up} is published already: {status}");
        return Ok(());
    }
    println!("the follow-up {follow_up} is a draft for this group");
    show_cost(&client.studies().cost(&follow_up).is_projected(true).send().await?);

    if !may_spend {
        println!("stopped before publishing, which reserves the cost: --spend publishes");
        return Ok(());
    }
    client.studies().transition(&follow_up, StudyTransition::new(StudyAction::Publish)).send().await?;
    wait_until_active(client, &follow_up).await?;
    println!("the follow-up is active");

    let text = "Thank you for taking part. A second part is open to you now.";
    let message = SendGroupMessage::new(&group, text).study_id(&follow_up);
    client.messages().send_to_group(message).send().await?;
    println!("wrote to the group");
    Ok(())
}

/// A progress line, which is shown on terminals only.
fn progress(template: &str) -> Result<ProgressBar, Failure> {
    let bar = ProgressBar::new_spinner().with_style(ProgressStyle::with_template(template)?);
    bar.enable_steady_tick(Duration::from_millis(100));
    Ok(bar)
}

struct Cohort {
    /// Each person once, with a submission that is approved or awaits review.
    people: BTreeSet<ParticipantId>,
    to_review: Vec<SubmissionId>,
}

async fn read_submissions(client: &Client, study: &StudyId) -> Result<Cohort, Failure> {
    let bar = progress("{spinner} {pos} submissions")?;
    let mut cohort = Cohort { people: BTreeSet::new(), to_review: Vec::new() };
    let mut submissions = client.submissions().list(study).page_size(100).stream();
    while let Some(submission) = submissions.try_next().await? {
        bar.inc(1);
        match submission.status {
            SubmissionStatus::AwaitingReview => cohort.to_review.push(submission.id),
            SubmissionStatus::Approved => {}
            _ => continue,
        }
        cohort.people.insert(submission.participant_id);
    }
    bar.finish_and_clear();
    Ok(cohort)
}

/// Creates the group, or finds that of an earlier run. Participants who are in it stay in it.
async fn save_group(
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
    Ok(id)
}

/// The follow-up of an earlier run: a create whose outcome is unknown is not repeated blindly.
async fn find_study(client: &Client, project: &ProjectId, name: &str) -> Result<Option<StudyId>, Failure> {
    let mut studies = client.studies().list_of_project(project).stream();
    while let Some(study) = studies.try_next().await? {
        if study.name == name {
            return Ok(Some(study.id));
        }
    }
    Ok(None)
}

/// A study with the reward and the length of the first one, for the group alone.
fn draft(
    first: &Study,
    project: ProjectId,
    name: &str,
    url: &str,
    code: &str,
    group: &ParticipantGroupId,
    places: Places,
) -> Result<CreateStudy, Failure> {
    let reward = first.reward.ok_or("the service did not say what the first study pays")?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a reward is a small whole number")]
    let reward = MinorUnits(reward.round() as u64);
    let minutes = first.estimated_completion_time.ok_or("the service did not say how long the first study takes")?;
    let completed = CompletionCode::new(code, CompletionCodeType::Completed, [CompletionCodeAction::manually_review()]);
    let separator = if url.contains('?') { '&' } else { '?' };
    let study = CreateStudy::at_url(
        project,
        name,
        "The second part of a study that you have taken part in.",
        ProlificIdOption::UrlParameters,
        format!("{url}{separator}pid={{{{%PROLIFIC_PID%}}}}"),
        [completed],
        places,
        minutes,
        reward,
    );
    Ok(study.filters([Filter::select("participant_group_allowlist", [group])]))
}

/// Rewards, fees and tax of the places. The amounts are in pence or cents.
fn show_cost(cost: &StudyCost) {
    let Some(rewards) = &cost.rewards else { return println!("the service did not say what it costs") };
    let parts = [("rewards", &rewards.rewards), ("fees", &rewards.fees), ("tax", &rewards.tax)];
    let mut total = 0.0;
    for (name, part) in parts {
        let Some(part) = part else { continue };
        let amount = part.amount.unwrap_or_default() / 100.0;
        total += amount;
        println!("  {name:8}{amount:9.2} {}", part.currency.as_deref().unwrap_or_default());
    }
    println!("  {:8}{total:9.2}", "total");
}

/// A study that is published needs a moment.
async fn wait_until_active(client: &Client, study: &StudyId) -> Result<(), Failure> {
    let bar = progress("{spinner} publishing")?;
    for _ in 0..60 {
        let status = client.studies().get(study).send().await?.status;
        match status {
            StudyStatus::Active => {
                bar.finish_and_clear();
                return Ok(());
            }
            StudyStatus::Publishing | StudyStatus::Processing | StudyStatus::Unpublished => {}
            other => return Err(format!("the follow-up is {other}, and not active").into()),
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
    }
    Err("the follow-up is not active after five minutes: look at it in Prolific's web application".into())
}
