//! Every schema, property, parameter and body has an example, and it is valid. The validation is the library's; this
//! file puts an OpenAPI 3.0 schema into the JSON Schema that the library reads.

use std::collections::BTreeMap;

use jsonschema::{Registry, Validator};
use serde_json::{Map, Value, json};

use super::rule::{Lint, Report, Role, Rule};
use crate::diagnostic::Place;
use crate::source::document::{Document, GivenConstructor, Kind, Schema};
use crate::source::grammar;
use crate::source::node::Spanned;

pub(super) const RULE: Rule = Rule { name: "example", check };

/// Where the component schemas are registered.
const COMPONENTS: &str = "urn:components";

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let document = lint.document;
    let components = components(lint);
    let mut examples = match Examples::new(&components) {
        Ok(examples) => examples,
        Err(error) => {
            return report.add(
                &document.components,
                format!("the schemas are not usable: {error}"),
                "correct the schemas",
            );
        }
    };
    for site in &lint.sites {
        let optional = match site.role {
            Role::Wrapped | Role::Parameter | Role::Body => true,
            // An object's example is put together from those of its properties.
            Role::Component(_) => !site.schema.properties.is_empty(),
            Role::Property(_) | Role::Tag | Role::Item | Role::OneOf => false,
        };
        match (&site.schema.example, document.resolve(site.schema)) {
            (Some(example), _) => examples.check(document, site.schema, example, report),
            (None, Some(target)) if optional || target.example.is_some() || !target.properties.is_empty() => {}
            (None, _) => missing(site.place, report),
        }
    }
    let bodies = document
        .endpoints()
        .filter_map(|endpoint| Some((endpoint.method, endpoint.operation.value.request_body.as_ref()?)));
    let bodies: Vec<_> = bodies.collect();
    // A PATCH can set what may be null to null.
    let others = bodies.iter().filter(|(method, _)| *method != "PATCH");
    for (_, media) in others.flat_map(|(_, body)| body.content.iter()) {
        if let (Some(schema), Some(example)) = (&media.schema, &media.example)
            && loses_null(document, schema, &example.value)
        {
            let help = "leave it out, or list the property as `required`";
            report.add(example, "the example has a null in an optional property, which the SDK does not send", help);
        }
    }
    let responses = document.written_responses().filter_map(|(_, response)| response.content.as_ref());
    for (name, media) in document.request_bodies().map(|body| &body.content).chain(responses).flat_map(grammar::Map::iter) {
        match (&media.schema, &media.example) {
            (Some(schema), Some(example)) => examples.check(document, schema, example, report),
            (_, None) => missing(name.place, report),
            (None, _) => {}
        }
    }
    let own = document.endpoints().flat_map(|endpoint| endpoint.parameters());
    for parameter in own.chain(document.components.parameters.iter().map(|(_, parameter)| parameter)) {
        match (&parameter.schema, &parameter.example) {
            (Some(schema), Some(example)) => examples.check(document, schema, example, report),
            (Some(_), None) => missing(parameter.place, report),
            (None, _) => {}
        }
    }
}

fn missing(place: Place, report: &mut Report<'_>) {
    report.add(
        place,
        "there is no example here or in the schema that this refers to",
        "add `example`: the docs show it, and the sandbox returns it",
    );
}

/// The schemas that others refer to.
fn components(lint: &Lint<'_>) -> Value {
    let schemas = lint.components().map(|(name, schema)| (name.value.clone(), json_schema(schema)));
    json!({ "components": { "schemas": schemas.collect::<Map<_, _>>() } })
}

/// Checks examples, with one validator for each component.
struct Examples<'a> {
    registry: Registry<'a>,
    validators: BTreeMap<String, Validator>,
}

impl<'a> Examples<'a> {
    fn new(components: &'a Value) -> Result<Self, Box<dyn std::error::Error>> {
        let registry = Registry::new().add(COMPONENTS, components)?.prepare()?;
        Ok(Self { registry, validators: BTreeMap::new() })
    }

    fn check(&mut self, document: &Document, schema: &Schema, example: &Spanned<Value>, report: &mut Report<'_>) {
        if !is_whole(document, schema, &example.value) {
            let help = "write it without a fraction, or use the type `number`";
            report.add(example, "the example has a fraction where an integer is meant", help);
        }
        let schema = json_schema(schema);
        let key = schema.to_string();
        if !self.validators.contains_key(&key) {
            match jsonschema::options().with_registry(&self.registry).build(&schema) {
                Ok(validator) => drop(self.validators.insert(key.clone(), validator)),
                Err(error) => {
                    return report.add(example, format!("the schema is not usable: {error}"), "correct the schema");
                }
            }
        }
        for error in self.validators[&key].iter_errors(&example.value) {
            let at = error.instance_path().to_string();
            let at = if at.is_empty() { String::new() } else { format!(" at `{at}`") };
            report.add(
                example,
                format!("the example does not match its schema{at}: {error}"),
                "correct the example or the schema",
            );
        }
    }
}

/// Whether integers are written as such: JSON Schema takes `1.0` for one, and Rust does not.
fn is_whole(document: &Document, schema: &Schema, value: &Value) -> bool {
    let Some(schema) = document.resolve(schema) else { return true };
    if !schema.one_of.is_empty() {
        let is_number = |part: &Spanned<Schema>| part.kind() == Some(Kind::Number);
        return value.is_f64() && schema.one_of.iter().any(is_number)
            || alternatives(document, schema, value).all(|part| is_whole(document, part, value));
    }
    match value {
        Value::Number(number) => schema.kind() != Some(Kind::Integer) || !number.is_f64(),
        Value::Array(items) => {
            items.iter().all(|item| schema.items.as_ref().is_none_or(|schema| is_whole(document, schema, item)))
        }
        Value::Object(fields) => fields.iter().all(|(name, field)| {
            let values = schema.additional_properties.as_ref();
            let schema = schema.properties.get(name).map(|schema| &**schema).or(values.map(|schema| &***schema));
            schema.is_none_or(|schema| is_whole(document, schema, field))
        }),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}

/// The alternatives of a choice that a value may be: those that have a type, and the objects of which it has what they
/// require. Another rule refuses the rest, which could be the choice itself.
fn alternatives<'a>(document: &'a Document, schema: &'a Schema, value: &Value) -> impl Iterator<Item = &'a Schema> {
    let has = |part: &Schema, name: &str| {
        let texts = part.properties.get(name).map_or(&[][..], |property| property.texts());
        value.get(name).is_some_and(|given| texts.is_empty() || texts.iter().any(|text| given == text.as_str()))
    };
    let parts = schema.one_of.iter().filter_map(|part| Some((part, document.resolve(part)?)));
    let parts = parts.filter(move |(part, target)| match part.target() {
        None => true,
        Some(_) => target.one_of.is_empty() && target.required.iter().all(|name| has(target, name)),
    });
    parts.map(|(_, target)| target)
}

/// Whether an optional property is null: it is not sent then.
fn loses_null(document: &Document, schema: &Schema, value: &Value) -> bool {
    let Some(schema) = document.resolve(schema) else { return false };
    if alternatives(document, schema, value).any(|part| loses_null(document, part, value)) {
        return true;
    }
    match value {
        Value::Array(items) => {
            items.iter().any(|item| schema.items.as_ref().is_some_and(|schema| loses_null(document, schema, item)))
        }
        Value::Object(fields) => fields.iter().any(|(name, field)| {
            let property = schema.properties.get(name);
            let is_lost = property.is_some() && field.is_null() && !schema.requires(name);
            is_lost || property.is_some_and(|property| loses_null(document, property, field))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// What a constructor makes: it has what the constructor takes and sets, and not what only others take.
fn made_by(schema: &Schema, constructor: &GivenConstructor) -> Value {
    let names = |taken: &[Spanned<String>]| taken.iter().map(|name| name.value.clone()).collect::<Vec<_>>();
    let taken = names(&constructor.takes);
    let others = schema.constructors.iter().flat_map(|other| names(&other.takes));
    let others: Vec<_> =
        others.filter(|name| !taken.contains(name)).map(|name| json!({ "required": [name] })).collect();
    let sets: Map<_, _> =
        constructor.sets.iter().map(|(name, value)| (name.value.clone(), json!({ "enum": [value.value] }))).collect();
    let given: Vec<_> = taken.into_iter().chain(sets.keys().cloned()).collect();
    json!({ "required": given, "properties": sets, "not": { "anyOf": others } })
}

/// The schema as JSON Schema. It differs in `nullable`, and in the constructors.
fn json_schema(schema: &Schema) -> Value {
    let list = |parts: &[Spanned<Schema>]| parts.iter().map(|part| json_schema(part)).collect::<Vec<_>>();
    let mut out = Map::new();
    if let Some(reference) = &schema.reference {
        out.insert("$ref".into(), json!(format!("{COMPONENTS}{}", reference.value)));
    }
    if let Some(kind) = schema.kind() {
        out.insert("type".into(), json!(kind.as_str()));
        if kind == Kind::Integer {
            out.insert("maximum".into(), json!(i64::MAX));
            out.insert("minimum".into(), json!(if schema.minimum.is_some() { 0 } else { i64::MIN }));
        }
    }
    if !schema.any_of.is_empty() {
        out.insert("anyOf".into(), Value::Array(list(&schema.any_of)));
    }
    if !schema.texts().is_empty() {
        out.insert("enum".into(), schema.texts().iter().map(|value| json!(value.value)).collect());
    }
    if let Some(items) = &schema.items {
        out.insert("items".into(), json_schema(items));
    }
    if let Some(values) = &schema.additional_properties {
        out.insert("additionalProperties".into(), json_schema(values));
    } else if !schema.properties.is_empty() {
        // Responses may carry more than is known, but an example that does is a slip of the pen.
        out.insert("additionalProperties".into(), json!(false));
    }
    let properties: Map<_, _> =
        schema.properties.iter().map(|(name, property)| (name.value.clone(), json_schema(property))).collect();
    if !properties.is_empty() {
        out.insert("properties".into(), Value::Object(properties));
        out.insert("required".into(), schema.required.iter().map(|name| json!(name.value)).collect());
    }
    if !schema.all_of.is_empty() {
        out.insert("allOf".into(), Value::Array(list(&schema.all_of)));
    }
    let constructors: Vec<_> = schema.constructors.iter().map(|constructor| made_by(schema, constructor)).collect();
    let one_of = if constructors.is_empty() { list(&schema.one_of) } else { constructors };
    if !one_of.is_empty() {
        out.insert("oneOf".into(), Value::Array(one_of));
    }
    match (schema.is_null(), schema.nullable) {
        (true, _) => json!({ "type": "null" }),
        (false, true) => json!({ "anyOf": [{ "type": "null" }, out] }),
        (false, false) => Value::Object(out),
    }
}
