//! What the service sets is not part of what is sent.

use super::rule::{Lint, Report, Rule};

pub(super) const RULE: Rule = Rule { name: "read-only", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for (_, schema) in lint.components().filter(|(name, _)| lint.sent.contains(name.as_str())) {
        for (name, _) in schema.properties.iter().filter(|(_, property)| property.read_only) {
            report.add(
                name,
                format!("`{}` is read-only, but part of a request", name.value),
                "use a schema without it for the request",
            );
        }
    }
}
