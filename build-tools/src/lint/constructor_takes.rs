//! What a constructor takes beyond the required properties is an optional one, where no `x-exactly-one-of` is in its
//! way.

use super::rule::{Lint, Report, Rule};
use crate::source::document::Schema;

pub(super) const RULE: Rule = Rule { name: "constructor-takes", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in &lint.sites {
        for name in &site.schema.constructor_takes {
            if !is_optional_property(site.schema, name) || !site.schema.exactly_one_of.is_empty() {
                report.add(
                    name,
                    format!("`{}` cannot be listed here: it must be an optional property, and the schema must not \
                     have `x-exactly-one-of`", name.value),
                    "name an optional property; required ones that are never null are taken anyway",
                );
            }
        }
    }
}

/// Whether the schema has a property of this name that is not required.
pub(super) fn is_optional_property(schema: &Schema, name: &str) -> bool {
    schema.properties.get(name).is_some() && !schema.requires(name)
}
