//! Creates participant groups with openapi-generator's client, as its README shows it.

use std::error::Error;
use std::sync::Arc;

use generated::apis::configuration::{ApiKey, Configuration};
use generated::apis::participant_groups_api::participant_groups_create;
use generated::models::{CreateParticipantGroup, ParticipantGroup};

#[path = "../../driver.rs"]
mod driver;

fn main() -> Result<(), Box<dyn Error>> {
    driver::run()
}

fn client(url: &str) -> Result<Arc<Configuration>, Box<dyn Error>> {
    let api_key = ApiKey { prefix: Some("Token".to_owned()), key: "example-token".to_owned() };
    Ok(Arc::new(Configuration { base_path: url.to_owned(), api_key: Some(api_key), ..Configuration::default() }))
}

async fn create(client: &Arc<Configuration>, ids: Vec<String>) -> Result<ParticipantGroup, Box<dyn Error>> {
    let group = CreateParticipantGroup {
        workspace_id: Some("5e9b9c9b0f9c9a0001b1ca2f".to_owned()),
        description: Some("My first participant group".to_owned()),
        participant_ids: Some(ids),
        ..CreateParticipantGroup::new("Group 1".to_owned())
    };
    Ok(participant_groups_create(client, group).await?)
}
