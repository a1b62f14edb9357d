//! No text is still to be written: a draft has `TODO` where a description in our own words belongs.

use super::rule::{Lint, Report, Rule};
use crate::source::document::Operation;
use crate::source::node::Spanned;

pub(super) const RULE: Rule = Rule { name: "todo", check };

const MARK: &str = "TODO";

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let document = lint.document;
    let mut texts: Vec<&Spanned<String>> = document.tags.iter().map(|tag| &tag.description).collect();
    for endpoint in document.endpoints() {
        let Operation { summary, description, external_docs, request_body, .. } = &endpoint.operation.value;
        let body = request_body.as_ref().and_then(|body| body.description.as_ref());
        texts.extend(summary.iter().chain(description).chain(body));
        texts.extend(external_docs.iter().map(|docs| &docs.description));
        for url in external_docs.iter().map(|docs| &docs.url) {
            if url.split('/').any(|part| part == MARK) {
                report.add(url, "the address of the page is still to be found", "find the page of the operation");
            }
        }
    }
    let shared = document.components.parameters.iter().map(|(_, parameter)| &parameter.value);
    let own = document.paths.iter().flat_map(|(_, item)| &item.parameters);
    let own = own.chain(document.endpoints().flat_map(|endpoint| &endpoint.operation.value.parameters));
    texts.extend(own.filter_map(|parameter| parameter.description.as_ref()).chain(shared.filter_map(|one| one.description.as_ref())));
    texts.extend(document.written_responses().filter_map(|(_, response)| response.description.as_ref()));
    for site in &lint.sites {
        texts.extend(&site.schema.description);
        texts.extend(site.schema.value_descriptions.iter().map(|(_, text)| text));
    }
    for text in texts.into_iter().filter(|text| text.trim_start().starts_with(MARK)) {
        report.add(text, "the text is still to be written", "write it in your own words, from what the service documents");
    }
}
