//! Every operation names the page that documents it, which is one of the documentation that the document names.

use super::rule::{Lint, Report, Rule};

pub(super) const RULE: Rule = Rule { name: "documentation-page", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let Some(all) = lint.document.external_docs.as_ref().filter(|all| is_plain(&all.url) && all.url.ends_with('/'))
    else {
        let help = "add `externalDocs` with a description and an https URL that ends in a slash";
        let place = lint.document.external_docs.as_ref().map_or(lint.document.servers.place, |all| all.url.place);
        report.add(place, "the document does not say where the API is documented", help);
        return;
    };
    for endpoint in lint.document.endpoints() {
        let Some(docs) = &endpoint.operation.external_docs else {
            report.add(
                endpoint.operation,
                "the operation does not say where it is documented",
                "add `externalDocs` with a description and the https URL of the page",
            );
            continue;
        };
        if !is_plain(&docs.url) || !docs.url.starts_with(all.url.as_str()) {
            let message = format!("this is not a page of the documentation at {}", all.url.value);
            report.add(&docs.url, message, "name a page below it, without a query and a fragment");
        }
    }
}

/// Whether a URL is no more than a scheme, a host and a path of plain segments.
fn is_plain(url: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._/".contains(c);
    let rest = url.strip_prefix("https://").filter(|rest| rest.chars().all(allowed));
    rest.is_some_and(|rest| !rest.starts_with('/') && !rest.contains("//") && !rest.split('/').any(|part| part == ".."))
}
