//! The tags of operations are declared.

use super::{Lint, Report, Rule};

pub(super) const RULE: Rule = Rule { name: "tag", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let declared = &lint.document.tags;
    for tag in lint.document.endpoints().flat_map(|endpoint| &endpoint.operation.value.tags) {
        if !declared.iter().any(|known| known.name == tag.value) {
            let help = "add it to `tags` at the top, with a description";
            report.add(tag, format!("the tag `{}` is not declared", tag.value), help);
        }
    }
}
