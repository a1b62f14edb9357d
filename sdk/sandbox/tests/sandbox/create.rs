//! Creating participant groups with valid requests.

use std::io::Result;

use prolific_sandbox::{Sandbox, check_response};
use serde_json::{Value, json};

use crate::http::create;

#[tokio::test]
async fn the_response_has_every_documented_field() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let response = create(
        &sandbox,
        r#"{"name": "Group 1", "workspace_id": "w1", "description": "First", "participant_ids": ["p2", "p1", "p2"]}"#,
    )?;
    assert_eq!(response.status, 201);
    assert_eq!(check_response("participant_groups_create", 201, &response.body), Ok(()));
    let expected = json!({
        "id": "000000000000000000000001",
        "name": "Group 1",
        "description": "First",
        "workspace_id": "w1",
        "organisation_id": null,
        "project_id": null,
        "participant_count": 2,
        "is_deleted": false,
        "feeder_studies": [],
    });
    assert_eq!(response.json(), expected);
    Ok(())
}

#[tokio::test]
async fn a_group_of_an_organisation_needs_no_more_than_a_name() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let group = create(&sandbox, r#"{"name": "", "organisation_id": "o1"}"#)?.json();
    assert_eq!(group["organisation_id"], "o1");
    assert_eq!(group["workspace_id"], Value::Null);
    assert_eq!(group["description"], Value::Null);
    assert_eq!(group["participant_count"], 0);
    Ok(())
}

#[tokio::test]
async fn every_group_has_its_own_id_even_with_the_same_name() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let body = r#"{"name": "Same", "workspace_id": "w1"}"#;
    let ids = [create(&sandbox, body)?, create(&sandbox, body)?].map(|response| response.json()["id"].clone());
    assert_eq!(ids, ["000000000000000000000001", "000000000000000000000002"]);
    Ok(())
}

#[tokio::test]
async fn unknown_fields_are_ignored_and_the_last_of_repeated_fields_counts() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let response = create(&sandbox, r#"{"name": 5, "name": "Second", "workspace_id": "w1", "colour": "red"}"#)?;
    assert_eq!(response.status, 201);
    assert_eq!(response.json()["name"], "Second");
    assert_eq!(response.json()["colour"], Value::Null);
    Ok(())
}

#[tokio::test]
async fn many_members_are_accepted() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let ids: Vec<_> = (0..20_000).map(|number| format!("{number:024x}")).collect();
    let body = json!({"name": "Many", "workspace_id": "w1", "participant_ids": ids}).to_string();
    assert_eq!(create(&sandbox, body)?.json()["participant_count"], 20_000);
    Ok(())
}
