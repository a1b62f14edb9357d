//! Where the references of the vendor's document lead. Knows nothing of what is there.

use std::collections::BTreeMap;

use crate::source::node::Node;
use crate::upstream::vendor::{Vendor, as_text, entries};

/// References to references beyond any sense.
pub(super) const MOST_STEPS: usize = 64;

/// The vendor's document, with its schemas by their names.
#[derive(Debug)]
pub(super) struct References<'a> {
    pub(super) vendor: &'a Vendor,
    schemas: BTreeMap<&'a str, &'a Node>,
}

impl<'a> References<'a> {
    pub(super) fn new(vendor: &'a Vendor) -> Self {
        let schemas = vendor.root.get("components").and_then(|all| all.get("schemas")).map(entries);
        let schemas = schemas.unwrap_or_default().iter().map(|(name, node)| (name.as_str(), node)).collect();
        Self { vendor, schemas }
    }

    /// What a reference leads to, with the name of the component.
    pub(super) fn at(&self, reference: &'a str) -> Option<(&'a Node, Option<&'a str>)> {
        let name = reference.strip_prefix("#/components/schemas/").filter(|name| !name.contains(['/', '~']));
        match name {
            Some(name) => self.schemas.get(name).map(|node| (*node, Some(name))),
            None => self.vendor.at(reference).map(|node| (node, None)),
        }
    }

    /// What a schema or a reference leads to; `None` if it leads nowhere.
    pub(super) fn resolve(&self, mut node: &'a Node) -> Option<&'a Node> {
        for _ in 0..MOST_STEPS {
            let Some(reference) = node.get("$ref") else { return Some(node) };
            (node, _) = self.at(as_text(reference)?)?;
        }
        None
    }
}
