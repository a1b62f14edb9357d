//! A cohort from start to end: create a group, fill it from a file of ids, see who is in it, take one out, delete it.
//!
//! The file has one participant id per line, and may have the heading `participant_id`.
//!
//! ```text
//! cargo run --example manage_cohort -- --file FILE.csv
//! PROLIFIC_TOKEN=… cargo run --example manage_cohort -- WORKSPACE_ID --file FILE.csv
//! ```

mod support;

use std::fs;
use std::path::PathBuf;

use clap::Parser;
use prolific_sandbox::Seed;
use prolific_sdk::types::{CreateParticipantGroup, ParticipantIdList};
use support::Failure;

/// Creates a group, fills it, shows its participants, removes the first, and deletes the group, in the service that
/// PROLIFIC_TOKEN and PROLIFIC_URL name, or in a sandbox.
#[derive(Parser)]
#[expect(clippy::doc_markdown, reason = "the help shows this text")]
struct Arguments {
    /// The id of the workspace.
    #[arg(env = "PROLIFIC_WORKSPACE_ID")]
    workspace_id: Option<String>,
    /// A file with one participant id per line. Without it, three made-up ids are used (sandbox only).
    #[arg(long)]
    file: Option<PathBuf>,
}

const IDS: &str = "participant_id\n5e9b9c9b0f9c9a0001b0b1f4\n5e9b9c9b0f9c9a0001b0b1f5\n5e9b9c9b0f9c9a0001b0b1f6\n";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let arguments = Arguments::parse();
    let service = support::connect(Seed::new(), arguments.workspace_id).await?;
    let csv = match &arguments.file {
        Some(path) => fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?,
        None if service.is_sandbox() => IDS.to_owned(),
        None => return Err("give a file of ids with --file".into()),
    };
    let ids: Vec<_> = csv.lines().map(str::trim).filter(|line| !matches!(*line, "" | "participant_id")).collect();
    if let Some(line) = ids.iter().find(|line| line.contains([',', ';', '\t'])) {
        return Err(format!("the file must have one id per line and no other columns: {line}").into());
    }
    if ids.is_empty() {
        return Err("there are no ids in the file".into());
    }
    let groups = service.client.participant_groups();

    let request = CreateParticipantGroup::in_workspace("Pilot cohort", service.workspace()?);
    let id = groups.create(request).send().await?.id.ok_or("the service sent no id")?;
    println!("created {id}");

    // Participants who are already in the group stay in it, so this call can be repeated after any failure.
    groups.add_participants(&id, ParticipantIdList::new(ids.iter().copied())).send().await?;

    let mut participants = groups.list_participants(&id).stream();
    while let Some(participant) = participants.try_next().await? {
        // `Display` shows an id, `Debug` hides it.
        let (who, since) = (participant.participant_id.unwrap_or_default(), participant.datetime_created);
        println!("{who} since {}", since.map_or_else(|| "an unknown time".to_owned(), |time| time.to_string()));
    }

    let first = ids.first().copied();
    let left = groups.remove_participants(&id, ParticipantIdList::new(first)).send().await?;
    println!("{} participants are left", left.results.as_ref().map_or(0, Vec::len));

    groups.delete(&id).send().await?;
    let group = groups.get(&id).send().await?;
    println!("deleted: {}", group.is_deleted.unwrap_or_default());
    Ok(())
}
