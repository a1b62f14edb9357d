//! The embedded document is usable, and a broken one is told apart.

use super::{Document, entries};

#[test]
fn every_documented_success_example_matches_its_schema() -> Result<(), String> {
    let document = Document::embedded()?;
    assert!(!document.paths.is_empty());
    for operation in document.paths.values().flat_map(|item| item.operations.values()) {
        let success = &operation.success;
        let body = success.example.as_ref().map(ToString::to_string).unwrap_or_default();
        document.check_response(&operation.id, success.status.as_u16(), body.as_bytes())?;
    }
    Ok(())
}

#[test]
fn every_operation_is_routed_and_has_an_example_if_it_has_content() -> Result<(), String> {
    let document = Document::embedded()?;
    let operations = || document.paths.values().flat_map(|item| item.operations.values());
    let described = entries(&document.root["paths"]).flat_map(|(_, item)| entries(item));
    assert_eq!(operations().count(), described.filter(|(_, value)| value["operationId"].is_string()).count());
    for operation in operations() {
        assert_eq!(operation.success.has_content, operation.success.example.is_some(), "{}", operation.id);
    }
    Ok(())
}

#[test]
fn an_answer_that_departs_from_the_document_is_described() -> Result<(), String> {
    let document = Document::embedded()?;
    let check = |status, body: &str| document.check_response("create_participant_group", status, body.as_bytes());
    assert_eq!(check(201, r#"{"name": null, "more": 1}"#), Ok(()));
    assert_eq!(check(201, r#"{"name": 5}"#).map_err(|problem| problem.contains("name")), Err(true));
    assert_eq!(check(201, "{").is_err(), check(201, "").is_err());
    assert_eq!(check(299, "{}"), Err("create_participant_group does not answer with 299".to_owned()));
    assert_eq!(document.check_response("nothing", 200, b""), Err("no operation has the id nothing".to_owned()));
    Ok(())
}

#[test]
fn an_answer_without_content_has_no_body() -> Result<(), String> {
    let document = Document::parse("paths: {/x/: {delete: {operationId: x, responses: {'204': {}}}}}")?;
    assert_eq!(document.check_response("x", 204, b""), Ok(()));
    assert_eq!(document.check_response("x", 204, b"{}"), Err("x answers 204 without a body".to_owned()));
    Ok(())
}

#[test]
fn a_document_that_cannot_be_served_is_refused_with_the_place() {
    let problem = |yaml: &str| Document::parse(yaml).err().unwrap_or_default();
    assert_ne!(problem("a: b: c"), "");
    let operation = "{operationId: x, responses: {'404': {}}}";
    assert_eq!(problem(&format!("paths: {{/x/: {{get: {operation}}}}}")), "get /x/: no success is documented");
    assert_eq!(problem("paths: {/x/: {get: {responses: {'200': {}}}}}"), "get /x/: there is no operationId");
}
