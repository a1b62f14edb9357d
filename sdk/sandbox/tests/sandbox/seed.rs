//! Starting from a known state, and the errors in seeds.

use std::io::{ErrorKind, Result};

use prolific_sandbox::{Sandbox, Seed, SeedGroup};
use serde_json::{Value, json};

use crate::http::{create, each, read};

fn problem(json: &str) -> String {
    serde_json::from_str::<Seed>(json).err().map(|error| error.to_string()).unwrap_or_default()
}

#[tokio::test]
async fn a_group_is_the_same_from_code_and_from_json() -> Result<()> {
    let code = Seed::new()
        .user("u1", "a@example.org")
        .workspace("w1", "One")
        .group(SeedGroup::in_workspace("A", "w1").id("g1").description("d").participant_ids(["p1"]).deleted())
        .group(SeedGroup::in_organisation("B", "o1"));
    let json = json!({
        "user": {"id": "u1", "email": "a@example.org"},
        "workspaces": [{"id": "w1", "title": "One"}],
        "groups": [
            {
                "id": "g1", "name": "A", "workspace_id": "w1", "organisation_id": null, "description": "d",
                "participant_ids": ["p1"], "is_deleted": true,
            },
            {"name": "B", "organisation_id": "o1"},
        ],
    });
    let expected = json!({
        "id": "g1", "name": "A", "description": "d", "workspace_id": "w1", "organisation_id": null, "project_id": null,
        "participant_count": 1, "is_deleted": true, "feeder_studies": [],
    });
    for seed in [code, serde_json::from_value(json)?] {
        let sandbox = Sandbox::builder().seed(seed).start().await?;
        assert_eq!(read(&sandbox, "participant_groups_get", "g1/")?, expected);
        let second = read(&sandbox, "participant_groups_get", "000000000000000000000002/")?;
        assert_eq!((&second["name"], &second["organisation_id"]), (&json!("B"), &json!("o1")));
        assert_eq!(each(&read(&sandbox, "workspaces_list", "")?, "title"), ["One"]);
        assert_eq!(read(&sandbox, "users_me", "")?["id"], "u1");
    }
    Ok(())
}

#[tokio::test]
async fn a_new_group_never_gets_an_id_of_the_seed() -> Result<()> {
    let id = |number: u32| format!("{number:024x}");
    let group = || SeedGroup::in_workspace("A", "w1");
    let seed = Seed::new().group(group()).group(group().id(id(1))).group(group().id(id(4)));
    let sandbox = Sandbox::builder().seed(seed).start().await?;
    create(&sandbox, r#"{"name": "New", "workspace_id": "w1"}"#)?;
    let list = read(&sandbox, "participant_groups_list", "?workspace_id=w1")?;
    assert_eq!(each(&list, "id"), [id(2), id(1), id(4), id(5)]);
    Ok(())
}

#[test]
fn a_mistake_in_json_is_reported_with_its_place() {
    let cases = [
        ("{", "EOF while parsing an object at line 1 column 1"),
        (
            "{\"group\": []}",
            "unknown field `group`, expected one of `user`, `workspaces`, `projects`, `groups`, `filter_sets`, `studies`, `participants` at line 1 column 8",
        ),
        ("{\n\"workspaces\": [{\"id\": \"w\"}]}", "missing field `title` at line 2 column 26"),
        ("{\"user\": {\"id\": 5}}", "invalid type: integer `5`, expected a string at line 1 column 17"),
        (
            "{\"groups\": [\n{\"name\": \"A\"}]}",
            "a group must have either a workspace_id or an organisation_id at line 2 column 14",
        ),
        (
            "{\"groups\": [{\"name\": \"A\", \"workspace_id\": \"w\", \"organisation_id\": \"o\"}]}",
            "a group must have either a workspace_id or an organisation_id at line 1 column 71",
        ),
    ];
    for (json, expected) in cases {
        assert_eq!(problem(json), expected);
    }
}

#[tokio::test]
async fn an_id_that_is_empty_or_used_twice_is_an_error_at_the_start() {
    let group = |id| SeedGroup::in_workspace("A", "w1").id(id);
    let cases = [
        (Seed::new().group(group("g1")).group(group("g1")), "the seed has two groups with the id g1"),
        (Seed::new().group(group("")), "the seed has a group with an empty id"),
    ];
    for (seed, expected) in cases {
        let error = Sandbox::builder().seed(seed).start().await.err();
        let error = error.map(|error| (error.kind(), error.to_string()));
        assert_eq!(error, Some((ErrorKind::InvalidInput, expected.to_owned())));
    }
}

#[tokio::test]
async fn the_same_seed_may_start_several_sandboxes() -> Result<()> {
    let builder = Sandbox::builder().seed(Seed::new().group(SeedGroup::in_workspace("A", "w1").id("g1")));
    let (one, two) = (builder.clone().start().await?, builder.start().await?);
    crate::http::call(&one, "participant_groups_delete", "g1/", &Value::Null)?;
    assert_eq!(read(&two, "participant_groups_get", "g1/")?["is_deleted"], false);
    Ok(())
}
