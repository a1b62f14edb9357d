//! The embedded document is usable, and a broken one is reported.

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
        assert_eq!(operation.success.media_type.is_some(), operation.success.example.is_some(), "{}", operation.id);
    }
    Ok(())
}

#[test]
fn a_response_that_does_not_match_the_document_is_reported() -> Result<(), String> {
    let document = Document::embedded()?;
    let check = |status, body: &str| document.check_response("participant_groups_create", status, body.as_bytes());
    assert_eq!(check(201, r#"{"name": null, "more": 1}"#), Ok(()));
    assert_eq!(check(201, r#"{"name": 5}"#).map_err(|problem| problem.contains("name")), Err(true));
    assert_eq!(check(201, "{").is_err(), check(201, "").is_err());
    assert_eq!(
        check(299, "{}"),
        Err("participant_groups_create has no documented response with status 299".to_owned())
    );
    assert_eq!(document.check_response("nothing", 200, b""), Err("no operation has the id nothing".to_owned()));
    Ok(())
}

#[test]
fn a_response_without_content_has_no_body() -> Result<(), String> {
    let document =
        Document::parse(r#"{"paths": {"/x/": {"delete": {"operationId": "x", "responses": {"204": {}}}}}}"#)?;
    assert_eq!(document.check_response("x", 204, b""), Ok(()));
    assert_eq!(
        document.check_response("x", 204, b"{}"),
        Err("the response to x with status 204 has no body in the document".to_owned())
    );
    Ok(())
}

#[test]
fn a_text_is_checked_as_a_string() -> Result<(), String> {
    let content = r#"{"text/csv": {"schema": {"type": "string", "minLength": 2}}}"#;
    let operation = format!(r#"{{"operationId": "x", "responses": {{"200": {{"content": {content}}}}}}}"#);
    let document = Document::parse(&format!(r#"{{"paths": {{"/x/": {{"get": {operation}}}}}}}"#))?;
    assert_eq!(document.check_response("x", 200, b"a,b"), Ok(()));
    for body in [&b"a"[..], b"\xff\xff", b""] {
        assert!(document.check_response("x", 200, body).is_err(), "{body:?}");
    }
    Ok(())
}

#[test]
fn a_document_that_cannot_be_served_is_an_error_with_the_place() {
    let problem = |operation: &str| {
        Document::parse(&format!(r#"{{"paths": {{"/x/": {{"get": {operation}}}}}}}"#)).err().unwrap_or_default()
    };
    assert_ne!(problem("{"), "");
    let operation = r#"{"operationId": "x", "responses": {"404": {}}}"#;
    assert_eq!(problem(operation), "get /x/: there is no 2xx response");
    assert_eq!(problem(r#"{"responses": {"200": {}}}"#), "get /x/: there is no operationId");
}
