//! `nullable` is next to a `type`: OpenAPI 3.0 ignores it elsewhere.

use super::rule::{Lint, Report, Rule};

pub(super) const RULE: Rule = Rule { name: "nullable", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in &lint.sites {
        if site.schema.nullable && site.schema.kind.is_none() {
            report.add(
                site.place,
                "`nullable` has no effect without `type` next to it",
                "write `anyOf` with the `$ref` and `{ type: string, nullable: true, enum: [null] }`",
            );
        }
    }
}
