//! Objects, enums and choices are components: progenitor would make up a name for one that is defined in place.

use super::rule::{Lint, Report, Role, Rule};

pub(super) const RULE: Rule = Rule { name: "inline-type", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in lint.sites.iter().filter(|site| !matches!(site.role, Role::Component(_) | Role::Tag)) {
        // Null next to a reference, and a boolean that is written as a string, have no type of their own.
        let is_plain = site.schema.is_null() || site.schema.is_flag();
        let what = if !site.schema.one_of.is_empty() {
            "a `oneOf`"
        } else if !site.schema.properties.is_empty() || (site.schema.values.is_some() && !is_plain) {
            "an object or an enum"
        } else {
            continue;
        };
        report.add(
            site.place,
            format!("{what} is defined in place, so progenitor would make up a name for it"),
            "move it to `components/schemas` and refer to it",
        );
    }
}
