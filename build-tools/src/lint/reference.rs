//! Every `$ref` leads to a component of this document, and no component is itself a reference.

use super::rule::{Lint, Report, Role, Rule};
use crate::source::node::Spanned;

pub(super) const RULE: Rule = Rule { name: "reference", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let document = lint.document;
    let is_component = |role: &Role<'_>| matches!(role, Role::Component(_));
    for site in lint.sites.iter().filter(|site| !is_component(&site.role)) {
        need(site.schema.reference.as_ref(), document.resolve(site.schema).is_some(), report);
    }
    let listed = document.paths.iter().flat_map(|(_, item)| &item.parameters);
    for parameter in listed.chain(document.endpoints().flat_map(|endpoint| &endpoint.operation.value.parameters)) {
        need(parameter.reference.as_ref(), document.parameter(parameter).is_some(), report);
    }
    for (_, response) in document.listed_responses() {
        need(response.reference.as_ref(), document.response(response).is_some(), report);
    }
    let schemas = lint.sites.iter().filter(|site| is_component(&site.role)).map(|site| &site.schema.reference);
    let parameters = document.components.parameters.iter().map(|(_, parameter)| &parameter.reference);
    let responses = document.components.responses.iter().map(|(_, response)| &response.reference);
    for reference in schemas.chain(parameters).chain(responses).flatten() {
        let message = format!("a component cannot be another name of `{}`", reference.value);
        report.add(reference, message, "refer to that one where this name is used");
    }
}

fn need(reference: Option<&Spanned<String>>, resolves: bool, report: &mut Report<'_>) {
    if let Some(reference) = reference.filter(|_| !resolves) {
        report.add(
            reference,
            format!("`{}` does not refer to a component", reference.value),
            "define the component, or correct the name",
        );
    }
}
