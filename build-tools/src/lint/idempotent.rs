//! `x-idempotent` says something that HTTP does not say of the method.

use super::rule::{Lint, Report, Rule};
use crate::source::document::idempotent_by_method;

pub(super) const RULE: Rule = Rule { name: "idempotent", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for endpoint in lint.document.endpoints() {
        let Some(given) = &endpoint.operation.value.idempotent else { continue };
        let help = if endpoint.method == "GET" {
            "remove it: a GET only reads"
        } else if given.value == idempotent_by_method(endpoint.method) {
            "remove it: HTTP says the same of the method"
        } else {
            continue;
        };
        report.add(given, format!("`x-idempotent: {}` is not allowed on a {}", given.value, endpoint.method), help);
    }
}
