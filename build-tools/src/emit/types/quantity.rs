//! Types around an integer, so that a count is not taken for a duration.

use syn::{Item, parse_quote};

use crate::emit::docs::doc;
use crate::emit::rust::{ident, json_schema};
use crate::model::Type;

/// A quantity. It is made by its name, not converted from a number: a call shows what each number is.
pub fn quantity(ty: &Type, number: &str) -> Vec<Item> {
    let (name, number, docs, json_schema) = (ident(&ty.name), ident(number), doc(&ty.doc), json_schema());
    vec![
        parse_quote! {
            #(#docs)*
            #[derive(serde::Deserialize, serde::Serialize, Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
            #json_schema
            #[serde(transparent)]
            pub struct #name(pub #number);
        },
        parse_quote! {
            impl std::fmt::Display for #name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    self.0.fmt(f)
                }
            }
        },
    ]
}
