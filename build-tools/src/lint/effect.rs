//! What is known of the effect of an operation that may have one is said beside it.

use super::rule::{Lint, Report, Rule, is_missing};

pub(super) const RULE: Rule = Rule { name: "effect", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for endpoint in lint.document.endpoints() {
        let operation = endpoint.operation;
        let Some(effect) = &operation.effect else {
            if endpoint.method != "GET" {
                report.add(
                    operation,
                    format!("nothing is said of the effect of {} {}", endpoint.method, endpoint.path.value),
                    "add `x-effect` with `repeat`: what happens if it is performed again, or that it is not documented",
                );
            }
            continue;
        };
        let is_safe = effect.safe.as_ref().is_some_and(|safe| safe.value);
        if endpoint.method == "GET" || (is_safe && endpoint.method != "POST") {
            let help = "a GET only reads; a POST that only reads has `safe: true`";
            report.add(effect, "this method has no effect to describe, or is no way to read", help);
        } else if is_safe && (effect.texts().next().is_some() || effect.deduplicated.is_some()) {
            report.add(effect, "what has no effect has nothing to repeat, spend or freeze", "remove `safe`, or the rest");
        } else if !is_safe && is_missing(effect.repeat.as_ref()) {
            report.add(effect, "it is not said what happens if it is performed again", "add `repeat`, a sentence");
        }
        if let Some(given) = effect.deduplicated.as_ref().filter(|given| given.as_u64().is_none_or(|seconds| seconds == 0)) {
            report.add(given, "`deduplicated` is not a number of seconds", "write for how long repetitions are recognised");
        }
    }
}
