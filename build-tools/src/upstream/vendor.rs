//! The vendor's document: OpenAPI 3.0 or 3.1, YAML or JSON, as it is. Knows where things are in it, and not what we make
//! of them.

use std::collections::BTreeMap;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Diagnostics, Place};
use crate::source::document::without_names;
use crate::source::folder::Folder;
use crate::source::node::{self, Data, Node, Spanned, as_text, entries, items};

/// What references to component schemas start with.
pub const SCHEMAS: &str = "#/components/schemas/";
const METHODS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];

/// The vendor's document.
#[derive(Debug)]
pub struct Vendor {
    /// Its file.
    pub folder: Folder,
    /// The whole of it.
    pub root: Node,
    /// The version of OpenAPI, such as `3.1.0`.
    pub version: String,
    /// Where the component schemas stand in their mapping, by name: a large document has very many.
    schemas: BTreeMap<String, usize>,
}

/// An operation of the vendor's document.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'a> {
    /// With its parameters in braces.
    pub path: &'a Spanned<String>,
    /// What all operations of the path share.
    pub item: &'a Node,
    /// In lower case.
    pub method: &'static str,
    /// What the document says of it.
    pub node: &'a Node,
}

/// What two documents share of an operation: its method and its path, without the names of parameters and the last slash.
pub fn key(method: &str, path: &str) -> String {
    format!("{} {}", method.to_uppercase(), without_names(path.trim_end_matches('/')))
}

impl<'a> Operation<'a> {
    /// A text of the operation, such as its `operationId`.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.node.value.get(key).and_then(as_text)
    }

    /// Its first tag.
    pub fn tag(&self) -> Option<&'a str> {
        items(self.node.value.get("tags")?).first().and_then(as_text)
    }

    /// What two documents share of the operation.
    pub fn key(&self) -> String {
        key(self.method, self.path)
    }

    /// `GET /path/`.
    pub fn title(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path.value)
    }
}

impl Vendor {
    /// A document that was read from a folder.
    pub fn new(folder: Folder, root: Node, version: String) -> Self {
        let names = schemas(&root).iter().enumerate().map(|(at, (name, _))| (name.value.clone(), at));
        Self { schemas: names.collect(), folder, root, version }
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is not YAML or JSON, or not OpenAPI 3.0 or 3.1.
    pub fn read(path: &Path) -> Result<Self, Diagnostics> {
        Self::parse(Folder::of_file(path)?)
    }

    /// Reads the only file of a folder.
    ///
    /// # Errors
    ///
    /// When it is not YAML or JSON, or not OpenAPI 3.0 or 3.1.
    pub fn parse(folder: Folder) -> Result<Self, Diagnostics> {
        let text = folder.texts.first().map_or("", |text| text.text.as_str());
        let read = node::parse(text, 0).and_then(|root| Ok((version(&root)?, root)));
        match read {
            Ok((version, root)) => Ok(Self::new(folder, root, version)),
            Err(finding) => Err(Diagnostics::new(folder.texts, vec![finding])),
        }
    }

    /// All operations, in the order of the document.
    pub fn operations(&self) -> Vec<Operation<'_>> {
        let paths = self.root.get("paths").map(entries).unwrap_or_default();
        let all = paths.iter().flat_map(|(path, item)| {
            let operation = move |method| {
                Some(Operation { path, item, method, node: item.get(method).filter(|node| is_map(node))? })
            };
            METHODS.into_iter().filter_map(operation)
        });
        all.collect()
    }

    /// What a `$ref` leads to in this document; any other value is itself. `None` if it leads nowhere.
    pub fn resolve<'a>(&'a self, node: &'a Node) -> Option<&'a Node> {
        let mut node = node;
        // A chain that is longer is a circle.
        for _ in 0..32 {
            let Some(reference) = node.get("$ref").and_then(as_text) else { return Some(node) };
            node = self.at(reference)?;
        }
        None
    }

    /// What a reference leads to.
    pub fn at(&self, reference: &str) -> Option<&Node> {
        if let Some(name) = reference.strip_prefix(SCHEMAS).filter(|name| !name.contains(['/', '~'])) {
            return schemas(&self.root).get(*self.schemas.get(name)?).map(|(_, schema)| schema);
        }
        reference.strip_prefix("#/")?.split('/').try_fold(&self.root, |node, part| {
            let key = part.replace("~1", "/").replace("~0", "~");
            match &node.value {
                Data::List(items) => items.get(key.parse::<usize>().ok()?),
                value => value.get(&key),
            }
        })
    }
}

fn schemas(root: &Node) -> &[(Spanned<String>, Node)] {
    root.get("components").and_then(|all| all.get("schemas")).map(entries).unwrap_or_default()
}

fn is_map(node: &Node) -> bool {
    matches!(node.value, Data::Map(_))
}

fn version(root: &Node) -> Result<String, Diagnostic> {
    const HELP: &str = "give the vendor's whole OpenAPI document, version 3.0 or 3.1";
    let no = |place: Place, message: &str| Err(Diagnostic::new("openapi-version", place, message, HELP));
    let Some(node) = root.get("openapi") else {
        let known =
            root.get("swagger").map(|node| ("this is a Swagger document, the form before OpenAPI 3.0", node.place));
        let (message, place) =
            known.unwrap_or(("this is not an OpenAPI document: the key `openapi` is missing", root.place));
        return no(place, message);
    };
    match as_text(node) {
        Some(text) if text.starts_with("3.0.") || text.starts_with("3.1.") => Ok(text.to_owned()),
        Some(text) => no(node.place, &format!("OpenAPI {text} is not supported")),
        None => no(node.place, "the version must be a string"),
    }
}
