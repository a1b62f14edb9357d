//! Property names are the names of Rust fields.

use std::collections::BTreeSet;

use super::rule::{Lint, Report, Role, Rule};
use crate::names::{self, Use};

pub(super) const RULE: Rule = Rule { name: "property-name", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in &lint.sites {
        let Role::Property(name) = site.role else { continue };
        // progenitor drops a leading underscore from the field's name; serde keeps it on the wire.
        if !names::is_snake_case(name.trim_start_matches('_')) {
            report.add(
                site.place,
                format!("the property name `{name}` cannot be a Rust field"),
                "use a snake_case name that is not a Rust keyword, or extend `build-tools/src/names.rs`",
            );
        } else if names::is_taken(name.trim_start_matches('_'), Use::Property) {
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
            if !fields.insert(name.trim_start_matches('_')) {
                let message = format!("the property `{}` would have the field of another one", name.value);
                report.add(name, message, "only one of them can be described");
            }
        }
    }
}
