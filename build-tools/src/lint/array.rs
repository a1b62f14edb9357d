//! An array says what it holds.

use super::rule::{Lint, Report, Rule};
use crate::source::document::Kind;

pub(super) const RULE: Rule = Rule { name: "array", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in &lint.sites {
        let Some(kind) = site.schema.kind() else { continue };
        if (kind == Kind::Array) != site.schema.items.is_some() {
            report.add(site.place, "an array must have `items`, and nothing else may have it", "add or remove `items`");
        }
    }
}
