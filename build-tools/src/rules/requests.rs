//! Rules for schemas that are sent: what their constructors take.

use std::collections::BTreeSet;

use super::{Role, Site, is_name, sites};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, Schema};

/// The alternatives of an either-or rule are optional properties, each with a constructor of its own.
pub(super) fn exactly_one_of(document: &Document) -> Vec<Diagnostic> {
    const RULE: &str = "exactly-one-of";
    let mut found = Vec::new();
    let sent = document.sent();
    for Site { schema, role, place } in sites(document) {
        let is_sent = matches!(role, Role::Component(name) if sent.contains(name));
        if !schema.exactly_one_of.is_empty() && !is_sent {
            found.push(Diagnostic::new(
                RULE,
                place.clone(),
                "`x-exactly-one-of` stands on a schema that is not sent",
                "it makes constructors, which only a request's schema has",
            ));
        }
        if schema.exactly_one_of.len() == 1 {
            found.push(Diagnostic::new(
                RULE,
                place,
                "`x-exactly-one-of` has a single alternative",
                "list the others, or make the property required",
            ));
        }
        let mut constructors = BTreeSet::new();
        for alternative in &schema.exactly_one_of {
            let (property, constructor) = (&alternative.property, &alternative.constructor);
            if !is_optional_property(schema, &property.value) {
                found.push(Diagnostic::new(
                    RULE,
                    property,
                    format!("`{}` is not an optional property of this schema", property.value),
                    "name an optional property: whether it is given is what the rule decides",
                ));
            }
            let is_setter = schema.properties.get(&constructor.value).is_some();
            if !is_name(&constructor.value) || is_setter || !constructors.insert(&constructor.value) {
                found.push(Diagnostic::new(
                    RULE,
                    constructor,
                    format!("`{}` cannot be the constructor's name", constructor.value),
                    "it must be a Rust name in snake_case, different from the other constructors and the properties",
                ));
            }
        }
    }
    found
}

/// What a constructor takes beyond what is required is an optional property, and the either-or rule is not in its way.
pub(super) fn constructors(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for Site { schema, .. } in sites(document) {
        for name in &schema.constructor_takes {
            if !is_optional_property(schema, &name.value) || !schema.exactly_one_of.is_empty() {
                found.push(Diagnostic::new(
                    "constructor-takes",
                    name,
                    format!("`{}` is not an optional property of a schema without `x-exactly-one-of`", name.value),
                    "name an optional property; what is required is taken anyway",
                ));
            }
        }
    }
    found
}

fn is_optional_property(schema: &Schema, name: &str) -> bool {
    schema.properties.get(name).is_some() && !schema.required.iter().any(|required| required.value == name)
}

/// What the service sets is no part of what is sent.
pub(super) fn read_only(document: &Document) -> Vec<Diagnostic> {
    let sent = document.sent();
    let schemas = document.components.schemas.iter().filter(|(name, _)| sent.contains(name.value.as_str()));
    let properties = schemas.flat_map(|(_, schema)| schema.value.properties.iter());
    properties
        .filter(|(_, property)| property.value.read_only)
        .map(|(name, _)| {
            Diagnostic::new(
                "read-only",
                name,
                format!("`{}` is read-only, and part of a request", name.value),
                "use a schema without it for the request",
            )
        })
        .collect()
}
