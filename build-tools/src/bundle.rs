//! The document for other tools: as JSON, with the common responses written out for each operation.

use crate::source::document::Document;
use crate::source::node::{Data, Node, Spanned};

/// The key of the common responses, which other tools do not know.
const COMMON: &str = "x-common-responses";

/// The bundled document. `header` says where it comes from.
pub fn bundle(document: &Document, root: Node, header: &str) -> String {
    let mut root = expand(document, root);
    let place = root.place;
    if let Data::Map(entries) = &mut root.value {
        let text = |text: &str| Spanned { value: text.to_owned(), place };
        entries.insert(0, (text("x-generated"), Spanned { value: Data::Text(header.to_owned()), place }));
    }
    // A tree of texts, numbers, lists and mappings with texts as keys is JSON.
    serde_json::to_string_pretty(&root).unwrap_or_default() + "\n"
}

/// The document with the common responses written out.
pub fn expand(document: &Document, mut root: Node) -> Node {
    let common = root.get(COMMON).cloned();
    if let Data::Map(entries) = &mut root.value {
        entries.retain(|(key, _)| key.value != COMMON);
    }
    if let Some(Spanned { value: Data::Map(common), .. }) = common {
        for endpoint in document.endpoints() {
            let method = endpoint.method.to_lowercase();
            let operation =
                root.value.get_mut("paths").and_then(|paths| paths.get_mut(endpoint.path)?.get_mut(&method));
            if let Some(Data::Map(own)) = operation.and_then(|operation| operation.get_mut("responses")) {
                let new = common.iter().filter(|(status, _)| endpoint.operation.responses.get(status).is_none());
                own.extend(new.cloned());
            }
        }
    }
    root
}
