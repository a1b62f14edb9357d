//! Types: structs with their constructors and setters, ids, timestamps, enums and unions.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Item, parse_quote};

use super::docs::doc;
use super::rust::{Argument, argument, ident, ty};
use crate::model::{Alternative, Api, Constructor, EnumValue, Field, Object, Page, Ty, Type, TypeKind};

/// The items of a type: itself first, then its impls.
pub fn items(api: &Api, ty: &Type) -> Vec<Item> {
    match &ty.kind {
        TypeKind::Object(object) => self::object(api, ty, object),
        TypeKind::Id { personal } => id(ty, *personal),
        TypeKind::DateTime => timestamp(ty),
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
    // What a response leaves out has its empty value.
    let default = ty.received || object.fields.iter().all(|field| !field.required);
    let default = default.then(|| quote!(Default,));
    let personal = object.fields.iter().any(|field| field.personal);
    let debug = (!personal).then(|| quote!(Debug,));
    let fields = object.fields.iter().map(|field| self::field(field, ty.received));
    let mut items = vec![parse_quote! {
        #(#docs)*
        #[derive(serde::Deserialize, serde::Serialize, Clone, #debug #default PartialEq)]
        #json_schema
        #[non_exhaustive]
        pub struct #name { #(#fields,)* }
    }];
    if !object.constructors.is_empty() {
        let constructors = object.constructors.iter().map(|given| constructor(api, object, given));
        let taken = |field: &Field| object.constructors.iter().any(|given| given.takes.contains(&field.name));
        let setters = object.fields.iter().filter(|field| !field.required && !taken(field));
        let setters = setters.map(|field| setter(api, field));
        let allow = allow_deprecated(object, "a deprecated field can still be set");
        items.push(parse_quote!(#allow impl #name { #(#constructors)* #(#setters)* }));
    }
    items.extend(from_iterator(api, ty, object));
    if personal {
        items.push(debug_of(ty, object));
    }
    items.extend(object.page.as_ref().map(|page| self::page(ty, page)));
    items
}

fn deprecation() -> Attribute {
    parse_quote!(#[deprecated = "the API's documentation marks this field as deprecated"])
}

fn allow_deprecated(object: &Object, reason: &str) -> Option<TokenStream> {
    let deprecated = object.fields.iter().any(|field| field.deprecated);
    deprecated.then(|| quote!(#[allow(deprecated, reason = #reason)]))
}

fn field(field: &Field, received: bool) -> TokenStream {
    let (name, docs) = (ident(&field.name), doc(&field.doc));
    let plain = ty(&field.ty, &TokenStream::new());
    let rename = (field.wire != field.name).then(|| {
        let wire = &field.wire;
        quote!(rename = #wire,)
    });
    // What is documented as always there is plain; a response without it is read all the same.
    let tolerant = field.required && received;
    let serde = match (field.required, tolerant, &rename) {
        (true, true, _) => quote!(#[serde(#rename default, deserialize_with = "crate::runtime::or_default")]),
        (true, false, Some(rename)) => quote!(#[serde(#rename)]),
        (true, false, None) => TokenStream::new(),
        (false, ..) => quote!(#[serde(#rename skip_serializing_if = "Option::is_none")]),
    };
    let deprecated = field.deprecated.then(deprecation);
    let read_only =
        field.read_only.then(|| quote!(#[cfg_attr(feature = "schemars", schemars(extend("readOnly" = true)))]));
    // What the JSON Schema says is what is documented.
    let documented = if tolerant {
        Some(quote!(#[cfg_attr(feature = "schemars", schemars(!default))]))
    } else {
        (!field.required && !field.nullable).then(|| {
            let plain = plain.to_string().replace(' ', "");
            quote!(#[cfg_attr(feature = "schemars", schemars(with = #plain, default))])
        })
    };
    let ty = if field.required { plain } else { quote!(Option<#plain>) };
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
        values.push(match field.required {
            false => quote!(#name: Some(#converted)),
            true if converted.to_string() == field.name => quote!(#name),
            true => quote!(#name: #converted),
        });
    }
    quote! {
        #(#docs)*
        pub fn #name(#(#arguments),*) -> Self {
            Self { #(#values),* }
        }
    }
}

fn setter(api: &Api, field: &Field) -> TokenStream {
    let name = ident(&field.name);
    let docs = doc(&format!("Sets `{name}`. Omitted by default. {}", field.doc));
    let deprecated = field.deprecated.then(deprecation);
    let Argument { declared, converted } = argument(api, &name, &field.ty, &TokenStream::new());
    quote! {
        #(#docs)*
        #deprecated
        #[must_use]
        pub fn #name(mut self, #name: #declared) -> Self {
            self.#name = Some(#converted);
            self
        }
    }
}

/// A type that is made of one list can be collected.
fn from_iterator(api: &Api, ty: &Type, object: &Object) -> Option<Item> {
    let ([field], [constructor]) = (&object.fields[..], &object.constructors[..]) else { return None };
    let Ty::List(item) = &field.ty else { return None };
    let (name, new) = (ident(&ty.name), ident(&constructor.name));
    if constructor.takes.is_empty() {
        return None;
    }
    let item_ty = super::rust::ty(item, &TokenStream::new());
    Some(if super::rust::is_text(api, item) {
        parse_quote! {
            impl<T: Into<#item_ty>> FromIterator<T> for #name {
                fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
                    Self::#new(items)
                }
            }
        }
    } else {
        parse_quote! {
            impl FromIterator<#item_ty> for #name {
                fn from_iter<I: IntoIterator<Item = #item_ty>>(items: I) -> Self {
                    Self::#new(items)
                }
            }
        }
    })
}

/// `Debug` without what is personal, as it prints whole structures to logs.
fn debug_of(ty: &Type, object: &Object) -> Item {
    let (name, word) = (ident(&ty.name), &ty.name);
    let fields = object.fields.iter().map(|field| {
        let (word, name) = (&field.name, ident(&field.name));
        match (field.personal, field.required) {
            (false, _) => quote!(.field(#word, &self.#name)),
            (true, true) => quote!(.field(#word, &format_args!("[hidden]"))),
            (true, false) => quote!(.field(#word, &self.#name.as_ref().map(|_| format_args!("[hidden]")))),
        }
    });
    let allow = allow_deprecated(object, "a deprecated field is shown as well");
    parse_quote! {
        /// Hides what is personal.
        #allow
        impl std::fmt::Debug for #name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(#word) #(#fields)* .finish()
            }
        }
    }
}

/// Where things are in a page of a list.
fn page(ty: &Type, page: &Page) -> Item {
    let (name, item) = (ident(&ty.name), ident(&page.item));
    let (items, key) = (ident(&page.items.0), ident(&page.key.0));
    let (borrowed, owned) = if page.items.1 {
        (quote!(self.#items.as_deref().unwrap_or_default()), quote!(self.#items.unwrap_or_default()))
    } else {
        (quote!(&self.#items), quote!(self.#items))
    };
    let key = if page.key.1 {
        quote!(item.#key.as_ref().map(AsRef::as_ref))
    } else {
        quote!(Some(item.#key.as_str()).filter(|key| !key.is_empty()))
    };
    // The object that holds the URL decides whether the page says anything; the URL, whether there is a next one.
    let (last, steps) = page.next.split_last().map_or(("", &[][..]), |(last, rest)| (last.as_str(), rest));
    let mut at = quote!(Some(self));
    for step in steps {
        let step = ident(step);
        at = quote!(#at.and_then(|at| at.#step.as_ref()));
    }
    let url = ident(last);
    parse_quote! {
        impl crate::runtime::Page for #name {
            type Item = #item;

            fn items(&self) -> &[#item] {
                #borrowed
            }

            fn into_items(self) -> Vec<#item> {
                #owned
            }

            fn has_next(&self) -> Option<bool> {
                #at.map(|at| at.#url.is_some())
            }

            fn key(item: &#item) -> Option<&str> {
                #key
            }
        }
    }
}

/// An id around a string. What is personal is not shown by `Debug`, which prints whole structures to logs.
fn id(ty: &Type, personal: bool) -> Vec<Item> {
    let (name, json_schema) = (ident(&ty.name), json_schema());
    let note = if personal { "\n\nThis is personal data: `Debug` hides it, `Display` shows it." } else { "" };
    let docs = doc(&format!(
        "{}{note}\n\nThe default is a blank id, which represents an id that the service omitted. A request with a \
         blank id fails before it is sent.",
        ty.doc
    ));
    let debug = (!personal).then(|| quote!(Debug,));
    let mut items: Vec<Item> = vec![parse_quote! {
        #(#docs)*
        #[derive(serde::Deserialize, serde::Serialize, Clone, #debug Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #json_schema
        #[serde(transparent)]
        pub struct #name(#[serde(serialize_with = "crate::runtime::serialize_id")] String);
    }];
    items.extend(text(ty));
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
    items
}

/// A timestamp around a string, which it keeps unchanged, so that one that cannot be read costs nothing else. It is
/// parsed when it is needed.
fn timestamp(ty: &Type) -> Vec<Item> {
    let (name, json_schema) = (ident(&ty.name), json_schema());
    let docs = doc(&format!(
        "{}\n\nTimestamps are ordered by time; strings that are not valid timestamps come first. Two different \
         strings for the same point in time are not equal.",
        ty.doc
    ));
    let mut items: Vec<Item> = vec![
        parse_quote! {
            #(#docs)*
            #[derive(serde::Deserialize, serde::Serialize, Clone, Debug, Default, Eq, Hash, PartialEq)]
            #json_schema
            #[serde(transparent)]
            pub struct #name(String);
        },
        parse_quote! {
            impl #name {
                /// The point in time. `None` if the string is not in RFC 3339 format.
                pub fn to_system_time(&self) -> Option<std::time::SystemTime> {
                    crate::runtime::parse_timestamp(&self.0)
                }
            }
        },
        parse_quote! {
            impl Ord for #name {
                fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                    crate::runtime::compare_timestamps(&self.0, &other.0)
                }
            }
        },
        parse_quote! {
            impl PartialOrd for #name {
                fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                    Some(self.cmp(other))
                }
            }
        },
    ];
    items.extend(text(ty));
    items
}

/// What a type around a string can do.
fn text(ty: &Type) -> [Item; 8] {
    let name = ident(&ty.name);
    let what = if matches!(ty.kind, TypeKind::DateTime) { "timestamp" } else { "id" };
    let as_str = doc(&format!("The {what} as a string."));
    [
        parse_quote! {
            impl #name {
                #(#as_str)*
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
            impl std::str::FromStr for #name {
                type Err = std::convert::Infallible;

                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    Ok(Self::from(text))
                }
            }
        },
        parse_quote! {
            impl From<String> for #name {
                fn from(text: String) -> Self {
                    Self(text)
                }
            }
        },
        parse_quote! {
            impl From<&str> for #name {
                fn from(text: &str) -> Self {
                    Self(text.to_owned())
                }
            }
        },
        parse_quote! {
            impl From<&#name> for #name {
                fn from(value: &#name) -> Self {
                    value.clone()
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
    ]
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
        parse_quote! {
            impl std::str::FromStr for #name {
                type Err = std::convert::Infallible;

                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    Ok(Self::from(text))
                }
            }
        },
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
fn union(given: &Type, alternatives: &[Alternative]) -> Vec<Item> {
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
