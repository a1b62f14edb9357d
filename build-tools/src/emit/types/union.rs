//! Values of one of several types: told apart by a property, or by their form.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Item, parse_quote};

use crate::emit::docs::doc;
use crate::emit::rust::{Argument, argument, ident, json_schema, ty};
use crate::model::{Alternative, Api, Object, Ty, Type, TypeKind, Union};
use crate::names;

/// A union, with a last variant for a value that is none of its alternatives.
pub fn union(api: &Api, given: &Type, union: &Union) -> Vec<Item> {
    let (name, docs, json_schema) = (ident(&given.name), doc(&given.doc), json_schema());
    let variants = union.alternatives.iter().map(|alternative| {
        let (name, docs) = (ident(&alternative.name), doc(&alternative.doc));
        let ty = ty(&alternative.ty, &TokenStream::new());
        let rename = alternative.tag.as_ref().map(|tag| quote!(#[serde(rename = #tag)]));
        let whole =
            is_fraction(&alternative.ty).then(|| quote!(#[serde(serialize_with = "crate::runtime::serialize_number")]));
        // A union is as large as its largest alternative, and a response may have a million of them.
        let ty = if object(api, alternative).is_some() { quote!(Box<#ty>) } else { ty };
        quote!(#(#docs)* #rename #name(#whole #ty))
    });
    let (form, untagged) = match &union.tag {
        Some(tag) => (quote!(tag = #tag), Some(quote!(#[serde(untagged)]))),
        None => (quote!(untagged), None),
    };
    let mut items: Vec<Item> = vec![
        parse_quote! {
            #(#docs)*
            #[derive(serde::Deserialize, serde::Serialize, Clone, Debug, PartialEq)]
            #json_schema
            #[serde(#form)]
            #[non_exhaustive]
            pub enum #name {
                #(#variants,)*
                /// Any other value, unchanged.
                #untagged
                Other(serde_json::Value),
            }
        },
        parse_quote! {
            /// Null, which represents a value that the service omitted.
            impl Default for #name {
                fn default() -> Self {
                    Self::Other(serde_json::Value::Null)
                }
            }
        },
    ];
    let objects: Vec<_> = union.alternatives.iter().filter_map(|part| Some((part, object(api, part)?))).collect();
    if union.sent && !objects.is_empty() {
        let constructors = objects.iter().filter_map(|(part, object)| constructor(api, part, object));
        let constructors: Vec<_> = constructors.collect();
        items.push(parse_quote!(impl #name { #(#constructors)* }));
    }
    if union.sent {
        items.extend(union.alternatives.iter().flat_map(|part| conversions(api, &name, part)));
    }
    items
}

fn is_fraction(ty: &Ty) -> bool {
    matches!(ty, Ty::Number(name) if name == "f64")
}

/// From the value of an alternative.
fn conversions(api: &Api, name: &Ident, part: &Alternative) -> Vec<Item> {
    let (variant, from) = (ident(&part.name), ty(&part.ty, &TokenStream::new()));
    let boxed = if object(api, part).is_some() { quote!(Box::new(value)) } else { quote!(value) };
    let mut all = vec![parse_quote! {
        impl From<#from> for #name {
            fn from(value: #from) -> Self {
                Self::#variant(#boxed)
            }
        }
    }];
    if is_fraction(&part.ty) {
        all.push(parse_quote! {
            impl From<i32> for #name {
                fn from(value: i32) -> Self {
                    Self::#variant(value.into())
                }
            }
        });
    }
    if part.ty == Ty::Text {
        all.push(parse_quote! {
            impl From<&str> for #name {
                fn from(value: &str) -> Self {
                    Self::#variant(value.to_owned())
                }
            }
        });
    }
    all
}

/// The object that an alternative is.
fn object<'a>(api: &'a Api, part: &Alternative) -> Option<&'a Object> {
    let Ty::Named(name) = &part.ty else { return None };
    match &api.ty(name)?.kind {
        TypeKind::Object(object) => Some(object),
        _ => None,
    }
}

/// What makes the union of the required fields of an alternative.
fn constructor(api: &Api, part: &Alternative, object: &Object) -> Option<TokenStream> {
    let [new] = object.constructors.as_slice() else { return None };
    let (name, new_name) = (ident(&names::field(&part.name)), ident(&new.name));
    let takes = object.fields.iter().filter(|field| new.takes.contains(&field.name));
    let takes: Vec<_> = takes.map(|field| (ident(&field.name), &field.ty)).collect();
    let arguments = takes.iter().map(|(name, ty)| {
        let Argument { declared, .. } = argument(api, name, ty, &TokenStream::new());
        quote!(#name: #declared)
    });
    let (names, ty) = (takes.iter().map(|(name, _)| name), ty(&part.ty, &TokenStream::new()));
    let docs = doc(&part.doc);
    Some(quote! {
        #(#docs)*
        pub fn #name(#(#arguments),*) -> Self {
            #ty::#new_name(#(#names),*).into()
        }
    })
}
