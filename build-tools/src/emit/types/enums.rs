//! Enums of texts, and unions of JSON types.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Item, parse_quote};

use super::text::from_str;
use crate::emit::docs::doc;
use crate::emit::rust::{ident, json_schema, ty};
use crate::model::{Alternative, EnumValue, Type};

/// The variants of an enum, and their names and texts.
fn variants(values: &[EnumValue]) -> (TokenStream, Vec<syn::Ident>, Vec<&str>) {
    let names: Vec<_> = values.iter().map(|value| ident(&value.name)).collect();
    let texts: Vec<_> = values.iter().map(|value| value.wire.as_str()).collect();
    let docs = values.iter().map(|value| doc(&value.doc)).map(|docs| quote!(#(#docs)*));
    (quote!(#(#docs #[serde(rename = #texts)] #names,)*), names, texts)
}

/// An enum of documented texts that is only sent.
pub fn closed(ty: &Type, values: &[EnumValue]) -> Vec<Item> {
    let (name, docs, json_schema) = (ident(&ty.name), doc(&ty.doc), json_schema());
    let (variants, names, texts) = variants(values);
    vec![
        parse_quote! {
            #(#docs)*
            #[derive(serde::Deserialize, serde::Serialize, Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
            #json_schema
            #[non_exhaustive]
            pub enum #name { #variants }
        },
        parse_quote! {
            impl #name {
                /// The value as it is sent.
                pub fn as_str(&self) -> &str {
                    match self { #(Self::#names => #texts,)* }
                }
            }
        },
        display(&name),
    ]
}

/// An enum of documented texts that responses contain: another text is kept, and written back unchanged.
pub fn open(ty: &Type, values: &[EnumValue]) -> Vec<Item> {
    let (name, docs, json_schema) = (ident(&ty.name), doc(&ty.doc), json_schema());
    let (variants, names, texts) = variants(values);
    vec![
        parse_quote! {
            #(#docs)*
            #[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
            #json_schema
            #[non_exhaustive]
            pub enum #name {
                #variants
                /// An undocumented value, unchanged.
                #[serde(untagged)]
                Other(String),
            }
        },
        parse_quote! {
            impl #name {
                /// The value as it is sent and received.
                pub fn as_str(&self) -> &str {
                    match self { #(Self::#names => #texts,)* Self::Other(value) => value }
                }
            }
        },
        parse_quote! {
            /// The empty value, which represents a value that the service omitted.
            impl Default for #name {
                fn default() -> Self {
                    Self::Other(String::new())
                }
            }
        },
        display(&name),
        from_str(&name),
        parse_quote! {
            impl From<String> for #name {
                fn from(text: String) -> Self {
                    match text.as_str() { #(#texts => Self::#names,)* _ => Self::Other(text) }
                }
            }
        },
        parse_quote! {
            impl From<&str> for #name {
                fn from(text: &str) -> Self {
                    Self::from(text.to_owned())
                }
            }
        },
    ]
}

fn display(name: &syn::Ident) -> Item {
    parse_quote! {
        impl std::fmt::Display for #name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    }
}

/// A union of JSON types, with a last variant for a value of yet another type.
pub fn union(given: &Type, alternatives: &[Alternative]) -> Vec<Item> {
    let (name, docs, json_schema) = (ident(&given.name), doc(&given.doc), json_schema());
    let variants = alternatives.iter().map(|alternative| {
        let (name, docs) = (ident(&alternative.name), doc(&alternative.doc));
        let ty = ty(&alternative.ty, &TokenStream::new());
        quote!(#(#docs)* #name(#ty))
    });
    vec![
        parse_quote! {
            #(#docs)*
            #[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
            #json_schema
            #[serde(untagged)]
            #[non_exhaustive]
            pub enum #name {
                #(#variants,)*
                /// A value of any other JSON type, unchanged.
                Other(serde_json::Value),
            }
        },
        parse_quote! {
            /// Null, which stands for a value that the service left out.
            impl Default for #name {
                fn default() -> Self {
                    Self::Other(serde_json::Value::Null)
                }
            }
        },
    ]
}
