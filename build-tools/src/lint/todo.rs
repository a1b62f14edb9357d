//! No text is still to be written: a draft has `TODO` where a description in our own words belongs.

use super::rule::{Lint, Report, Rule};

pub(super) const RULE: Rule = Rule { name: "todo", check };

const MARK: &str = "TODO";

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for text in lint.texts().chain(lint.lines()).filter(|text| text.trim_start().starts_with(MARK)) {
        let help = "write it in your own words, from what the service documents";
        report.add(text, "the text is still to be written", help);
    }
    let pages = lint.document.endpoints().filter_map(|endpoint| endpoint.operation.value.external_docs.as_ref());
    for url in pages.map(|page| &page.url).filter(|url| url.split('/').any(|part| part == MARK)) {
        report.add(url, "the address of the page is still to be found", "find the page of the operation");
    }
}
