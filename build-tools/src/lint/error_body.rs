//! The schema of the error responses says in `x-error-body` where the service's own words stand, and no other schema
//! does.

use super::rule::{Lint, Report, Rule};
use crate::source::document::{Kind, Response, Schema};
use crate::source::node::Spanned;

pub(super) const RULE: Rule = Rule { name: "error-body", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let document = lint.document;
    let mut errors = document.listed_responses().filter(|(status, _)| status.starts_with('4'));
    let errors = errors.find_map(|(_, response)| document.response(response).and_then(Response::schema)?.target());
    for (name, schema) in document.schemas() {
        let given = schema.error_body.as_ref();
        match (given, errors == Some(name.as_str())) {
            (None, true) => report.add(
                name,
                "the schema of the error responses has no `x-error-body`",
                "say where the `code`, the `title` and the `details` of an error are in it",
            ),
            (Some(given), false) => {
                report.add(given, "this is not the schema of the error responses", "remove `x-error-body`");
            }
            _ => {}
        }
        let Some(given) = given else { continue };
        let mut need = |path: &Spanned<String>, fits: &dyn Fn(&Schema) -> bool, what: &str| {
            if !lint.property_at(schema, path).is_some_and(fits) {
                let help = format!("give the path to {what}, with dots between the properties");
                report.add(path, format!("`{}` does not fit the schema", path.value), help);
            }
        };
        need(&given.code, &|schema| schema.kind() == Some(Kind::Integer), "an integer");
        need(&given.title, &|schema| schema.kind() == Some(Kind::String), "a string");
        for path in &given.details {
            need(path, &|_| true, "a property");
        }
    }
}
