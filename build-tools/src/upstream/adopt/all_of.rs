//! The parts of an `allOf` as one object. Knows nothing of what the object is for.

use std::collections::{BTreeMap, BTreeSet};

use super::references::{MOST_STEPS, References};
use super::shape::{self, Property, key, list, required};
use crate::source::node::{Node, as_text, items};

/// Of an `allOf` with those in its parts.
const MOST_PARTS: usize = 1_000;

/// Puts the parts of an `allOf` together.
#[derive(Default)]
pub(super) struct Merge<'a> {
    pub(super) found: Vec<Property<'a>>,
    required: BTreeSet<&'a str>,
    /// A part counts once, however often it is listed.
    seen: BTreeSet<usize>,
    pub(super) parts: Vec<&'a Node>,
    /// Why it is no object.
    pub(super) odd: Option<&'static str>,
}

impl<'a> Merge<'a> {
    pub(super) fn add(&mut self, references: References<'a>, node: &'a Node, depth: usize) {
        let Some(node) = references.resolve(node) else {
            self.odd = Some("a reference that leads nowhere");
            return;
        };
        if !self.seen.insert(key(node)) {
            return;
        }
        self.parts.push(node);
        if depth > MOST_STEPS || self.seen.len() > MOST_PARTS {
            self.odd = Some("too many parts");
            return;
        }
        if node.get("type").is_some_and(|kind| as_text(kind) != Some("object")) {
            self.odd = Some("a part that is no object");
        }
        // Alternatives that only say which properties go together are no types.
        if ["oneOf", "anyOf"].iter().any(|key| node.get(key).is_some()) && list(node, "properties").is_empty() {
            self.odd = Some("alternatives");
        }
        self.required.extend(required(node));
        for part in node.get("allOf").map(items).unwrap_or_default() {
            self.add(references, part, depth + 1);
        }
        self.found.extend(shape::properties(node));
    }

    /// What stands later counts.
    pub(super) fn properties(self) -> Vec<Property<'a>> {
        let mut all: Vec<Property<'a>> = Vec::new();
        let mut places = BTreeMap::new();
        for property in self.found {
            let property = Property { required: self.required.contains(property.name), ..property };
            let at = *places.entry(property.name).or_insert(all.len());
            match all.get_mut(at) {
                Some(known) => *known = property,
                None => all.push(property),
            }
        }
        all
    }
}
