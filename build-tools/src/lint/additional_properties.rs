//! `additionalProperties` makes a map: an object whose keys are not known.

use super::rule::{Lint, Report, Role, Rule};
use crate::source::document::Kind;

pub(super) const RULE: Rule = Rule { name: "additional-properties", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in &lint.sites {
        let is_object = site.schema.kind() == Some(Kind::Object);
        let is_inside = is_object && matches!(site.role, Role::Property(_) | Role::Item | Role::OneOf | Role::Body);
        if site.schema.additional_properties.is_some() && !(is_inside && site.schema.properties.is_empty()) {
            report.add(
                site.place,
                "`additionalProperties` makes a map, which is a property, an item, an alternative or a body, without `properties`",
                "remove it, since unknown fields of responses are always accepted; or write the map where it is used",
            );
        }
    }
}
