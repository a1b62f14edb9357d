//! The OpenAPI document as the server needs it: paths, operations, checks, examples. Knows no operation by name, no
//! connection and no state.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};

use crate::schema::{Components, Direction};
use example::{example, example_of_body};
pub(crate) use operation::{Kind, Operation, Paging, Parameter, PathItem};
use operation::{METHODS, needs_token, parse_operation};
use tree::{content, entries, resolve};

mod example;
mod operation;
mod tree;

/// A parsed document.
#[derive(Debug)]
pub(crate) struct Document {
    root: Value,
    /// For the schemas of responses.
    responses: Components,
    /// By path template, with parameters in braces.
    pub(crate) paths: BTreeMap<String, Arc<PathItem>>,
}

impl Document {
    /// The document of this crate. Parsed once for all sandboxes of a process.
    pub(crate) fn embedded() -> Result<Arc<Self>, String> {
        static EMBEDDED: LazyLock<Result<Arc<Document>, String>> =
            LazyLock::new(|| Document::parse(include_str!("../openapi.json")).map(Arc::new));
        EMBEDDED.clone()
    }

    /// The document of the control API.
    pub(crate) fn control() -> Result<Arc<Self>, String> {
        static CONTROL: LazyLock<Result<Arc<Document>, String>> =
            LazyLock::new(|| Document::parse(include_str!("../control.json")).map(Arc::new));
        CONTROL.clone()
    }

    /// The document itself.
    pub(crate) fn json(&self) -> &Value {
        &self.root
    }

    pub(crate) fn parse(json: &str) -> Result<Self, String> {
        let root: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
        let requests = Components::new(&root["components"], Direction::Request)?;
        let responses = Components::new(&root["components"], Direction::Response)?;
        let mut paths = BTreeMap::new();
        for (path, item) in entries(&root["paths"]) {
            let mut operations = BTreeMap::new();
            for (method, operation) in entries(item).filter(|(key, _)| METHODS.contains(key)) {
                let parsed = parse_operation(&root, &requests, item, operation);
                let parsed = parsed.map_err(|problem| format!("{method} {path}: {problem}"))?;
                operations.insert(method.to_uppercase(), parsed);
            }
            let secured = needs_token(&root["security"]);
            paths.insert(path.to_owned(), Arc::new(PathItem { secured, operations }));
        }
        Ok(Self { root, responses, paths })
    }

    /// The ids of all operations, ordered by path.
    pub(crate) fn operation_ids(&self) -> impl Iterator<Item = &str> {
        self.paths.values().flat_map(|item| item.operations.values()).map(|operation| operation.id.as_str())
    }

    /// Whether a schema has a property.
    pub(crate) fn has_property(&self, schema: &str, name: &str) -> bool {
        self.root["components"]["schemas"][schema]["properties"].get(name).is_some()
    }

    /// The example of a schema, by name: of a body that has the schema, or of the schema itself.
    pub(crate) fn example(&self, name: &str) -> Option<Value> {
        let schema = self.root["components"]["schemas"].get(name)?;
        let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
        Some(example_of_body(&self.root, &reference).cloned().unwrap_or_else(|| example(&self.root, schema)))
    }

    /// Checks a response to the operation, with the body as it was sent.
    pub(crate) fn check_response(&self, operation_id: &str, status: u16, body: &[u8]) -> Result<(), String> {
        let mut operations = entries(&self.root["paths"]).flat_map(|(_, item)| entries(item));
        let (_, operation) = operations
            .find(|(_, operation)| operation["operationId"] == operation_id)
            .ok_or_else(|| format!("no operation has the id {operation_id}"))?;
        let response = match &operation["responses"][status.to_string()] {
            Value::Null => return Err(format!("{operation_id} has no documented response with status {status}")),
            response => resolve(&self.root, response),
        };
        let (media_type, content) = match content(response) {
            None if body.is_empty() => return Ok(()),
            None => {
                return Err(format!("the response to {operation_id} with status {status} has no body in the document"));
            }
            Some(content) => content,
        };
        let body = parse_body(media_type, body)?;
        let checker = self.responses.checker(&content["schema"])?;
        checker.check(&body).map_err(|detail| detail.to_string())
    }
}

/// The media type of a body that is JSON. Any other one is a text.
pub(crate) const JSON: &str = "application/json";

/// The value of a body: JSON, or a text as a string.
pub(crate) fn parse_body(media_type: &str, body: &[u8]) -> Result<Value, String> {
    if media_type == JSON {
        return serde_json::from_slice(body).map_err(|error| format!("Not JSON: {error}."));
    }
    str::from_utf8(body).map(Value::from).map_err(|error| format!("Not UTF-8: {error}."))
}

#[cfg(test)]
mod tests;
