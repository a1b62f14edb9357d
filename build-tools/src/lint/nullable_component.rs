//! No component is nullable: every use of it would be, without saying so.

use super::rule::{Lint, Report, Rule};

pub(super) const RULE: Rule = Rule { name: "nullable-component", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for (name, schema) in lint.document.schemas() {
        if schema.nullable {
            report.add(
                name,
                "a component that is nullable makes every use of it optional without saying so",
                "put `nullable` on the property that may be null",
            );
        }
    }
}
