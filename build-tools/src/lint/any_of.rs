//! `anyOf` makes a reference nullable.

use super::rule::{Lint, Report, Role, Rule};

pub(super) const RULE: Rule = Rule { name: "any-of", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in lint.sites.iter().filter(|site| !site.schema.any_of.is_empty()) {
        let is_nullable = matches!(&site.schema.any_of[..], [one, null] if one.reference.is_some() && null.is_null());
        if !is_nullable || !matches!(site.role, Role::Property(_)) {
            report.add(
                site.place,
                "`anyOf` may hold a `$ref` and `{ type: string, nullable: true, enum: [null] }`, on a property",
                "it only makes a reference nullable; for several alternatives use `oneOf`",
            );
        }
    }
}
