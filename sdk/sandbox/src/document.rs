//! The OpenAPI document as the server needs it: paths, operations, checks, examples. Knows no operation by name, no
//! connection and no state.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::schema::{Checker, Components, Direction};

/// A parsed document.
#[derive(Debug)]
pub(crate) struct Document {
    root: Value,
    /// For the schemas of responses.
    responses: Components,
    /// By path template, with parameters in braces.
    pub(crate) paths: BTreeMap<String, Arc<PathItem>>,
}

/// The operations of one path.
#[derive(Debug)]
pub(crate) struct PathItem {
    /// Whether a request with a method that has no operation needs a token.
    pub(crate) secured: bool,
    /// By method, in upper case.
    pub(crate) operations: BTreeMap<String, Operation>,
}

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) secured: bool,
    pub(crate) parameters: Vec<Parameter>,
    /// How a request asks for a page of a list. `None` if there is only one page.
    pub(crate) paging: Option<Paging>,
    /// Checks an object that contains the parameters by name.
    pub(crate) parameter_check: Checker,
    pub(crate) body: Option<RequestBody>,
    pub(crate) success: Success,
}

/// A path or query parameter.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

/// How the pages of a list are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paging {
    /// By the number of items before the page.
    Offset,
    /// By the number of the page, from 1.
    Number,
}

impl Paging {
    /// The names of the parameters for the position and for the size of a page.
    pub(crate) fn parameters(self) -> (&'static str, &'static str) {
        match self {
            Self::Offset => ("offset", "limit"),
            Self::Number => ("page", "page_size"),
        }
    }
}

/// How the texts of a parameter become a value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    /// A number or a boolean, which look the same in JSON.
    Literal,
    /// Each time that the parameter is given is an item, or it is given once with commas between the items.
    List {
        item: Box<Kind>,
        commas: bool,
    },
    /// Parameters with the names of its properties in brackets.
    Object(BTreeMap<String, Kind>),
}

/// The request body of an operation.
#[derive(Debug)]
pub(crate) struct RequestBody {
    pub(crate) required: bool,
    pub(crate) media_type: String,
    pub(crate) check: Checker,
}

/// The first documented 2xx response.
#[derive(Debug)]
pub(crate) struct Success {
    pub(crate) status: StatusCode,
    /// `None` if it has no body.
    pub(crate) media_type: Option<String>,
    /// Whether a list can have links to other pages.
    pub(crate) has_links: bool,
    /// Whether a list can have its total.
    pub(crate) has_meta: bool,
    pub(crate) example: Option<Value>,
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

/// The media type of a request's or response's body, and its schema and example.
fn content(body: &Value) -> Option<(&str, &Value)> {
    entries(&body["content"]).next()
}

/// The keys of a path item that are operations.
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

fn parse_operation(
    root: &Value,
    requests: &Components,
    item: &Value,
    operation: &Value,
) -> Result<Operation, String> {
    let security = operation.get("security").unwrap_or(&root["security"]);
    let parameters = parameters(root, item, operation);
    let body = match resolve(root, &operation["requestBody"]) {
        Value::Null => None,
        body => {
            let (media_type, content) = content(body).ok_or("the request body has no content")?;
            Some(RequestBody {
                required: body["required"] == true,
                media_type: media_type.to_owned(),
                check: requests.checker(&content["schema"])?,
            })
        }
    };
    let is_paging = |paging: &Paging| {
        let (position, size) = paging.parameters();
        parameters.contains_key(position) && parameters.contains_key(size)
    };
    Ok(Operation {
        paging: [Paging::Offset, Paging::Number].into_iter().find(is_paging),
        id: operation["operationId"].as_str().ok_or("there is no operationId")?.to_owned(),
        secured: needs_token(security),
        parameter_check: requests.checker(&parameter_schema(&parameters))?,
        parameters: parameters
            .iter()
            .map(|(name, parameter)| Parameter { name: name.clone(), kind: kind_of(root, parameter) })
            .collect(),
        body,
        success: parse_success(root, operation)?,
    })
}

/// Path and query parameters by name. Those of the operation override those of its path.
fn parameters<'a>(root: &'a Value, item: &'a Value, operation: &'a Value) -> BTreeMap<String, &'a Value> {
    let declared = [item, operation].into_iter().flat_map(|level| level["parameters"].as_array().into_iter().flatten());
    declared
        .map(|parameter| resolve(root, parameter))
        .filter(|parameter| parameter["in"] == "path" || parameter["in"] == "query")
        .filter_map(|parameter| Some((parameter["name"].as_str()?.to_owned(), parameter)))
        .collect()
}

fn parameter_schema(parameters: &BTreeMap<String, &Value>) -> Value {
    let required = parameters.iter().filter(|(_, parameter)| parameter["required"] == true);
    let required: Vec<_> = required.map(|(name, _)| name).collect();
    let properties: BTreeMap<_, _> = parameters.iter().map(|(name, parameter)| (name, &parameter["schema"])).collect();
    let mut schema = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn kind_of(root: &Value, parameter: &Value) -> Kind {
    let schema = resolve(root, &parameter["schema"]);
    match schema["type"].as_str() {
        Some("array") => {
            Kind::List { item: Box::new(kind(root, &schema["items"])), commas: parameter["explode"] == false }
        }
        Some("object") if parameter["style"] == "deepObject" => {
            let properties = entries(&schema["properties"]);
            Kind::Object(properties.map(|(name, property)| (name.to_owned(), kind(root, property))).collect())
        }
        _ => kind(root, schema),
    }
}

/// Of a plain value.
fn kind(root: &Value, schema: &Value) -> Kind {
    let schema = resolve(root, schema);
    match (schema["type"].as_str(), &schema["allOf"][0]) {
        (Some("integer" | "number" | "boolean"), _) => Kind::Literal,
        (Some(_), _) | (None, Value::Null) => Kind::Text,
        (None, base) => kind(root, base),
    }
}

fn parse_success(root: &Value, operation: &Value) -> Result<Success, String> {
    let mut responses = entries(&operation["responses"]);
    let (code, response) = responses.find(|(code, _)| code.starts_with('2')).ok_or("there is no 2xx response")?;
    let content = content(resolve(root, response));
    let schema = content.map_or(&Value::Null, |(_, content)| resolve(root, &content["schema"]));
    let has = |property: &str| schema["properties"].get(property).is_some();
    let example = content.and_then(|(_, content)| content.get("example").or_else(|| schema.get("example")));
    Ok(Success {
        status: code.parse().map_err(|_| format!("{code} is not a status"))?,
        media_type: content.map(|(media_type, _)| media_type.to_owned()),
        example: example.cloned(),
        has_links: has("_links"),
        has_meta: has("meta"),
    })
}

/// The example of the first body under this value that has the schema. Unlike the examples of single properties, it
/// shows values that belong together.
fn example_of_body<'a>(value: &'a Value, schema: &Value) -> Option<&'a Value> {
    match value {
        Value::Object(object) if object.get("schema") == Some(schema) => object.get("example"),
        Value::Object(object) => object.values().find_map(|value| example_of_body(value, schema)),
        _ => None,
    }
}

/// The example of a schema, or one that is put together from the examples of its parts.
fn example(root: &Value, schema: &Value) -> Value {
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

fn needs_token(security: &Value) -> bool {
    security.as_array().is_some_and(|schemes| !schemes.is_empty())
}

/// The target of a reference, or the value itself if it is none.
fn resolve<'a>(root: &'a Value, value: &'a Value) -> &'a Value {
    let pointer = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.map_or(value, |pointer| root.pointer(pointer).unwrap_or(&Value::Null))
}

fn entries(object: &Value) -> impl Iterator<Item = (&str, &Value)> {
    object.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

#[cfg(test)]
mod tests;
