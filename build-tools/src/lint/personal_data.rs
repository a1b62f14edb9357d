//! Only a type of its own can be hidden: a component that is a text without fixed values.

use super::{Lint, Report, Role, Rule};
use crate::source::document::Kind;

pub(super) const RULE: Rule = Rule { name: "personal-data", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in &lint.sites {
        let Some(given) = &site.schema.personal_data else { continue };
        let is_text = site.schema.kind() == Some(Kind::String) && site.schema.values.is_none();
        if !given.value || !is_text || !matches!(site.role, Role::Component(_)) {
            report.add(
                given,
                format!("`x-personal-data: {}` has no effect here", given.value),
                "write `true` at a component of type string without an enum, and refer to it; or remove it",
            );
        }
    }
}
