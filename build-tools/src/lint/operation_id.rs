//! Every operation has an id of its own that can be a Rust name.

use std::collections::BTreeSet;

use heck::ToSnakeCase;

use super::{Lint, Report, Rule};
use crate::names::{self, Use};

pub(super) const RULE: Rule = Rule { name: "operation-id", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let mut seen = BTreeSet::new();
    for endpoint in lint.document.endpoints() {
        let Some(id) = &endpoint.operation.value.operation_id else {
            report.add(
                endpoint.operation,
                format!("{} {} has no operationId", endpoint.method, endpoint.path.value),
                "add `operationId` in snake_case: it becomes the name of the client's method",
            );
            continue;
        };
        let builder = names::builder(id);
        if names::is_taken(id, Use::Operation) || names::is_taken(&builder, Use::Schema) {
            report.add(id, format!("the name `{}` is taken", id.value), "choose another");
        }
        if !names::is_snake_case(id) {
            let help = format!("write `{}`; progenitor would rename it silently", id.to_snake_case());
            report.add(id, format!("`{}` is not a Rust name in snake_case", id.value), help);
        }
        if !seen.insert(builder) {
            let message = format!("`{}` is used twice, or differs from another only in underscores", id.value);
            report.add(id, message, "give each operation an id of its own");
        }
    }
}
