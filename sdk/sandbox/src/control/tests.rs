//! The document of the control API and the table of its operations say the same.

use std::collections::BTreeSet;

use serde_json::Value;

use super::OPERATIONS;
use crate::document::Document;
use crate::schema::{Components, Direction};

#[test]
fn every_operation_of_the_document_is_performed_and_no_other() {
    let document = Document::control().unwrap();
    let described: Vec<_> = document.operation_ids().collect();
    let performed: BTreeSet<_> = OPERATIONS.iter().map(|(id, _)| *id).collect();
    assert_eq!(described.len(), OPERATIONS.len());
    assert_eq!(BTreeSet::from_iter(described), performed);
}

/// Every body with an example under a value, with its schema.
fn examples<'a>(value: &'a Value, found: &mut Vec<(&'a Value, &'a Value)>) {
    if let (Some(schema), Some(example)) = (value.get("schema"), value.get("example")) {
        found.push((schema, example));
    }
    match value {
        Value::Object(object) => object.values().for_each(|value| examples(value, found)),
        Value::Array(array) => array.iter().for_each(|value| examples(value, found)),
        _ => {}
    }
}

#[test]
fn every_example_of_the_document_matches_its_schema() {
    let document = Document::control().unwrap();
    let mut found = Vec::new();
    examples(document.json(), &mut found);
    assert!(found.len() > 15, "{}", found.len());
    let components = Components::new(&document.json()["components"], Direction::Request).unwrap();
    for (schema, example) in found {
        let checker = components.checker(schema).unwrap();
        assert_eq!(checker.check(example), Ok(()), "{example}");
    }
}
