//! Texts are plain Markdown: they become doc comments, where a code block is a program that `cargo test` runs.

use super::rule::{Lint, Report, Rule};
use crate::markdown::defect;
use crate::source::node::Spanned;

pub(super) const RULE: Rule = Rule { name: "markup", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let document = lint.document;
    let schemas = lint.sites.iter().flat_map(|site| {
        let values = site.schema.value_descriptions.iter().map(|(_, text)| text);
        site.schema.description.iter().chain(values)
    });
    let operations = document.endpoints().flat_map(|endpoint| {
        let operation = &endpoint.operation.value;
        let parameters = endpoint.parameters().map(|parameter| parameter.value.description.as_ref());
        let body = operation.request_body.as_ref().map(|body| body.description.as_ref());
        parameters.chain(body).chain([operation.description.as_ref()]).flatten().collect::<Vec<_>>()
    });
    let responses = document.written_responses().filter_map(|(_, response)| response.description.as_ref());
    let tags = document.tags.iter().map(|tag| &tag.description);
    let parameters =
        document.components.parameters.iter().filter_map(|(_, parameter)| parameter.description.as_ref());
    for text in schemas.chain(operations).chain(responses).chain(parameters).chain(tags) {
        need_plain(text, report);
    }
    let summaries = document.endpoints().filter_map(|endpoint| endpoint.operation.value.summary.as_ref());
    let pages = document.endpoints().filter_map(|endpoint| endpoint.operation.value.external_docs.as_ref());
    for line in summaries.chain(pages.map(|page| &page.description)) {
        need_plain(line, report);
        if line.trim().contains(['\n', '`', '*']) {
            report.add(line, "the text is more than one plain line", "it stands in a sentence, a table and in error texts");
        }
    }
}

fn need_plain(text: &Spanned<String>, report: &mut Report<'_>) {
    if let Some(defect) = defect(text) {
        let help = "write paragraphs and lists of one level; put symbols in backticks";
        report.add(text, format!("the text is more than plain Markdown: {defect}"), help);
    }
}
