//! Every component schema is used: an unused one would still become a public type.

use std::collections::BTreeSet;

use super::rule::{Lint, Report, Rule};

pub(super) const RULE: Rule = Rule { name: "unused-schema", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let used: BTreeSet<_> = lint.sites.iter().filter_map(|site| site.schema.target()).collect();
    for (name, _) in lint.components().filter(|(name, _)| !used.contains(name.as_str())) {
        report.add(name, format!("nothing refers to the schema `{}`", name.value), "remove it, or use it");
    }
}
