//! The table of operations: as Rust for the runtime, as Markdown for the docs.

use quote::quote;
use syn::{Item, parse_quote};

use super::docs::doc;
use super::rust::ident;
use crate::model::{Api, Operation};
use crate::names;

/// A constant for each operation, and `OPERATIONS`.
pub fn table(api: &Api) -> Vec<Item> {
    let mut items: Vec<Item> = vec![parse_quote!(
        use crate::runtime::Operation;
    )];
    let names: Vec<_> = api.operations.iter().map(|operation| ident(&names::constant(&operation.id))).collect();
    for (operation, name) in api.operations.iter().zip(&names) {
        let Operation { id, method, path, summary, page, success, idempotent, .. } = operation;
        let docs = doc(&format!("{summary}: `{method} {path}`."));
        let documentation = &page.url;
        items.push(parse_quote! {
            #(#docs)*
            pub const #name: Operation = Operation {
                id: #id,
                method: #method,
                path: #path,
                idempotent: #idempotent,
                success: Some(#success),
                summary: #summary,
                documentation: #documentation,
            };
        });
    }
    items.push(parse_quote! {
        /// Every operation that this crate offers, in the order of the document.
        pub const OPERATIONS: &[Operation] = &[#(#names),*];
    });
    items
}

/// The service's own word on a refusal, under the document's error schema. None where no operation has a refusal.
pub fn refusal(api: &Api) -> Option<Item> {
    let schema = ident(api.error.as_ref()?);
    Some(parse_quote! {
        impl Error {
            /// What the service says about its refusal: the body in the documented form. `None` when no answer arrived,
            /// or when its body has another form; [`body`](Self::body) has it as it came.
            pub fn api_error(&self) -> Option<types::#schema> {
                self.parse_body()
            }
        }
    })
}

/// What `client.rs` uses of the runtime.
pub fn client_uses(api: &Api) -> Item {
    let error = api.error.is_some().then(|| quote!(, Error));
    parse_quote!(use crate::runtime::{Client #error};)
}

/// The table as the docs show it.
pub fn markdown(api: &Api) -> String {
    let mut out = "## Operations\n\n| method of `Client` | request | documentation |\n|---|---|---|\n".to_owned();
    for Operation { id, method, path, summary, page, .. } in &api.operations {
        out += &format!("| [`{id}`](Client::{id}) | `{method} {path}` | [{summary}]({}) |\n", page.url);
    }
    out
}
