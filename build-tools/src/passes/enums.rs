//! Enums, written anew around typify's variant names: those in answers are open, and `oneOf` takes what it does not know.

use quote::quote;
use syn::{Item, ItemEnum, Variant, parse_quote};

use super::docs::attributes_for;
use super::{Mismatch, types};
use crate::document::Schema;

/// The variant that takes the values that are not documented.
const OTHER: &str = "Other";

/// An enum of documented texts. `open` adds a variant for any other text, which is kept and written back unchanged.
pub(super) fn values(schema: &Schema, item: &ItemEnum, open: bool) -> Result<Vec<Item>, Mismatch> {
    let name = &item.ident;
    expect_variants(item, schema.variants.len())?;
    let docs = doc(schema);
    let texts: Vec<_> = schema.variants.iter().map(|variant| variant.value.as_str()).collect();
    let idents: Vec<_> = item.variants.iter().map(|variant| &variant.ident).collect();
    let variants = idents.iter().zip(&texts).map(|(ident, text)| {
        let doc = attributes_for(schema.variant_descriptions.get(text).map_or("", |text| text));
        quote!(#(#doc)* #[serde(rename = #text)] #ident)
    });
    let json_schema = types::json_schema();
    if !open {
        return Ok(vec![
            parse_quote! {
                #(#docs)*
                #[derive(serde::Deserialize, serde::Serialize, Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
                #json_schema
                #[non_exhaustive]
                pub enum #name { #(#variants,)* }
            },
            parse_quote! {
                impl #name {
                    /// The value as it stands in a request.
                    pub fn as_str(&self) -> &str {
                        match self { #(Self::#idents => #texts,)* }
                    }
                }
            },
            display(item),
        ]);
    }
    Ok(vec![
        parse_quote! {
            #(#docs)*
            #[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
            #json_schema
            #[non_exhaustive]
            pub enum #name {
                #(#variants,)*
                /// A value that is not documented, kept as it came.
                #[serde(untagged)]
                Other(String),
            }
        },
        parse_quote! {
            impl #name {
                /// The value as it stands in requests and answers.
                pub fn as_str(&self) -> &str {
                    match self { #(Self::#idents => #texts,)* Self::Other(value) => value }
                }
            }
        },
        display(item),
        parse_quote! {
            impl From<String> for #name {
                fn from(value: String) -> Self {
                    match value.as_str() { #(#texts => Self::#idents,)* _ => Self::Other(value) }
                }
            }
        },
        parse_quote! {
            impl From<&str> for #name {
                fn from(value: &str) -> Self {
                    Self::from(value.to_owned())
                }
            }
        },
    ])
}

/// A choice of JSON types (`oneOf`), with a last variant for a value of yet another type.
pub(super) fn choice(schema: &Schema, item: &ItemEnum) -> Result<Vec<Item>, Mismatch> {
    let name = &item.ident;
    expect_variants(item, schema.one_of.len())?;
    let docs = doc(schema);
    let variants = item.variants.iter().zip(&schema.one_of).map(|(Variant { ident, fields, .. }, part)| {
        let doc = doc(&part.value);
        quote!(#(#doc)* #ident #fields)
    });
    let json_schema = types::json_schema();
    Ok(vec![parse_quote! {
        #(#docs)*
        #[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
        #json_schema
        #[serde(untagged)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants,)*
            /// A value of another form, kept as it came.
            Other(serde_json::Value),
        }
    }])
}

fn doc(schema: &Schema) -> Vec<syn::Attribute> {
    attributes_for(schema.description.as_ref().map_or("", |text| &text.value))
}

fn display(item: &ItemEnum) -> Item {
    let name = &item.ident;
    parse_quote! {
        impl std::fmt::Display for #name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    }
}

fn expect_variants(item: &ItemEnum, count: usize) -> Result<(), Mismatch> {
    let taken = item.variants.iter().any(|variant| variant.ident == OTHER);
    if item.variants.len() != count || taken {
        let names: Vec<_> = item.variants.iter().map(|variant| variant.ident.to_string()).collect();
        return Err(Mismatch::new("enums", format!("`{}` has the variants {names:?}", item.ident)));
    }
    Ok(())
}
