//! Finding one's way in a document. Knows neither operations nor schemas.

use serde_json::Value;

/// The target of a reference, or the value itself if it is none.
pub(super) fn resolve<'a>(root: &'a Value, value: &'a Value) -> &'a Value {
    let pointer = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.map_or(value, |pointer| root.pointer(pointer).unwrap_or(&Value::Null))
}

pub(super) fn entries(object: &Value) -> impl Iterator<Item = (&str, &Value)> {
    object.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

/// The media type of a request's or response's body, and its schema and example.
pub(super) fn content(body: &Value) -> Option<(&str, &Value)> {
    entries(&body["content"]).next()
}
