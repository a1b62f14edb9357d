//! Reads a tree of YAML into typed mappings, and finds everything that does not fit, with its place. Knows the form of
//! values, not their meaning.

use std::ops::Deref;

use heck::ToLowerCamelCase;
use serde_json::Value;

use super::node::{Data, Node, Spanned};
use crate::diagnostic::Diagnostic;

/// What can be read from a node. Whatever does not fit is added to `found`, and the result is `None`.
pub trait Read: Sized {
    fn read(node: &Node, found: &mut Vec<Diagnostic>) -> Option<Self>;

    /// The value where there is no key; `None` if the key is needed.
    fn absent() -> Option<Self> {
        None
    }
}

/// Something else stands here.
pub(super) fn mismatch<T>(node: &Node, expected: &str, found: &mut Vec<Diagnostic>) -> Option<T> {
    let help = match node.value {
        Data::Number(_) | Data::Bool(_) if expected == "a string" => "put it in quotes",
        _ => "openapi/README.md shows the form",
    };
    found.push(Diagnostic::new("value", node, format!("expected {expected}, found {}", node.kind()), help));
    None
}

impl Read for String {
    fn read(node: &Node, found: &mut Vec<Diagnostic>) -> Option<Self> {
        match &node.value {
            Data::Text(text) => Some(text.clone()),
            _ => mismatch(node, "a string", found),
        }
    }
}

impl Read for bool {
    fn read(node: &Node, found: &mut Vec<Diagnostic>) -> Option<Self> {
        match node.value {
            Data::Bool(value) => Some(value),
            _ => mismatch(node, "`true` or `false`", found),
        }
    }

    fn absent() -> Option<Self> {
        Some(false)
    }
}

impl Read for Value {
    fn read(node: &Node, _: &mut Vec<Diagnostic>) -> Option<Self> {
        Some(node.to_json())
    }
}

impl<T: Read> Read for Spanned<T> {
    fn read(node: &Node, found: &mut Vec<Diagnostic>) -> Option<Self> {
        Some(Self { value: T::read(node, found)?, place: node.place })
    }
}

impl<T: Read> Read for Option<T> {
    fn read(node: &Node, found: &mut Vec<Diagnostic>) -> Option<Self> {
        T::read(node, found).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Read> Read for Box<T> {
    fn read(node: &Node, found: &mut Vec<Diagnostic>) -> Option<Self> {
        T::read(node, found).map(Self::new)
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(node: &Node, found: &mut Vec<Diagnostic>) -> Option<Self> {
        let Data::List(items) = &node.value else { return mismatch(node, "a list", found) };
        let read: Vec<_> = items.iter().map(|item| T::read(item, found)).collect();
        read.into_iter().collect()
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

/// What is kept without those of its parts that do not fit, so that the others can be checked. A document with anything
/// that does not fit is not generated from.
#[derive(Clone, Debug)]
pub struct Kept<T>(T);

impl<T> Deref for Kept<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Read> Read for Kept<Option<T>> {
    fn read(node: &Node, found: &mut Vec<Diagnostic>) -> Option<Self> {
        Some(Self(T::read(node, found)))
    }

    fn absent() -> Option<Self> {
        Some(Self(None))
    }
}

impl<T: Read> Read for Kept<Map<T>> {
    fn read(node: &Node, found: &mut Vec<Diagnostic>) -> Option<Self> {
        let Data::Map(entries) = &node.value else { return mismatch(node, "a mapping", found) };
        let read = entries.iter().filter_map(|(key, value)| Some((key.clone(), T::read(value, found)?)));
        Some(Self(Map(read.collect())))
    }

    fn absent() -> Option<Self> {
        Some(Self(Map::default()))
    }
}

/// A mapping with any keys, in the order of the text.
#[derive(Clone, Debug)]
pub struct Map<T>(pub Vec<(Spanned<String>, T)>);

impl<T> Map<T> {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&T> {
        self.iter().find(|(name, _)| name.value == key).map(|(_, value)| value)
    }

    /// The entries in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = (&Spanned<String>, &T)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Read> Read for Map<T> {
    fn read(node: &Node, found: &mut Vec<Diagnostic>) -> Option<Self> {
        let Data::Map(entries) = &node.value else { return mismatch(node, "a mapping", found) };
        let read: Vec<_> = entries.iter().map(|(key, value)| Some((key.clone(), T::read(value, found)?))).collect();
        Some(Self(read.into_iter().collect::<Option<_>>()?))
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

/// The key of a field: its name in OpenAPI's camelCase, unless another is given.
pub(super) fn key(field: &str, given: Option<&str>) -> String {
    given.map_or_else(|| field.to_lower_camel_case(), str::to_owned)
}

/// Reports the keys of a mapping that are not among the known ones. `None` if the node is not a mapping.
pub(super) fn check_keys(node: &Node, known: &[&str], found: &mut Vec<Diagnostic>) -> Option<()> {
    let Data::Map(entries) = &node.value else { return mismatch(node, "a mapping", found) };
    for (key, _) in entries.iter().filter(|(key, _)| !known.contains(&key.value.as_str())) {
        let message = format!("unknown key `{}`, expected one of {}", key.value, known.join(", "));
        let help = "openapi/README.md lists what may be written";
        found.push(Diagnostic::new("unknown-key", key, message, help));
    }
    Some(())
}

/// The value of a key.
pub(super) fn take<T: Read>(node: &Node, key: &str, found: &mut Vec<Diagnostic>) -> Option<T> {
    if let Some(value) = node.get(key) {
        return T::read(value, found);
    }
    let absent = T::absent();
    if absent.is_none() {
        let help = "add the key to this mapping";
        found.push(Diagnostic::new("missing-key", node, format!("the key `{key}` is missing"), help));
    }
    absent
}

/// Declares structs that are read from mappings with exactly these keys.
macro_rules! grammar {
    ($($(#[$meta:meta])* struct $name:ident { $($(#[$field_meta:meta])* $field:ident $(= $key:literal)?: $type:ty,)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug)]
        #[allow(dead_code, missing_docs, clippy::struct_field_names, clippy::struct_excessive_bools, reason = "the \
         keys are OpenAPI's, and some say nothing that is generated")]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type,)*
        }

        impl $crate::source::grammar::Read for $name {
            fn read(
                node: &$crate::source::node::Node,
                found: &mut Vec<$crate::diagnostic::Diagnostic>,
            ) -> Option<Self> {
                use $crate::source::grammar::{check_keys, key, take};
                $(let $field = key(stringify!($field), None $(.or(Some($key)))?);)*
                check_keys(node, &[$($field.as_str()),*], found)?;
                // All fields are read before any is missed, so that every finding is reported.
                $(let $field = take(node, &$field, found);)*
                Some(Self { $($field: $field?,)* })
            }
        }
    )*};
}
pub(super) use grammar;
