//! YAML as a tree whose values know their places. The only file that knows the YAML library. Knows nothing of OpenAPI.

use std::fmt;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Number, Value};
use serde_saphyr::Location;

use crate::diagnostic::{Diagnostic, Place};

/// A value with its place in the text.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    pub value: T,
    pub place: Place,
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> From<&Spanned<T>> for Place {
    fn from(spanned: &Spanned<T>) -> Self {
        spanned.place
    }
}

/// A value of YAML. The entries of a mapping are in the order of the text.
#[derive(Clone, Debug)]
pub enum Data {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Spanned<String>, Node)>),
}

/// A value of YAML with its place.
pub type Node = Spanned<Data>;

/// Parses the text with the index `file`.
pub fn parse(text: &str, file: usize) -> Result<Node, Diagnostic> {
    // Enough for a thousand operations. Aliases count as what they stand for.
    let options = serde_saphyr::options! {
        strict_booleans: true,
        budget: serde_saphyr::budget! {
            max_nodes: 1_000_000,
            max_events: 3_000_000,
            enforce_alias_anchor_ratio: false,
        },
    };
    let node = serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let message = error.without_snippet().to_string();
        // The library ends its message with the place, which the diagnostic shows itself.
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        let place = Place { file, ..place(error.location().unwrap_or(Location::UNKNOWN)) };
        if message.starts_with("duplicate mapping key") {
            let message = message.split(", set").next().unwrap_or(message);
            return Diagnostic::new("duplicate-key", place, message, "remove or rename one of the two");
        }
        // In words of this tool, where the library's are about its own settings.
        let message = match message {
            text if text.starts_with("multiple YAML documents") => "the file has several YAML documents",
            text if text.starts_with("budget breached: Depth") || text.starts_with("recursion limit") => {
                "values are nested more deeply than can be read"
            }
            text if text.starts_with("budget breached") => "the document, with what its aliases stand for, is too large",
            text => text,
        };
        Diagnostic::new("yaml", place, message, "fix the YAML at this place or just before it: check the indentation, and put a text with `: ` or ` #` in quotes")
    });
    node.map(|mut node| {
        set_file(&mut node, file);
        node
    })
}

/// The reader of the YAML does not know which of the files it reads.
fn set_file(node: &mut Node, file: usize) {
    node.place.file = file;
    match &mut node.value {
        Data::List(items) => items.iter_mut().for_each(|item| set_file(item, file)),
        Data::Map(entries) => {
            for (key, value) in entries {
                key.place.file = file;
                set_file(value, file);
            }
        }
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) => {}
    }
}

fn place(location: Location) -> Place {
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    Place {
        file: 0,
        // The library's unknown place is line 0.
        line: number(location.line()).max(1),
        column: number(location.column()).max(1),
        length: number(location.span().byte_len().unwrap_or(0)),
    }
}

impl Data {
    /// The kind of value, with its article.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }

    /// The value as JSON, without places.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(value) => Value::Number(value.clone()),
            Self::Text(value) => Value::String(value.clone()),
            Self::List(items) => items.iter().map(|item| item.to_json()).collect(),
            Self::Map(entries) => entries.iter().map(|(key, value)| (key.value.clone(), value.to_json())).collect(),
        }
    }

    /// The value of a key, if this is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match self {
            Self::Map(entries) => entries.iter().find(|(name, _)| name.value == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The value of a key, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Data> {
        match self {
            Self::Map(entries) => {
                entries.iter_mut().find(|(name, _)| name.value == key).map(|(_, node)| &mut node.value)
            }
            _ => None,
        }
    }
}

/// The entries of a mapping, or none.
pub fn entries(node: &Node) -> &[(Spanned<String>, Node)] {
    match &node.value {
        Data::Map(entries) => entries,
        _ => &[],
    }
}

/// The items of a list, or none.
pub fn items(node: &Node) -> &[Node] {
    match &node.value {
        Data::List(items) => items,
        _ => &[],
    }
}

/// A text, if it is one.
pub fn as_text(node: &Node) -> Option<&str> {
    match &node.value {
        Data::Text(text) => Some(text),
        _ => None,
    }
}

/// Whether the value of a key is `true`.
pub fn is_true(node: &Node, key: &str) -> bool {
    node.get(key).is_some_and(|value| matches!(value.value, Data::Bool(true)))
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Spanned<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = serde_saphyr::Spanned::<T>::deserialize(deserializer)?;
        Ok(Self { value: spanned.value, place: place(spanned.referenced) })
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Data;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_unit<E: Error>(self) -> Result<Data, E> {
                Ok(Data::Null)
            }

            fn visit_bool<E: Error>(self, value: bool) -> Result<Data, E> {
                Ok(Data::Bool(value))
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Data, E> {
                Ok(Data::Number(value.into()))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Data, E> {
                Ok(Data::Number(value.into()))
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<Data, E> {
                Number::from_f64(value).map(Data::Number).ok_or_else(|| E::custom("JSON has no such number"))
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<Data, E> {
                Ok(Data::Text(value.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Data, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = access.next_element()? {
                    items.push(item);
                }
                Ok(Data::List(items))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Data, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = access.next_entry()? {
                    entries.push(entry);
                }
                Ok(Data::Map(entries))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

impl Serialize for Spanned<Data> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.value {
            Data::Null => serializer.serialize_unit(),
            Data::Bool(value) => serializer.serialize_bool(*value),
            Data::Number(value) => value.serialize(serializer),
            Data::Text(value) => serializer.serialize_str(value),
            Data::List(items) => serializer.collect_seq(items),
            Data::Map(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, value) in entries {
                    map.serialize_entry(&key.value, value)?;
                }
                map.end()
            }
        }
    }
}
