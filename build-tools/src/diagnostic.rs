//! A finding in the OpenAPI document: its rule, its place, and what to do about it. Knows no rule.

use std::fmt;
use std::ops::Range;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// A place in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Length in bytes; 0 where the reader of the YAML does not know it.
    pub length: usize,
}

impl Place {
    /// The range of bytes in the text. At the end of the text if the place is not in it.
    fn bytes(&self, text: &str) -> Range<usize> {
        let line = text.split_inclusive('\n').take(self.line - 1).map(str::len).sum::<usize>();
        let start = line + text[line..].chars().take(self.column - 1).map(char::len_utf8).sum::<usize>();
        let end = start + self.length;
        if text.is_char_boundary(end) { start..end } else { start..start }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that is broken, in kebab case; tests and readers know it by this name.
    pub rule: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where; `None` where there is no text to point into, as for a missing file.
    pub place: Option<Place>,
    /// What to do.
    pub help: String,
}

impl Diagnostic {
    /// A finding at a place.
    pub fn new(
        rule: &'static str,
        place: impl Into<Place>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { rule, message: message.into(), place: Some(place.into()), help: help.into() }
    }

    /// A finding about the document as a whole.
    pub fn whole(rule: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { rule, message: message.into(), place: None, help: help.into() }
    }
}

/// All findings, with the text that they point into.
#[derive(Debug)]
pub struct Diagnostics {
    path: String,
    text: String,
    /// In the order of the rules.
    pub list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Findings in the document `text`, which was read from `path`.
    pub fn new(path: &Path, text: &str, list: Vec<Diagnostic>) -> Self {
        Self { path: path.display().to_string(), text: text.to_owned(), list }
    }
}

impl std::error::Error for Diagnostics {}

/// Renders like rustc: `error[rule]: message`, ` --> file:line:column`, the line itself, `help: what to do`.
impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.list.iter().enumerate() {
            let title = Level::ERROR.primary_title(diagnostic.message.as_str()).id(diagnostic.rule);
            let group = match &diagnostic.place {
                Some(place) => title.element(
                    Snippet::source(self.text.as_str())
                        .path(self.path.as_str())
                        .annotation(AnnotationKind::Primary.span(place.bytes(&self.text))),
                ),
                None => title.element(annotate_snippets::Origin::path(self.path.as_str())),
            };
            let report = [group.element(Level::HELP.message(diagnostic.help.as_str()))];
            if index > 0 {
                writeln!(f)?;
            }
            writeln!(f, "{}", Renderer::plain().render(&report))?;
        }
        Ok(())
    }
}
