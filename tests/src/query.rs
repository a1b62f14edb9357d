//! The query of a request, as the examples of a document have it.

use serde_json::Value;

/// What a parameter's example is in the query: names and values, decoded.
#[must_use]
pub fn pairs(parameter: &Value) -> Vec<(String, String)> {
    let name = text(&parameter["name"]);
    match &parameter["example"] {
        Value::Array(items) if parameter["explode"] == false => {
            vec![(name, items.iter().map(text).collect::<Vec<_>>().join(","))]
        }
        Value::Array(items) => items.iter().map(|item| (name.clone(), text(item))).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(field, value)| (format!("{name}[{field}]"), text(value))).collect()
        }
        value => vec![(name, text(value))],
    }
}

/// A plain value as it stands in a URL, decoded.
#[must_use]
pub fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
