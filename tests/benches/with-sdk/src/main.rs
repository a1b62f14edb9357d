//! Creates participant groups with the SDK and its defaults.

use std::error::Error;

use prolific_sdk::Client;
use prolific_sdk::types::{CreateParticipantGroup, ParticipantGroup};

#[path = "../../driver.rs"]
mod driver;

fn main() -> Result<(), Box<dyn Error>> {
    driver::run()
}

fn client(url: &str) -> Result<Client, Box<dyn Error>> {
    let builder = Client::builder().base_url(url).token("example-token");
    let pooled = std::env::var_os("POOLED").is_some();
    Ok(if pooled { builder.reuse_write_connections() } else { builder }.build()?)
}

async fn create(client: &Client, ids: Vec<String>) -> Result<ParticipantGroup, Box<dyn Error>> {
    let group = CreateParticipantGroup::in_workspace("Group 1", "5e9b9c9b0f9c9a0001b1ca2f")
        .description("My first participant group")
        .participant_ids(ids);
    Ok(client.participant_groups().create(group).send().await?)
}
