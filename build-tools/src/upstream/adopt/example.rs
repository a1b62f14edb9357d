//! Examples of the values in a draft, made of their types and not of the vendor's examples. Knows our folder for the
//! types that the draft refers to.

use std::collections::BTreeMap;

use serde_json::Number;

use super::model::{Component, Form, Property, Target, Type};
use super::ours::{self, Ours};
use super::yaml::{Map, Yaml};
use crate::source::node::{Node, as_text, entries, items};

/// How deeply optional properties are shown.
const SHOWN: usize = 4;
/// Deeper, or larger, examples are none.
const MOST_DEPTH: usize = 12;
const MOST_VALUES: usize = 2_000;
const TIME: &str = "2020-04-20T12:00:00Z";

/// Makes examples.
pub(super) struct Examples<'a> {
    components: BTreeMap<&'a str, &'a Component>,
    ours: &'a Ours<'a>,
}

struct Left {
    values: usize,
    /// Whether optional properties are shown.
    optional: bool,
    /// The components that are being shown. One that contains itself has no other in it: its lists and maps are empty.
    open: Vec<String>,
}

impl Left {
    fn new(optional: bool) -> Self {
        Self { values: MOST_VALUES, optional, open: Vec::new() }
    }

    /// Whether a type is one of the components that are being shown.
    fn is_open(&self, ty: &Type) -> bool {
        matches!(ty, Type::Reference(target) if self.open.iter().any(|open| open == target.name()))
    }
}

impl<'a> Examples<'a> {
    pub(super) fn new(components: &'a [Component], ours: &'a Ours<'a>) -> Self {
        Self { components: components.iter().map(|component| (component.name.as_str(), component)).collect(), ours }
    }

    /// A whole body. In a request only what is required, or the first property. `None` if it would be too large.
    pub(super) fn body(&self, target: &Target, is_request: bool) -> Option<Yaml> {
        let whole = |optional| self.target(target, 0, &mut Left::new(optional));
        let example = whole(!is_request).or_else(|| whole(false))?;
        let is_empty = matches!(&example, Yaml::Map(map) if map.is_empty());
        if let (true, Target::Own(name)) = (is_empty, target)
            && let Some(Form::Object(properties)) = self.components.get(name.as_str()).map(|component| &component.form)
        {
            let mut left = Left::new(false);
            let first = properties.iter().find_map(|one| Some((&one.name, self.value(&one.ty, 1, &mut left)?)));
            return Some(first.map_or_else(Map::new, |(name, value)| Map::new().with(name, value)).into());
        }
        Some(example)
    }

    /// Of a body that is no object.
    pub(super) fn plain_body(&self, ty: &Type) -> Option<Yaml> {
        let whole = |optional| self.value(ty, 0, &mut Left::new(optional));
        whole(true).or_else(|| whole(false))
    }

    /// Of a value by itself: a property, a parameter or an item.
    pub(super) fn plain(&self, ty: &Type) -> Option<Yaml> {
        let is_of_objects = |item: &Type| match item {
            Type::Reference(Target::Own(name)) => {
                matches!(self.components.get(name.as_str()), Some(Component { form: Form::Object(_), .. }))
            }
            Type::Reference(target) => !self.ours.properties(target).is_empty(),
            _ => false,
        };
        match ty {
            Type::List(item) if is_of_objects(item) => Some(Yaml::List(Vec::new())),
            ty => self.value(ty, 0, &mut Left::new(false)),
        }
    }

    /// Of a component, with what is required.
    pub(super) fn component(&self, name: &str) -> Option<Yaml> {
        self.target(&Target::Own(name.to_owned()), 0, &mut Left::new(false))
    }

    fn value(&self, ty: &Type, depth: usize, left: &mut Left) -> Option<Yaml> {
        left.values = left.values.checked_sub(1)?;
        match ty {
            Type::Text(example) | Type::Tag(example) => Some(example.as_str().into()),
            Type::Integer { .. } => Some(Yaml::Number(1.into())),
            Type::Number => Number::from_f64(1.5).map(Yaml::Number),
            Type::Boolean => Some(true.into()),
            Type::Flag => Some("true".into()),
            Type::Any => Some("Text".into()),
            Type::List(item) if left.is_open(item) => Some(Yaml::List(Vec::new())),
            Type::Map(value) if left.is_open(value) => Some(Map::new().into()),
            Type::List(item) => Some(Yaml::List(vec![self.value(item, depth + 1, left)?])),
            Type::Map(value) => Some(Map::new().with("name", self.value(value, depth + 1, left)?).into()),
            Type::Reference(target) => self.target(target, depth, left),
        }
    }

    fn target(&self, target: &Target, depth: usize, left: &mut Left) -> Option<Yaml> {
        if depth > MOST_DEPTH {
            return None;
        }
        let Target::Own(name) = target else { return self.of_ours(target.name(), depth, left) };
        let form = &self.components.get(name.as_str())?.form;
        left.open.push(name.clone());
        let example = match form {
            Form::Object(properties) => self.object(properties, depth, left),
            Form::Enum(values) => values.first().map(|value| value.as_str().into()),
            Form::Id(example) => Some(example.as_str().into()),
            Form::Time => Some(time()),
            Form::Choice(alternatives) => alternatives.first().and_then(|(_, ty)| self.value(ty, depth + 1, left)),
            Form::Union { alternatives, .. } => {
                alternatives.iter().find_map(|one| self.target(&one.target, depth + 1, left))
            }
        };
        left.open.pop();
        example
    }

    fn object(&self, properties: &[Property], depth: usize, left: &mut Left) -> Option<Yaml> {
        let mut object = Map::new();
        for property in properties {
            let is_shown = left.optional && depth < SHOWN && !property.marks.deprecated;
            if property.required || is_shown {
                match self.value(&property.ty, depth + 1, left) {
                    Some(value) => object.put(&property.name, value),
                    None if property.required && property.marks.nullable => object.put(&property.name, Yaml::Null),
                    None if property.required => return None,
                    None => {}
                }
            }
        }
        Some(object.into())
    }

    /// Of a component of our folder: its own example, or one of those of its properties.
    fn of_ours(&self, name: &str, depth: usize, left: &mut Left) -> Option<Yaml> {
        left.values = left.values.checked_sub(1)?;
        let node = self.ours.schemas.get(name)?.node;
        self.of_node(node, depth, left)
    }

    fn of_node(&self, node: &Node, depth: usize, left: &mut Left) -> Option<Yaml> {
        if let Some(example) = node.get("example") {
            return Some(example.into());
        }
        if depth > MOST_DEPTH {
            return None;
        }
        if let Some(target) = ours::target(node) {
            return self.of_ours(target, depth + 1, left);
        }
        let required = node.get("required").map(items).unwrap_or_default();
        let mut object = Map::new();
        for (name, property) in node.get("properties").map(entries).unwrap_or_default() {
            let is_required = required.iter().any(|given| as_text(given) == Some(name));
            if is_required || (left.optional && depth < SHOWN) {
                match self.of_node(property, depth + 1, left) {
                    Some(value) => object.put(name, value),
                    None if is_required => return None,
                    None => {}
                }
            }
        }
        Some(object.into())
    }
}

/// The example of points in time.
pub(super) fn time() -> Yaml {
    TIME.into()
}
