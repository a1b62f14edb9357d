//! Property names are the names of Rust fields.

use std::collections::BTreeSet;

use super::rule::{Lint, Report, Role, Rule};
use crate::names::{self, Use};

pub(super) const RULE: Rule = Rule { name: "property-name", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in &lint.sites {
        let Role::Property(name) = site.role else { continue };
        if !names::is_snake_case(field(name)) {
            report.add(
                site.place,
                format!("the property name `{name}` cannot be a Rust field"),
                "use a snake_case name that is not a Rust keyword, or extend `build-tools/src/names.rs`",
            );
        } else if names::is_taken(field(name), Use::Property) {
            report.add(
                site.place,
                format!("the property name `{name}` is taken"),
                "choose another name, or extend `build-tools/src/names.rs`",
            );
        }
    }
    for site in &lint.sites {
        let mut fields = BTreeSet::new();
        for (name, _) in site.schema.properties.iter() {
            if !fields.insert(field(name)) {
                let message = format!("the property `{}` would have the field of another one", name.value);
                report.add(name, message, "only one of them can be described");
            }
        }
    }
}

/// The field of a property: progenitor drops a leading underscore, and serde keeps it on the wire.
fn field(name: &str) -> &str {
    name.trim_start_matches('_')
}
