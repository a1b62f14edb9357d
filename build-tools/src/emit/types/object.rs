//! JSON objects: structs with their constructors and setters, and what makes one a page of a list.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Item, parse_quote};

use crate::diagnostic::Diagnostic;
use crate::emit::docs::doc;
use crate::emit::example;
use crate::emit::rust::{self, Argument, argument, ident, json_schema, ty};
use crate::model::{Api, Constructor, Field, Object, Page, Ty, Type};
use crate::names;

pub fn object(api: &Api, ty: &Type, object: &Object) -> Result<Vec<Item>, Diagnostic> {
    let (name, docs, json_schema) = (ident(&ty.name), doc(&ty.doc), json_schema());
    // What a response leaves out has its empty value.
    let default = ty.received || object.fields.iter().all(|field| !field.required);
    let default = default.then(|| quote!(Default,));
    let personal = object.fields.iter().any(|field| field.personal);
    let debug = (!personal).then(|| quote!(Debug,));
    let fields = object.fields.iter().map(|field| self::field(field, ty.received));
    let unknown = object.keeps_unknown.then(unknown_fields);
    let mut items = vec![parse_quote! {
        #(#docs)*
        #[derive(serde::Deserialize, serde::Serialize, Clone, #debug #default PartialEq)]
        #json_schema
        #[non_exhaustive]
        pub struct #name { #(#fields,)* #unknown }
    }];
    if !object.constructors.is_empty() {
        let constructors = object.constructors.iter().map(|given| constructor(api, ty, object, given));
        let constructors = constructors.collect::<Result<Vec<_>, _>>()?;
        let setters = object.fields.iter().filter(|field| object.has_setter(field));
        let setters = setters.map(|field| setter(api, field));
        let allow = allow_deprecated(object, "a deprecated field can still be set");
        items.push(parse_quote!(#allow impl #name { #(#constructors)* #(#setters)* }));
    }
    items.extend(from_iterator(api, ty, object));
    if personal {
        items.push(debug_of(ty, object));
    }
    items.extend(object.page.as_ref().map(|page| self::page(ty, page)));
    Ok(items)
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
    let tolerant = field.required && received && !field.strict;
    let serde = match (field.required || field.null_if_unset, tolerant, &rename) {
        (true, true, _) => quote!(#[serde(#rename default, deserialize_with = "crate::runtime::or_default")]),
        (true, false, Some(rename)) => quote!(#[serde(#rename)]),
        (true, false, None) => TokenStream::new(),
        (false, ..) if field.clearable => quote!(#[serde(
            #rename
            default,
            deserialize_with = "crate::runtime::given",
            skip_serializing_if = "Option::is_none"
        )]),
        (false, ..) => quote!(#[serde(#rename skip_serializing_if = "Option::is_none")]),
    };
    let deprecated = field.deprecated.then(deprecation);
    let read_only =
        field.read_only.then(|| quote!(#[cfg_attr(feature = "schemars", schemars(extend("readOnly" = true)))]));
    // What the JSON Schema says is what is documented.
    let in_json = ty(&in_json(&field.ty), &TokenStream::new());
    let in_json = if field.nullable { quote!(Option<#in_json>) } else { in_json };
    let differs =
        in_json.to_string() != if field.required { plain.to_string() } else { quote!(Option<#plain>).to_string() };
    let text = in_json.to_string().replace(' ', "");
    let with = differs.then(|| quote!(with = #text,));
    let default = match (tolerant, field.required || (field.nullable && !field.clearable)) {
        (true, _) => Some(quote!(!default)),
        (false, true) => None,
        (false, false) => Some(quote!(default)),
    };
    let documented = (with.is_some() || default.is_some())
        .then(|| quote!(#[cfg_attr(feature = "schemars", schemars(#with #default))]));
    let ty = match (field.required, field.clearable) {
        (true, _) => plain,
        (false, false) => quote!(Option<#plain>),
        (false, true) => quote!(Option<Option<#plain>>),
    };
    quote!(#(#docs)* #serde #deprecated #read_only #documented pub #name: #ty)
}

/// The type that JSON has for it.
fn in_json(ty: &Ty) -> Ty {
    match ty {
        Ty::Money(_, number) => Ty::Number(number.clone()),
        Ty::List(item) => Ty::List(Box::new(in_json(item))),
        other => other.clone(),
    }
}

/// What the documentation does not know of what is read and sent again.
fn unknown_fields() -> TokenStream {
    quote! {
        /// Undocumented fields, which are sent back unchanged.
        #[serde(flatten)]
        pub unknown_fields: serde_json::Map<String, serde_json::Value>,
    }
}

fn constructor(api: &Api, ty: &Type, object: &Object, given: &Constructor) -> Result<TokenStream, Diagnostic> {
    let (name, docs, example) = (ident(&given.name), doc(&given.doc), example::constructor(api, ty, object, given)?);
    let (mut arguments, mut values) = (Vec::new(), Vec::new());
    for field in &object.fields {
        let name = ident(&field.name);
        let converted = if let Some(value) = given.sets(field) {
            // Types are not imported here: the file does that for all of its own.
            rust::owned(api, &field.ty, value, &mut Vec::new())?
        } else if given.takes.contains(&field.name) {
            let Argument { declared, converted } = argument(api, &name, &field.ty, &TokenStream::new());
            arguments.push(quote!(#name: #declared));
            converted
        } else {
            values.push(quote!(#name: None));
            continue;
        };
        values.push(match field.required {
            false if field.clearable => quote!(#name: Some(Some(#converted))),
            false => quote!(#name: Some(#converted)),
            true if converted.to_string() == field.name => quote!(#name),
            true => quote!(#name: #converted),
        });
    }
    let unknown = object.keeps_unknown.then(|| quote!(unknown_fields: serde_json::Map::new()));
    let many = (arguments.len() > 7)
        .then(|| quote!(#[allow(clippy::too_many_arguments, reason = "a request needs all of them")]));
    Ok(quote! {
        #(#docs)*
        #(#example)*
        #many
        pub fn #name(#(#arguments),*) -> Self {
            Self { #(#values,)* #unknown }
        }
    })
}

fn setter(api: &Api, field: &Field) -> TokenStream {
    let name = ident(&field.name);
    let default = if field.null_if_unset { "Null" } else { "Omitted" };
    let docs = doc(&format!("Sets `{name}`. {default} by default. {}", field.doc));
    let deprecated = field.deprecated.then(deprecation);
    let Argument { declared, converted } = argument(api, &name, &field.ty, &TokenStream::new());
    let value = if field.clearable { quote!(Some(#converted)) } else { converted };
    let clear = field.clearable.then(|| {
        let (clear, docs) = (ident(&names::clear(&field.name)), doc(&format!("Sets `{name}` to null.")));
        quote! {
            #(#docs)*
            #deprecated
            #[must_use]
            pub fn #clear(mut self) -> Self {
                self.#name = Some(None);
                self
            }
        }
    });
    quote! {
        #(#docs)*
        #deprecated
        #[must_use]
        pub fn #name(mut self, #name: #declared) -> Self {
            self.#name = Some(#value);
            self
        }

        #clear
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
    let item_ty = rust::ty(item, &TokenStream::new());
    Some(if rust::is_text(api, item) {
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
    // Nobody knows what is in them.
    let unknown = object.keeps_unknown.then(|| quote!(.field("unknown_fields", &format_args!("[hidden]"))));
    let allow = allow_deprecated(object, "a deprecated field is shown as well");
    parse_quote! {
        /// Hides what is personal.
        #allow
        impl std::fmt::Debug for #name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(#word) #(#fields)* #unknown .finish()
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
    let has_list = page.items.1.then(|| {
        quote! {
            fn has_list(&self) -> bool {
                self.#items.is_some()
            }
        }
    });
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
    let has_next = if last.is_empty() {
        quote!(None)
    } else {
        let url = ident(last);
        quote!(#at.map(|at| at.#url.is_some()))
    };
    parse_quote! {
        #[cfg(feature = "client")]
        impl crate::runtime::Page for #name {
            type Item = #item;

            fn items(&self) -> &[#item] {
                #borrowed
            }

            fn into_items(self) -> Vec<#item> {
                #owned
            }

            #has_list

            fn has_next(&self) -> Option<bool> {
                #has_next
            }

            fn key(item: &#item) -> Option<&str> {
                #key
            }
        }
    }
}
