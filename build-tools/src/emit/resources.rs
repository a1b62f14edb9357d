//! Resources: the handle of each, the methods of the client that give the handles, and the operations as data.

use quote::quote;
use syn::{Item, parse_quote};

use super::docs::doc;
use super::requests;
use super::rust::ident;
use crate::diagnostic::Diagnostic;
use crate::model::{Api, ErrorBody, Operation, Resource};
use crate::names;

/// The handle of a resource, with a method for each operation.
pub fn handle(api: &Api, resource: &Resource) -> Result<Vec<Item>, Diagnostic> {
    let name = ident(&names::handle(&resource.name));
    let docs = doc(&format!(
        "{}\n\nReturned by [`Client::{}`]. Each operation is a method.\n\n{}",
        resource.doc,
        resource.name,
        table(resource)
    ));
    let methods = resource.operations.iter().map(|operation| requests::method(api, resource, operation));
    let methods = methods.collect::<Result<Vec<_>, _>>()?;
    Ok(vec![
        parse_quote! {
            #(#docs)*
            #[derive(Clone, Debug)]
            pub struct #name {
                pub(crate) client: Client,
            }
        },
        parse_quote!(impl #name { #(#methods)* }),
    ])
}

/// The operations of a resource, as the docs show them.
fn table(resource: &Resource) -> String {
    let rows = resource.operations.iter().map(|Operation { name, method, path, page, .. }| {
        format!("| [`{name}`](Self::{name}) | `{method} {path}` | [{}]({}) |", page.title, page.url)
    });
    let rows: Vec<_> = rows.collect();
    format!("| method | request | documentation |\n|---|---|---|\n{}", rows.join("\n"))
}

/// The methods of the client.
pub fn client(api: &Api) -> Vec<Item> {
    let methods = api.resources.iter().map(|resource| {
        let (name, handle) = (ident(&resource.name), ident(&names::handle(&resource.name)));
        let docs = doc(&resource.doc);
        quote! {
            #(#docs)*
            pub fn #name(&self) -> #name::#handle {
                #name::#handle { client: self.clone() }
            }
        }
    });
    let modules: Vec<_> = api.resources.iter().map(|resource| ident(&resource.name)).collect();
    vec![
        parse_quote!(use super::{#(#modules),*};),
        parse_quote!(
            use crate::runtime::Client;
        ),
        parse_quote! {
            /// # Resources
            impl Client { #(#methods)* }
        },
    ]
}

/// A constant for each operation, `OPERATIONS`, and where the parts of an error stand.
pub fn operations(api: &Api) -> Vec<Item> {
    let mut items: Vec<Item> = vec![parse_quote!(
        use crate::runtime::{ErrorBody, Operation};
    )];
    let all: Vec<_> = api.operations().map(|(_, operation)| operation).collect();
    let names: Vec<_> = all.iter().map(|operation| ident(&names::constant(&operation.id))).collect();
    for (operation, name) in all.into_iter().zip(&names) {
        let Operation { id, method, path, summary, page, success, idempotent, response_id, effect, .. } = operation;
        let (safe, spends, irreversible) = (effect.safe, effect.spends.is_some(), effect.irreversible.is_some());
        let seconds = effect.deduplicated;
        let deduplicated = seconds.map_or_else(|| quote!(None), |it| quote!(Some(std::time::Duration::from_secs(#it))));
        let optional = |text: &Option<String>| text.as_ref().map_or_else(|| quote!(None), |text| quote!(Some(#text)));
        let (response_id, response_type) = (optional(response_id), optional(&operation.response_type));
        let docs = doc(&format!("{summary}: `{method} {path}`."));
        let documentation = &page.url;
        items.push(parse_quote! {
            #(#docs)*
            pub const #name: Operation = Operation {
                id: #id,
                method: #method,
                path: #path,
                safe: #safe,
                idempotent: #idempotent,
                deduplicated: #deduplicated,
                spends: #spends,
                irreversible: #irreversible,
                success: &[#(#success),*],
                response_id: #response_id,
                response_type: #response_type,
                summary: #summary,
                documentation: #documentation,
            };
        });
    }
    items.push(parse_quote! {
        /// Every operation that this crate has a method for, in the order of the document.
        pub const OPERATIONS: &[Operation] = &[#(#names),*];
    });
    let none = ErrorBody { ty: String::new(), code: Vec::new(), title: Vec::new(), details: Vec::new() };
    let ErrorBody { code, title, details, .. } = api.errors.body.as_ref().unwrap_or(&none);
    let details = details.iter().map(|path| quote!(&[#(#path),*]));
    items.push(parse_quote! {
        /// Where the service's own words are in the body of an error response.
        pub(crate) const ERROR_BODY: ErrorBody =
            ErrorBody { code: &[#(#code),*], title: &[#(#title),*], details: &[#(#details),*] };
    });
    items
}

/// What is known of the effect of each operation that has one, as a page of the docs.
pub fn effects(api: &Api, header: &str) -> String {
    let rows = api.operations().filter(|(_, operation)| !operation.effect.safe).map(|(resource, operation)| {
        let Operation { name, effect, idempotent, .. } = operation;
        let handle = names::handle(&resource.name);
        let retried = match (idempotent, effect.deduplicated) {
            (true, _) => "yes".to_owned(),
            (false, Some(seconds)) => format!("for {} s", seconds / 2),
            (false, None) => "no".to_owned(),
        };
        let cell = |text: &Option<String>| line(text.as_deref().unwrap_or_default());
        format!(
            "| [`{0}().{name}()`]({0}::{handle}::{name}) | {1} | {retried} | {2} | {3} | {4} |",
            resource.name,
            line(&effect.repeat),
            cell(&effect.spends),
            cell(&effect.irreversible),
            cell(&effect.freezes),
        )
    });
    let rows: Vec<_> = rows.collect();
    format!(
        "<!-- {header} -->\n\n| operation | performed again | retried if it may have taken effect | spends money | \
         cannot be undone | freezes |\n|---|---|---|---|---|---|\n{}\n",
        rows.join("\n")
    )
}

/// A text as one line.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The body of error responses in its documented form, and the list of those that every operation may respond with.
/// `None` where none is documented.
pub fn error(api: &Api) -> Option<Vec<Item>> {
    let schema = ident(&api.errors.body.as_ref()?.ty);
    let common: Vec<_> = api.errors.common.iter().map(|error| format!("- `{}`: {}", error.status, error.doc)).collect();
    let docs = doc(&format!(
        "# Documented error responses\n\nThe service documents these for every operation. A method's documentation \
         lists any others that are specific to it.\n\n{}",
        common.join("\n")
    ));
    Some(vec![
        parse_quote!(
            use super::types;
        ),
        parse_quote!(
            use crate::runtime::Error;
        ),
        parse_quote! {
            #(#docs)*
            impl Error {
                /// The body of the error response in the documented form. `None` if no response arrived, or if its
                /// body is in another format; [`body`](Self::body) returns it unchanged.
                pub fn api_error(&self) -> Option<types::#schema> {
                    self.decode_body()
                }
            }
        },
    ])
}
