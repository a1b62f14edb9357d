//! Enums of texts.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Item, parse_quote};

use super::text::from_str;
use crate::emit::docs::doc;
use crate::emit::rust::{ident, json_schema};
use crate::model::{EnumValue, Type};

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

/// An enum of documented texts that responses contain: the service spells some of them in several ways, and another text
/// is kept, and written back unchanged.
pub fn open(ty: &Type, values: &[EnumValue]) -> Vec<Item> {
    let (name, docs, json_schema) = (ident(&ty.name), doc(&ty.doc), json_schema());
    let (variants, names, texts) = variants(values);
    vec![
        parse_quote! {
            #(#docs)*
            #[derive(serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
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
            impl<'de> serde::Deserialize<'de> for #name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    Ok(Self::from(String::deserialize(deserializer)?))
                }
            }
        },
        parse_quote! {
            /// Recognises the documented values whatever their case, and with blanks, underscores or hyphens.
            impl From<String> for #name {
                fn from(text: String) -> Self {
                    let known = [#(Self::#names),*];
                    let found = known.into_iter().find(|known| crate::runtime::is_spelling_of(known.as_str(), &text));
                    found.unwrap_or(Self::Other(text))
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
