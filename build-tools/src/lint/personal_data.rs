//! `x-personal-data` marks a string: a component, whose type hides it, or a property, which the type around it hides.

use super::rule::{Lint, Report, Role, Rule};
use crate::source::document::Kind;

pub(super) const RULE: Rule = Rule { name: "personal-data", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in &lint.sites {
        let Some(given) = &site.schema.personal_data else { continue };
        let is_text = site.schema.kind() == Some(Kind::String) && site.schema.values.is_none();
        if !given.value || !is_text || !matches!(site.role, Role::Component(_) | Role::Property(_)) {
            report.add(
                given,
                format!("`x-personal-data: {}` has no effect here", given.value),
                "write `true` on a component or a property of type string without an enum; or remove it",
            );
        }
    }
}
