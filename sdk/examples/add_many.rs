//! Adds many participants to a group, in chunks, some at a time, with a progress bar. Can be run again after any failure:
//! it looks what is there, and does the rest.
//!
//! ```text
//! cargo run --example add_many                                  # offline: 20,000 ids, a sandbox
//! PROLIFIC_TOKEN=… cargo run --example add_many -- FILE WORKSPACE_ID GROUP_NAME
//! ```
//!
//! The file has one participant id in each line.

use std::collections::HashSet;
use std::error::Error;
use std::{env, fs};

use indicatif::{ProgressBar, ProgressStyle};
use prolific_sandbox::Sandbox;
use prolific_sdk::types::{CreateParticipantGroup, ParticipantGroupId, ParticipantId, ParticipantIdList};
use prolific_sdk::{CheckedCreate, Client};
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
        return add_all(&Client::from_env()?, &fs::read_to_string(file)?, workspace, name).await;
    }
    let sandbox = Sandbox::start().await?;
    let client = Client::builder().base_url(sandbox.url()).token(sandbox.token()).build()?;
    println!("PROLIFIC_TOKEN is not set: adding 20,000 ids in a sandbox");
    let ids: Vec<_> = (0..20_000).map(|number| format!("{number:024x}")).collect();
    add_all(&client, &ids.join("\n"), "62fce6fff0a78eb4f3ebc09c", "Large cohort").await
}

async fn add_all(client: &Client, ids: &str, workspace: &str, name: &str) -> Result<(), Box<dyn Error>> {
    let wanted: HashSet<_> = ids.lines().map(str::trim).filter(|id| !id.is_empty()).map(ParticipantId::from).collect();
    let group = find_or_create(client, workspace, name).await?;

    // What an earlier run has added is there, whatever that run was told.
    let before = members(client, &group).await?;
    let missing: Vec<_> = wanted.difference(&before).cloned().collect();
    let bar = ProgressBar::new(wanted.len() as u64).with_style(ProgressStyle::with_template("{wide_bar} {pos}/{len}")?);
    bar.set_position((wanted.len() - missing.len()) as u64);

    let mut calls = JoinSet::new();
    let mut failures = Vec::new();
    let mut chunks = missing.chunks(CHUNK);
    loop {
        while calls.len() < AT_A_TIME && failures.is_empty() {
            let Some(chunk) = chunks.next() else { break };
            let call = client.add_participants_to_group(group.clone(), ParticipantIdList::new(chunk.to_vec()));
            let count = chunk.len();
            calls.spawn(async move { call.send().await.map(|_| count) });
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
    let after = members(client, &group).await?;
    let missing = wanted.difference(&after).count();
    println!("{} of {} are in the group {group}", wanted.len() - missing, wanted.len());
    match failures.first() {
        Some(error) => Err(format!("{missing} are missing; run it again for them: {error}").into()),
        None if missing > 0 => Err(format!("{missing} were not taken: does the service know these ids?").into()),
        None => Ok(()),
    }
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
