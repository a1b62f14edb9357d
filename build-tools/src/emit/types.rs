//! Types: structs with their constructors and setters, ids, timestamps, enums and unions.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Item, parse_quote};

use super::docs::doc;
use super::rust::{Argument, argument, ident, ty};
use crate::model::{Alternative, Api, Constructor, EnumValue, Field, Object, Type, TypeKind};

/// The items of a type: itself first, then its impls.
pub fn items(api: &Api, ty: &Type) -> Vec<Item> {
    match &ty.kind {
        TypeKind::Object(object) => self::object(api, ty, object),
        TypeKind::Id { personal } => text(ty, false, *personal),
        TypeKind::Timestamp => text(ty, true, false),
        TypeKind::Enum(values) if ty.received => open_enum(ty, values),
        TypeKind::Enum(values) => closed_enum(ty, values),
        TypeKind::Union(alternatives) => union(ty, alternatives),
    }
}

/// The derive of `schemars`, behind its feature.
fn json_schema() -> Attribute {
    parse_quote!(#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))])
}

fn object(api: &Api, ty: &Type, object: &Object) -> Vec<Item> {
    let (name, docs, json_schema) = (ident(&ty.name), doc(&ty.doc), json_schema());
    let default = object.fields.iter().all(|field| field.optional).then(|| quote!(Default,));
    let fields = object.fields.iter().map(self::field);
    let mut items = vec![parse_quote! {
        #(#docs)*
        #[derive(serde::Deserialize, serde::Serialize, Clone, Debug, #default PartialEq)]
        #json_schema
        #[non_exhaustive]
        pub struct #name { #(#fields,)* }
    }];
    if !object.constructors.is_empty() {
        let constructors = object.constructors.iter().map(|given| constructor(api, object, given));
        let taken = |field: &Field| object.constructors.iter().any(|given| given.takes.contains(&field.name));
        let setters = object.fields.iter().filter(|field| field.optional && !taken(field));
        let setters = setters.map(|field| {
            let deprecated = field.deprecated.then(deprecation);
            setter(api, field, &[deprecated, Some(parse_quote!(#[must_use]))])
        });
        let deprecated = object.fields.iter().any(|field| field.deprecated);
        let allow = deprecated.then(|| quote!(#[allow(deprecated, reason = "a deprecated field can still be set")]));
        items.push(parse_quote!(#allow impl #name { #(#constructors)* #(#setters)* }));
    }
    items
}

fn deprecation() -> Attribute {
    parse_quote!(#[deprecated = "the API's documentation marks this field as deprecated"])
}

fn field(field: &Field) -> TokenStream {
    let (name, docs) = (ident(&field.name), doc(&field.doc));
    let plain = ty(&field.ty, &TokenStream::new());
    let rename = (field.wire != field.name).then(|| {
        let wire = &field.wire;
        quote!(rename = #wire,)
    });
    let serde = match (field.optional, &rename) {
        (true, _) => quote!(#[serde(#rename skip_serializing_if = "Option::is_none")]),
        (false, Some(rename)) => quote!(#[serde(#rename)]),
        (false, None) => TokenStream::new(),
    };
    let deprecated = field.deprecated.then(deprecation);
    let read_only =
        field.read_only.then(|| quote!(#[cfg_attr(feature = "schemars", schemars(extend("readOnly" = true)))]));
    // What is optional in Rust, but not nullable in the documentation.
    let documented = (field.optional && !field.nullable).then(|| {
        let plain = plain.to_string().replace(' ', "");
        // Without `default` the JSON Schema says that the property is required.
        let default = (!field.required).then(|| quote!(, default));
        quote!(#[cfg_attr(feature = "schemars", schemars(with = #plain #default))])
    });
    let ty = if field.optional { quote!(Option<#plain>) } else { plain };
    quote!(#(#docs)* #serde #deprecated #read_only #documented pub #name: #ty)
}

fn constructor(api: &Api, object: &Object, given: &Constructor) -> TokenStream {
    let (name, docs) = (ident(&given.name), doc(&given.doc));
    let (mut arguments, mut values) = (Vec::new(), Vec::new());
    for field in &object.fields {
        let name = ident(&field.name);
        if !given.takes.contains(&field.name) {
            values.push(quote!(#name: None));
            continue;
        }
        let Argument { declared, converted } = argument(api, &name, &field.ty, &TokenStream::new());
        arguments.push(quote!(#name: #declared));
        values.push(match field.optional {
            true => quote!(#name: Some(#converted)),
            false if converted.to_string() == field.name => quote!(#name),
            false => quote!(#name: #converted),
        });
    }
    quote! {
        #(#docs)*
        pub fn #name(#(#arguments),*) -> Self {
            Self { #(#values),* }
        }
    }
}

fn setter(api: &Api, field: &Field, attributes: &[Option<Attribute>]) -> TokenStream {
    let name = ident(&field.name);
    let docs = doc(&format!("Sets `{name}`, which is left out of the request otherwise. {}", field.doc));
    let attributes = attributes.iter().flatten();
    let Argument { declared, converted } = argument(api, &name, &field.ty, &TokenStream::new());
    quote! {
        #(#docs)*
        #(#attributes)*
        pub fn #name(mut self, #name: #declared) -> Self {
            self.#name = Some(#converted);
            self
        }
    }
}

/// An id or a timestamp, around a text. A timestamp keeps its text as it came, so that one that cannot be read costs nothing
/// else, and is read when it is asked for. What is personal is not shown by `Debug`, which prints whole structures to logs.
fn text(ty: &Type, timestamp: bool, personal: bool) -> Vec<Item> {
    let (name, docs, json_schema) = (ident(&ty.name), doc(&ty.doc), json_schema());
    // The order of the texts is not that of the points in time.
    let order = (!timestamp).then(|| quote!(, Ord, PartialOrd));
    let debug = (!personal).then(|| quote!(Debug,));
    let note =
        personal.then(|| quote!(#[doc = ""] #[doc = " It is personal data: `Debug` hides it, `Display` shows it."]));
    let mut items: Vec<Item> = vec![
        parse_quote! {
            #(#docs)*
            #note
            #[derive(serde::Deserialize, serde::Serialize, Clone, #debug Eq, Hash, PartialEq #order)]
            #json_schema
            #[serde(transparent)]
            pub struct #name(String);
        },
        parse_quote! {
            impl #name {
                /// The text as the service has it.
                pub fn as_str(&self) -> &str {
                    &self.0
                }
            }
        },
        parse_quote! {
            impl AsRef<str> for #name {
                fn as_ref(&self) -> &str {
                    &self.0
                }
            }
        },
        parse_quote! {
            impl std::fmt::Display for #name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(&self.0)
                }
            }
        },
        parse_quote! {
            impl From<String> for #name {
                fn from(value: String) -> Self {
                    Self(value)
                }
            }
        },
        parse_quote! {
            impl From<&str> for #name {
                fn from(value: &str) -> Self {
                    Self(value.to_owned())
                }
            }
        },
        parse_quote! {
            impl From<#name> for String {
                fn from(value: #name) -> Self {
                    value.0
                }
            }
        },
    ];
    if personal {
        let hidden = format!("{name}([hidden])");
        items.push(parse_quote! {
            impl std::fmt::Debug for #name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(#hidden)
                }
            }
        });
    }
    if timestamp {
        items.push(parse_quote! {
            impl #name {
                /// The point in time. `None` if the text is not one in the form of RFC 3339.
                pub fn to_system_time(&self) -> Option<std::time::SystemTime> {
                    crate::runtime::parse_timestamp(&self.0)
                }
            }
        });
    }
    items
}

/// The variants of an enum, and their names and texts.
fn variants(values: &[EnumValue]) -> (TokenStream, Vec<syn::Ident>, Vec<&str>) {
    let names: Vec<_> = values.iter().map(|value| ident(&value.name)).collect();
    let texts: Vec<_> = values.iter().map(|value| value.wire.as_str()).collect();
    let docs = values.iter().map(|value| doc(&value.doc)).map(|docs| quote!(#(#docs)*));
    (quote!(#(#docs #[serde(rename = #texts)] #names,)*), names, texts)
}

/// An enum of documented texts that is only sent.
fn closed_enum(ty: &Type, values: &[EnumValue]) -> Vec<Item> {
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
                /// The value as it stands in a request.
                pub fn as_str(&self) -> &str {
                    match self { #(Self::#names => #texts,)* }
                }
            }
        },
        display(&name),
    ]
}

/// An enum of documented texts that responses have: another text is kept, and written back unchanged.
fn open_enum(ty: &Type, values: &[EnumValue]) -> Vec<Item> {
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
                /// A value that is not documented, kept as it came.
                #[serde(untagged)]
                Other(String),
            }
        },
        parse_quote! {
            impl #name {
                /// The value as it stands in requests and answers.
                pub fn as_str(&self) -> &str {
                    match self { #(Self::#names => #texts,)* Self::Other(value) => value }
                }
            }
        },
        display(&name),
        parse_quote! {
            impl From<String> for #name {
                fn from(value: String) -> Self {
                    match value.as_str() { #(#texts => Self::#names,)* _ => Self::Other(value) }
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
fn union(given: &Type, alternatives: &[Alternative]) -> Vec<Item> {
    let (name, docs, json_schema) = (ident(&given.name), doc(&given.doc), json_schema());
    let variants = alternatives.iter().map(|alternative| {
        let (name, docs) = (ident(&alternative.name), doc(&alternative.doc));
        let ty = ty(&alternative.ty, &TokenStream::new());
        quote!(#(#docs)* #name(#ty))
    });
    vec![parse_quote! {
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
    }]
}
