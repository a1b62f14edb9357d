//! A test for each operation: called through the client with the document's examples. What is checked is written by hand,
//! once, in `tests/contract/calls.rs`.

use quote::{format_ident, quote};
use syn::{Item, parse_quote};

use crate::document::Document;
use crate::passes::Mismatch;
use crate::passes::builders::{Call, Field};
use crate::passes::example::json;

/// The tests, in the document's order.
pub fn tests(document: &Document, calls: &[Call]) -> Result<Vec<Item>, Mismatch> {
    let mut items: Vec<Item> = vec![
        parse_quote!(
            use prolific_sdk::types;
        ),
        parse_quote!(
            use crate::calls::{Service, example};
        ),
    ];
    for ((_, item, _, operation), call) in document.operations().zip(calls) {
        let name = format_ident!("{}", call.id);
        let id = &call.id;
        let example = |field: &Field| {
            let ty = &field.ty;
            let json = json(document, item, &operation.value, &field.name.to_string())?.to_string();
            Ok(quote!(example::<#ty>(#json)))
        };
        let (mut required, mut setters) = (Vec::new(), Vec::new());
        for field in &call.fields {
            let (name, example) = (&field.name, example(field)?);
            if field.optional {
                setters.push(quote!(.#name(#example)));
            } else {
                required.push(example);
            }
        }
        items.push(parse_quote! {
            #[tokio::test]
            async fn #name() {
                let service = Service::start().await;
                let answer = service.client.#name(#(#required),*) #(#setters)* .send().await;
                service.check(#id, answer);
            }
        });
    }
    Ok(items)
}
