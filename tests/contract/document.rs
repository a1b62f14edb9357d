//! The OpenAPI document as the tests read it: plain JSON values, by a reader that is not the generator's.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The document, with the common responses at each operation that does not list its own for a status.
pub fn document() -> Value {
    let read = |name: &str| std::fs::read_to_string(root().join("openapi").join(name)).unwrap();
    let mut document: Value = serde_saphyr::from_str(&read("prolific.yaml")).unwrap();
    let names: Vec<String> =
        serde_json::from_value(document.as_object_mut().unwrap().remove("x-fragments").unwrap()).unwrap();
    for name in &names {
        add(&mut document, serde_saphyr::from_str(&read(name)).unwrap());
    }
    // A component has one name, whatever file it is in.
    let text = names.iter().fold(document.to_string(), |text, name| text.replace(&format!("\"{name}#/"), "\"#/"));
    let mut document: Value = serde_json::from_str(&text).unwrap();
    let common = document.as_object_mut().unwrap().remove("x-common-responses").unwrap();
    for item in document["paths"].as_object_mut().unwrap().values_mut() {
        for operation in item.as_object_mut().unwrap().values_mut() {
            let Some(responses) = operation.get_mut("responses") else { continue };
            for (status, response) in common.as_object().unwrap() {
                responses.as_object_mut().unwrap().entry(status).or_insert_with(|| response.clone());
            }
        }
    }
    document
}

/// Adds what a fragment has to the document.
fn add(document: &mut Value, fragment: Value) {
    match (document, fragment) {
        (Value::Object(all), Value::Object(new)) => {
            for (key, value) in new {
                add(all.entry(key).or_insert(Value::Null), value);
            }
        }
        (Value::Array(all), Value::Array(new)) => all.extend(new),
        (all, new) if all.is_null() => *all = new,
        // Of its title and version.
        _ => {}
    }
}

/// The operations: path, method, operation.
pub fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let all = paths.flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    });
    all.filter(|(_, method, _)| *method != "parameters").collect()
}

/// The names of the schemas.
pub fn schema_names(document: &Value) -> Vec<&str> {
    document["components"]["schemas"].as_object().unwrap().keys().map(String::as_str).collect()
}

/// What a `$ref` leads to, or the value itself.
pub fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

/// Other tools, and the sandbox, read what the build tool makes of the document: the same, with nothing lost.
#[test]
fn the_bundled_document_is_the_document_with_its_common_responses_written_out() {
    let text = std::fs::read_to_string(root().join("sdk/sandbox/openapi.json")).unwrap();
    let mut bundle: Value = serde_json::from_str(&text).unwrap();
    assert!(bundle.as_object_mut().unwrap().remove("x-generated").is_some());
    assert_eq!(bundle, document());
}
