//! Every error response has a body, and a 204 has none.

use super::rule::{Lint, Report, Rule};

pub(super) const RULE: Rule = Rule { name: "response-body", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for (status, response) in lint.document.listed_responses() {
        let has_content = lint.document.response(response).is_some_and(|response| response.content.is_some());
        match (has_content, status.as_str()) {
            (true, "204") => report.add(status, "a 204 has no body", "remove `content`"),
            (false, other) if !other.starts_with('2') => {
                let help = "describe its JSON body";
                report.add(status, "the response has no content", help);
            }
            _ => {}
        }
    }
}
