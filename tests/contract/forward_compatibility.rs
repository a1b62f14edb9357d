//! Responses that differ from what is documented in any combination: fields that are missing, null or unknown, and
//! enum values that are unknown. They parse, and what is known of them is written back unchanged.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::Config;
use serde_json::{Map, Value, json};

use crate::document::{document, operations, resolve, schema_names};
use crate::properties::runner;
use crate::schemas;

/// The names of the schemas in a part of the document, at any depth.
fn collect<'a>(document: &'a Value, value: &'a Value, found: &mut Vec<&'a str>) {
    if let Some(name) = value["$ref"].as_str().and_then(|path| path.strip_prefix("#/components/schemas/")) {
        if found.contains(&name) {
            return;
        }
        found.push(name);
        collect(document, resolve(document, value), found);
    }
    match value {
        Value::Object(fields) => fields.values().for_each(|value| collect(document, value, found)),
        Value::Array(items) => items.iter().for_each(|value| collect(document, value, found)),
        _ => {}
    }
}

/// Whether a schema is an alternative of a union.
fn is_alternative(document: &Value, name: &str) -> bool {
    let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
    let mut schemas = document["components"]["schemas"].as_object().unwrap().values();
    schemas.any(|union| union["oneOf"].as_array().is_some_and(|parts| parts.contains(&reference)))
}

/// The names of the schemas that requests are made of.
fn of_requests(document: &Value) -> Vec<&str> {
    let mut found = Vec::new();
    for (_, _, operation) in operations(document) {
        collect(document, &operation["requestBody"]["content"]["application/json"]["schema"], &mut found);
    }
    found
}

/// The names of the schemas that responses are made of, at any depth.
fn of_responses(document: &Value) -> Vec<&str> {
    let mut found = Vec::new();
    for (_, _, operation) in operations(document) {
        for response in operation["responses"].as_object().unwrap().values() {
            collect(document, &resolve(document, response)["content"]["application/json"]["schema"], &mut found);
        }
    }
    found
}

/// A value that the schema allows, or that a later version of the service could send in its place.
fn value(document: &Value, schema: &Value) -> BoxedStrategy<Value> {
    let schema = resolve(document, schema);
    if let Some(wrapped) = schema["allOf"].get(0).or(schema["anyOf"].get(0)) {
        return value(document, wrapped);
    }
    if schema["oneOf"].is_array() {
        return select(vec![json!("t"), json!([1, "a"]), json!({ "f": ["x"] }), json!(7), json!(false)]).boxed();
    }
    if let Some(values) = schema["enum"].as_array() {
        return prop_oneof![select(values.clone()), "[A-Z_]{1,12}".prop_map(Value::from)].boxed();
    }
    match schema["type"].as_str().unwrap() {
        "string" => any::<String>().prop_map(Value::from).boxed(),
        "integer" if schema["minimum"] == 0 => any::<u64>().prop_map(Value::from).boxed(),
        "integer" => any::<i64>().prop_map(Value::from).boxed(),
        "number" => (-1_000_000..1_000_000_i32).prop_map(|number| json!(f64::from(number) / 64.0)).boxed(),
        "boolean" => any::<bool>().prop_map(Value::from).boxed(),
        "array" => vec(value(document, &schema["items"]), 0..3).prop_map(Value::from).boxed(),
        "object" if !schema["properties"].is_object() => {
            let values = &schema["additionalProperties"];
            let one = if values["type"].is_string() || values["$ref"].is_string() {
                value(document, values)
            } else {
                select(vec![json!("t"), json!([1, "a"]), json!({ "f": null }), json!(null)]).boxed()
            };
            vec(("[a-z]{1,4}", one), 0..3).prop_map(|fields| Value::Object(fields.into_iter().collect())).boxed()
        }
        "object" => {
            let fields: Vec<_> = schema["properties"].as_object().unwrap().iter().collect();
            let fields: Vec<_> = fields
                .into_iter()
                .map(|(name, property)| {
                    let name = name.clone();
                    let present = value(document, property).prop_map(Some);
                    prop_oneof![3 => present, 1 => Just(None), 1 => Just(Some(Value::Null))]
                        .prop_map(move |value| value.map(|value| (name.clone(), value)))
                })
                .collect();
            (fields, proptest::option::of("[a-z]{3,9}_unknown"))
                .prop_map(|(fields, unknown)| {
                    let unknown = unknown.map(|name| (name, json!({ "new": [1] })));
                    Value::Object(fields.into_iter().flatten().chain(unknown).collect())
                })
                .boxed()
        }
        other => panic!("no strategy for the type {other}"),
    }
}

/// What a field has that is always there, and was left out or null.
fn empty(document: &Value, sent: &[&str], schema: &Value) -> Value {
    let schema = resolve(document, schema);
    if schema["oneOf"].is_array() {
        return Value::Null;
    }
    match schema["type"].as_str() {
        None => empty(document, sent, &schema["allOf"][0]),
        Some("string") => json!(""),
        Some("integer") => json!(0),
        Some("number") => json!(0.0),
        Some("boolean") => json!(false),
        Some("array") => json!([]),
        Some(_) => known(document, sent, schema, &json!({})),
    }
}

/// What the types keep: all but nulls, and unknown fields of types that are not `sent`. A field that is required there is
/// there.
fn known(document: &Value, sent: &[&str], schema: &Value, value: &Value) -> Value {
    let name = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
    let is_sent = name.is_some_and(|name| sent.contains(&name));
    let schema = resolve(document, schema);
    if schema["oneOf"].is_array() {
        return value.clone();
    }
    if let Some(wrapped) = schema["allOf"].get(0).or(schema["anyOf"].get(0)) {
        return known(document, sent, wrapped, value);
    }
    match (value, &schema["properties"], &schema["items"]) {
        (Value::Object(fields), Value::Object(properties), _) => {
            let kept = fields.iter().filter(|(name, value)| properties.contains_key(*name) && !value.is_null());
            let kept = kept.map(|(name, value)| (name.clone(), known(document, sent, &properties[name], value)));
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let required = required.map(|name| (name.to_owned(), empty(document, sent, &properties[name])));
            let unknown = fields.iter().filter(|(name, _)| is_sent && !properties.contains_key(*name));
            let unknown = unknown.map(|(name, value)| (name.clone(), value.clone()));
            Value::Object(required.chain(kept).chain(unknown).collect::<Map<_, _>>())
        }
        (Value::Array(items), _, Value::Object(_)) => {
            items.iter().map(|item| known(document, sent, &schema["items"], item)).collect()
        }
        _ => value.clone(),
    }
}

/// With 1.0 as 1, which is the same number in JSON: amounts of money have no fraction where there is none.
fn numbers(value: Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 => format!("{float}").parse().unwrap(),
            _ => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(numbers).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, numbers(value))).collect(),
        other => other,
    }
}

#[test]
fn whatever_the_service_adds_or_leaves_out_parses_and_is_kept() {
    let document = document();
    let (names, sent) = (of_responses(&document), of_requests(&document));
    assert!(names.len() > 15 && names.len() < schema_names(&document).len(), "{names:?}");
    for name in names {
        // An alternative of a union is read by what tells it from the others: `forms` has tests of that.
        if is_alternative(&document, name) {
            continue;
        }
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        let round_trip = schemas::round_trip(name);
        let checked = runner("forward_compatibility", Config::default()).run(&value(&document, &schema), |value| {
            let kept = round_trip(value.clone()).map_err(TestCaseError::fail)?;
            prop_assert_eq!(numbers(kept), numbers(known(&document, &sent, &schema, &value)));
            Ok(())
        });
        checked.unwrap_or_else(|failure| panic!("{name}: {failure}"));
    }
}
