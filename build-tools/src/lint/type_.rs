//! A schema says in one way what it is: by a type, a reference, a wrapped reference, or a choice.

use super::rule::{Lint, Report, Role, Rule};

pub(super) const RULE: Rule = Rule { name: "type", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in &lint.sites {
        let schema = site.schema;
        let forms = [
            schema.reference.is_some(),
            !schema.all_of.is_empty(),
            !schema.any_of.is_empty(),
            !schema.one_of.is_empty(),
            schema.kind.is_some(),
        ];
        match forms.into_iter().filter(|form| *form).count() {
            0 if matches!(site.role, Role::Item | Role::Body) => {} // Any JSON.
            0 => report.add(
                site.place,
                "the schema has no type",
                "add `type`, `$ref`, `allOf` or `anyOf` around a `$ref`, or `oneOf`; without one it would accept \
                 anything",
            ),
            1 => {}
            _ => report.add(
                site.place,
                "the schema has more than one of `type`, `$ref`, `allOf`, `anyOf`, `oneOf`",
                "keep one of `type`, `$ref`, `allOf`, `anyOf`, `oneOf`; progenitor would merge them or drop one",
            ),
        }
    }
}
