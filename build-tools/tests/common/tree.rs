//! Trees of values, for tests that change them.

use serde_json::Value;

/// The paths to all values of a tree but the whole.
pub fn paths(value: &Value) -> Vec<String> {
    fn walk(value: &Value, at: &str, found: &mut Vec<String>) {
        found.push(at.to_owned());
        match value {
            Value::Object(fields) => fields.iter().for_each(|(name, field)| {
                let name = name.replace('~', "~0").replace('/', "~1");
                walk(field, &format!("{at}/{name}"), found);
            }),
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(number, item)| walk(item, &format!("{at}/{number}"), found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(value, "", &mut found);
    found.split_off(1)
}
