//! Creates a participant group, and prints it.
//!
//! Without `PROLIFIC_TOKEN` it runs offline, against a sandbox that it starts. With `PROLIFIC_TOKEN` it talks to the
//! real service, or to the one that `PROLIFIC_URL` names, and creates an empty group in the workspace that is given as
//! an argument or in `PROLIFIC_WORKSPACE_ID`:
//!
//! ```text
//! cargo run --example create_participant_group
//! PROLIFIC_TOKEN=… cargo run --example create_participant_group -- WORKSPACE_ID
//! ```

use std::env;
use std::error::Error;

use prolific_sandbox::Sandbox;
use prolific_sdk::Client;
use prolific_sdk::types::CreateParticipantGroup;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    if env::var_os("PROLIFIC_TOKEN").is_some() {
        let workspace = env::args()
            .nth(1)
            .or_else(|| env::var("PROLIFIC_WORKSPACE_ID").ok())
            .ok_or("which workspace? Give its id as an argument, or set PROLIFIC_WORKSPACE_ID")?;
        let client = Client::from_env()?;
        println!("PROLIFIC_TOKEN is set: creating a group at {}", client.base_url());
        create(&client, CreateParticipantGroup::in_workspace("Group 1", workspace)).await
    } else {
        let sandbox = Sandbox::start().await?;
        let client = Client::builder().base_url(sandbox.url()).token(sandbox.token()).build()?;
        println!("PROLIFIC_TOKEN is not set: creating a group in a sandbox at {}", client.base_url());
        let members = ["5e9b9c9b0f9c9a0001b0b1f4", "5e9b9c9b0f9c9a0001b0b1f5", "5e9b9c9b0f9c9a0001b0b1f6"];
        create(
            &client,
            CreateParticipantGroup::in_workspace("Group 1", "5e9b9c9b0f9c9a0001b1ca2f").participant_ids(members),
        )
        .await
    }
}

async fn create(client: &Client, group: CreateParticipantGroup) -> Result<(), Box<dyn Error>> {
    let request = group.description("My first participant group");
    let group = client.create_participant_group(request).send().await?;
    println!("{group:#?}");
    Ok(())
}
