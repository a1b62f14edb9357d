//! The program of the front page (`sdk/README.md`), which a test runs.

use prolific_sdk::Client;
use prolific_sdk::types::CreateParticipantGroup;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?; // PROLIFIC_TOKEN, and PROLIFIC_URL if it is set

    let workspace_id = "62fce6fff0a78eb4f3ebc09c";
    let request = CreateParticipantGroup::in_workspace("Pilot cohort", workspace_id)
        .participant_ids(["5e9b9c9b0f9c9a0001b0b1f4", "5e9b9c9b0f9c9a0001b0b1f5"]);
    let group = client.participant_groups().create(request).send().await?;

    let id = group.id.unwrap_or_default();
    let count = group.participant_count.unwrap_or_default();
    println!("created group {id} with {count} participants");
    Ok(())
}
