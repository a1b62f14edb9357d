//! Filters and filter sets: which there are, and whom they let in.

use std::io::Result;

use prolific_sandbox::{Sandbox, Seed, SeedFilterSet, SeedGroup, SeedStudy, check_response};
use serde_json::{Value, json};

use crate::http::{Response, each, send};

/// Performs an operation. The response has the documented form.
#[track_caller]
fn call(sandbox: &Sandbox, operation_id: &str, first: &str, body: &Value) -> Result<Response> {
    let token = format!("Authorization: Token {}", sandbox.token());
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let response = send(sandbox.url(), &[first, &token, "Content-Type: application/json"], body.as_bytes())?;
    assert_eq!(check_response(operation_id, response.status, &response.body), Ok(()), "{response:?}");
    Ok(response)
}

fn filters(sandbox: &Sandbox, query: &str) -> Result<Value> {
    Ok(call(sandbox, "filters_list", &format!("GET /api/v1/filters/{query}"), &Value::Null)?.json())
}

fn sets(sandbox: &Sandbox, query: &str) -> Result<Value> {
    Ok(call(sandbox, "filter_sets_list", &format!("GET /api/v1/filter-sets/{query}"), &Value::Null)?.json())
}

fn set(sandbox: &Sandbox, id: &str) -> Result<Response> {
    call(sandbox, "filter_sets_get", &format!("GET /api/v1/filter-sets/{id}"), &Value::Null)
}

fn only(ids: &[&str]) -> Value {
    json!({"filter_id": "custom_allowlist", "selected_values": ids})
}

/// Two workspaces, 30 participants, and filter sets of the first, of the second and of an organisation.
fn seed() -> Seed {
    let pilot = SeedGroup::in_workspace("Pilot", "w1").id("g1").participant_ids(["p1", "p2"]);
    Seed::new()
        .workspace("w1", "Lab")
        .workspace("w2", "Other")
        .participants(30)
        .group(pilot.clone())
        .group(SeedGroup::in_workspace("Former", "w1").id("g2").deleted())
        .group(SeedGroup::in_workspace("Elsewhere", "w2").id("g3"))
        .filter_set(SeedFilterSet::in_workspace("f1", "Two people", "w1").filter(only(&["p1", "p2"])).version(3))
        .filter_set(SeedFilterSet::in_workspace("f2", "Everybody", "w1"))
        .filter_set(SeedFilterSet::in_workspace("f3", "Former", "w1").deleted())
        .filter_set(SeedFilterSet::in_workspace("f4", "Elsewhere", "w2"))
        .filter_set(SeedFilterSet::in_organisation("f5", "Of all labs", "o1"))
        .study(SeedStudy::new("Naming colours").id("s1"))
}

#[tokio::test]
async fn the_list_has_the_documented_filters_and_those_that_the_sandbox_evaluates() -> Result<()> {
    let sandbox = Sandbox::builder().seed(seed()).start().await?;
    let list = filters(&sandbox, "")?;
    let expected = [
        "coffee-per-day",
        "age",
        "participant_group_allowlist",
        "participant_group_blocklist",
        "previous_studies_allowlist",
        "previous_studies_blocklist",
        "custom_allowlist",
        "custom_blocklist",
    ];
    assert_eq!((each(&list, "filter_id"), &list["meta"]["count"]), (expected.map(str::to_owned).to_vec(), &json!(8)));
    assert_eq!(filters(&sandbox, "")?, list, "it is stable");
    let choices =
        |query: &str, place: usize| Result::Ok(filters(&sandbox, query)?["results"][place]["choices"].clone());
    assert_eq!((choices("", 2)?, choices("", 5)?), (json!({}), json!({})));
    assert_eq!(choices("?workspace_id=w1", 2)?, json!({"g1": "Pilot"}));
    assert_eq!(choices("?workspace_id=w1", 5)?, json!({"s1": "Naming colours"}));
    assert_eq!(choices("?workspace_id=w2", 3)?, json!({"g3": "Elsewhere"}));
    assert_eq!(choices("?workspace_id=w1", 0)?["0"], "None", "those of others stay");
    assert_eq!(each(&filters(&sandbox, "?filter_tag=custom-group")?, "filter_id"), [""; 0]);
    let has_details = |list: &Value| list["results"][0].get("display_order").is_some();
    assert_eq!((has_details(&list), has_details(&filters(&sandbox, "?detailed=true")?)), (false, true));
    Ok(())
}

#[tokio::test]
async fn filter_sets_are_listed_by_their_owner_page_by_page() -> Result<()> {
    let sandbox = Sandbox::builder().seed(seed()).start().await?;
    let ids = |query: &str| Result::Ok(each(&sets(&sandbox, query)?, "id"));
    assert_eq!(ids("")?, ["f1", "f2", "f3", "f4", "f5"]);
    assert_eq!(ids("?workspace_id=w1")?, ["f1", "f2", "f3"]);
    assert_eq!(ids("?workspace_id=w9")?, [""; 0]);
    assert_eq!(ids("?organisation_id=o1")?, ["f5"]);
    assert_eq!(ids("?organisation_id=o1&workspace_id=w2")?, ["f4", "f5"]);
    let page = sets(&sandbox, "?workspace_id=w1&limit=2&offset=1")?;
    assert_eq!((each(&page, "id"), &page["meta"]["count"]), (vec!["f2".to_owned(), "f3".to_owned()], &json!(3)));
    assert_eq!(page["_links"]["next"]["href"], Value::Null);
    let first = &sets(&sandbox, "")?["results"][0];
    let expected = json!({
        "id": "f1", "version": 3, "is_deleted": false, "is_locked": false, "workspace_id": "w1",
        "organisation_id": null, "name": "Two people", "filters": [only(&["p1", "p2"])],
    });
    assert_eq!(first, &expected);
    Ok(())
}

#[tokio::test]
async fn a_filter_set_has_the_number_of_people_who_pass_it() -> Result<()> {
    let sandbox = Sandbox::builder().seed(seed()).start().await?;
    let count = |id: &str| Result::Ok(set(&sandbox, id)?.json()["eligible_participant_count"].clone());
    assert_eq!((count("f1/")?, count("f2/")?), (json!(0), json!(32)), "fewer than 25 are shown as none");
    assert_eq!(set(&sandbox, "f1/?version_number=3")?.json()["name"], "Two people");
    for unknown in ["f9/", "f1/?version_number=2"] {
        assert_eq!(set(&sandbox, unknown)?.status, 404, "{unknown}");
    }
    Ok(())
}

#[tokio::test]
async fn a_study_with_a_filter_set_is_limited_by_its_filters() -> Result<()> {
    let study = |name: &str, set: &str| SeedStudy::new(name).id(name).field("filter_set_id", set).published();
    let seed = seed().study(study("limited", "f1")).study(study("open", "f2"));
    let sandbox = Sandbox::builder().seed(seed).start().await?;
    assert!(sandbox.participant("p1").take("limited").is_ok());
    assert!(sandbox.participant("p3").take("limited").is_err());
    assert!(sandbox.participant("p3").take("open").is_ok());
    Ok(())
}

#[tokio::test]
async fn the_filter_set_of_a_study_exists_in_its_version() -> Result<()> {
    let sandbox = Sandbox::builder().seed(seed()).start().await?;
    let change = |body: Value| call(&sandbox, "studies_update", "PATCH /api/v1/studies/s1/", &body);
    for (id, version, status) in
        [("f1", json!(3), 200), ("f1", json!(2), 400), ("f3", json!(1), 400), ("f9", json!(1), 400)]
    {
        let changed = change(json!({"filter_set_id": id, "filter_set_version": version}))?;
        assert_eq!(changed.status, status, "{id} {version}");
    }
    let kept = call(&sandbox, "studies_get", "GET /api/v1/studies/s1/", &Value::Null)?.json();
    assert_eq!((&kept["filter_set_id"], &kept["filter_set_version"]), (&json!("f1"), &json!(3)));
    let study = SeedStudy::new("a").field("filter_set_id", "f9");
    let refused = Sandbox::builder().seed(seed().study(study)).start().await.unwrap_err();
    assert!(refused.to_string().contains("There is no such filter set."), "{refused}");
    let twice = seed().filter_set(SeedFilterSet::in_workspace("f1", "Again", "w1"));
    let refused = Sandbox::builder().seed(twice).start().await.unwrap_err();
    assert!(refused.to_string().contains("two filter sets with the id f1"), "{refused}");
    Ok(())
}

#[tokio::test]
async fn filters_are_combined_by_and_and_by_or() -> Result<()> {
    let combined = |word: &str| {
        let group = json!({"filter_id": "participant_group_allowlist", "selected_values": ["g1"]});
        json!({"filter_id": word, "selected_filters": [group, only(&["p2", "p3"])]})
    };
    let study =
        |word: &str| SeedStudy::new(word).id(word).field("filters", json!([combined(word)])).places(9).published();
    let sandbox = Sandbox::builder().seed(seed().study(study("and")).study(study("or"))).start().await?;
    let who = |study: &str| ["p1", "p2", "p3", "p4"].map(|id| sandbox.participant(id).take(study).is_ok());
    assert_eq!(who("and"), [false, true, false, false]);
    assert_eq!(who("or"), [true, true, true, false]);
    Ok(())
}

#[test]
fn filter_sets_are_read_from_json() {
    let read = |set: Value| serde_json::from_value::<Seed>(json!({"filter_sets": [set]})).map_err(|e| e.to_string());
    let set = json!({"id": "f1", "name": "A", "workspace_id": "w1", "filters": [only(&["p1"])], "version": 2});
    assert!(read(set).is_ok());
    let ownerless = read(json!({"id": "f1", "name": "A"})).unwrap_err();
    assert!(ownerless.contains("either a workspace_id or an organisation_id"), "{ownerless}");
    assert!(read(json!({"id": "f1", "name": "A", "workspace_id": "w1", "colour": 1})).is_err());
}
