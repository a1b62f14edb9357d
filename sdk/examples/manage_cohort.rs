//! A cohort from start to end: create a group, fill it from a file of ids, look who is in it, take somebody out, delete it.
//!
//! Runs offline, against a sandbox that it starts. The file has one participant id in each line, and may have the heading
//! `participant_id`.
//!
//! ```text
//! cargo run --example manage_cohort -- [FILE.csv]
//! ```

use std::error::Error;
use std::{env, fs};

use prolific_sandbox::Sandbox;
use prolific_sdk::Client;
use prolific_sdk::types::{CreateParticipantGroup, ParticipantIdList};

const IDS: &str = "participant_id\n5e9b9c9b0f9c9a0001b0b1f4\n5e9b9c9b0f9c9a0001b0b1f5\n5e9b9c9b0f9c9a0001b0b1f6\n";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let csv = env::args_os().nth(1).map_or_else(|| Ok(IDS.to_owned()), fs::read_to_string)?;
    let ids: Vec<_> = csv.lines().map(str::trim).filter(|line| !matches!(*line, "" | "participant_id")).collect();
    if let Some(line) = ids.iter().find(|line| line.contains([',', ';', '\t'])) {
        return Err(format!("one id in a line, please, and no other columns: {line}").into());
    }

    // For the real service: Client::from_env()?
    let sandbox = Sandbox::start().await?;
    let client = Client::builder().base_url(sandbox.url()).token(sandbox.token()).build()?;

    let request = CreateParticipantGroup::in_workspace("Pilot cohort", "62fce6fff0a78eb4f3ebc09c");
    let group = client.create_participant_group(request).send().await?.into_inner();
    let id = group.id.ok_or("the service answered without an id")?;
    println!("created {id}");

    // Who is in the group already stays in it, so this call can be repeated after any failure.
    client.add_participants_to_group(id.clone(), ParticipantIdList::new(ids.iter().copied())).send().await?;

    let mut members = client.list_group_participants(id.clone()).stream();
    while let Some(member) = members.next().await {
        let member = member?;
        // `Display` shows an id, `Debug` hides it.
        let who = member.participant_id.map_or_else(|| "somebody".to_owned(), |id| id.to_string());
        println!("member {who} since {:?}", member.datetime_created);
    }

    let left =
        client.remove_participants_from_group(id.clone(), ParticipantIdList::new(ids.first().copied())).send().await?;
    println!("{} members are left", left.results.as_ref().map_or(0, Vec::len));

    client.delete_participant_group(id.clone()).send().await?;
    let group = client.get_participant_group(id).send().await?;
    println!("deleted: {:?}", group.is_deleted);
    Ok(())
}
