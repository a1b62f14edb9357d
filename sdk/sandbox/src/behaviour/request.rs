//! What every operation reads of a request.

use serde_json::Value;

use crate::error::ApiError;
use crate::operation::{Input, Outcome};

/// `None` if the operation is not implemented. It has done nothing then.
pub(super) type Performed = Result<Option<Outcome>, ApiError>;

/// A parameter that is a text.
pub(super) fn parameter<'a>(input: &'a Input, name: &str) -> Option<&'a str> {
    input.parameters.get(name).and_then(Value::as_str)
}

/// A field of the body that is a text.
pub(super) fn text<'a>(input: &'a Input, name: &str) -> Option<&'a str> {
    input.body[name].as_str()
}

/// A field of the body that is a list of texts.
pub(super) fn texts(input: &Input, name: &str) -> Option<Vec<String>> {
    let list = input.body[name].as_array()?;
    Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}
