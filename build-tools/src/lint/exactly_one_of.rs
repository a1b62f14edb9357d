//! The alternatives of `x-exactly-one-of` are optional properties of a schema that is sent, each with a constructor of
//! its own.

use std::collections::BTreeSet;

use super::constructor_takes::is_optional_property;
use super::rule::{Lint, Report, Role, Rule};
use crate::names;

pub(super) const RULE: Rule = Rule { name: "exactly-one-of", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in lint.sites.iter().filter(|site| !site.schema.exactly_one_of.is_empty()) {
        let schema = site.schema;
        if !matches!(site.role, Role::Component(name) if lint.sent.contains(name)) {
            report.add(
                site.place,
                "`x-exactly-one-of` is on a schema that no request uses",
                "it makes constructors, which only a request's schema has",
            );
        }
        if schema.exactly_one_of.len() == 1 {
            report.add(
                site.place,
                "`x-exactly-one-of` has a single alternative",
                "list the others, or make the property required",
            );
        }
        let mut constructors = BTreeSet::new();
        for alternative in &schema.exactly_one_of {
            let (property, constructor) = (&alternative.property, &alternative.constructor);
            if !is_optional_property(schema, property) {
                report.add(
                    property,
                    format!("`{}` is not an optional property of this schema", property.value),
                    "name an optional property: `x-exactly-one-of` itself makes one of them required",
                );
            }
            let is_setter = schema.properties.get(constructor).is_some();
            if !names::is_snake_case(constructor) || is_setter || !constructors.insert(&constructor.value) {
                report.add(
                    constructor,
                    format!("`{}` cannot be the constructor's name", constructor.value),
                    "it must be a Rust name in snake_case, different from the other constructors and the properties",
                );
            }
        }
    }
}
