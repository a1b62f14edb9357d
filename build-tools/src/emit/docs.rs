//! Doc comments: a line for each line, wrapped so that a change shows where it is.

use syn::{Attribute, parse_quote};

/// Leaves room for the indentation of a method and for `///` within the line width of rustfmt.toml.
const WIDTH: usize = 110;

/// Doc attributes for a string.
pub fn doc(text: &str) -> Vec<Attribute> {
    let text = text.trim();
    let lines = text.lines().filter(|_| !text.is_empty()).flat_map(|line| {
        // The rows of a table stay in one line.
        if line.starts_with('|') {
            return vec![line.into()];
        }
        let indent = if line.trim_start().starts_with("- ") { "  " } else { "" };
        let options = textwrap::Options::new(WIDTH)
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation)
            .subsequent_indent(indent);
        textwrap::wrap(line.trim(), options)
    });
    verbatim(lines)
}

/// Doc attributes for lines that stay as they are, as those of code do.
pub fn verbatim<T: AsRef<str>>(lines: impl IntoIterator<Item = T>) -> Vec<Attribute> {
    let line = |line: &str| if line.is_empty() { String::new() } else { format!(" {line}") };
    let lines = lines.into_iter().map(|text| line(text.as_ref()));
    lines.map(|line| parse_quote!(#[doc = #line])).collect()
}
