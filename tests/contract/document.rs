//! The OpenAPI document as the tests read it: plain JSON values, by a reader that is not the generator's.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The document.
pub fn document() -> Value {
    let text = std::fs::read_to_string(root().join("openapi/prolific.yaml")).unwrap();
    serde_saphyr::from_str(&text).unwrap()
}

/// The operations: path, method, operation.
pub fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    let all = paths.flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    });
    all.filter(|(_, method, _)| *method != "parameters").collect()
}

/// The names of the schemas, but that of null.
pub fn schema_names(document: &Value) -> Vec<&str> {
    let names = document["components"]["schemas"].as_object().unwrap().keys().map(String::as_str);
    names.filter(|name| *name != "Nothing").collect()
}

/// What a `$ref` leads to, or the value itself.
pub fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

/// An absent field and one that is `null` are the same to the types; all else must be equal.
pub fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), without_nulls(value)))
            .collect(),
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}
