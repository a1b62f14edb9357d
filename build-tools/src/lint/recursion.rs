//! No schema contains itself: such a type would need a box.

use super::rule::{Lint, Report, Rule};

pub(super) const RULE: Rule = Rule { name: "recursion", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for (name, schema) in lint.components() {
        if lint.document.leads_to(schema).contains(name.as_str()) {
            report.add(
                name,
                format!("the schema `{}` contains itself", name.value),
                "recursive schemas are not supported: extend the model first",
            );
        }
    }
}
