//! Doc comments.

use syn::{Attribute, parse_quote};

use crate::markdown::lines;

/// Doc attributes for a text.
pub fn doc(text: &str) -> Vec<Attribute> {
    verbatim(lines(text))
}

/// Doc attributes for lines that stay as they are, as those of code do.
pub fn verbatim<T: AsRef<str>>(lines: impl IntoIterator<Item = T>) -> Vec<Attribute> {
    let line = |line: &str| if line.is_empty() { String::new() } else { format!(" {line}") };
    let lines = lines.into_iter().map(|text| line(text.as_ref()));
    lines.map(|line| parse_quote!(#[doc = #line])).collect()
}
