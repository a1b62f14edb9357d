//! How findings are reported: for people, as JSON, and as the annotations of GitHub.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde_json::{Value, json};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::rules;

/// More than anyone reads at once.
const MOST_SHOWN: usize = 100;

impl std::error::Error for Diagnostics {}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(&Renderer::plain()))
    }
}

impl Diagnostics {
    /// With colours, for a terminal.
    pub fn coloured(&self) -> String {
        self.render(&Renderer::styled())
    }

    /// Like rustc: `error[rule]: message`, ` --> file:line:column`, the line itself, why there is the rule, and what to
    /// do. Of many findings only the first, and how many there are of each rule.
    fn render(&self, renderer: &Renderer) -> String {
        let shown = self.list.iter().take(MOST_SHOWN).map(|finding| self.render_one(finding, renderer) + "\n");
        let mut text = shown.collect::<Vec<_>>().join("\n");
        if self.list.len() > MOST_SHOWN {
            text += &format!("\n{} findings, of which the first {MOST_SHOWN} are shown:\n", self.list.len());
            let mut counts: Vec<_> = self.counts().into_iter().collect();
            counts.sort_by_key(|(rule, count)| (Reverse(*count), *rule));
            for (rule, count) in counts {
                text += &format!("{count:>7}  {rule}\n");
            }
        }
        text
    }

    fn render_one(&self, finding: &Diagnostic, renderer: &Renderer) -> String {
        let title = Level::ERROR.primary_title(finding.message.as_str()).id(finding.rule);
        let place = &finding.place;
        let group = match self.texts.get(place.file) {
            Some(text) if !place.is_whole() => {
                let (lines, span) = text.excerpt(place);
                title.element(
                    Snippet::source(lines)
                        .line_start(place.line)
                        .path(text.path.as_str())
                        .annotation(AnnotationKind::Primary.span(span)),
                )
            }
            text => title.element(annotate_snippets::Origin::path(text.map_or("", |text| text.path.as_str()))),
        };
        let why = rules::why(finding.rule);
        let why = (!why.is_empty()).then(|| Level::NOTE.message(why.as_str()));
        let report = [group.elements(why).element(Level::HELP.message(finding.help.as_str()))];
        renderer.render(&report)
    }

    /// How many findings there are of each rule.
    fn counts(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for finding in &self.list {
            *counts.entry(finding.rule).or_default() += 1;
        }
        counts
    }

    fn path(&self, finding: &Diagnostic) -> &str {
        self.texts.get(finding.place.file).map_or("", |text| text.path.as_str())
    }

    /// All findings, for programs.
    pub fn to_json(&self) -> Value {
        let findings = self.list.iter().map(|finding| {
            let place = Some(finding.place).filter(|place| !place.is_whole());
            json!({
                "rule": finding.rule,
                "message": finding.message,
                "file": self.path(finding),
                "line": place.map(|place| place.line),
                "column": place.map(|place| place.column),
                "why": rules::why(finding.rule),
                "help": finding.help,
            })
        });
        json!({ "findings": findings.collect::<Vec<_>>(), "counts": self.counts() })
    }

    /// All findings, as workflow commands, which GitHub shows at their lines.
    pub fn to_github(&self) -> String {
        let lines = self.list.iter().map(|finding| {
            let place = Some(finding.place).filter(|place| !place.is_whole());
            let place = place.map(|place| format!(",line={},col={}", place.line, place.column)).unwrap_or_default();
            let (file, rule) = (property(self.path(finding)), property(finding.rule));
            let text = data(&format!("{}\n{}", finding.message, finding.help));
            format!("::error file={file}{place},title={rule}::{text}\n")
        });
        lines.collect()
    }
}

/// The text of a workflow command, escaped as GitHub does it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
