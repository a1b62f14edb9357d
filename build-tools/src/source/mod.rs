//! From text to the document: `folder` has the files, `node` parses their YAML, `fragments` puts them together, and
//! `grammar` reads that into the mappings that `document` declares. Every value keeps its place. Knows the form of a document, and none of the rules for what it says.

pub mod document;
pub mod folder;
mod fragments;
pub mod grammar;
pub mod node;

use crate::diagnostic::{Diagnostic, Place};
use crate::markdown::is_allowed;
use document::Document;
use folder::Folder;
use grammar::Read;
use node::{Data, Node};

/// A document as it was read.
#[derive(Debug)]
pub struct Source {
    pub document: Document,
    /// The tree that it was read from.
    pub root: Node,
}

/// Parses the files of a document. Without findings, all of it was read; otherwise, as much as there is.
pub fn parse(folder: &Folder, found: &mut Vec<Diagnostic>) -> Option<Source> {
    let root = fragments::merge(folder, found)?;
    check_characters(&root, found);
    let document = Document::read(&root, found)?;
    Some(Source { document, root })
}

/// All texts become source code, docs or messages.
fn check_characters(node: &Node, found: &mut Vec<Diagnostic>) {
    let mut check = |text: &str, place: Place| {
        if let Some(hidden) = text.chars().find(|c| !is_allowed(*c)) {
            let message = format!("the text has the character {}", hidden.escape_unicode());
            let help = "write it in Latin letters and ordinary punctuation";
            found.push(Diagnostic::new("character", place, message, help));
        }
    };
    match &node.value {
        Data::Text(text) => check(text, node.place),
        Data::List(items) => items.iter().for_each(|item| check_characters(item, found)),
        Data::Map(entries) => {
            for (name, _) in entries {
                check(name, name.place);
            }
            for (_, value) in entries {
                check_characters(value, found);
            }
        }
        Data::Null | Data::Bool(_) | Data::Number(_) => {}
    }
}
