//! Generated tests: each operation, called with the document's examples, and the list of all types. What is checked is
//! hand-written, once, in `tests/contract`.

use quote::quote;
use syn::{Item, parse_quote};

use super::requests::test_call;
use super::rust::ident;
use crate::model::Api;

/// The tests, in the document's order.
pub fn tests(api: &Api) -> Vec<Item> {
    let mut items: Vec<Item> = vec![
        parse_quote!(
            use prolific_sdk::types;
        ),
        parse_quote!(
            use crate::calls::{Service, example};
        ),
        parse_quote!(
            use crate::schemas::{Type, ty};
        ),
    ];
    let names: Vec<_> = api.types.iter().map(|ty| ident(&ty.name)).collect();
    let words = api.types.iter().map(|ty| &ty.name);
    items.push(parse_quote! {
        /// Every type that the crate has.
        pub const TYPES: &[Type] = &[#(ty::<types::#names>(#words)),*];
    });
    for (resource, operation) in api.operations() {
        let (name, id, call) = (ident(&operation.id), &operation.id, test_call(resource, operation));
        let call = quote!(service.client.#call.await);
        items.push(parse_quote! {
            #[tokio::test]
            async fn #name() {
                let service = Service::start().await;
                let response = #call;
                service.check(#id, response);
            }
        });
    }
    items
}
