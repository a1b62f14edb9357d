//! The examples in a document.

use serde_json::{Value, json};

use super::tree::{entries, resolve};

/// The example of the first body under this value that has the schema. Unlike the examples of single properties, it
/// shows values that belong together.
pub(super) fn example_of_body<'a>(value: &'a Value, schema: &Value) -> Option<&'a Value> {
    match value {
        Value::Object(object) if object.get("schema") == Some(schema) => object.get("example"),
        Value::Object(object) => object.values().find_map(|value| example_of_body(value, schema)),
        _ => None,
    }
}

/// The example of a schema, or one that is put together from the examples of its parts.
pub(super) fn example(root: &Value, schema: &Value) -> Value {
    let schema = resolve(root, schema);
    if let Some(example) = schema.get("example") {
        return example.clone();
    }
    // A wrapped reference comes first, and so does the documented form among several.
    let first = ["allOf", "anyOf", "oneOf"].into_iter().find_map(|key| schema[key].get(0));
    if let Some(first) = first {
        return example(root, first);
    }
    match schema["type"].as_str() {
        Some("object") => {
            entries(&schema["properties"]).map(|(name, part)| (name.to_owned(), example(root, part))).collect()
        }
        Some("array") => json!([example(root, &schema["items"])]),
        _ => schema["enum"].get(0).cloned().unwrap_or(Value::Null),
    }
}
