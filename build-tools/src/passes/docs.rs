//! Doc comments: `/// Like this`, and a line for each line.

use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, ExprLit, Lit, Meta, parse_quote};

/// Puts the doc comments of everything inside into form.
#[derive(Default)]
pub struct Docs {
    /// How many doc comments were found that read `///like this`.
    pub spaced: usize,
}

impl VisitMut for Docs {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        let (docs, mut rest): (Vec<_>, Vec<_>) = attributes.drain(..).partition(|attribute| text(attribute).is_some());
        let text: Vec<_> = docs.iter().filter_map(text).collect();
        let text = text.join("\n");
        self.spaced += usize::from(text.starts_with(|first: char| !first.is_whitespace()));
        *attributes = attributes_for(&text);
        attributes.append(&mut rest);
    }
}

/// The text of a doc attribute.
fn text(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Doc attributes for a text, one for each line, wrapped so that a change shows where it is.
pub fn attributes_for(text: &str) -> Vec<Attribute> {
    let text = text.trim();
    let lines = text.lines().filter(|_| !text.is_empty()).flat_map(|line| {
        let indent = if line.trim_start().starts_with("- ") { "  " } else { "" };
        textwrap::wrap(
            line.trim(),
            textwrap::Options::new(WIDTH)
                .break_words(false)
                .word_splitter(textwrap::WordSplitter::NoHyphenation)
                .subsequent_indent(indent),
        )
    });
    let lines = lines.map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    lines.map(|line| parse_quote!(#[doc = #line])).collect()
}

/// Leaves room for the indentation of a method and for `///` within the line width of rustfmt.toml.
const WIDTH: usize = 110;
