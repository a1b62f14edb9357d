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
    read(sandbox, "list_group_participants", "g1/participants/")
}

fn change(sandbox: &Sandbox, operation_id: &str, ids: &[&str]) -> Result<Value> {
    let answer = call(sandbox, operation_id, "g1/participants/", &json!({"participant_ids": ids}))?;
    assert_eq!(answer.status, 200);
    Ok(answer.json())
}

#[tokio::test]
async fn members_are_listed_in_the_order_in_which_they_joined_with_the_same_times_on_every_run() -> Result<()> {
    let expected = json!([
        {"participant_id": "p2", "datetime_created": "2024-01-01T00:00:01Z"},
        {"participant_id": "p1", "datetime_created": "2024-01-01T00:00:02.500000Z"},
    ]);
    assert_eq!(members(&sandbox().await?)?["results"], expected);
    assert_eq!(members(&sandbox().await?)?["results"], expected);
    Ok(())
}

#[tokio::test]
async fn adding_passes_over_members_and_answers_all() -> Result<()> {
    let sandbox = sandbox().await?;
    let before = members(&sandbox)?;
    let answer = change(&sandbox, "add_participants_to_group", &["p1", "p3", "p3"])?;
    assert_eq!(each(&answer, "participant_id"), ["p2", "p1", "p3"]);
    for index in 0..2 {
        assert_eq!(answer["results"][index], before["results"][index], "a member keeps the time of joining");
    }
    assert_eq!(members(&sandbox)?["results"], answer["results"]);
    assert_eq!(change(&sandbox, "add_participants_to_group", &["p1", "p3"])?, answer, "a call can be repeated");
    assert_eq!(read(&sandbox, "get_participant_group", "g1/")?["participant_count"], 3);
    Ok(())
}

#[tokio::test]
async fn removing_passes_over_others_and_answers_who_is_left() -> Result<()> {
    let sandbox = sandbox().await?;
    let answer = change(&sandbox, "remove_participants_from_group", &["p2", "unknown", "p2"])?;
    assert_eq!(each(&answer, "participant_id"), ["p1"]);
    assert_eq!(change(&sandbox, "remove_participants_from_group", &["p2"])?, answer, "a call can be repeated");
    assert_eq!(members(&sandbox)?["results"], answer["results"]);
    assert_eq!(read(&sandbox, "get_participant_group", "g1/")?["participant_count"], 1);
    Ok(())
}

#[tokio::test]
async fn who_comes_back_has_joined_anew() -> Result<()> {
    let sandbox = sandbox().await?;
    change(&sandbox, "remove_participants_from_group", &["p2"])?;
    let answer = change(&sandbox, "add_participants_to_group", &["p2"])?;
    let expected = json!({"participant_id": "p2", "datetime_created": "2024-01-01T00:00:03Z"});
    assert_eq!(answer["results"][1], expected);
    Ok(())
}

#[tokio::test]
async fn no_ids_change_nothing() -> Result<()> {
    let sandbox = sandbox().await?;
    for operation in ["add_participants_to_group", "remove_participants_from_group"] {
        for body in [json!({}), json!({"participant_ids": []})] {
            let answer = call(&sandbox, operation, "g1/participants/", &body)?;
            assert_eq!((answer.status, each(&answer.json(), "participant_id").len()), (200, 2), "{operation} {body}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_answer_to_a_change_has_every_member_whatever_the_size_of_a_page() -> Result<()> {
    let sandbox = sandbox().await?;
    let ids: Vec<_> = (0..250).map(|number| format!("n{number}")).collect();
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    let answer = change(&sandbox, "add_participants_to_group", &ids)?;
    assert_eq!(each(&answer, "participant_id").len(), 252);
    assert_eq!((&answer["meta"], &answer["_links"]), (&Value::Null, &Value::Null));
    Ok(())
}
