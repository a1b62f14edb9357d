//! What a schema of the vendor's document is, in one form for both versions. Knows how a schema is written, and not where
//! the others are.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::model::Marks;
use crate::diagnostic::Place;
use crate::source::node::{Node, Spanned, as_text, entries, items};

/// What a schema is.
#[derive(Clone, Debug)]
pub(super) struct Shape<'a> {
    pub(super) kind: Rc<Kind<'a>>,
    pub(super) marks: Marks,
    pub(super) format: Option<&'a str>,
    /// The schema that all references led to.
    pub(super) node: &'a Node,
    /// The name of the component, if it is one.
    pub(super) name: Option<&'a str>,
    /// Whether it was made of several schemas.
    pub(super) mixed: bool,
}

#[derive(Debug)]
pub(super) enum Kind<'a> {
    Text,
    Enum(Vec<&'a str>),
    Integer {
        unsigned: bool,
    },
    Number,
    Boolean,
    List(Option<&'a Node>),
    Object(Vec<Property<'a>>),
    /// An object with any keys, and values of this schema.
    Map(&'a Node),
    /// An object of which nothing is said.
    Free,
    /// Nothing is said.
    Any,
    Null,
    Union(Vec<Part<'a>>),
    /// Only that, or null.
    Wrapped(&'a Node),
    /// It cannot be read; why.
    Odd(&'static str, String),
}

/// An alternative of a union.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part<'a> {
    Schema(&'a Node),
    /// A type alone, of the schema that lists it.
    Type(&'a str),
}

/// A property of an object, with its schema; several, if the object was made of several that have it.
#[derive(Clone, Debug)]
pub(super) struct Property<'a> {
    pub(super) name: &'a str,
    pub(super) place: Place,
    pub(super) schemas: Vec<&'a Node>,
    pub(super) required: bool,
}

/// What a schema says for people.
pub(super) const TEXTS: [&str; 4] = ["description", "title", "example", "examples"];

/// Identifies a schema.
pub(super) fn key(node: &Node) -> usize {
    std::ptr::from_ref(node).addr()
}

/// The properties that a schema lists itself.
pub(super) fn properties(node: &Node) -> impl Iterator<Item = Property<'_>> {
    list(node, "properties").iter().map(|(name, schema)| Property {
        name,
        place: name.place,
        schemas: vec![schema],
        required: false,
    })
}

/// What a schema lists as required.
pub(super) fn required(node: &Node) -> BTreeSet<&str> {
    node.get("required").map(items).unwrap_or_default().iter().filter_map(as_text).collect()
}

/// The entries of a mapping in a schema, or none.
pub(super) fn list<'a>(node: &'a Node, key: &str) -> &'a [(Spanned<String>, Node)] {
    node.get(key).map(entries).unwrap_or_default()
}
