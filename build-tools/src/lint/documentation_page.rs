//! Every operation names the page that documents it, and all pages are on one host: that of the documentation that the
//! document names, or else of the first operation's page.

use super::rule::{Lint, Report, Rule};
use crate::source::node::Spanned;

pub(super) const RULE: Rule = Rule { name: "documentation-page", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let mut pages: Vec<&Spanned<String>> = lint.document.external_docs.iter().map(|docs| &docs.url).collect();
    for endpoint in lint.document.endpoints() {
        match &endpoint.operation.external_docs {
            Some(docs) => pages.push(&docs.url),
            None => report.add(
                endpoint.operation,
                "the operation does not say where it is documented",
                "add `externalDocs` with a description and the https URL of the page",
            ),
        }
    }
    pages.extend(lint.document.deliveries().map(|delivery| &delivery.value.external_docs.url));
    let allowed = pages.first().and_then(|first| host(first));
    for page in pages {
        match (host(page), allowed) {
            (Some(host), Some(allowed)) if host == allowed => {}
            (Some(_), Some(allowed)) => {
                let message = format!("this page is not on {allowed}, where the others are");
                report.add(page, message, "name a page of the service's documentation");
            }
            _ => report.add(
                page,
                "this is not the plain https address of a page",
                "write `https://`, the host, and a path of letters, digits, `-`, `.`, `_` and `/`",
            ),
        }
    }
}

/// The host of a URL that is no more than a scheme, a host and a path of plain segments.
fn host(url: &str) -> Option<&str> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._/".contains(c);
    let rest = url.strip_prefix("https://").filter(|rest| rest.chars().all(allowed))?;
    let is_plain = !rest.contains("//") && !rest.split('/').any(|part| part == "..");
    rest.split('/').next().filter(|host| is_plain && !host.is_empty())
}
