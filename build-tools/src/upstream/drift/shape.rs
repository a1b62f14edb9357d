//! What a schema says, in a form that two documents of different versions and habits can be compared in: references and
//! `allOf` are resolved, null is a mark, and a union is one shape that has what its alternatives have.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::node::{Data, Node, as_text, entries, is_true, items};
use crate::upstream::vendor::Vendor;

/// Schemas that nest more deeply are not followed further.
const MOST_DEPTH: usize = 24;

/// What a schema says.
#[derive(Clone, Debug, Default)]
pub struct Shape {
    /// The JSON types, without null. None stands for any.
    pub types: BTreeSet<String>,
    pub nullable: bool,
    pub deprecated: bool,
    pub read_only: bool,
    pub format: Option<String>,
    /// The values of an enum, as JSON.
    pub values: BTreeSet<String>,
    pub properties: BTreeMap<String, Shape>,
    pub required: BTreeSet<String>,
    /// The items of a list, or the values of a map.
    pub items: Option<Box<Shape>>,
}

/// The shape of a schema.
pub fn shape(vendor: &Vendor, schema: &Node) -> Shape {
    Reader { vendor, open: Vec::new(), names: Vec::new(), left: 20_000 }.read(schema)
}

struct Reader<'a> {
    vendor: &'a Vendor,
    /// The schemas that are being read, each with the number of properties that it is inside of.
    open: Vec<(*const Node, usize)>,
    /// The properties that are being read.
    names: Vec<&'a str>,
    /// How many more are read: a schema with unions of unions can stand for more than there is time for.
    left: usize,
}

impl<'a> Reader<'a> {
    fn read(&mut self, schema: &'a Node) -> Shape {
        let mut shape = Shape::default();
        let Some(target) = self.vendor.resolve(schema) else { return shape };
        if !std::ptr::eq(target, schema) {
            // In 3.1, and by the habit of some exporters in 3.0, what stands next to a reference counts.
            shape = self.read(target);
            let mut own = Shape::default();
            marks(schema, &mut own);
            shape.add(own);
            return shape;
        }
        if self.is_again(schema) {
            return shape;
        }
        if self.open.len() > MOST_DEPTH || self.left == 0 {
            shape.types.insert("more than is compared".to_owned());
            return shape;
        }
        self.left -= 1;
        self.open.push((schema, self.names.len()));
        marks(schema, &mut shape);
        for (name, property) in schema.get("properties").map(entries).unwrap_or_default() {
            self.names.push(name);
            let property = self.read(property);
            self.names.pop();
            shape.properties.insert(name.value.clone(), property);
        }
        let required = schema.get("required").map(items).unwrap_or_default();
        shape.required.extend(required.iter().filter_map(as_text).map(str::to_owned));
        let mut inner = ["items", "additionalProperties"].into_iter().filter_map(|key| schema.get(key));
        if let Some(inner) = inner.find(|inner| matches!(inner.value, Data::Map(_))) {
            shape.items = Some(Box::new(self.read(inner)));
        }
        for part in schema.get("allOf").map(items).unwrap_or_default() {
            let part = self.read(part);
            shape.add(part);
        }
        let unions = ["anyOf", "oneOf"].into_iter().filter_map(|key| schema.get(key)).flat_map(items);
        let parts: Vec<_> = unions.map(|part| self.read(part)).collect();
        if let Some(union) = parts.into_iter().reduce(Shape::or) {
            shape.add(union);
        }
        self.open.pop();
        if shape.types.is_empty() && !shape.properties.is_empty() {
            shape.types.insert("object".to_owned());
        }
        shape
    }
}

impl Reader<'_> {
    /// Whether a schema that contains itself is not followed further: where a property has the name of two around it. How
    /// many schemas lead there differs from document to document; the names do not.
    fn is_again(&self, schema: &Node) -> bool {
        let depth = self.names.len();
        let last = self.names.last();
        self.names.iter().filter(|name| Some(*name) == last).count() > 2
            || self.open.contains(&(std::ptr::from_ref(schema), depth))
    }
}

/// What the schema says of itself.
fn marks(schema: &Node, shape: &mut Shape) {
    shape.nullable = is_true(schema, "nullable");
    shape.deprecated = is_true(schema, "deprecated");
    shape.read_only = is_true(schema, "readOnly");
    shape.format = schema.get("format").and_then(as_text).map(str::to_owned);
    let types = schema.get("type");
    let types =
        types.map(|node| if let Data::List(list) = &node.value { list.as_slice() } else { std::slice::from_ref(node) });
    shape.types.extend(types.unwrap_or_default().iter().filter_map(as_text).map(str::to_owned));
    let values = schema.get("enum").map(items).unwrap_or_default().iter().chain(schema.get("const"));
    for value in values {
        match &value.value {
            Data::Null => shape.nullable = true,
            value => drop(shape.values.insert(value.to_json().to_string())),
        }
    }
    // A schema of null alone.
    let only_null = shape.nullable && shape.values.is_empty() && schema.get("enum").is_some();
    if shape.types.remove("null") || only_null {
        shape.nullable = true;
        if only_null {
            shape.types.clear();
        }
    }
}

impl Shape {
    /// Whether null is all that fits.
    fn is_null(&self) -> bool {
        self.nullable && self.types.is_empty() && self.properties.is_empty() && self.items.is_none()
    }

    /// Both hold.
    fn add(&mut self, other: Self) {
        if self.types.is_empty() {
            self.types = other.types;
        }
        if self.values.is_empty() {
            self.values = other.values;
        }
        self.nullable |= other.nullable;
        self.deprecated |= other.deprecated;
        self.read_only |= other.read_only;
        self.format = self.format.take().or(other.format);
        self.required.extend(other.required);
        self.items = self.items.take().or(other.items);
        for (name, property) in other.properties {
            self.properties.entry(name).or_default().add(property);
        }
    }

    /// One of both holds.
    fn or(self, other: Self) -> Self {
        match (self.is_null(), other.is_null()) {
            (true, _) => return Self { nullable: true, ..other },
            (_, true) => return Self { nullable: true, ..self },
            _ => {}
        }
        let any = self.types.is_empty() || other.types.is_empty();
        let free = self.values.is_empty() || other.values.is_empty();
        let mut properties = self.properties;
        for (name, property) in other.properties {
            let known = properties.remove(&name);
            properties.insert(name, known.map_or(property.clone(), |known| known.or(property)));
        }
        Self {
            types: if any { BTreeSet::new() } else { self.types.union(&other.types).cloned().collect() },
            values: if free { BTreeSet::new() } else { self.values.union(&other.values).cloned().collect() },
            nullable: self.nullable || other.nullable,
            deprecated: self.deprecated && other.deprecated,
            read_only: self.read_only && other.read_only,
            format: self.format.filter(|format| other.format.as_ref() == Some(format)),
            properties,
            required: self.required.intersection(&other.required).cloned().collect(),
            items: match (self.items, other.items) {
                (Some(one), Some(two)) => Some(Box::new(one.or(*two))),
                (one, two) => one.or(two),
            },
        }
    }

    /// The types in words.
    pub fn type_name(&self) -> String {
        let types: Vec<_> = self.types.iter().map(String::as_str).collect();
        if types.is_empty() { "any".to_owned() } else { types.join(" or ") }
    }
}
