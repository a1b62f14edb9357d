//! Statuses are listed one by one: one of success, and the error responses, which alone can be common.

use super::rule::{Lint, Report, Rule};

pub(super) const RULE: Rule = Rule { name: "status", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for (status, _) in lint.document.common_responses.iter() {
        if !matches!(status.parse(), Ok(400..=499u16)) {
            let help = "only error responses, 400 to 499, are common to all operations";
            report.add(status, format!("`{}` cannot be a common response", status.value), help);
        }
    }
    for endpoint in lint.document.endpoints() {
        let mut successes = 0;
        for (status, _) in endpoint.operation.responses.iter() {
            let digits = status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit());
            match status.parse::<u16>().ok().filter(|_| digits) {
                Some(200..=299) => successes += 1,
                Some(400..=499) => {}
                _ => report.add(
                    status,
                    format!("`{}` is not a status that can be described", status.value),
                    "list the statuses one by one, 2xx and 4xx. `default` would make every status a documented one; \
                     5xx bodies are not documented, and the runtime keeps them unparsed",
                ),
            }
        }
        if successes != 1 {
            report.add(
                endpoint.operation,
                format!("the operation has {successes} success statuses"),
                "describe exactly one: the method returns one type",
            );
        }
    }
}
