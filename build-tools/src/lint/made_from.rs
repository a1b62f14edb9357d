//! What `x-made-from` lists are other ids, of which an id is made.

use super::rule::{Lint, Report, Role, Rule};
use crate::source::document::{Kind, Schema};

pub(super) const RULE: Rule = Rule { name: "made-from", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let is_id = |schema: &Schema| {
        schema.kind() == Some(Kind::String) && schema.values.is_none() && schema.format.is_none()
    };
    for site in &lint.sites {
        for name in &site.schema.made_from {
            let is_own = matches!(site.role, Role::Component(own) if own != name.value && is_id(site.schema));
            if !is_own || !lint.document.schema(name).is_some_and(is_id) {
                report.add(
                    name,
                    format!("an id cannot be made from `{}` here", name.value),
                    "on the component of an id, list the names of others",
                );
            }
        }
    }
}
