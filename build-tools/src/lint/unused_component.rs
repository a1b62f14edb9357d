//! Every component parameter and response is used.

use std::collections::BTreeSet;

use super::rule::{Lint, Report, Rule};

pub(super) const RULE: Rule = Rule { name: "unused-component", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let document = lint.document;
    let parameters = document.endpoints().flat_map(|endpoint| endpoint.parameters());
    let parameters = parameters.filter_map(|parameter| parameter.value.reference.as_ref());
    let responses = document.listed_responses().filter_map(|(_, response)| response.reference.as_ref());
    let used: BTreeSet<_> = parameters.chain(responses).map(|reference| reference.as_str()).collect();
    let parameters = document.components.parameters.iter().map(|(name, _)| ("parameters", name));
    let responses = document.components.responses.iter().map(|(name, _)| ("responses", name));
    for (kind, name) in parameters.chain(responses) {
        if !used.contains(format!("#/components/{kind}/{}", name.value).as_str()) {
            report.add(name, format!("nothing refers to `{}`", name.value), "remove it, or use it");
        }
    }
}
