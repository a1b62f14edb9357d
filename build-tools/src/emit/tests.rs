//! A test for each operation: called through the client with the document's examples. What is checked is written by hand,
//! once, in `tests/contract/calls.rs`.

use quote::quote;
use syn::{Item, parse_quote};

use super::requests::{Input, inputs};
use super::rust::{ident, ty};
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
    ];
    for operation in &api.operations {
        let (name, id) = (ident(&operation.id), &operation.id);
        let inputs = inputs(operation);
        let example = |input: &Input<'_>| {
            let (ty, json) = (ty(input.ty, &quote!(types::)), input.example.to_string());
            quote!(example::<#ty>(#json))
        };
        let required = inputs.iter().filter(|input| input.required).map(example);
        let setters = inputs.iter().filter(|input| !input.required).map(|input| {
            let (name, example) = (&input.name, example(input));
            quote!(.#name(#example))
        });
        items.push(parse_quote! {
            #[tokio::test]
            async fn #name() {
                let service = Service::start().await;
                let answer = service.client.#name(#(#required),*) #(#setters)* .send().await;
                service.check(#id, answer);
            }
        });
    }
    items
}
