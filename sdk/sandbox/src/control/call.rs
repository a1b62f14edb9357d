//! What an operation of the control API gets.

use serde_json::{Map, Value};

/// A request that has passed the checks of the document.
#[derive(Debug)]
pub(super) struct Call {
    /// Path and query parameters by name.
    pub(super) parameters: Map<String, Value>,
    /// Null if there is none.
    pub(super) body: Value,
}

impl Call {
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).and_then(Value::as_str)
    }

    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.body[name].as_str()
    }
}
