//! The alternatives of a `oneOf` differ in their JSON type, so that a value shows which it is, and have names.

use std::collections::BTreeSet;

use super::rule::{Lint, Report, Rule};
use crate::names::{self, Use};

pub(super) const RULE: Rule = Rule { name: "one-of", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in lint.sites.iter().filter(|site| !site.schema.one_of.is_empty()) {
        if site.schema.one_of.len() < 2 {
            report.add(site.place, "a `oneOf` needs at least two alternatives", "use that schema directly");
        }
        let (mut kinds, mut titles) = (Vec::new(), BTreeSet::new());
        for part in &site.schema.one_of {
            let kind = part.kind();
            if kind.is_none() || kinds.contains(&kind) {
                report.add(
                    part,
                    "the alternatives of a `oneOf` must each have a `type` of their own",
                    "with equal types the first that fits would win, whatever was meant",
                );
            }
            kinds.push(kind);
            let title = part.title.as_deref().unwrap_or_default();
            if !names::is_pascal_case(title) || names::is_taken(title, Use::Variant) || !titles.insert(title) {
                report.add(
                    part,
                    format!("the title `{title}` cannot be the name of a variant"),
                    "give each alternative a `title` of its own in PascalCase, other than `Other`",
                );
            }
        }
    }
}
