//! Texts are plain Markdown: they become doc comments, where a code block is a program that `cargo test` runs.

use super::rule::{Lint, Report, Rule};
use crate::markdown::defect;
use crate::source::node::Spanned;

pub(super) const RULE: Rule = Rule { name: "markup", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for text in lint.texts() {
        need_plain(text, report);
    }
    for line in lint.lines() {
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
