//! What a document says of an operation, as facts with places, so that two documents can be compared fact by fact.

use std::collections::BTreeMap;

use super::shape::{Shape, shape};
use crate::source::node::{Node, as_text, entries, is_true, items};
use crate::upstream::vendor::{Operation, Vendor};

/// Between the values of an enum, which are JSON, where it cannot be.
pub const SEPARATOR: &str = "\n";

/// What is known of a place, such as a parameter or a property: what it is called in a difference, and its value.
pub type Aspects = BTreeMap<&'static str, String>;

/// What a document says of an operation, by place.
pub type Facts = BTreeMap<Place, Aspects>;

/// Where something stands in an operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub part: Part,
    /// The properties that lead there, such as `results[].id`. Empty for the part itself.
    pub path: String,
}

/// A part of an operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Operation,
    /// A parameter, with where it is.
    Parameter(String, String),
    Request,
    /// The response of success.
    Response,
    /// Any other response, with its status.
    Other(String),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.part {
            Part::Operation => f.write_str("operation")?,
            Part::Parameter(place, name) => write!(f, "{place} {name}")?,
            Part::Request => f.write_str("request")?,
            Part::Response => f.write_str("response")?,
            Part::Other(status) => write!(f, "response {status}")?,
        }
        if self.path.is_empty() { Ok(()) } else { write!(f, " {}", self.path) }
    }
}

/// The facts of an operation.
pub fn facts(vendor: &Vendor, operation: &Operation<'_>) -> Facts {
    let mut facts = Facts::new();
    let slash = if operation.path.ends_with('/') { "with" } else { "without" };
    let whole =
        Aspects::from([("last slash", slash.to_owned()), ("deprecated", yes(is_true(operation.node, "deprecated")))]);
    facts.insert(Place { part: Part::Operation, path: String::new() }, whole);
    let parameters = [operation.item, operation.node].into_iter().filter_map(|node| node.get("parameters"));
    for parameter in parameters.flat_map(items).filter_map(|parameter| vendor.resolve(parameter)) {
        let text = |key: &str| parameter.get(key).and_then(as_text).unwrap_or_default().to_owned();
        // The names of a path's parameters are not part of a request; their order is.
        let name = text("name");
        let name = if text("in") == "path" { position(operation.path, &name) } else { name };
        let part = Part::Parameter(text("in"), name);
        let mut shape = parameter.get("schema").map(|schema| shape(vendor, schema)).unwrap_or_default();
        shape.deprecated |= is_true(parameter, "deprecated");
        add(&mut facts, &part, "", &shape, Some(is_true(parameter, "required")));
        if ["array", "object"].iter().any(|kind| shape.types.contains(*kind)) {
            let aspects = facts.entry(Place { part, path: String::new() }).or_default();
            aspects.insert("form", form(parameter));
        }
    }
    if let Some(body) = operation.node.get("requestBody").and_then(|body| vendor.resolve(body)) {
        content(vendor, body, &Part::Request, Some(is_true(body, "required")), &mut facts);
    }
    let responses = operation.node.get("responses").map(entries).unwrap_or_default();
    let success = responses.iter().map(|(status, _)| status.as_str()).filter(|status| status.starts_with('2')).min();
    for (status, response) in responses {
        let Some(response) = vendor.resolve(response) else { continue };
        let is_success = success == Some(status.as_str());
        let part = if is_success { Part::Response } else { Part::Other(status.value.clone()) };
        content(vendor, response, &part, None, &mut facts);
        if is_success {
            let place = Place { part, path: String::new() };
            facts.entry(place).or_default().insert("status", status.value.clone());
        }
    }
    facts
}

/// How a list or an object is written in a parameter: OpenAPI's `style` and `explode`, with their defaults.
fn form(parameter: &Node) -> String {
    let style = parameter.get("style").and_then(as_text);
    let style = style.unwrap_or(if parameter.get("in").and_then(as_text) == Some("query") { "form" } else { "simple" });
    let explode = parameter.get("explode").map_or(style == "form", |_| is_true(parameter, "explode"));
    if explode || style == "deepObject" { style.to_owned() } else { format!("{style} in one value") }
}

/// Where a parameter stands in a path, from 1.
fn position(path: &str, name: &str) -> String {
    let mut parameters = path.split('{').skip(1).map(|rest| rest.split('}').next().unwrap_or_default());
    parameters.position(|known| known == name).map_or_else(|| name.to_owned(), |at| (at + 1).to_string())
}

/// The facts of a body.
fn content(vendor: &Vendor, body: &Node, part: &Part, required: Option<bool>, facts: &mut Facts) {
    let types = body.get("content").map(entries).unwrap_or_default();
    let json = types.iter().find(|(name, _)| name.value == "application/json").or(types.first());
    let schema = json.and_then(|(_, media)| media.get("schema"));
    let shape = schema.map(|schema| shape(vendor, schema)).unwrap_or_default();
    add(facts, part, "", &shape, required);
    let names: Vec<_> = types.iter().map(|(name, _)| name.value.as_str()).collect();
    let place = Place { part: part.clone(), path: String::new() };
    let body = if names.is_empty() { "none".to_owned() } else { names.join(" or ") };
    facts.entry(place).or_default().insert("body", body);
}

/// The facts of a shape and of all that is in it.
fn add(facts: &mut Facts, part: &Part, path: &str, shape: &Shape, required: Option<bool>) {
    let mut aspects = Aspects::from([
        ("type", shape.type_name()),
        ("nullable", yes(shape.nullable)),
        ("deprecated", yes(shape.deprecated)),
        ("read-only", yes(shape.read_only)),
        ("format", shape.format.clone().unwrap_or_else(|| "none".to_owned())),
    ]);
    let values: Vec<_> = shape.values.iter().map(String::as_str).collect();
    aspects.insert("values", if values.is_empty() { "any".to_owned() } else { values.join(SEPARATOR) });
    if let Some(required) = required {
        aspects.insert("required", yes(required));
    }
    facts.insert(Place { part: part.clone(), path: path.to_owned() }, aspects);
    if let Some(items) = &shape.items {
        add(facts, part, &format!("{path}[]"), items, None);
    }
    for (name, property) in &shape.properties {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        add(facts, part, &path, property, Some(shape.required.contains(name)));
    }
}

fn yes(is: bool) -> String {
    if is { "yes" } else { "no" }.to_owned()
}
