//! What a draft can use of our folder: its components, tags, operations, and habits. Knows nothing of the vendor's
//! document. Reads the files as they are, so that a folder with findings can be drafted for.

use std::collections::{BTreeMap, BTreeSet};

use super::model::Target;
use crate::names;
use crate::source::folder::{Folder, name_of};
use crate::source::node::{self, Node, as_text, entries, items};
use crate::upstream::vendor::key;

/// The files of our folder, as far as they can be read.
#[derive(Debug)]
pub(super) struct Files(Vec<(String, Node)>);

impl Files {
    pub(super) fn read(folder: &Folder) -> Self {
        let read = |(file, text)| Some((name_of(text).to_owned(), node::parse(&text.text, file).ok()?));
        Self(folder.texts.iter().enumerate().filter_map(read).collect())
    }
}

/// A component schema of ours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Component<'a> {
    pub(super) file: &'a str,
    pub(super) node: &'a Node,
}

/// A query parameter that is a component of ours.
#[derive(Debug)]
pub(super) struct Parameter<'a> {
    pub(super) reference: String,
    pub(super) kind: &'a str,
}

/// Our folder.
#[derive(Debug, Default)]
pub(super) struct Ours<'a> {
    pub(super) schemas: BTreeMap<&'a str, Component<'a>>,
    modules: BTreeSet<String>,
    /// By their names in a query.
    pub(super) parameters: BTreeMap<&'a str, Parameter<'a>>,
    /// The statuses of the error responses that every operation has.
    pub(super) common: BTreeSet<&'a str>,
    /// The schema of error responses.
    pub(super) error: Option<Target>,
    /// The tags and their files, by resource.
    pub(super) tags: BTreeMap<String, (&'a str, &'a str)>,
    /// The ids of operations, by method and path, without the names of parameters and the last slash.
    pub(super) operations: BTreeMap<String, &'a str>,
    /// The documentation pages of operations, by the same.
    pub(super) pages: BTreeMap<String, (&'a str, &'a str)>,
    /// The resources and the request types of the operations.
    pub(super) methods: BTreeSet<(String, String)>,
    /// The files of the paths.
    pub(super) paths: BTreeMap<&'a str, &'a str>,
    /// The properties that identify persons, and those of which one does not.
    personal: BTreeSet<&'a str>,
    impersonal: BTreeSet<&'a str>,
    /// What properties refer to, by their names.
    by_property: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// The `x-pagination` of operations.
    pub(super) paging: Vec<&'a Node>,
    /// Where the service is documented.
    pub(super) documentation: Option<&'a str>,
}

fn text_of<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.get(key).and_then(as_text)
}

/// The entries of the mapping at the end of a path of keys.
fn at<'a>(node: &'a Node, path: &[&str]) -> &'a [(node::Spanned<String>, Node)] {
    let found = path.iter().try_fold(node, |node, key| node.get(key));
    found.map(entries).unwrap_or_default()
}

/// The name of the component that a schema refers to, directly or wrapped.
pub(super) fn target(schema: &Node) -> Option<&str> {
    let wrapped = ["allOf", "anyOf"].iter().find_map(|key| items(schema.get(key)?).first());
    let reference = text_of(schema, "$ref").or_else(|| text_of(wrapped?, "$ref"))?;
    reference.rsplit_once("#/components/schemas/").map(|(_, name)| name)
}

impl<'a> Ours<'a> {
    pub(super) fn new(files: &'a Files) -> Self {
        let mut ours = Self::default();
        for (file, root) in &files.0 {
            ours.add_components(file, root);
            ours.add_operations(file, root);
            let common = at(root, &["x-common-responses"]).iter();
            ours.common.extend(common.map(|(status, _)| status.as_str()));
            ours.documentation = ours.documentation.or_else(|| text_of(root.get("externalDocs")?, "url"));
            for tag in root.get("tags").map(items).unwrap_or_default() {
                if let Some(name) = text_of(tag, "name") {
                    ours.tags.insert(names::resource(name), (name, file));
                }
            }
        }
        ours.error = ours
            .schemas
            .iter()
            .find(|(_, schema)| schema.node.get("x-error-body").is_some())
            .map(|(name, schema)| Target::Ours { file: schema.file.to_owned(), name: (*name).to_owned() });
        ours
    }

    fn add_components(&mut self, file: &'a str, root: &'a Node) {
        for (name, node) in at(root, &["components", "schemas"]) {
            self.schemas.insert(name, Component { file, node });
            self.modules.insert(names::module(name));
            for (property, schema) in at(node, &["properties"]) {
                let personal = schema.get("x-personal-data").is_some();
                if personal { &mut self.personal } else { &mut self.impersonal }.insert(property);
                if let Some(target) = target(schema) {
                    self.by_property.entry(property).or_default().insert(target);
                }
            }
        }
        for (name, node) in at(root, &["components", "parameters"]) {
            let is_optional = text_of(node, "in") == Some("query") && node.get("required").is_none();
            let kind = node.get("schema").and_then(|schema| text_of(schema, "type"));
            if let (Some(given), Some(kind), true) = (text_of(node, "name"), kind, is_optional) {
                let reference = format!("{file}#/components/parameters/{}", name.value);
                self.parameters.insert(given, Parameter { reference, kind });
            }
        }
    }

    fn add_operations(&mut self, file: &'a str, root: &'a Node) {
        for (path, item) in at(root, &["paths"]) {
            self.paths.insert(path, file);
            for (method, node) in entries(item) {
                let Some(id) = text_of(node, "operationId") else { continue };
                let tag = node.get("tags").and_then(|tags| items(tags).first()).and_then(as_text).unwrap_or_default();
                self.operations.insert(key(method, path), id);
                if let Some(name) = names::method(id, tag) {
                    self.methods.insert((names::resource(tag), names::request(name)));
                }
                if let Some(url) = node.get("externalDocs").and_then(|docs| text_of(docs, "url")) {
                    self.pages.insert(key(method, path), (tag, url));
                }
                self.paging.extend(node.get("x-pagination"));
            }
        }
    }

    /// A component by its name.
    pub(super) fn reference(&self, name: &str) -> Option<Target> {
        let schema = self.schemas.get(name)?;
        Some(Target::Ours { file: schema.file.to_owned(), name: name.to_owned() })
    }

    /// A component that is an id.
    pub(super) fn id(&self, name: &str) -> Option<Target> {
        let node = self.schemas.get(name)?.node;
        let is_id =
            text_of(node, "type") == Some("string") && node.get("enum").is_none() && node.get("format").is_none();
        is_id.then(|| self.reference(name)).flatten()
    }

    /// The component for points in time.
    pub(super) fn time(&self) -> Option<Target> {
        let (name, _) = self.schemas.iter().find(|(_, schema)| text_of(schema.node, "format") == Some("date-time"))?;
        self.reference(name)
    }

    /// The object that all properties of this name refer to.
    pub(super) fn object_of(&self, property: &str) -> Option<Target> {
        self.only(property, |node| text_of(node, "type") == Some("object"))
    }

    /// The id or point in time that all properties of this name refer to.
    pub(super) fn text_of(&self, property: &str) -> Option<Target> {
        self.only(property, |node| text_of(node, "type") == Some("string") && node.get("enum").is_none())
    }

    /// Whether all properties of this name identify persons.
    pub(super) fn is_personal(&self, property: &str) -> bool {
        self.personal.contains(property) && !self.impersonal.contains(property)
    }

    fn only(&self, property: &str, fits: impl Fn(&Node) -> bool) -> Option<Target> {
        let targets = self.by_property.get(property)?;
        let name = targets.first().filter(|_| targets.len() == 1)?;
        self.reference(name).filter(|_| self.schemas.get(name).is_some_and(|schema| fits(schema.node)))
    }

    /// The names of the properties of an object.
    pub(super) fn properties(&self, target: &Target) -> BTreeSet<&'a str> {
        let schema = self.schemas.get(target.name());
        schema
            .map(|schema| at(schema.node, &["properties"]))
            .unwrap_or_default()
            .iter()
            .map(|(name, _)| name.as_str())
            .collect()
    }

    /// The schema of a property, and whether a value always has it.
    pub(super) fn property(&self, target: &str, name: &str) -> Option<(&'a Node, bool)> {
        let schema = self.schemas.get(target)?.node;
        let required = schema.get("required").map(items).unwrap_or_default();
        let (_, property) = at(schema, &["properties"]).iter().find(|(given, _)| given.value == name)?;
        let is_nullable = property.get("nullable").is_some() || property.get("anyOf").is_some();
        let is_required = required.iter().any(|given| as_text(given) == Some(name));
        Some((property, is_required && !is_nullable))
    }

    /// Whether a name is that of a type here already, or of its module.
    pub(super) fn has_type(&self, name: &str) -> bool {
        self.modules.contains(&names::module(name))
    }
}
