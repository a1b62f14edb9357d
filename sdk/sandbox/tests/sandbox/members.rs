//! The members of a group: listing, adding, removing, and when they joined.

use std::io::Result;

use prolific_sandbox::{Sandbox, Seed, SeedGroup};
use serde_json::{Value, json};

use crate::http::{call, each, read};

async fn sandbox() -> Result<Sandbox> {
    let group = SeedGroup::in_workspace("Pilot", "w1").id("g1").participant_ids(["p2", "p1", "p2"]);
    Sandbox::builder().seed(Seed::new().group(group)).start().await
}

fn members(sandbox: &Sandbox) -> Result<Value> {
    read(sandbox, "participant_groups_list_participants", "g1/participants/")
}

fn change(sandbox: &Sandbox, operation_id: &str, ids: &[&str]) -> Result<Value> {
    let response = call(sandbox, operation_id, "g1/participants/", &json!({"participant_ids": ids}))?;
    assert_eq!(response.status, 200);
    Ok(response.json())
}

#[tokio::test]
async fn members_are_listed_in_the_order_in_which_they_joined_with_the_same_times_on_every_run() -> Result<()> {
    let expected = json!([
        {"participant_id": "p2", "datetime_created": "2024-01-01T00:00:01Z"},
        {"participant_id": "p1", "datetime_created": "2024-01-01T00:00:02.000Z"},
    ]);
    assert_eq!(members(&sandbox().await?)?["results"], expected);
    assert_eq!(members(&sandbox().await?)?["results"], expected);
    Ok(())
}

#[tokio::test]
async fn adding_skips_members_and_returns_all() -> Result<()> {
    let sandbox = sandbox().await?;
    let before = members(&sandbox)?;
    let response = change(&sandbox, "participant_groups_add_participants", &["p1", "p3", "p3"])?;
    assert_eq!(each(&response, "participant_id"), ["p2", "p1", "p3"]);
    for index in 0..2 {
        assert_eq!(response["results"][index], before["results"][index], "members keep the time at which they joined");
    }
    assert_eq!(members(&sandbox)?["results"], response["results"]);
    assert_eq!(
        change(&sandbox, "participant_groups_add_participants", &["p1", "p3"])?,
        response,
        "a call can be repeated"
    );
    assert_eq!(read(&sandbox, "participant_groups_get", "g1/")?["participant_count"], 3);
    Ok(())
}

#[tokio::test]
async fn removing_skips_others_and_returns_the_rest() -> Result<()> {
    let sandbox = sandbox().await?;
    let response = change(&sandbox, "participant_groups_remove_participants", &["p2", "unknown", "p2"])?;
    assert_eq!(each(&response, "participant_id"), ["p1"]);
    assert_eq!(
        change(&sandbox, "participant_groups_remove_participants", &["p2"])?,
        response,
        "a call can be repeated"
    );
    assert_eq!(members(&sandbox)?["results"], response["results"]);
    assert_eq!(read(&sandbox, "participant_groups_get", "g1/")?["participant_count"], 1);
    Ok(())
}

#[tokio::test]
async fn those_who_return_have_joined_anew() -> Result<()> {
    let sandbox = sandbox().await?;
    change(&sandbox, "participant_groups_remove_participants", &["p2"])?;
    let response = change(&sandbox, "participant_groups_add_participants", &["p2"])?;
    let expected = json!({"participant_id": "p2", "datetime_created": "2024-01-01T00:00:03Z"});
    assert_eq!(response["results"][1], expected);
    Ok(())
}

#[tokio::test]
async fn no_ids_change_nothing() -> Result<()> {
    let sandbox = sandbox().await?;
    for operation in ["participant_groups_add_participants", "participant_groups_remove_participants"] {
        for body in [json!({}), json!({"participant_ids": []})] {
            let response = call(&sandbox, operation, "g1/participants/", &body)?;
            assert_eq!(
                (response.status, each(&response.json(), "participant_id").len()),
                (200, 2),
                "{operation} {body}"
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_response_to_a_change_has_every_member_whatever_the_page_size() -> Result<()> {
    let sandbox = sandbox().await?;
    let ids: Vec<_> = (0..250).map(|number| format!("n{number}")).collect();
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    let response = change(&sandbox, "participant_groups_add_participants", &ids)?;
    assert_eq!(each(&response, "participant_id").len(), 252);
    assert_eq!((&response["meta"], &response["_links"]), (&Value::Null, &Value::Null));
    Ok(())
}
