//! A finding in the files of a document: its rule, its place, and what to do about it. Knows no rule.

use std::ops::Range;

/// A text that findings point into.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// What it is called in diagnostics.
    pub path: String,
    /// Its lines.
    pub text: String,
}

impl Text {
    /// The place of a byte of this text, which has the index `file`.
    pub(crate) fn place(&self, file: usize, byte: usize) -> Place {
        let before = self.text.get(..byte).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        Place { file, line: before.matches('\n').count() + 1, column: line.chars().count() + 1, length: 0 }
    }
}

/// A place in one of several texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The index of the text.
    pub file: usize,
    /// Line, from 1; 0 stands for the text as a whole.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Length in bytes; 0 where the reader of the YAML does not know it.
    pub length: usize,
}

impl Place {
    /// A text as a whole.
    pub fn whole(file: usize) -> Self {
        Self { file, line: 0, column: 0, length: 0 }
    }

    /// Whether it is a text as a whole.
    pub fn is_whole(&self) -> bool {
        self.line == 0
    }
}

/// A text, and where its lines begin.
#[derive(Debug)]
pub(crate) struct Lines {
    pub(crate) path: String,
    text: String,
    starts: Vec<usize>,
}

impl Lines {
    /// The lines of YAML, which end in a line feed, a carriage return, or both.
    fn new(Text { path, text }: Text) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|(at, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        });
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        Self { path, text, starts }
    }

    /// The lines of a place, and its range of bytes in them. At the end of the text if the place is not in it. Of many
    /// lines, only the first is shown.
    pub(crate) fn excerpt(&self, place: &Place) -> (&str, Range<usize>) {
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
    /// Where. The text as a whole if there is nothing in it to point to, as for a missing file.
    pub place: Place,
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
        Self { rule, message: message.into(), place: place.into(), help: help.into() }
    }

    /// A finding about the first text as a whole.
    pub fn whole(rule: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(rule, Place::whole(0), message, help)
    }
}

/// All findings, with the texts that they point into.
#[derive(Debug, Default)]
pub struct Diagnostics {
    pub(crate) texts: Vec<Lines>,
    /// In the order of their places.
    pub list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Findings in these texts.
    pub fn new(texts: Vec<Text>, mut list: Vec<Diagnostic>) -> Self {
        list.sort_by_key(|finding| (finding.place.file, finding.place.line, finding.place.column));
        Self { texts: texts.into_iter().map(Lines::new).collect(), list }
    }

    /// Keeps only those in one of the texts.
    pub fn keep(&mut self, path: &str) {
        let texts = &self.texts;
        self.list.retain(|finding| texts.get(finding.place.file).is_some_and(|text| text.path == path));
    }
}
