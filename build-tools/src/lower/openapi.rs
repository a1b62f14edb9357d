//! The document as `openapiv3` for progenitor: the forms of types and operations alone. What the documentation says of
//! them (which are optional, nullable, deprecated, described) goes from the document into the model.

use openapiv3::OpenAPI;
use serde_json::{Map, Value, json};

use crate::diagnostic::Diagnostic;
use crate::names;
use crate::source::document::{Document, Endpoint, Response, Schema, text};

/// The document for progenitor.
pub(super) fn openapi(document: &Document) -> Result<OpenAPI, Diagnostic> {
    let mut paths = Map::new();
    for endpoint in document.endpoints() {
        let operation = operation(document, &endpoint);
        let item = paths.entry(&endpoint.path.value).or_insert_with(|| json!({}));
        item[endpoint.method.to_lowercase()] = operation;
    }
    let schemas: Map<_, _> =
        document.schemas().map(|(name, component)| (name.value.clone(), schema(component))).collect();
    let value = json!({
        "openapi": "3.0.3",
        "info": { "title": document.info.title, "version": document.info.version },
        "paths": paths,
        "components": { "schemas": schemas },
    });
    serde_json::from_value(value).map_err(|error| {
        Diagnostic::whole(
            "openapi",
            format!("openapiv3 cannot read the document: {error}"),
            "the lint rules accepted something that openapiv3 rejects: report this as a bug, with the document",
        )
    })
}

fn operation(document: &Document, endpoint: &Endpoint<'_>) -> Value {
    let parameters = endpoint.parameters().filter_map(|parameter| document.parameter(parameter)).map(|parameter| {
        json!({
            // Those of the path are names already, and the path has them as they are.
            "name": names::argument(text(parameter.name.as_ref())),
            "in": text(parameter.location.as_ref()),
            // The model knows which are optional.
            "required": true,
            "schema": parameter.schema.as_ref().map(|given| schema(given)),
        })
    });
    // progenitor takes one success.
    let first = endpoint.success().map(|(status, _)| status.as_str());
    let responses =
        endpoint.responses().filter(|(status, _)| !status.starts_with('2') || Some(status.as_str()) == first);
    let responses = responses.map(|(status, response)| {
        let content = document.response(response).and_then(Response::schema).map_or_else(|| json!({}), content);
        (status.value.clone(), json!({ "description": "", "content": content }))
    });
    let mut operation = json!({
        "operationId": endpoint.id(),
        "parameters": parameters.collect::<Vec<_>>(),
        "responses": responses.collect::<Map<_, _>>(),
    });
    let body = endpoint.operation.request_body.as_ref().and_then(|body| body.content.iter().next());
    if let Some(given) = body.and_then(|(_, media)| media.schema.as_ref()) {
        operation["requestBody"] = json!({ "required": true, "content": content(given) });
    }
    operation
}

/// A body. A text is a string to progenitor, which takes other media types for a stream of bytes.
fn content(given: &Schema) -> Value {
    json!({ "application/json": { "schema": schema(given) } })
}

/// The form of a schema. All properties are required and none is nullable, so that progenitor says of each which type
/// it has; whether it is optional, the model says. Properties and values have their names in Rust, since not everything
/// in JSON is one.
fn schema(given: &Schema) -> Value {
    if let Some(target) = given.target() {
        return json!({ "$ref": format!("#/components/schemas/{target}") });
    }
    if given.is_flag() {
        return json!({ "type": "boolean" });
    }
    let mut out = Map::new();
    if let Some(kind) = given.kind() {
        out.insert("type".into(), json!(kind.as_str()));
    }
    if given.minimum.is_some() {
        out.insert("minimum".into(), json!(0));
    }
    if let Some(title) = &given.title {
        out.insert("title".into(), json!(title));
    }
    if !given.texts().is_empty() {
        out.insert("enum".into(), given.texts().iter().map(|value| json!(given.variant(value))).collect());
    }
    if let Some(items) = &given.items {
        out.insert("items".into(), schema(items));
    }
    if let Some(values) = &given.additional_properties {
        out.insert("additionalProperties".into(), schema(values));
    }
    if !given.properties.is_empty() {
        let names: Vec<_> = given.properties.iter().map(|(name, _)| names::field(name)).collect();
        out.insert("required".into(), json!(names));
        let properties = given.properties.iter().map(|(name, property)| {
            // The tag of an alternative: an enum of one value, in place.
            let is_tag = property.target().is_none() && !property.texts().is_empty() && !property.is_flag();
            (names::field(name), if is_tag { json!({ "type": "string" }) } else { schema(property) })
        });
        out.insert("properties".into(), Value::Object(properties.collect()));
    }
    if !given.one_of.is_empty() {
        out.insert("oneOf".into(), given.one_of.iter().map(|part| schema(part)).collect());
    }
    Value::Object(out)
}
