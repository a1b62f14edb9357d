//! The schema for null is just that.

use super::{Lint, Report, Rule};
use crate::source::document::NOTHING;

pub(super) const RULE: Rule = Rule { name: "nothing", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for (name, schema) in lint.components().filter(|(name, _)| name.value == NOTHING) {
        if !schema.is_null() {
            let help = "write `type: string`, `nullable: true`, `enum: [null]`";
            report.add(name, "`Nothing` stands for null and nothing else", help);
        }
    }
}
