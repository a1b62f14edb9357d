//! How a value is handed over: the type that an argument is declared with, and how it becomes the field's type. The same
//! for constructors, setters and the methods of the client.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, GenericArgument, Ident, PathArguments, Type, parse_quote};

use super::docs::attributes_for;
use crate::document::{Document, Kind};

/// An argument of a generated function.
pub struct Argument {
    /// Its declared type.
    pub declared: TokenStream,
    /// The expression that makes the field's type of it.
    pub converted: TokenStream,
}

/// The argument `name` for a field of type `ty`. Texts and ids are converted, lists are collected, the rest is taken as
/// it is.
pub fn argument(document: &Document, name: &Ident, ty: &Type) -> Argument {
    if let Some(item) = inner(ty, "Vec") {
        if converts(document, item) {
            return Argument {
                declared: quote!(impl IntoIterator<Item = impl Into<#item>>),
                converted: quote!(#name.into_iter().map(Into::into).collect()),
            };
        }
        return Argument {
            declared: quote!(impl IntoIterator<Item = #item>),
            converted: quote!(#name.into_iter().collect()),
        };
    }
    if converts(document, ty) {
        return Argument { declared: quote!(impl Into<#ty>), converted: quote!(#name.into()) };
    }
    Argument { declared: ty.to_token_stream(), converted: name.to_token_stream() }
}

/// The method that sets an optional field, which is named like it.
pub fn setter(
    document: &Document,
    name: &Ident,
    ty: &Type,
    description: &str,
    attributes: &[&Attribute],
) -> TokenStream {
    let doc = attributes_for(&format!("Sets `{name}`, which is left out of the request otherwise. {description}"));
    let Argument { declared, converted } = argument(document, name, ty);
    quote! {
        #(#doc)*
        #(#attributes)*
        pub fn #name(mut self, #name: #declared) -> Self {
            self.#name = Some(#converted);
            self
        }
    }
}

/// Whether the type is a text or an id.
fn converts(document: &Document, ty: &Type) -> bool {
    *ty == parse_quote!(String) || is_id(document, ty)
}

/// Whether the type is an id.
pub fn is_id(document: &Document, ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    let Some(last) = path.path.segments.last() else { return false };
    document.components.schemas.get(&last.ident.to_string()).is_some_and(|schema| {
        schema.value.variants.is_empty() && schema.value.kind.as_ref().is_some_and(|kind| kind.value == Kind::String)
    })
}

/// `T` of `Wrapper<T>`.
pub fn inner<'a>(ty: &'a Type, wrapper: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == wrapper)?;
    match &last.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first()? {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}
