//! `nullable` is next to the `type` of a property: OpenAPI 3.0 ignores it without a type, and only a field is an `Option`.

use super::rule::{Lint, Report, Role, Rule};

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
        let is_elsewhere = matches!(site.role, Role::Item | Role::OneOf | Role::Parameter | Role::Body);
        if site.schema.nullable && is_elsewhere {
            report.add(
                site.place,
                "only a property may be null",
                "leave `nullable` out: a list holds values, a parameter is left out, a choice keeps null as another value, and any \
                 JSON may be null",
            );
        }
    }
}
