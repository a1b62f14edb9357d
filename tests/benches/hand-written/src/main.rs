//! Creates participant groups with reqwest and serde, carefully: the status and the body of an error response are
//! kept, no redirect is followed, there are timeouts, and by default a create uses no connection that another one
//! used.

use std::error::Error;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderValue};
use serde::{Deserialize, Serialize};

#[path = "../../driver.rs"]
mod driver;

fn main() -> Result<(), Box<dyn Error>> {
    driver::run()
}

#[derive(Clone)]
struct Client {
    http: reqwest::Client,
    url: String,
    authorization: HeaderValue,
}

#[derive(Serialize)]
struct CreateParticipantGroup {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    participant_ids: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "printed by `Debug`")]
struct ParticipantGroup {
    id: Option<String>,
    name: Option<String>,
    description: Option<String>,
    workspace_id: Option<String>,
    organisation_id: Option<String>,
    project_id: Option<String>,
    participant_count: Option<i64>,
    is_deleted: Option<bool>,
    feeder_studies: Option<Vec<FeederStudy>>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "printed by `Debug`")]
struct FeederStudy {
    id: Option<String>,
    name: Option<String>,
    internal_name: Option<String>,
    status: Option<String>,
    feeder_completion_codes: Option<Vec<FeederCompletionCode>>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "printed by `Debug`")]
struct FeederCompletionCode {
    code: Option<String>,
    code_type: Option<String>,
    action: Option<String>,
}

fn client(url: &str) -> Result<Client, Box<dyn Error>> {
    let mut authorization = HeaderValue::from_static("Token example-token");
    authorization.set_sensitive(true);
    let pooled = std::env::var_os("POOLED").is_some();
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(5))
        .timeout(Duration::from_secs(30))
        .user_agent("hand-written/1.0")
        .no_proxy()
        .pool_max_idle_per_host(if pooled { usize::MAX } else { 0 })
        .build()?;
    Ok(Client { http, url: format!("{url}/api/v1/participant-groups/"), authorization })
}

async fn create(client: &Client, ids: Vec<String>) -> Result<ParticipantGroup, Box<dyn Error>> {
    let group = CreateParticipantGroup {
        name: "Group 1".to_owned(),
        workspace_id: Some("5e9b9c9b0f9c9a0001b1ca2f".to_owned()),
        organisation_id: None,
        description: Some("My first participant group".to_owned()),
        participant_ids: Some(ids),
    };
    let request = client.http.post(&client.url).header(AUTHORIZATION, client.authorization.clone());
    let response = request.json(&group).send().await?;
    let status = response.status();
    if !status.is_success() {
        return Err(format!("{status}: {}", response.text().await?).into());
    }
    Ok(response.json().await?)
}
