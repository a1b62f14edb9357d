//! All error responses have one schema: progenitor panics on two in one operation, and users want one error type.

use super::rule::{Lint, Report, Rule};
use crate::source::document::Response;

pub(super) const RULE: Rule = Rule { name: "error-schema", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let mut first = None;
    for (status, response) in lint.document.listed_responses().filter(|(status, _)| status.starts_with('4')) {
        let schema = lint.document.response(response).and_then(Response::schema);
        let Some(name) = schema.and_then(|schema| schema.target()) else { continue };
        let first = *first.get_or_insert(name);
        if name != first {
            report.add(
                status,
                format!("this error response has the schema `{name}`, and another has `{first}`"),
                "use one error schema in the whole document, with optional properties where the forms differ",
            );
        }
    }
}
