//! Only the alternatives of a `oneOf` have titles, which name their variants.

use super::rule::{Lint, Report, Role, Rule};

pub(super) const RULE: Rule = Rule { name: "title", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in &lint.sites {
        if site.schema.title.is_some() && site.role != Role::OneOf {
            let help = "remove it; only the alternatives of a `oneOf` have titles";
            report.add(site.place, "`title` has no effect here", help);
        }
    }
}
