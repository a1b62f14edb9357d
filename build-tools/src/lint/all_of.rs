//! `allOf` wraps one `$ref`, to describe it.

use super::rule::{Lint, Report, Rule};

pub(super) const RULE: Rule = Rule { name: "all-of", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in &lint.sites {
        let parts = &site.schema.all_of;
        if parts.len() > 1 || parts.iter().any(|part| part.reference.is_none()) {
            report.add(
                site.place,
                "`allOf` may hold one `$ref` and nothing else",
                "it only adds a description to a reference; to combine properties, list them in one schema",
            );
        }
    }
}
