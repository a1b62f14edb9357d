//! The constructors of an object, with their docs.

use serde_json::Value;

use crate::model::{Constructor, Field, Object};
use crate::source::document::Schema;

/// Adds the constructors that are given, or `new`.
pub(super) fn add(schema: &Schema, object: &mut Object) {
    let given = schema.constructors.iter().map(|given| {
        let takes: Vec<_> = given.takes.iter().map(|property| property.as_str()).collect();
        let sets: Vec<_> = given.sets.iter().map(|(property, value)| (property.as_str(), &value.value)).collect();
        constructor(&object.fields, &given.name, &takes, &sets)
    });
    object.constructors = given.collect();
    if object.constructors.is_empty() {
        object.constructors.push(constructor(&object.fields, "new", &[], &[]));
    }
    let docs: Vec<_> = object.constructors.iter().map(|constructor| describe(constructor, object)).collect();
    for (constructor, doc) in object.constructors.iter_mut().zip(docs) {
        constructor.doc = doc;
    }
}

/// A constructor that takes the required fields and these, but not those that it sets.
fn constructor(fields: &[Field], name: &str, takes: &[&str], sets: &[(&str, &Value)]) -> Constructor {
    let mut made = Constructor { name: name.to_owned(), doc: String::new(), takes: Vec::new(), sets: Vec::new() };
    for field in fields {
        if let Some((_, value)) = sets.iter().find(|(wire, _)| *wire == field.wire) {
            made.sets.push((field.name.clone(), (*value).clone()));
        } else if field.required || takes.contains(&field.wire.as_str()) {
            made.takes.push(field.name.clone());
        }
    }
    made
}

/// What a constructor does, in sentences. Fields have their names in JSON, as in the service's documentation.
fn describe(constructor: &Constructor, object: &Object) -> String {
    let takes = |constructor: &Constructor, field: &Field| constructor.takes.contains(&field.name);
    let optional = |constructor: &Constructor| -> Vec<String> {
        let chosen = object.fields.iter().filter(|field| !field.required && takes(constructor, field));
        chosen.map(|field| format!("`{}`", field.wire)).collect()
    };
    let has_required = object.fields.iter().any(|field| field.required && takes(constructor, field));
    let mut given = Vec::from_iter(has_required.then(|| "the required fields".to_owned()));
    given.extend(optional(constructor));
    let sets = object.fields.iter().filter_map(|field| Some((field, constructor.sets(field)?)));
    let sets: Vec<_> = sets
        .map(|(field, value)| {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            format!("`{}` is `{value}`", field.wire)
        })
        .collect();
    let with = match (given.is_empty(), sets.is_empty()) {
        (true, true) => " with no fields set".to_owned(),
        (true, false) => format!(" whose {}", listed(&sets)),
        (false, true) => format!(" with {}", listed(&given)),
        (false, false) => format!(" with {}, whose {}", listed(&given), listed(&sets)),
    };
    let mut doc = format!("Creates a value{with}.");
    let all = &object.constructors;
    if all.len() > 1 && all.iter().all(|other| other.sets == constructor.sets) {
        let alternatives: Vec<_> = all.iter().map(|other| optional(other).join(" with ")).collect();
        doc += &format!(" The service accepts exactly one of {}.", listed(&alternatives));
    }
    let mut with_setter = object.fields.iter().filter(|field| object.has_setter(field));
    if with_setter.clone().any(|field| field.null_if_unset) {
        doc += " Nullable fields have setters, and are sent as null by default.";
    }
    if with_setter.any(|field| !field.null_if_unset) {
        doc += " Optional fields have setters.";
    }
    doc
}

/// `a and b`, or `a, b and c`.
fn listed(all: &[String]) -> String {
    match all.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => all.concat(),
    }
}
