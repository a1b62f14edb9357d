//! A component is an object, a string, an integer, or a choice: what becomes a type with a name.

use super::rule::{Lint, Report, Rule};
use crate::source::document::Kind;

pub(super) const RULE: Rule = Rule { name: "component", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for (name, schema) in lint.components() {
        if schema.one_of.is_empty() && !matches!(schema.kind(), Some(Kind::Object | Kind::String | Kind::Integer)) {
            report.add(
                name,
                "a component is an object, a string (an id or an enum), an integer (a quantity), or a choice",
                "define lists, fractions and booleans in the place where they are used",
            );
        }
    }
}
