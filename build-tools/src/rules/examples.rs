//! Rule for examples: every schema, property, parameter and body has one, and it is valid. The validation is the
//! library's; this file only puts an OpenAPI 3.0 schema into the JSON Schema that the library reads.

use serde_json::{Map, Value, json};
use serde_saphyr::Spanned;

use super::{Role, Site, sites};
use crate::diagnostic::{Diagnostic, Place};
use crate::document::{self, Document, Kind, NOTHING, Schema};

/// Every schema has an example, its own or that of the schema that it refers to, and every example fits.
pub(super) fn present_and_valid(document: &Document) -> Vec<Diagnostic> {
    let definitions = definitions(document);
    let mut found = Vec::new();
    for Site { schema, role, place } in sites(document) {
        let optional = match role {
            Role::Wrapped | Role::Parameter | Role::Body => true,
            // An object's example is put together from those of its properties.
            Role::Component(name) => !schema.properties.0.is_empty() || name == NOTHING,
            Role::Property(_) | Role::Item | Role::OneOf => false,
        };
        match (&schema.example, document.resolve(schema)) {
            (Some(example), _) => found.extend(validate(&definitions, schema, example)),
            (None, Some(target)) if optional || target.example.is_some() || !target.properties.0.is_empty() => {}
            (None, _) => found.push(missing(place)),
        }
    }
    let bodies = document.operations().filter_map(|(_, _, _, operation)| operation.value.request_body.as_ref());
    let in_place = document.operations().flat_map(|(_, _, _, operation)| operation.value.responses.iter());
    let responses = in_place.chain(document.components.responses.iter());
    let contents =
        bodies.map(|body| &body.value.content).chain(responses.filter_map(|(_, response)| response.content.as_ref()));
    for (name, media) in contents.flat_map(document::Map::iter) {
        match (&media.value.schema, &media.value.example) {
            (Some(schema), Some(example)) => found.extend(validate(&definitions, &schema.value, example)),
            (_, None) => found.push(missing(name.into())),
            (None, _) => {}
        }
    }
    let in_place = document.operations().flat_map(|(_, item, _, operation)| item.parameters_of(&operation.value));
    for parameter in in_place.chain(document.components.parameters.iter().map(|(_, parameter)| parameter)) {
        match (&parameter.value.schema, &parameter.value.example) {
            (Some(schema), Some(example)) => found.extend(validate(&definitions, &schema.value, example)),
            (Some(_), None) => found.push(missing(parameter.into())),
            (None, _) => {}
        }
    }
    found
}

fn missing(place: Place) -> Diagnostic {
    Diagnostic::new(
        "example",
        place,
        "there is no example here, nor in a schema that this refers to",
        "add `example`: the docs show it, and the sandbox answers with it",
    )
}

/// The schemas that examples refer to, for the library.
fn definitions(document: &Document) -> Value {
    let schemas = document.components.schemas.iter().map(|(name, schema)| {
        let nothing = name.value == NOTHING;
        (name.value.clone(), if nothing { json!({ "type": "null" }) } else { json_schema(&schema.value) })
    });
    json!({ "schemas": schemas.collect::<Map<_, _>>() })
}

fn validate(definitions: &Value, schema: &Schema, example: &Spanned<Value>) -> Vec<Diagnostic> {
    let mut root = json_schema(schema);
    root["components"] = definitions.clone();
    let validator = match jsonschema::validator_for(&root) {
        Ok(validator) => validator,
        Err(error) => {
            let help = "correct the schema";
            return vec![Diagnostic::new("example", example, format!("the schema is not usable: {error}"), help)];
        }
    };
    validator
        .iter_errors(&example.value)
        .map(|error| {
            let at = error.instance_path().to_string();
            let at = if at.is_empty() { String::new() } else { format!(" at `{at}`") };
            Diagnostic::new(
                "example",
                example,
                format!("the example does not fit its schema{at}: {error}"),
                "correct the example or the schema",
            )
        })
        .collect()
}

/// The schema as JSON Schema. It differs in `nullable`, and in the either-or rule.
fn json_schema(schema: &Schema) -> Value {
    let list = |parts: &[Spanned<Schema>]| parts.iter().map(|part| json_schema(&part.value)).collect::<Vec<_>>();
    let mut out = Map::new();
    if let Some(reference) = &schema.reference {
        out.insert("$ref".into(), json!(reference.value));
    }
    if let Some(kind) = &schema.kind {
        let name = match kind.value {
            Kind::String => "string",
            Kind::Integer => "integer",
            Kind::Number => "number",
            Kind::Boolean => "boolean",
            Kind::Array => "array",
            Kind::Object => "object",
        };
        out.insert("type".into(), json!(name));
    }
    if !schema.any_of.is_empty() {
        out.insert("anyOf".into(), Value::Array(list(&schema.any_of)));
    }
    if !schema.variants.is_empty() {
        out.insert("enum".into(), schema.variants.iter().map(|variant| json!(variant.value)).collect());
    }
    if let Some(items) = &schema.items {
        out.insert("items".into(), json_schema(&items.value));
    }
    if let Some(values) = &schema.additional_properties {
        out.insert("additionalProperties".into(), json_schema(&values.value));
    } else if !schema.properties.0.is_empty() {
        // Answers may carry more than is known, but an example that does is a slip of the pen.
        out.insert("additionalProperties".into(), json!(false));
    }
    let properties: Map<_, _> =
        schema.properties.iter().map(|(name, property)| (name.value.clone(), json_schema(&property.value))).collect();
    if !properties.is_empty() {
        out.insert("properties".into(), Value::Object(properties));
        out.insert("required".into(), schema.required.iter().map(|name| json!(name.value)).collect());
    }
    if !schema.all_of.is_empty() {
        out.insert("allOf".into(), Value::Array(list(&schema.all_of)));
    }
    let exactly_one: Vec<_> =
        schema.exactly_one_of.iter().map(|alternative| json!({ "required": [alternative.property.value] })).collect();
    let one_of = if exactly_one.is_empty() { list(&schema.one_of) } else { exactly_one };
    if !one_of.is_empty() {
        out.insert("oneOf".into(), Value::Array(one_of));
    }
    if schema.nullable { json!({ "anyOf": [{ "type": "null" }, out] }) } else { Value::Object(out) }
}
