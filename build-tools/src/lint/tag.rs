//! Every operation has one tag, which is its resource: declared, and named so that Rust can name it.

use std::collections::BTreeSet;

use super::rule::{Lint, Report, Rule};
use crate::names::{self, Use};

pub(super) const RULE: Rule = Rule { name: "tag", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let mut used = BTreeSet::new();
    let operations = lint.document.endpoints().map(|it| (it.operation.place, &it.operation.value.tags));
    for (place, tags) in operations.chain(lint.document.deliveries().map(|it| (it.place, &it.value.tags))) {
        if tags.len() != 1 {
            let help = "give it the one tag of its resource";
            report.add(place, format!("the operation has {} tags", tags.len()), help);
        }
        for tag in tags {
            used.insert(tag.as_str());
            if !lint.document.tags.iter().any(|known| known.name.value == tag.value) {
                let help = "add it to `tags` at the top of the document, with a description";
                report.add(tag, format!("the tag `{}` is not declared", tag.value), help);
            }
        }
    }
    let mut modules = BTreeSet::new();
    for tag in &lint.document.tags {
        let (name, module) = (&tag.name, names::resource(&tag.name));
        if !names::is_snake_case(&module) || names::is_taken(&module, Use::Resource) || !modules.insert(module) {
            report.add(
                name,
                format!("the tag `{}` cannot name a resource", name.value),
                "choose a name whose snake_case form is neither a keyword nor taken, such as `participant-groups`",
            );
        }
        if !used.contains(name.as_str()) {
            report.add(name, format!("no operation has the tag `{}`", name.value), "remove it, or use it");
        }
    }
}
