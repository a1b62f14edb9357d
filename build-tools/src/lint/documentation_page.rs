//! Every operation names the https address of the page that documents it.

use super::rule::{Lint, Report, Rule};

pub(super) const RULE: Rule = Rule { name: "documentation-page", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let is_address = |url: &str| {
        url.starts_with("https://") && !url.contains(|c: char| c.is_whitespace() || "()<>[]`".contains(c))
    };
    for endpoint in lint.document.endpoints() {
        if endpoint.operation.external_docs.as_ref().is_none_or(|docs| !is_address(&docs.url)) {
            report.add(
                endpoint.operation,
                "the operation does not say where it is documented",
                "add `externalDocs` with a description and the https URL of the page",
            );
        }
    }
}
