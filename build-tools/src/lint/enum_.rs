//! An enum is a list of strings, each of which has a variant name of its own.

use std::collections::BTreeSet;

use super::rule::{Lint, Report, Role, Rule};
use crate::names::{self, Use};
use crate::source::document::Kind;

pub(super) const RULE: Rule = Rule { name: "enum", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in lint.sites.iter().filter(|site| site.role != Role::Tag) {
        let Some(values) = &site.schema.values else { continue };
        if site.schema.kind() != Some(Kind::String) {
            report.add(site.place, "only strings can be an enum", "set `type: string`");
        }
        if values.texts.is_empty() && !values.null {
            report.add(values, "the enum has no values", "list the values");
        }
        let (mut variants, mut spellings) = (BTreeSet::new(), BTreeSet::new());
        for value in &values.texts {
            if !spellings.insert(names::spelling(value)) {
                let help = "describe one of the two: the SDK reads all spellings of it";
                report.add(value, format!("the value `{}` is another spelling of one before it", value.value), help);
            }
            let name = site.schema.variant(value);
            if !names::is_pascal_case(&name) || names::is_taken(&name, Use::Variant) || !variants.insert(name.clone()) {
                report.add(
                    value,
                    format!("the value `{}` would become the variant `{name}`, which is invalid or already taken", value.value),
                    "give it another name in `x-enum-names`, in PascalCase; `Other` is for undocumented values",
                );
            }
        }
    }
}
