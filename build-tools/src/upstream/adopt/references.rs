//! Where the references of the vendor's document lead. Knows nothing of what is there.

use crate::source::node::{Node, as_text};
use crate::upstream::vendor::{SCHEMAS, Vendor};

/// References to references beyond any sense.
pub(super) const MOST_STEPS: usize = 64;

/// The references of the vendor's document.
#[derive(Clone, Copy, Debug)]
pub(super) struct References<'a> {
    pub(super) vendor: &'a Vendor,
}

impl<'a> References<'a> {
    /// What a reference leads to, with the name of the component schema if it is one.
    pub(super) fn at(self, reference: &'a str) -> Option<(&'a Node, Option<&'a str>)> {
        let name = reference.strip_prefix(SCHEMAS).filter(|name| !name.contains(['/', '~']));
        self.vendor.at(reference).map(|node| (node, name))
    }

    /// What a schema or a reference leads to; `None` if it leads nowhere.
    pub(super) fn resolve(self, mut node: &'a Node) -> Option<&'a Node> {
        for _ in 0..MOST_STEPS {
            let Some(reference) = node.get("$ref") else { return Some(node) };
            (node, _) = self.at(as_text(reference)?)?;
        }
        None
    }
}
