//! Every `$ref` leads to a component of this document, and no component is itself a reference.

use super::rule::{Lint, Report, Role, Rule};
use crate::source::node::Spanned;

pub(super) const RULE: Rule = Rule { name: "reference", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let document = lint.document;
    let mut leads_nowhere = |reference: Option<&Spanned<String>>, resolves: bool| {
        if let Some(reference) = reference.filter(|_| !resolves) {
            report.add(
                reference,
                format!("`{}` does not refer to a component", reference.value),
                "define the component, or correct the name; references to other files are not supported",
            );
        }
    };
    for site in &lint.sites {
        let is_component = matches!(site.role, Role::Component(_));
        let resolves = !is_component && document.resolve(site.schema).is_some();
        leads_nowhere(site.schema.reference.as_ref(), resolves);
    }
    let listed = document.paths.iter().flat_map(|(_, item)| &item.parameters);
    for parameter in listed.chain(document.endpoints().flat_map(|endpoint| &endpoint.operation.value.parameters)) {
        leads_nowhere(parameter.reference.as_ref(), document.parameter(parameter).is_some());
    }
    for (_, response) in document.listed_responses() {
        leads_nowhere(response.reference.as_ref(), document.response(response).is_some());
    }
    for (_, parameter) in document.components.parameters.iter() {
        leads_nowhere(parameter.reference.as_ref(), false);
    }
    for (_, response) in document.components.responses.iter() {
        leads_nowhere(response.reference.as_ref(), false);
    }
}
