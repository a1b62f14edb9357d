//! Descriptions are Markdown of the docs, where brackets and angle brackets mean links and tags.

use super::rule::{Lint, Report, Rule};

pub(super) const RULE: Rule = Rule { name: "markup", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let document = lint.document;
    let schemas = lint.sites.iter().filter_map(|site| site.schema.description.as_ref());
    let operations = document.endpoints().flat_map(|endpoint| {
        let operation = &endpoint.operation.value;
        let parameters = endpoint.parameters().map(|parameter| parameter.value.description.as_ref());
        let body = operation.request_body.as_ref().map(|body| body.description.as_ref());
        let own = [operation.summary.as_ref(), operation.description.as_ref()];
        parameters.chain(body).chain(own).flatten().collect::<Vec<_>>()
    });
    let responses = document.written_responses().filter_map(|(_, response)| response.description.as_ref());
    let tags = document.tags.iter().map(|tag| &tag.description);
    let parameters =
        document.components.parameters.iter().filter_map(|(_, parameter)| parameter.description.as_ref());
    for text in schemas.chain(operations).chain(responses).chain(parameters).chain(tags) {
        let mut outside_code = text.split('`').step_by(2);
        let is_markup = outside_code.any(|part| part.contains(['<', '>', '[', ']', '|']) || part.contains("://"));
        // Control characters, and those that change the direction of the text around them.
        let hidden =
            |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if is_markup || text.contains("```") || text.contains(hidden) {
            report.add(
                text,
                "the text has a bracket, a vertical bar or a URL outside backticks, or it has a code block or a control character",
                "put it in backticks, or leave it out: the docs would take it for a link, a tag or a table",
            );
        }
    }
}
