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

/// A text, and where its lines begin.
#[derive(Debug)]
struct Lines {
    text: String,
    starts: Vec<usize>,
}

impl Lines {
    /// The lines of YAML, which end in a line feed, a carriage return, or both.
    fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|(at, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        Self { text: text.to_owned(), starts }
    }

    /// The lines of a place, and its range of bytes in them. At the end of the text if the place is not in it. Of many
    /// lines, only the first is shown.
    fn excerpt(&self, place: &Place) -> (&str, Range<usize>) {
        const MOST: usize = 4096;
        let end_of_text = self.text.len();
        let start_of = |line: usize| self.starts.get(line).copied().unwrap_or(end_of_text);
        let first = start_of(place.line - 1);
        let line = &self.text[first..start_of(place.line)];
        let start = line.chars().take(place.column - 1).map(char::len_utf8).sum::<usize>();
        let end = start + place.length;
        // As far as the line with the last byte of the place.
        let last = self.starts.partition_point(|known| *known < first + end).max(place.line);
        let lines = &self.text[first..start_of(last)];
        let shown = lines.trim_end_matches(['\r', '\n']);
        let lines = if end <= shown.len() { shown } else { lines };
        if end <= lines.len() && lines.is_char_boundary(end) && lines.len() <= MOST {
            return (lines, start..end);
        }
        (line, start..start)
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
    lines: Lines,
    /// In the order of the rules.
    pub list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Findings in the document `text`, which was read from `path`.
    pub fn new(path: &Path, text: &str, list: Vec<Diagnostic>) -> Self {
        Self { path: path.display().to_string(), lines: Lines::new(text), list }
    }
}

impl std::error::Error for Diagnostics {}

/// Renders like rustc: `error[rule]: message`, ` --> file:line:column`, the line itself, `help: what to do`.
impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.list.iter().enumerate() {
            let title = Level::ERROR.primary_title(diagnostic.message.as_str()).id(diagnostic.rule);
            let group = match &diagnostic.place {
                Some(place) => {
                    let (lines, span) = self.lines.excerpt(place);
                    title.element(
                        Snippet::source(lines)
                            .line_start(place.line)
                            .path(self.path.as_str())
                            .annotation(AnnotationKind::Primary.span(span)),
                    )
                }
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
