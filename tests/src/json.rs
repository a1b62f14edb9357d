//! When two values of JSON are the same to the SDK.

use serde_json::Value;

/// A number is the same with a fraction of zero, and the SDK may write it so.
pub fn with_whole_numbers(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), with_whole_numbers(value))).collect(),
        Value::Array(items) => items.iter().map(with_whole_numbers).collect(),
        Value::Number(number) => {
            let text = number.to_string();
            let whole = text.strip_suffix(".0").and_then(|digits| digits.parse::<i64>().ok());
            whole.map_or_else(|| value.clone(), Value::from)
        }
        other => other.clone(),
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
