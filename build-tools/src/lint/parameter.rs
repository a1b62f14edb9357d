//! Parameters are in the path or the query, once each, and have plain values.

use std::collections::BTreeSet;

use super::rule::{Lint, Report, Rule};
use crate::names::{self, Use};
use crate::source::document::{Kind, Schema, text};

pub(super) const RULE: Rule = Rule { name: "parameter", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for endpoint in lint.document.endpoints() {
        let mut seen = BTreeSet::new();
        for (place, parameter) in lint.parameters(&endpoint) {
            let (name, location) = (text(parameter.name.as_ref()), text(parameter.location.as_ref()));
            if !matches!(location, "path" | "query") {
                let help = "only `path` and `query` are supported; the runtime sends the headers";
                report.add(place, format!("the parameter `{name}` is in `{location}`"), help);
            }
            if location == "path" && !parameter.required {
                report.add(place, format!("the path parameter `{name}` is not required"), "add `required: true`");
            }
            if !names::is_snake_case(name) {
                let message = format!("`{name}` is not a Rust name in snake_case");
                report.add(place, message, "rename it; other spellings are not supported yet");
            }
            if !seen.insert(name) || names::is_taken(name, Use::Parameter) {
                let help = "each parameter becomes an argument or a setter of its own";
                report.add(place, format!("the name `{name}` is taken"), help);
            }
            let schema = parameter.schema.as_ref().and_then(|schema| lint.document.resolve(schema));
            if matches!(schema.and_then(Schema::kind), None | Some(Kind::Object | Kind::Array)) {
                let message = format!("the parameter `{name}` is not a plain value");
                report.add(place, message, "use a string, a number, a boolean, or an enum");
            }
        }
    }
}
