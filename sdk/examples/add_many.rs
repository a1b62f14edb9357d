//! Adds many participants to a group, in chunks, some at a time, with a progress bar. Can be run again after any failure:
//! it looks what is there, and does the rest.
//!
//! ```text
//! cargo run --example add_many                                  # offline: 20,000 ids, a sandbox
//! PROLIFIC_TOKEN=… cargo run --example add_many -- FILE WORKSPACE_ID GROUP_NAME
//! ```
//!
//! The file has one participant id in each line. A group is found again by its name, so the name must be the job's own; and
//! a run that was killed while it created the group should not be followed within seconds, as a list may lag behind.

use std::collections::HashSet;
use std::error::Error;
use std::{env, fs};

use indicatif::{ProgressBar, ProgressStyle};
use prolific_sandbox::Sandbox;
use prolific_sdk::types::{CreateParticipantGroup, ParticipantGroupId, ParticipantId, ParticipantIdList};
use prolific_sdk::{CheckedCreate, Client, Effect, StatusCode};
use tokio::task::JoinSet;

/// How many ids are in a request.
const CHUNK: usize = 500;
/// How many requests are under way.
const AT_A_TIME: usize = 4;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    if env::var_os("PROLIFIC_TOKEN").is_some() {
        let arguments: Vec<_> = env::args().skip(1).collect();
        let [file, workspace, name] = &arguments[..] else {
            return Err("give a file of ids, the id of a workspace, and the name of a group".into());
        };
        if name.trim().is_empty() {
            return Err("the name of the group is empty".into());
        }
        let text = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
        let ids = read_ids(&text).map_err(|error| format!("{file}: {error}"))?;
        // The service may trim names, and then would not find this one again.
        return add_all(&Client::from_env()?, &ids, workspace, name.trim()).await;
    }
    let sandbox = Sandbox::start().await?;
    let client = Client::builder().base_url(sandbox.url()).token(sandbox.token()).build()?;
    println!("PROLIFIC_TOKEN is not set: adding 20,000 ids in a sandbox");
    let ids: Vec<_> = (0..20_000).map(|number| ParticipantId::from(format!("{number:024x}"))).collect();
    add_all(&client, &ids, "62fce6fff0a78eb4f3ebc09c", "Large cohort").await
}

/// The ids of a file, each once, in their order. What is no id is refused before anything is sent.
fn read_ids(text: &str) -> Result<Vec<ParticipantId>, String> {
    let (mut ids, mut known) = (Vec::new(), HashSet::new());
    // Some editors put a mark of the encoding in front.
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let id = line.trim();
        if id.is_empty() {
            continue;
        }
        let is_id = id.chars().all(|c| c.is_ascii_alphanumeric()) && id.contains(|c: char| c.is_ascii_digit());
        if !is_id {
            return Err(format!(
                "line {} is no participant id, which has letters and digits and nothing else",
                number + 1
            ));
        }
        if known.insert(id) {
            ids.push(ParticipantId::from(id));
        }
    }
    if ids.is_empty() { Err("there are no ids".to_owned()) } else { Ok(ids) }
}

async fn add_all(client: &Client, wanted: &[ParticipantId], workspace: &str, name: &str) -> Result<(), Box<dyn Error>> {
    let group = find_or_create(client, workspace, name).await?;

    // What an earlier run has added is there, whatever that run was told.
    let before = members(client, &group).await?;
    let missing: Vec<_> = wanted.iter().filter(|id| !before.contains(id)).cloned().collect();
    let bar = ProgressBar::new(wanted.len() as u64).with_style(ProgressStyle::with_template("{wide_bar} {pos}/{len}")?);
    bar.set_position((wanted.len() - missing.len()) as u64);

    let mut calls = JoinSet::new();
    let mut failures: Vec<prolific_sdk::Error> = Vec::new();
    let mut chunks = missing.chunks(CHUNK);
    loop {
        // A chunk that the service refuses does not stand in the way of the others. Anything else does.
        while calls.len() < AT_A_TIME && failures.iter().all(is_about_the_ids) {
            let Some(chunk) = chunks.next() else { break };
            let call = client.add_participants_to_group(group.clone(), ParticipantIdList::new(chunk.to_vec()));
            let count = chunk.len();
            calls.spawn(async move {
                match call.send().await {
                    // They were added, although the answer cannot be read.
                    Err(error) if error.effect() == Effect::Done => Ok(count),
                    answer => answer.map(|_| count),
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

    // The last word has the service: how many of those that were wanted are members now?
    let after = match members(client, &group).await {
        Ok(after) => after,
        Err(error) => {
            let error = failures.first().unwrap_or(&error);
            return Err(format!(
                "how many are in the group {group} is not known; run it again, it looks first: {error}"
            )
            .into());
        }
    };
    let missing = wanted.iter().filter(|id| !after.contains(id)).count();
    println!("{} of {} are in the group {group}", wanted.len() - missing, wanted.len());
    match failures.iter().find(|error| !is_about_the_ids(error)).or(failures.first()) {
        _ if missing == 0 => Ok(()),
        Some(error) if is_about_the_ids(error) => {
            Err(format!("{missing} are missing; the service refused some: {error}, {:?}", error.api_error()).into())
        }
        Some(error) => Err(format!("{missing} are missing; run it again for them: {error}").into()),
        None => Err(format!("{missing} were not taken: does the service know these ids?").into()),
    }
}

fn is_about_the_ids(error: &prolific_sdk::Error) -> bool {
    matches!(error.status(), Some(StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY))
}

/// The group of this name, which is made if there is none.
async fn find_or_create(client: &Client, workspace: &str, name: &str) -> Result<ParticipantGroupId, Box<dyn Error>> {
    let mut groups = client.list_participant_groups(workspace).stream();
    while let Some(group) = groups.next().await.transpose()? {
        if group.name.as_deref() == Some(name) && group.is_deleted != Some(true) {
            return group.id.ok_or_else(|| "the service answered a group without an id".into());
        }
    }
    match client.create_participant_group_checked(CreateParticipantGroup::in_workspace(name, workspace)).await? {
        CheckedCreate::Created(group) => group.id.ok_or_else(|| "the service answered without an id".into()),
        CheckedCreate::NotFound(error) => Err(format!("wait some minutes, and run it again: {error}").into()),
        other => Err(format!("look in Prolific's web application whether the group is there: {other:?}").into()),
    }
}

async fn members(client: &Client, group: &ParticipantGroupId) -> Result<HashSet<ParticipantId>, prolific_sdk::Error> {
    let mut list = client.list_group_participants(group.clone()).stream();
    let mut found = HashSet::new();
    while let Some(member) = list.next().await.transpose()? {
        found.extend(member.participant_id);
    }
    Ok(found)
}
