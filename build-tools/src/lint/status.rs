//! Statuses are listed one by one: those of success, and the error responses, which alone can be common. There are
//! several of success only where none has a body.

use super::rule::{Lint, Report, Rule};
use crate::source::document::Response;

pub(super) const RULE: Rule = Rule { name: "status", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for (status, _) in lint.document.common_responses.iter() {
        if !matches!(status.parse(), Ok(400..=499u16)) {
            let help = "only error responses, 400 to 499, are common to all operations";
            report.add(status, format!("`{}` cannot be a common response", status.value), help);
        }
    }
    for endpoint in lint.document.endpoints() {
        let mut successes = Vec::new();
        for (status, response) in endpoint.operation.responses.iter() {
            let digits = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
            match status.parse::<u16>().ok().filter(|_| digits) {
                Some(200..=299) => successes.push(response),
                Some(400..=499) => {}
                _ => report.add(
                    status,
                    format!("`{}` is not a status that can be described", status.value),
                    "list the statuses one by one, 2xx and 4xx. `default` would make every status a documented one; \
                     5xx bodies are not documented, and the runtime keeps them unparsed",
                ),
            }
        }
        let has_body = |response: &&Response| lint.document.response(response).is_some_and(|it| it.content.is_some());
        if successes.is_empty() || (successes.len() > 1 && successes.iter().any(has_body)) {
            report.add(
                endpoint.operation,
                format!("the operation has {} success statuses", successes.len()),
                "describe exactly one, or several without a body: the method returns one type",
            );
        }
    }
}
