//! `anyOf` makes a reference nullable.

use super::{Lint, Report, Role, Rule};
use crate::source::document::NOTHING;

pub(super) const RULE: Rule = Rule { name: "any-of", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in lint.sites.iter().filter(|site| !site.schema.any_of.is_empty()) {
        let targets: Vec<_> = site.schema.any_of.iter().map(|part| part.target()).collect();
        let is_nullable = matches!(targets[..], [Some(name), Some(NOTHING)] if name != NOTHING);
        if !is_nullable || !matches!(site.role, Role::Property(_)) {
            report.add(
                site.place,
                "`anyOf` may hold a `$ref` to a schema and one to `Nothing`, on a property",
                "it serves to make a reference nullable; a choice of several schemas is a `oneOf`",
            );
        }
    }
}
