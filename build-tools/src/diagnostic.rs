//! A defect in the OpenAPI document, told with its place, its rule and what to do. Knows no rule itself.

use std::fmt;
use std::ops::Range;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use serde_saphyr::{Location, Spanned};

/// A place in the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Line, from 1.
    pub line: u64,
    /// Column in characters, from 1.
    pub column: u64,
    /// Length in bytes; 0 where the reader of the YAML does not know it.
    length: u64,
}

impl Place {
    /// The range of bytes in the text. At the end of the text if the place is not in it.
    fn bytes(&self, text: &str) -> Range<usize> {
        let lines = text.split_inclusive('\n').take(usize::try_from(self.line - 1).unwrap_or(usize::MAX));
        let line = lines.map(str::len).sum::<usize>();
        let columns = text[line..].chars().take(usize::try_from(self.column - 1).unwrap_or(usize::MAX));
        let start = line + columns.map(char::len_utf8).sum::<usize>();
        let end = start + usize::try_from(self.length).unwrap_or(0);
        if text.is_char_boundary(end) { start..end } else { start..start }
    }
}

impl From<Location> for Place {
    fn from(location: Location) -> Self {
        let length = location.span().byte_len().unwrap_or(0);
        // The reader's unknown place is line 0.
        Self { line: location.line().max(1), column: location.column().max(1), length }
    }
}

impl<T> From<&Spanned<T>> for Place {
    fn from(spanned: &Spanned<T>) -> Self {
        spanned.referenced.into()
    }
}

/// One defect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that is broken, in kebab case; tests and readers know it by this name.
    pub rule: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where; `None` where there is no text to point into (a missing file).
    pub place: Option<Place>,
    /// What to do.
    pub help: String,
}

impl Diagnostic {
    /// A defect at a place.
    pub fn new(
        rule: &'static str,
        place: impl Into<Place>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { rule, message: message.into(), place: Some(place.into()), help: help.into() }
    }

    /// A defect of the document as a whole.
    pub fn whole(rule: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { rule, message: message.into(), place: None, help: help.into() }
    }
}

/// All defects found, with the text that they point into.
#[derive(Debug)]
pub struct Diagnostics {
    path: String,
    text: String,
    /// In the order of the rules.
    pub list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Defects of the document `text`, which was read from `path`.
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
