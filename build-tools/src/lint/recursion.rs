//! A schema contains itself only in a list or a map, which can be empty. A union does so in one alternative, or has a tag.

use super::rule::{Lint, Report, Rule};

pub(super) const RULE: Rule = Rule { name: "recursion", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for (name, schema) in lint.components() {
        if lint.document.holds(schema).contains(name.as_str()) {
            report.add(
                name,
                format!("the schema `{}` contains itself", name.value),
                "put a list or a map between, which can be empty: such a type would need a box, and its value an end",
            );
        }
        // Each that does is tried on each level: what is n levels deep would be read 2ⁿ times.
        let contains_it = |part: &&_| lint.document.leads_to(part).contains(name.as_str());
        let again = schema.one_of.iter().filter(|part| part.target().is_some()).map(|part| &part.value);
        if schema.discriminator.is_none() && again.filter(contains_it).count() > 1 {
            report.add(
                name,
                format!("several alternatives of `{}` contain it, and nothing tells them apart at once", name.value),
                "add a `discriminator`: a response that is nested deeply would take forever to read",
            );
        }
    }
}
