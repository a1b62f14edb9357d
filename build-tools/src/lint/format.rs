//! The one format is `date-time`, on a component, which becomes a type of its own.

use super::rule::{Lint, Report, Role, Rule};
use crate::source::document::Kind;

pub(super) const RULE: Rule = Rule { name: "format", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in &lint.sites {
        let Some(format) = &site.schema.format else { continue };
        let is_text = site.schema.kind() == Some(Kind::String);
        if format.value != "date-time" || !is_text || !matches!(site.role, Role::Component(_)) {
            report.add(
                format,
                format!("the format `{}` is not supported here", format.value),
                "a component of type string may have the format `date-time`; refer to it. Leave other formats out",
            );
        }
    }
}
