//! Adds many participants to a group: in chunks, several at a time, with a progress bar. Can be run again after any
//! failure: it checks what is already there, and adds the rest.
//!
//! ```text
//! cargo run --example add_many                                  # offline: 20,000 ids, a sandbox
//! PROLIFIC_TOKEN=… cargo run --example add_many -- WORKSPACE_ID --file FILE --name GROUP_NAME
//! ```
//!
//! The file has one participant id per line, and may have the heading `participant_id`. A group is found again by its name, so the name must be unique to the
//! job. If a run was killed while it created the group, wait a while before the next run: the list may lag behind.

mod support;

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use prolific_sandbox::Seed;
use prolific_sdk::types::{CreateParticipantGroup, ParticipantGroupId, ParticipantId, ParticipantIdList};
use prolific_sdk::{CheckedCreateError, Client, Effect, StatusCode};
use support::Failure;
use tokio::task::JoinSet;

/// Adds the participants in a file to a group, which is created if no group has that name. Calls the service at
/// PROLIFIC_URL with PROLIFIC_TOKEN, or a sandbox if neither is set.
#[derive(Parser)]
#[expect(clippy::doc_markdown, reason = "the help shows this text")]
struct Arguments {
    /// The id of the workspace.
    #[arg(env = "PROLIFIC_WORKSPACE_ID")]
    workspace_id: Option<String>,
    /// A file with one participant id per line. Without it, 20,000 made-up ids are used (sandbox only).
    #[arg(long)]
    file: Option<PathBuf>,
    /// The name of the group, which no other job uses.
    #[arg(long)]
    name: Option<String>,
}

/// The number of ids in a request.
const CHUNK: usize = 500;
/// The number of requests at a time.
const AT_A_TIME: usize = 4;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let arguments = Arguments::parse();
    let service = support::connect(Seed::new(), arguments.workspace_id).await?;
    // The service may trim names, and then would not find this one again.
    let name = arguments.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let (ids, name) = match (&arguments.file, name) {
        (Some(path), Some(name)) => {
            let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
            (read_ids(&text).map_err(|error| format!("{}: {error}", path.display()))?, name)
        }
        (None, None) if service.is_sandbox() => {
            ((0..20_000).map(|number| ParticipantId::from(format!("{number:024x}"))).collect(), "Large cohort")
        }
        _ => return Err("give a file of ids with --file, and a name for the group with --name".into()),
    };
    add_all(&service.client, &ids, service.workspace()?, name).await
}

/// The ids of a file, each once, in their order. A line that is not an id is an error before anything is sent.
fn read_ids(text: &str) -> Result<Vec<ParticipantId>, String> {
    let (mut ids, mut known) = (Vec::new(), HashSet::new());
    // Some editors put a byte order mark at the start.
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let id = line.trim();
        if id.is_empty() || (number == 0 && id == "participant_id") {
            continue;
        }
        let is_id = id.chars().all(|c| c.is_ascii_alphanumeric()) && id.contains(|c: char| c.is_ascii_digit());
        if !is_id {
            return Err(format!(
                "line {} is not a participant id: an id has letters and digits, and nothing else",
                number + 1
            ));
        }
        if known.insert(id) {
            ids.push(ParticipantId::from(id));
        }
    }
    if ids.is_empty() { Err("there are no ids".to_owned()) } else { Ok(ids) }
}

async fn add_all(client: &Client, wanted: &[ParticipantId], workspace: &str, name: &str) -> Result<(), Failure> {
    let group = find_or_create(client, workspace, name).await?;

    // What an earlier run has added is there, whatever was reported to it.
    let before = participants(client, &group).await?;
    let missing: Vec<_> = wanted.iter().filter(|id| !before.contains(id)).cloned().collect();
    let bar = ProgressBar::new(wanted.len() as u64).with_style(ProgressStyle::with_template("{wide_bar} {pos}/{len}")?);
    bar.set_position((wanted.len() - missing.len()) as u64);

    let mut calls = JoinSet::new();
    let mut failures: Vec<prolific_sdk::Error> = Vec::new();
    let mut chunks = missing.chunks(CHUNK);
    loop {
        // A chunk that the service rejects does not stop the others. Any other failure does.
        while calls.len() < AT_A_TIME && failures.iter().all(is_about_the_ids) {
            let Some(chunk) = chunks.next() else { break };
            let call = client.participant_groups().add_participants(&group, ParticipantIdList::new(chunk));
            let count = chunk.len();
            calls.spawn(async move {
                match call.send().await {
                    // They were added, although the response cannot be read.
                    Err(error) if error.effect() == Effect::Applied => Ok(count),
                    result => result.map(|_| count),
                }
            });
        }
        match calls.join_next().await {
            Some(result) => match result? {
                Ok(count) => bar.inc(count as u64),
                Err(error) => failures.push(error),
            },
            None => break,
        }
    }
    bar.finish();

    // The service has the last word: how many of them are in the group now?
    let after = match participants(client, &group).await {
        Ok(after) => after,
        Err(error) => {
            let error = failures.first().unwrap_or(&error);
            return Err(format!(
                "it is unknown how many are in the group {group}; run this again (it checks first): {error}"
            )
            .into());
        }
    };
    let missing = wanted.iter().filter(|id| !after.contains(id)).count();
    println!("{} of {} are in the group {group}", wanted.len() - missing, wanted.len());
    match failures.iter().find(|error| !is_about_the_ids(error)).or(failures.first()) {
        _ if missing == 0 => Ok(()),
        Some(error) if is_about_the_ids(error) => {
            let why = error.message().unwrap_or_default();
            Err(format!("{missing} are missing; the service rejected some: {error}: {why}").into())
        }
        Some(error) => Err(format!("{missing} are missing; run this again to add them: {error}").into()),
        None => Err(format!("{missing} were not added: does the service know these ids?").into()),
    }
}

fn is_about_the_ids(error: &prolific_sdk::Error) -> bool {
    matches!(error.status(), Some(StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY))
}

/// The group of this name, which is created if there is none.
async fn find_or_create(client: &Client, workspace: &str, name: &str) -> Result<ParticipantGroupId, Failure> {
    let mut groups = client.participant_groups().list(workspace).stream();
    while let Some(group) = groups.try_next().await? {
        if group.name.as_deref() == Some(name) && group.is_deleted != Some(true) {
            return group.id.ok_or_else(|| "the service sent a group without an id".into());
        }
    }
    let request = CreateParticipantGroup::in_workspace(name, workspace);
    match client.participant_groups().create_checked(request).await {
        Ok(group) => group.id.ok_or_else(|| "the service sent a group without an id".into()),
        Err(CheckedCreateError::NotFound(error)) => {
            Err(format!("wait a few minutes, and run this again: {error}").into())
        }
        Err(error) => Err(format!("check in Prolific's web application whether the group is there: {error}").into()),
    }
}

async fn participants(
    client: &Client,
    group: &ParticipantGroupId,
) -> Result<HashSet<ParticipantId>, prolific_sdk::Error> {
    let mut list = client.participant_groups().list_participants(group).stream();
    let mut found = HashSet::new();
    while let Some(participant) = list.try_next().await? {
        found.extend(participant.participant_id);
    }
    Ok(found)
}
