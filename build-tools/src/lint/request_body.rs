//! A request body is required, and a GET has none.

use super::rule::{Lint, Report, Rule};

pub(super) const RULE: Rule = Rule { name: "request-body", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for body in lint.document.request_bodies().filter(|body| !body.required) {
        report.add(
            body,
            "the request body is not `required: true`",
            "it becomes an argument of the method; an optional body is not supported",
        );
    }
    for endpoint in lint.document.endpoints() {
        let Some(body) = &endpoint.operation.value.request_body else { continue };
        if endpoint.method == "GET" {
            report.add(body, "a GET has no request body", "remove it, or correct the method");
        }
    }
}
