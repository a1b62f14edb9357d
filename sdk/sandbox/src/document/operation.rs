//! The operations of a document, with what checks their requests.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::tree::{content, entries, resolve};
use crate::schema::{Checker, Components};

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

/// The keys of a path item that are operations.
pub(super) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

pub(super) fn parse_operation(
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

pub(super) fn needs_token(security: &Value) -> bool {
    security.as_array().is_some_and(|schemes| !schemes.is_empty())
}
