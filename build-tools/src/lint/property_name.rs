//! A Rust field can be named after each property.

use std::collections::BTreeSet;

use super::rule::{Lint, Report, Role, Rule};
use crate::names;

pub(super) const RULE: Rule = Rule { name: "property-name", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in &lint.sites {
        let Role::Property(name) = site.role else { continue };
        let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || " _-.$@()/".contains(c));
        if !is_plain || !names::is_identifier(&names::field(name)) {
            report.add(
                site.place,
                format!("no Rust field can be named after the property `{name}`"),
                "extend `names::field` in `build-tools/src/names.rs`",
            );
        }
    }
    for site in &lint.sites {
        let mut fields = BTreeSet::new();
        for (name, property) in site.schema.properties.iter() {
            let (field, clear) = (names::field(name), names::clear(&names::field(name)));
            if !fields.insert(field) || (property.is_nullable() && !fields.insert(clear)) {
                let message = format!("the property `{}` would have the field or the setter of another one", name.value);
                report.add(name, message, "only one of them can be described");
            }
        }
    }
}
