//! A component is an object, a text, or a choice: what becomes a type with a name.

use super::rule::{Lint, Report, Rule};
use crate::source::document::Kind;

pub(super) const RULE: Rule = Rule { name: "component", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for (name, schema) in lint.components() {
        if schema.one_of.is_empty() && !matches!(schema.kind(), Some(Kind::Object | Kind::String)) {
            report.add(
                name,
                "a component is an object, a text (an id or an enum), or a choice",
                "write a list, a number or a boolean where it is used",
            );
        }
    }
}
