//! Creates a participant group.
//!
//! ```text
//! cargo run --example create_participant_group
//! PROLIFIC_TOKEN=… cargo run --example create_participant_group -- WORKSPACE_ID
//! ```

mod support;

use clap::Parser;
use prolific_sandbox::Seed;
use prolific_sdk::types::CreateParticipantGroup;
use support::Failure;

/// Creates a participant group: an empty one in the service at PROLIFIC_URL, with PROLIFIC_TOKEN, or one with three
/// participants in a sandbox if neither is set.
#[derive(Parser)]
#[expect(clippy::doc_markdown, reason = "the help shows this text")]
struct Arguments {
    /// The id of the workspace.
    #[arg(env = "PROLIFIC_WORKSPACE_ID")]
    workspace_id: Option<String>,
    /// The name of the group.
    #[arg(long, default_value = "Group 1")]
    name: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let arguments = Arguments::parse();
    let service = support::connect(Seed::new(), arguments.workspace_id).await?;

    let mut request = CreateParticipantGroup::in_workspace(arguments.name, service.workspace()?)
        .description("My first participant group");
    if service.is_sandbox() {
        request = request.participant_ids([
            "5e9b9c9b0f9c9a0001b0b1f4",
            "5e9b9c9b0f9c9a0001b0b1f5",
            "5e9b9c9b0f9c9a0001b0b1f6",
        ]);
    }
    let group = service.client.participant_groups().create(request).send().await?;

    let id = group.id.ok_or("the service sent no id")?;
    let count = group.participant_count.unwrap_or_default();
    println!("created group {id}, \"{}\", with {count} participants", group.name.unwrap_or_default());
    Ok(())
}
