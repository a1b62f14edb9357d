//! `minimum: 0` says that an integer is never negative: a count, for example. It becomes unsigned.

use serde_json::json;

use super::rule::{Lint, Report, Rule};
use crate::source::document::Kind;

pub(super) const RULE: Rule = Rule { name: "minimum", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in &lint.sites {
        let Some(minimum) = &site.schema.minimum else { continue };
        if minimum.value != json!(0) || site.schema.kind() != Some(Kind::Integer) {
            report.add(
                minimum,
                format!("`minimum: {}` is not supported here", minimum.value),
                "write `minimum: 0` next to `type: integer`, or leave it out: other limits are the service's to check",
            );
        }
    }
}
