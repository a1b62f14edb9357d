//! From a cohort to a follow-up study: approves the submissions of a study, saves the people as a group, drafts a study
//! for this group alone, shows what it costs, publishes it, and writes to the group. Can be run again after any failure:
//! the group and the draft are found again by their names.
//!
//! ```text
//! cargo run --example follow_up_study                           # offline: a sandbox, with a study that is to be reviewed
//! PROLIFIC_TOKEN=… cargo run --example follow_up_study -- WORKSPACE_ID --study STUDY_ID --url URL
//! ```
//!
//! A real service is not asked to spend money, unless `--spend` is given: without it, the program stops before it
//! approves or publishes.

#[path = "support/study.rs"]
mod study;
mod support;

use std::collections::BTreeSet;

use clap::Parser;
use prolific_sandbox::{Seed, SeedStudy};
use prolific_sdk::Client;
use prolific_sdk::types::{ParticipantId, StudyId, SubmissionId, SubmissionStatus};
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

/// The first study of the sandbox, whose three participants have finished.
const FIRST: &str = "5e9b9c9b0f9c9a0001b0b1f4";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let arguments = Arguments::parse();
    let people = ["5a9d64f5f6dfdd0001eaa73d", "5a9d64f5f6dfdd0001eaa73e", "5a9d64f5f6dfdd0001eaa73f"];
    let first = SeedStudy::new("Naming colours").id(FIRST);
    let first = people.into_iter().fold(first, |study, id| study.submission(id, "COMPLETED"));
    let service = support::connect(Seed::new().study(first), arguments.workspace_id).await?;
    let (client, workspace) = (&service.client, service.workspace()?);
    let may_spend = arguments.spend || service.is_sandbox();
    let (study, url) = match (arguments.study, arguments.url) {
        (Some(study), Some(url)) => (study, url),
        (None, None) if service.is_sandbox() => (FIRST.to_owned(), "https://lab.example.org/colours-2".to_owned()),
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
        study::approve(client, &cohort.to_review).await?;
        println!("approved {}", cohort.to_review.len());
    }

    let group = study::save_group(client, workspace, &first.id, &cohort.people).await?;
    study::follow_up(client, &first, (&group, cohort.people.len()), &url, &arguments.code, may_spend).await?;
    Ok(())
}

struct Cohort {
    /// Each person once, with a submission that is approved or awaits review.
    people: BTreeSet<ParticipantId>,
    to_review: Vec<SubmissionId>,
}

async fn read_submissions(client: &Client, study: &StudyId) -> Result<Cohort, Failure> {
    let bar = study::progress("{spinner} {pos} submissions")?;
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
