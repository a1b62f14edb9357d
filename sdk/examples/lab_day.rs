//! A day in the lab, from recruitment to bonus: drafts a study, shows what it costs and what the workspace has, publishes
//! it, watches the submissions come in, approves them, rejects one with a message, saves the people as a group, invites
//! the group to a follow-up study, and pays those who took part in it a bonus. Can be stopped at any time and run again:
//! the studies and the group are found again by their names, and nobody gets a second bonus.
//!
//! ```text
//! cargo run --example lab_day                                   # offline: a sandbox, to which participants come
//! PROLIFIC_TOKEN=… cargo run --example lab_day -- WORKSPACE_ID --name NAME --url URL --follow-up-url URL
//! ```
//!
//! A real service is not asked to spend money, unless `--spend` is given: without it, the program stops before it
//! publishes, approves or pays. Nobody is rejected without `--reject`.

#[path = "support/study.rs"]
mod study;
mod support;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use prolific_sandbox::{Sandbox, Seed};
use prolific_sdk::payments::{BonusLine, FileJournal, Journal, MemoryJournal, SETTLING_TIME};
use prolific_sdk::types::{
    MajorUnits, MinorUnits, Minutes, Places, ProjectId, RejectionCategory, Study, StudyAction, StudyId, StudyStatus,
    StudyTransition, SubmissionId, SubmissionStatus, SubmissionSummary, TransitionSubmission,
};
use prolific_sdk::{Client, Effect};
use support::{Failure, Service};

/// Recruits for a study, reviews it, and invites its participants to a follow-up with a bonus, in the service that
/// PROLIFIC_TOKEN and PROLIFIC_URL name, or in a sandbox.
#[derive(Parser)]
#[expect(clippy::doc_markdown, reason = "the help shows this text")]
struct Arguments {
    /// The id of the workspace.
    #[arg(env = "PROLIFIC_WORKSPACE_ID")]
    workspace_id: Option<String>,
    /// The id of the project. By default the only one of the workspace.
    #[arg(long)]
    project: Option<String>,
    /// The name of the study, which no other study of the project has.
    #[arg(long)]
    name: Option<String>,
    /// The URL of the study, which gets the participant's id as `pid`.
    #[arg(long)]
    url: Option<String>,
    /// The URL of the follow-up.
    #[arg(long)]
    follow_up_url: Option<String>,
    /// The code that participants enter at the end of either study.
    #[arg(long, default_value = "COLOURS")]
    code: String,
    /// How many participants the study takes.
    #[arg(long, default_value_t = 4)]
    places: u64,
    /// How long each study takes, in minutes.
    #[arg(long, default_value_t = 10)]
    minutes: u64,
    /// What each participant of a study is paid, in pence or cents.
    #[arg(long, default_value_t = 150)]
    reward: u32,
    /// The bonus for the follow-up, in pounds or dollars.
    #[arg(long, default_value = "0.50")]
    bonus: MajorUnits,
    /// The file that remembers which bonuses were paid. A sandbox needs none.
    #[arg(long, default_value = "payments.jsonl")]
    journal: PathBuf,
    /// A submission without the code that is to be rejected. Can be given several times. In a sandbox all are.
    #[arg(long)]
    reject: Vec<String>,
    /// How often to look at a running study, in seconds.
    #[arg(long, default_value_t = 30)]
    interval: u64,
    /// Publishes the studies, approves submissions and pays bonuses, from the balance of the workspace.
    #[arg(long)]
    spend: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let arguments = Arguments::parse();
    let service = support::connect(Seed::new(), arguments.workspace_id.clone()).await?;
    let (client, workspace) = (&service.client, service.workspace()?);
    let (name, url, follow_up_url) = match (&arguments.name, &arguments.url, &arguments.follow_up_url) {
        (Some(name), Some(url), Some(follow_up)) => (name.as_str(), url.as_str(), follow_up.as_str()),
        (None, None, None) if service.is_sandbox() => {
            ("Naming colours", "https://lab.example.org/colours", "https://lab.example.org/colours-2")
        }
        _ => return Err("give the study's name with --name, and the URLs with --url and --follow-up-url".into()),
    };
    let day = Day { service: &service, arguments: &arguments, may_spend: arguments.spend || service.is_sandbox() };

    let project = match &arguments.project {
        Some(project) => project.as_str().into(),
        None => only_project(client, workspace).await?,
    };
    let size = (Places(arguments.places), Minutes(arguments.minutes), MinorUnits::new(arguments.reward));
    let description = "Name the colours of twenty patches.";
    let draft = study::draft(project, name, description, url, &arguments.code, size);
    let first = study::find_or_draft(client, draft).await?;
    if first.status == StudyStatus::Unpublished {
        println!("the study {} is a draft", first.id);
        study::show_cost(&client.studies().cost(&first.id).is_projected(true).send().await?);
        show_balance(client, workspace).await?;
        if !day.may_spend {
            println!("stopped before publishing, which reserves the cost: --spend publishes");
            return Ok(());
        }
        study::publish(client, &first.id).await?;
        println!("the study {} is active", first.id);
    }

    let Some(approved) = day.run(&first.id).await? else { return Ok(()) };
    let people: BTreeSet<_> = approved.into_iter().map(|submission| submission.participant_id).collect();
    if people.is_empty() {
        return Err("nobody has taken part whom a follow-up could invite".into());
    }
    let group = study::save_group(client, workspace, &first.id, &people).await?;
    let follow_up = (&group, people.len());
    let follow_up = study::follow_up(client, &first, follow_up, follow_up_url, &arguments.code, day.may_spend).await?;
    let Some(follow_up) = follow_up else { return Ok(()) };
    let Some(approved) = day.run(&follow_up.id).await? else { return Ok(()) };
    day.pay_bonuses(&follow_up.id, &approved).await?;
    show_balance(client, workspace).await
}

/// The project of a workspace that has one.
async fn only_project(client: &Client, workspace: &str) -> Result<ProjectId, Failure> {
    let mut projects = client.projects().list(workspace).stream();
    match (projects.try_next().await?, projects.try_next().await?) {
        (Some(project), None) => Ok(project.id),
        _ => Err("the workspace has no project or several: give the project with --project".into()),
    }
}

async fn show_balance(client: &Client, workspace: &str) -> Result<(), Failure> {
    let balance = client.workspaces().balance(workspace).send().await?;
    let amount = |amount: Option<MinorUnits>| amount.unwrap_or_default().to_major();
    let currency = balance.currency_code.unwrap_or_default();
    let (total, available) = (amount(balance.total_balance), amount(balance.available_balance));
    println!("the workspace has {total} {currency}, and can spend {available}");
    Ok(())
}

/// What is the same for both studies.
struct Day<'a> {
    service: &'a Service,
    arguments: &'a Arguments,
    may_spend: bool,
}

impl Day<'_> {
    /// Watches a published study and reviews what is handed in, until every place has a submission that is approved.
    /// Returns these, or nothing if there is something that only people can decide.
    async fn run(&self, id: &StudyId) -> Result<Option<Vec<SubmissionSummary>>, Failure> {
        let client = &self.service.client;
        loop {
            let study = self.watch(id).await?;
            let Some(approved) = self.review(id).await? else { return Ok(None) };
            let places = study.total_available_places.map_or(0, |places| places.0);
            match study.status {
                _ if approved.len() as u64 >= places => return Ok(Some(approved)),
                StudyStatus::Completed => return Ok(Some(approved)),
                // Who is rejected leaves a place.
                StudyStatus::AwaitingReview => {
                    client.studies().transition(id, StudyTransition::new(StudyAction::Start)).send().await?;
                    println!("the study {id} takes participants again");
                }
                status => {
                    println!("stopped, because the study is {status}: run this again when it is active");
                    return Ok(None);
                }
            }
        }
    }

    /// Shows how many have finished, as long as the study takes participants.
    async fn watch(&self, id: &StudyId) -> Result<Study, Failure> {
        let client = &self.service.client;
        let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} have finished, {msg} take part")?;
        let bar = ProgressBar::no_length().with_style(style);
        loop {
            let study = client.studies().get(id).send().await?;
            let counts = client.submissions().counts(id).send().await?;
            let sum = |counts: &[Option<u64>]| counts.iter().flatten().sum::<u64>();
            let finished = sum(&[counts.awaiting_review, counts.approved, counts.partially_approved]);
            let places = study.total_available_places.map_or(0, |places| places.0);
            bar.set_length(places);
            bar.set_position(finished);
            bar.set_message(sum(&[counts.active, counts.reserved]).to_string());
            if !matches!(study.status, StudyStatus::Active | StudyStatus::Publishing | StudyStatus::Processing) {
                bar.finish_and_clear();
                println!("{finished} of {places} have finished; the study is {}", study.status);
                return Ok(study);
            }
            if let Some(sandbox) = self.service.sandbox() {
                come(sandbox, id, &self.arguments.code)?;
                tokio::time::sleep(Duration::from_millis(100)).await;
            } else {
                tokio::time::sleep(Duration::from_secs(self.arguments.interval)).await;
            }
        }
    }

    /// Approves who came with the code, and rejects whom it may. Returns the approved submissions, or nothing if some
    /// are left.
    async fn review(&self, id: &StudyId) -> Result<Option<Vec<SubmissionSummary>>, Failure> {
        let client = &self.service.client;
        let awaits_review = |submission: &SubmissionSummary| submission.status == SubmissionStatus::AwaitingReview;
        // The service has been seen to send codes with a dot or blanks at the end.
        let code = |submission: &SubmissionSummary| {
            let code = submission.study_code.clone().unwrap_or_default();
            code.trim_end_matches(['.', ' ']).to_owned()
        };
        let submissions = read(client, id).await?.into_iter().filter(awaits_review);
        let (good, other): (Vec<_>, Vec<_>) = submissions.partition(|one| code(one) == self.arguments.code);
        if !good.is_empty() {
            if !self.may_spend {
                println!("stopped before approving {}, which pays the rewards: --spend approves", good.len());
                return Ok(None);
            }
            let ids: Vec<_> = good.into_iter().map(|submission| submission.id).collect();
            study::approve(client, &ids).await?;
            println!("approved {}", ids.len());
        }
        let (rejected, left): (Vec<_>, Vec<_>) = other.into_iter().partition(|one| self.may_reject(&one.id));
        for submission in rejected {
            reject(client, &submission).await?;
            println!("rejected {}, which came with the code {}", submission.id, code(&submission));
        }
        for submission in &left {
            println!("look at {}, which came with the code {}", submission.id, code(submission));
        }
        if !left.is_empty() {
            println!("stopped: approve these in Prolific's web application, or reject them with --reject");
            return Ok(None);
        }
        // The service approves after its response.
        let all = study::until("approving", async || {
            Ok(Some(read(client, id).await?).filter(|all| !all.iter().any(awaits_review)))
        });
        let is_approved = |submission: &SubmissionSummary| submission.status == SubmissionStatus::Approved;
        Ok(Some(all.await?.into_iter().filter(is_approved).collect()))
    }

    fn may_reject(&self, submission: &SubmissionId) -> bool {
        self.service.is_sandbox() || self.arguments.reject.iter().any(|id| id == submission.as_str())
    }

    /// Pays a bonus for each submission that has none. The total is shown first. The journal keeps another run from paying
    /// again before the bonuses show.
    async fn pay_bonuses(&self, study: &StudyId, approved: &[SubmissionSummary]) -> Result<(), Failure> {
        let client = &self.service.client;
        let journal: Box<dyn Journal> = if self.service.is_sandbox() {
            Box::new(MemoryJournal::new())
        } else {
            Box::new(FileJournal::open(&self.arguments.journal)?)
        };
        for entry in journal.unsettled()? {
            match client.reconcile(&*journal, &entry, SETTLING_TIME).await? {
                Effect::Applied => println!("what an earlier run was about to pay was paid"),
                Effect::NotApplied => println!("what an earlier run was about to pay was not paid"),
                Effect::Unknown => return Err("it is not known yet what an earlier run paid: try again later".into()),
            }
        }
        let mut unpaid = Vec::new();
        for submission in approved {
            if !has_bonus(client, &submission.id).await? {
                unpaid.push(&submission.id);
            }
        }
        let Some(last) = unpaid.last() else {
            println!("all have their bonus");
            return Ok(());
        };
        let lines = unpaid.iter().map(|id| BonusLine::for_submission(*id, self.arguments.bonus));
        let quote = client.bonuses().prepare(study, lines).await?;
        println!("bonuses for {}: {} with fees and VAT", unpaid.len(), quote.total().to_major());
        if !self.may_spend {
            println!("stopped before paying them: --spend pays");
            return Ok(());
        }
        quote.pay(&*journal).await?;
        study::until("paying", async || Ok(has_bonus(client, last).await?.then_some(()))).await?;
        println!("paid the bonuses");
        Ok(())
    }
}

async fn read(client: &Client, study: &StudyId) -> Result<Vec<SubmissionSummary>, Failure> {
    let mut list = client.submissions().list(study).page_size(100).stream();
    let mut submissions = Vec::new();
    while let Some(submission) = list.try_next().await? {
        submissions.push(submission);
    }
    Ok(submissions)
}

async fn has_bonus(client: &Client, submission: &SubmissionId) -> Result<bool, Failure> {
    let payments = client.submissions().get(submission).send().await?.bonus_payments;
    Ok(payments.is_some_and(|payments| !payments.is_empty()))
}

async fn reject(client: &Client, submission: &SubmissionSummary) -> Result<(), Failure> {
    // At least 100 characters.
    let message = "Thank you for your time. We are sorry: your submission came without the code of the study, and we \
                   found no answers of yours. If you did finish, please write to us, and we will look again.";
    let without = submission.study_code.as_deref().is_none_or(|code| code == "NOCODE");
    let category = if without { RejectionCategory::NoCode } else { RejectionCategory::BadCode };
    let rejection = TransitionSubmission::reject(message, category);
    client.submissions().transition(&submission.id, rejection).send().await?;
    Ok(())
}

/// A participant of the sandbox comes, if the study takes one. The second of them forgets the code.
fn come(sandbox: &Sandbox, study: &StudyId, code: &str) -> Result<(), Failure> {
    for number in 1..=1000 {
        // Each takes part once, and in the follow-up those of the group only.
        let Ok(submission) = sandbox.participant(format!("5a{number:022x}")).take(study.as_str()) else { continue };
        if number == 2 {
            submission.submit_without_code()?
        } else {
            submission.submit(code)?
        };
        return Ok(());
    }
    Ok(())
}
