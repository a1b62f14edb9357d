//! Reading, listing, changing and deleting groups.

use std::io::Result;

use prolific_sandbox::{Sandbox, Seed, SeedGroup};
use serde_json::{Value, json};

use crate::http::{call, create, each, read};

const FIRST: &str = "000000000000000000000001/";

/// A sandbox with groups in two workspaces and an organisation, one of them deleted.
async fn sandbox() -> Result<Sandbox> {
    let seed = Seed::new()
        .group(SeedGroup::in_workspace("Pilot A", "w1").id("a").participant_ids(["p1", "p2"]))
        .group(SeedGroup::in_workspace("Pilot \u{c4}", "w1").id("b"))
        .group(SeedGroup::in_workspace("Former", "w1").id("c").deleted())
        .group(SeedGroup::in_workspace("Pilot", "w2").id("d"))
        .group(SeedGroup::in_organisation("Pilot", "w1").id("e"));
    Sandbox::builder().seed(seed).start().await
}

#[tokio::test]
async fn a_created_group_reads_the_same_later() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let created = create(&sandbox, r#"{"name": "Group 1", "workspace_id": "w1", "participant_ids": ["p1"]}"#)?.json();
    assert_eq!(read(&sandbox, "participant_groups_get", FIRST)?, created);
    assert_eq!(read(&sandbox, "participant_groups_list", "?workspace_id=w1")?["results"], json!([created]));
    Ok(())
}

#[tokio::test]
async fn a_list_has_the_groups_of_one_workspace_in_the_order_of_creation() -> Result<()> {
    let sandbox = sandbox().await?;
    create(&sandbox, r#"{"name": "0", "workspace_id": "w1"}"#)?;
    let ids = |query: &str| Result::Ok(each(&read(&sandbox, "participant_groups_list", query)?, "id"));
    assert_eq!(ids("?workspace_id=w1")?, ["a", "b", "c", "000000000000000000000006"]);
    assert_eq!(ids("?workspace_id=w2")?, ["d"]);
    assert_eq!(ids("?workspace_id=unknown")?, [""; 0]);
    Ok(())
}

#[tokio::test]
async fn a_list_is_filtered_by_deletion_and_by_a_part_of_the_name() -> Result<()> {
    let sandbox = sandbox().await?;
    let cases: [(&str, &[&str]); 8] = [
        ("active=true", &["a", "b"]),
        ("active=false", &["c"]),
        ("search=pilot", &["a", "b"]),
        ("search=ILOT+a", &["a"]),
        ("search=%C3%A4", &["b"]),
        ("search=", &["a", "b", "c"]),
        ("search=Former&active=true", &[]),
        ("search=nothing", &[]),
    ];
    for (query, ids) in cases {
        let list = read(&sandbox, "participant_groups_list", &format!("?workspace_id=w1&{query}"))?;
        assert_eq!(each(&list, "id"), ids, "{query}");
        assert_eq!(list["meta"]["count"], ids.len(), "{query}");
    }
    Ok(())
}

#[tokio::test]
async fn an_update_changes_what_is_given_and_nothing_else() -> Result<()> {
    let sandbox = sandbox().await?;
    let before = read(&sandbox, "participant_groups_get", "a/")?;
    let update = |body: Value| Result::Ok(call(&sandbox, "participant_groups_update", "a/", &body)?.json());
    assert_eq!(update(json!({}))?, before);
    assert_eq!(update(json!({"description": "d", "workspace_id": "w2", "is_deleted": true}))?, before);

    let mut renamed = before;
    renamed["name"] = json!("Pilot B");
    assert_eq!(update(json!({"name": "Pilot B"}))?, renamed, "the members are as they were");
    assert_eq!(read(&sandbox, "participant_groups_get", "a/")?, renamed);
    Ok(())
}

#[tokio::test]
async fn an_update_with_members_replaces_them_all_and_an_empty_list_empties_the_group() -> Result<()> {
    let sandbox = sandbox().await?;
    let update = |ids: Value| call(&sandbox, "participant_groups_update", "a/", &json!({"participant_ids": ids}));
    let members = || read(&sandbox, "participant_groups_list_participants", "a/participants/");
    let joined = members()?["results"][1]["datetime_created"].clone();

    assert_eq!(update(json!(["p3", "p2", "p3"]))?.json()["participant_count"], 2);
    let list = members()?;
    assert_eq!(each(&list, "participant_id"), ["p2", "p3"]);
    assert_eq!(list["results"][0]["datetime_created"], joined, "those who stay keep the time at which they joined");

    let response = update(json!([]))?.json();
    assert_eq!((&response["participant_count"], &response["name"]), (&json!(0), &json!("Pilot A")));
    assert_eq!(members()?["results"], json!([]));
    Ok(())
}

#[tokio::test]
async fn a_deleted_group_is_kept_and_marked() -> Result<()> {
    let sandbox = sandbox().await?;
    for _ in 0..2 {
        let response = call(&sandbox, "participant_groups_delete", "a/", &Value::Null)?;
        assert_eq!((response.status, response.body.len()), (204, 0));
    }
    let group = read(&sandbox, "participant_groups_get", "a/")?;
    assert_eq!((&group["is_deleted"], &group["participant_count"]), (&json!(true), &json!(2)));
    let ids = |active| {
        Result::Ok(each(
            &read(&sandbox, "participant_groups_list", &format!("?workspace_id=w1&active={active}"))?,
            "id",
        ))
    };
    assert_eq!((ids(true)?, ids(false)?), (vec!["b".to_owned()], vec!["a".to_owned(), "c".to_owned()]));

    let renamed = call(&sandbox, "participant_groups_update", "a/", &json!({"name": "x"}))?;
    assert_eq!((renamed.status, &renamed.json()["is_deleted"]), (200, &json!(true)));
    Ok(())
}
