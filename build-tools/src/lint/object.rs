//! An object lists its properties, and nothing else has any.

use super::rule::{Lint, Report, Rule};
use crate::source::document::Kind;

pub(super) const RULE: Rule = Rule { name: "object", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in &lint.sites {
        let Some(kind) = site.schema.kind() else { continue };
        let is_empty = site.schema.properties.is_empty();
        let is_map = site.schema.additional_properties.is_some();
        if kind == Kind::Object && is_empty && !is_map {
            let help = "list them under `properties`, or describe its values under `additionalProperties`";
            report.add(site.place, "the object has no properties", help);
        }
        if kind != Kind::Object && !is_empty {
            let help = "change `type` to `object`, or remove `properties`";
            report.add(site.place, "only an object has properties", help);
        }
    }
}
