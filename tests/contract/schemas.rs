//! The public types, whose list is generated. Their JSON Schemas are kept as snapshots.

use contract_tests::json::{with_whole_numbers, without_nulls};
use std::fmt::Debug;
use std::pin::Pin;

use prolific_sdk::{Error, RawCall};
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::document::{document, schema_names};
use crate::generated::TYPES;

/// A type by name: its JSON Schema, and a value read as it and written again.
pub struct Type {
    name: &'static str,
    schema: fn() -> Schema,
    round_trip: RoundTrip,
    receive: Receive,
}

/// Reads a response as the type, and forgets it.
pub type Receive = fn(RawCall) -> Pin<Box<dyn Future<Output = Result<(), Error>>>>;

type RoundTrip = fn(Value) -> Result<Value, String>;

/// Its bounds are what a Rust user expects of every type.
pub const fn ty<T>(name: &'static str) -> Type
where
    T: Clone + PartialEq + Debug + Serialize + DeserializeOwned + JsonSchema + Send + Sync + 'static,
{
    Type {
        name,
        schema: || schema_for!(T),
        round_trip: through::<T>,
        receive: |call| Box::pin(async { call.send::<T>().await.map(drop) }),
    }
}

fn through<T: Serialize + DeserializeOwned>(value: Value) -> Result<Value, String> {
    let typed = T::deserialize(value).map_err(|error| error.to_string())?;
    serde_json::to_value(typed).map_err(|error| error.to_string())
}

/// The JSON Schemas by name.
pub fn all() -> Vec<(&'static str, Schema)> {
    TYPES.iter().map(|ty| (ty.name, (ty.schema)())).collect()
}

/// How a response is read as each type, with the type's JSON Schema.
pub fn receivers() -> impl Iterator<Item = (&'static str, Schema, Receive)> {
    TYPES.iter().map(|ty| (ty.name, (ty.schema)(), ty.receive))
}

/// Reads a value as the type, and writes it again.
pub fn round_trip(name: &str) -> RoundTrip {
    TYPES.iter().find(|ty| ty.name == name).unwrap_or_else(|| panic!("no type {name}")).round_trip
}

#[test]
fn every_schema_of_the_document_has_a_type() {
    let mut names: Vec<_> = all().into_iter().map(|(name, _)| name).collect();
    let document = document();
    let mut documented = schema_names(&document);
    names.sort_unstable();
    documented.sort_unstable();
    assert_eq!(names, documented);
}

#[test]
fn the_json_schemas_are_as_reviewed() {
    for (name, schema) in all() {
        insta::assert_json_snapshot!(name, schema);
    }
}

/// The property that tells a schema from the other alternatives of a choice.
fn tag<'a>(document: &'a Value, name: &str) -> Option<&'a str> {
    let schemas = document["components"]["schemas"].as_object().unwrap().values();
    let is_one = |mapping: &Value| {
        let targets = mapping.as_object().into_iter().flat_map(|mapping| mapping.values());
        targets.filter_map(Value::as_str).any(|target| target.ends_with(&format!("/{name}")))
    };
    let mut tags = schemas.map(|schema| &schema["discriminator"]).filter(|given| is_one(&given["mapping"]));
    tags.find_map(|given| given["propertyName"].as_str())
}

/// What a dependent's test takes for a value.
#[test]
fn the_sandbox_has_an_example_of_every_type() {
    let document = document();
    for ty in TYPES {
        let example = prolific_sandbox::example(ty.name).unwrap_or_else(|| panic!("no example of {}", ty.name));
        let mut value: Value = serde_json::from_str(&example).unwrap();
        let read = (ty.round_trip)(value.clone()).unwrap_or_else(|error| panic!("{}: {error}", ty.name));
        let same = |value| with_whole_numbers(&without_nulls(value));
        // What tells it from other types, the type says itself.
        if let (Some(tag), Some(fields)) = (tag(&document, ty.name), value.as_object_mut())
            && read.get(tag).is_none()
        {
            fields.remove(tag);
        }
        assert_eq!(same(&read), same(&value), "{}", ty.name);
        assert!(!without_nulls(&value).is_null(), "{} is empty", ty.name);
    }
}
