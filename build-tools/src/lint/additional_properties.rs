//! `additionalProperties` makes a map of an alternative of `oneOf`.

use super::rule::{Lint, Report, Role, Rule};

pub(super) const RULE: Rule = Rule { name: "additional-properties", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in &lint.sites {
        if site.schema.additional_properties.is_some() && site.role != Role::OneOf {
            report.add(
                site.place,
                "`additionalProperties` is only supported on an alternative of `oneOf`",
                "remove it: unknown fields of responses are always accepted",
            );
        }
    }
}
