//! From text to the document: `node` parses the YAML, `grammar` reads it into the mappings that `document` declares.
//! Every value keeps its place. Knows the form of a document, and none of the rules for what it says.

pub mod document;
pub mod grammar;
pub mod node;

use std::path::Path;

use crate::diagnostic::{Diagnostic, Place};
use crate::markdown::is_allowed;
use document::Document;
use grammar::Read;
use node::{Data, Node};

/// A document as it was read.
#[derive(Debug)]
pub struct Source {
    pub document: Document,
    /// The tree that it was read from.
    pub root: Node,
}

/// Reads the file of a document.
pub fn read(path: &Path) -> Result<String, Diagnostic> {
    std::fs::read_to_string(path).map_err(|error| {
        Diagnostic::whole(
            "file",
            format!("the OpenAPI document cannot be read: {error}"),
            match error.kind() {
                std::io::ErrorKind::InvalidData => "save it as UTF-8",
                _ => "it must be at openapi/prolific.yaml in the workspace root: restore it from version control",
            },
        )
    })
}

/// Parses the text of a document.
pub fn parse(text: &str) -> Result<Source, Vec<Diagnostic>> {
    let root = node::parse(text).map_err(|diagnostic| vec![diagnostic])?;
    check_version(&root).map_err(|diagnostic| vec![diagnostic])?;
    let mut found = Vec::new();
    check_characters(&root, &mut found);
    let document = Document::read(&root, &mut found);
    match document {
        Some(document) if found.is_empty() => Ok(Source { document, root }),
        _ => Err(found),
    }
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

/// A document of another version is reported as such, and not by its unknown keys.
fn check_version(root: &Node) -> Result<(), Diagnostic> {
    const RULE: &str = "openapi-version";
    const HELP: &str = "write the document in OpenAPI 3.0.3; progenitor reads no other version";
    let Some(version) = root.get("openapi") else {
        return Err(Diagnostic::new(RULE, root, "this is not an OpenAPI document: the key `openapi` is missing", HELP));
    };
    match &version.value {
        Data::Text(text) if matches!(text.as_str(), "3.0.0" | "3.0.1" | "3.0.2" | "3.0.3" | "3.0.4") => Ok(()),
        Data::Text(text) => Err(Diagnostic::new(RULE, version, format!("OpenAPI {text} is not supported"), HELP)),
        other => {
            Err(Diagnostic::new(RULE, version, format!("the version must be a string, found {}", other.kind()), HELP))
        }
    }
}
