//! Only the alternatives of a `oneOf` have titles, which name their variants: in place, or on the component.

use super::rule::{Lint, Report, Role, Rule};

pub(super) const RULE: Rule = Rule { name: "title", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let alternatives = lint.document.alternatives();
    for site in &lint.sites {
        let names_variant = match site.role {
            Role::OneOf => true,
            Role::Component(name) => alternatives.contains_key(name),
            _ => false,
        };
        if site.schema.title.is_some() && !names_variant {
            let help = "remove it; only the alternatives of a `oneOf` have titles";
            report.add(site.place, "`title` has no effect here", help);
        }
    }
}
