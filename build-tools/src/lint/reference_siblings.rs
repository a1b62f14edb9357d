//! Nothing is next to a `$ref`: OpenAPI 3.0 ignores it.

use super::rule::{Lint, Report, Rule};

pub(super) const RULE: Rule = Rule { name: "reference-siblings", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    const MESSAGE: &str = "OpenAPI ignores other keys next to a `$ref`";
    const HELP: &str = "remove the keys next to the `$ref`";
    for (status, response) in lint.document.listed_responses() {
        if response.reference.is_some() && (response.description.is_some() || response.content.is_some()) {
            report.add(status, MESSAGE, HELP);
        }
    }
    for endpoint in lint.document.endpoints() {
        for parameter in endpoint.parameters() {
            if parameter.reference.is_some() && (parameter.name.is_some() || parameter.schema.is_some()) {
                report.add(parameter, MESSAGE, HELP);
            }
        }
    }
    for site in lint.sites.iter().filter(|site| site.schema.reference.is_some()) {
        let schema = site.schema;
        let siblings = [
            schema.description.is_some(),
            schema.title.is_some(),
            schema.example.is_some(),
            schema.nullable,
            schema.deprecated,
            schema.read_only,
        ];
        if siblings.contains(&true) {
            report.add(site.place, MESSAGE, "wrap the `$ref` in `allOf`, and write the rest next to that");
        }
    }
}
