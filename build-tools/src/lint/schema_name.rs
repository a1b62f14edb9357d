//! Component names are the names of Rust types, and of the modules of their files.

use std::collections::BTreeSet;

use heck::ToPascalCase;

use super::rule::{Lint, Report, Rule};
use crate::names::{self, Use};

pub(super) const RULE: Rule = Rule { name: "schema-name", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let mut modules = BTreeSet::new();
    for (name, _) in lint.components() {
        let module = names::module(name);
        if !names::is_pascal_case(name) {
            report.add(
                name,
                format!("the schema name `{}` is not in PascalCase", name.value),
                format!("rename it to `{}`: it becomes the name of the Rust type", name.to_pascal_case()),
            );
        } else if !names::is_snake_case(&module) || !modules.insert(module) {
            report.add(
                name,
                format!("the schema name `{}` cannot be the name of a Rust module", name.value),
                "choose a name whose snake_case form is not a keyword and differs from the others",
            );
        } else if names::is_taken(name, Use::Schema) {
            report.add(
                name,
                format!("the schema name `{}` hides a Rust name that generated code uses", name.value),
                "choose a more specific name",
            );
        }
    }
}
