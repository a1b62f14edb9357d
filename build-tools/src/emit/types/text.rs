//! Types around a string: ids and timestamps.

use quote::quote;
use syn::{Ident, Item, parse_quote};

use crate::emit::docs::doc;
use crate::emit::rust::{ident, json_schema};
use crate::model::{Type, TypeKind};

/// An id around a string. What is personal is not shown by `Debug`, which prints whole structures to logs.
pub fn id(ty: &Type, personal: bool, made_from: &[String]) -> Vec<Item> {
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
    for other in made_from {
        let other = ident(other);
        items.push(parse_quote! {
            impl From<#other> for #name {
                fn from(value: #other) -> Self {
                    Self(value.into())
                }
            }
        });
        items.push(parse_quote! {
            impl From<&#other> for #name {
                fn from(value: &#other) -> Self {
                    Self(value.as_str().to_owned())
                }
            }
        });
    }
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
pub fn timestamp(ty: &Type) -> Vec<Item> {
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
                /// The point in time. `None` if the string is not in RFC 3339 format, or is before 1970.
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

/// The impl of `FromStr` of a type that every string can be.
pub fn from_str(name: &Ident) -> Item {
    parse_quote! {
        impl std::str::FromStr for #name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(text))
            }
        }
    }
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
        from_str(&name),
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
