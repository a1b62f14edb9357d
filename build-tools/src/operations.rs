//! The table of operations, which progenitor has no notion of: as Rust for the runtime, as Markdown for the docs.

use quote::{format_ident, quote};
use syn::{Item, parse_quote};

use crate::document::{Document, Operation};
use crate::passes::builders::constant;
use crate::passes::docs::attributes_for;

/// A constant for each operation, and `OPERATIONS`.
pub fn table(document: &Document) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut names = Vec::new();
    for (path, _, method, operation) in document.operations() {
        let Strings { id, summary, documentation } = strings(&operation.value);
        let name = constant(id);
        let path = &path.value;
        let idempotent = operation.value.is_idempotent(method);
        let success = operation.value.responses.iter().find_map(|(status, _)| {
            let code = status.value.parse::<u16>().ok()?;
            (200..300).contains(&code).then_some(code)
        });
        let success = success.map_or_else(|| quote!(None), |code| quote!(Some(#code)));
        let doc = attributes_for(&format!("{summary}: `{method} {path}`."));
        items.push(parse_quote! {
            #(#doc)*
            pub const #name: Operation = Operation {
                id: #id,
                method: #method,
                path: #path,
                idempotent: #idempotent,
                success: #success,
                summary: #summary,
                documentation: #documentation,
            };
        });
        names.push(name);
    }
    items.push(parse_quote! {
        /// Every operation that this crate offers, in the order of the document.
        pub const OPERATIONS: &[Operation] = &[#(#names),*];
    });
    items.insert(
        0,
        parse_quote!(
            use crate::runtime::Operation;
        ),
    );
    items
}

/// The service's own word on a refusal, under the document's error schema. None where no operation has a refusal.
pub fn refusal(document: &Document) -> Option<Item> {
    let schema = document.operations().find_map(|(_, _, _, operation)| {
        operation
            .value
            .refusals()
            .find_map(|(_, response)| Document::target_name(document.response(response)?.schema()?))
    })?;
    let schema = format_ident!("{schema}");
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

/// The table as the docs show it.
pub fn markdown(document: &Document) -> String {
    let mut out = "## Operations\n\n| method of `Client` | request | documentation |\n|---|---|---|\n".to_owned();
    for (path, _, method, operation) in document.operations() {
        let Strings { id, summary, documentation } = strings(&operation.value);
        out += &format!("| [`{id}`](Client::{id}) | `{method} {}` | [{summary}]({documentation}) |\n", path.value);
    }
    out
}

struct Strings<'a> {
    id: &'a str,
    summary: &'a str,
    documentation: &'a str,
}

fn strings(operation: &Operation) -> Strings<'_> {
    Strings {
        id: operation.id(),
        summary: operation.summary.as_ref().map_or("", |text| text.value.trim_end_matches('.')),
        documentation: operation.external_docs.as_ref().map_or("", |docs| &docs.url.value),
    }
}
