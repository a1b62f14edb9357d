//! typify's items, sorted into one list for each schema and shaped by what the schema is.

use std::collections::{BTreeMap, BTreeSet};

use quote::{ToTokens, quote};
use syn::visit_mut::VisitMut;
use syn::{Attribute, Fields, Item, ItemStruct, parse_quote};

use super::docs::Docs;
use super::paths::Paths;
use super::{Mismatch, enums, structs};
use crate::document::{Document, NOTHING};

/// The items of one schema.
#[derive(Debug)]
pub struct SchemaType {
    /// The schema's name, which is the type's.
    pub name: String,
    /// The type first, then its impls.
    pub items: Vec<Item>,
}

/// Shapes the types of all schemas, in the order of their names.
pub fn shape(document: &Document, items: Vec<Item>) -> Result<Vec<SchemaType>, Mismatch> {
    let mut by_schema = sort(document, items)?;
    let (sent, received) = (document.sent(), document.received());
    let mut types = Vec::new();
    let mut docs = Docs::default();
    let schemas = document.components.schemas.iter().filter(|(name, _)| name.value != NOTHING);
    for (name, schema) in schemas {
        let (name, schema) = (name.value.as_str(), &schema.value);
        let items = by_schema.remove(name).unwrap_or_default();
        let mut items = match items.split_first() {
            Some((Item::Struct(item), _)) if matches!(item.fields, Fields::Unnamed(_)) => {
                newtype(item, schema.format.is_some(), schema.personal_data.is_some())
            }
            Some((Item::Struct(item), [])) => structs::shape(document, schema, item, sent.contains(name))?,
            Some((Item::Struct(item), [default])) if is_default(default) => {
                structs::shape(document, schema, item, sent.contains(name))?
            }
            Some((Item::Enum(item), _)) if schema.variants.is_empty() => enums::choice(schema, item)?,
            Some((Item::Enum(item), _)) => enums::values(schema, item, received.contains(name))?,
            _ => {
                return Err(Mismatch::new(
                    "types",
                    format!("no type for the schema `{name}`, or one of an unknown shape"),
                ));
            }
        };
        for item in &mut items {
            docs.visit_item_mut(item);
        }
        types.push(SchemaType { name: name.to_owned(), items });
    }
    if docs.spaced == 0 {
        return Err(Mismatch::new("docs", "no doc comment without a space in front"));
    }
    types.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(types)
}

/// Gives each item to the schema that it defines or implements something for. typify's conversion error goes: the open
/// enums have no use for it.
fn sort(document: &Document, items: Vec<Item>) -> Result<BTreeMap<String, Vec<Item>>, Mismatch> {
    let names: BTreeSet<_> = document.components.schemas.iter().map(|(name, _)| name.value.as_str()).collect();
    let mut sorted: BTreeMap<String, Vec<Item>> = BTreeMap::new();
    let mut paths = Paths::default();
    for mut item in items {
        paths.visit_item_mut(&mut item);
        let owner = match &item {
            Item::Struct(item) => Some(item.ident.to_string()),
            Item::Enum(item) => Some(item.ident.to_string()),
            Item::Mod(module) if module.ident == "error" => continue,
            Item::Impl(block) => {
                let header =
                    (block.self_ty.to_token_stream(), block.trait_.as_ref().map(|(path, _)| path.to_token_stream()));
                let words = format!("{} {}", header.0, header.1.unwrap_or_default());
                words.split_whitespace().find(|word| names.contains(word)).map(ToOwned::to_owned)
            }
            _ => None,
        };
        match owner {
            Some(owner) if names.contains(owner.as_str()) => sorted.entry(owner).or_default().push(item),
            _ => {
                return Err(Mismatch::new("types", format!("an item of no schema: {}", item.to_token_stream())));
            }
        }
    }
    if paths.shortened == 0 {
        return Err(Mismatch::new("paths", "no path to shorten"));
    }
    Ok(sorted)
}

/// Whether the item is `impl Default`, which typify writes out in some cases and derives in others.
fn is_default(item: &Item) -> bool {
    matches!(item, Item::Impl(block) if block.trait_.as_ref().is_some_and(|(path, _)| path.is_ident("Default")))
}

/// Puts attributes behind `derive`, where a reader looks for them.
pub(super) fn insert_after_derive(attributes: &mut Vec<Attribute>, more: impl IntoIterator<Item = Attribute>) {
    let at = attributes.iter().position(|attribute| attribute.path().is_ident("derive")).map_or(0, |at| at + 1);
    attributes.splice(at..at, more);
}

/// The derive of `schemars`, behind its feature.
pub(super) fn json_schema() -> Attribute {
    parse_quote!(#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))])
}

/// An id or a timestamp, written anew over a text: typify's has a public field and the methods of `String`. A timestamp
/// keeps its text as it came, so that one that cannot be read costs nothing else, and is read when it is asked for. What is
/// personal is not shown by `Debug`, which prints whole structures to logs.
fn newtype(item: &ItemStruct, timestamp: bool, personal: bool) -> Vec<Item> {
    let name = &item.ident;
    let docs = item.attrs.iter().filter(|attribute| attribute.path().is_ident("doc"));
    let json_schema = json_schema();
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
