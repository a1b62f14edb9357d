//! Reads schemas of the vendor's document: references followed, null as a mark, `allOf` as one object, `const` as an enum.
//! Reads one level, and knows nothing of our grammar's names or of our folder.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::all_of::Merge;
use super::model::Marks;
use super::references::{MOST_STEPS, References};
use super::shape::{self, Kind, Part, Property, Shape, TEXTS, key, list, required};
use crate::diagnostic::Place;
use crate::source::node::{Data, Node, as_text, entries, is_true, items};
use crate::upstream::vendor::Vendor;

/// What a schema is without the references to it.
#[derive(Clone, Debug)]
struct Core<'a> {
    kind: Rc<Kind<'a>>,
    nullable: bool,
    format: Option<&'a str>,
}

/// Reads schemas: each once, however many references lead to it.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) references: References<'a>,
    known: BTreeMap<usize, Core<'a>>,
    /// What schemas say that is not in their shapes.
    pub(super) lost: Vec<(String, Place)>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(vendor: &'a Vendor) -> Self {
        Self { references: References { vendor }, known: BTreeMap::new(), lost: Vec::new() }
    }

    /// What a schema is.
    pub(super) fn read(&mut self, schema: &'a Node) -> Shape<'a> {
        let (mut node, mut name, mut nullable) = (schema, None, false);
        let shape = |core: Core<'a>, node, name, nullable: bool| Shape {
            kind: core.kind,
            marks: Marks {
                nullable: nullable || core.nullable,
                deprecated: is_true(schema, "deprecated"),
                read_only: is_true(schema, "readOnly"),
            },
            format: core.format,
            node,
            name,
            mixed: false,
        };
        let odd = |message: String| {
            let kind = Rc::new(Kind::Odd("dangling-reference", message));
            Core { kind, nullable: false, format: None }
        };
        for _ in 0..MOST_STEPS {
            nullable |= is_true(node, "nullable");
            if let Some(reference) = node.get("$ref") {
                self.lose(node, &["$ref", "nullable", "deprecated", "readOnly"]);
                let reference = as_text(reference).unwrap_or_default();
                match self.references.at(reference) {
                    Some(target) => (node, name) = target,
                    None => return shape(odd(format!("`{reference}` leads nowhere")), node, name, nullable),
                }
                continue;
            }
            let core = self.core(node);
            match *core.kind {
                Kind::Wrapped(inner) => {
                    nullable |= core.nullable;
                    (node, name) = (inner, None);
                }
                _ => return shape(core, node, name, nullable),
            }
        }
        shape(odd("the reference leads in a circle".to_owned()), node, name, nullable)
    }

    fn core(&mut self, node: &'a Node) -> Core<'a> {
        if let Some(core) = self.known.get(&key(node)) {
            return core.clone();
        }
        let mut core = Core { kind: Rc::new(Kind::Any), nullable: is_true(node, "nullable"), format: None };
        core.kind = Rc::new(match self.wrapped(node, &mut core.nullable) {
            Some(kind) => kind,
            None => self.plain(node, &mut core),
        });
        self.known.insert(key(node), core.clone());
        core
    }

    /// What is inside of a schema that is only a wrapper: of an `allOf`, or of a union with null.
    fn wrapped(&mut self, node: &'a Node, nullable: &mut bool) -> Option<Kind<'a>> {
        if !list(node, "properties").is_empty() {
            return None;
        }
        let kind = if let Some([inner]) = node.get("allOf").map(items) {
            Kind::Wrapped(inner)
        } else {
            let parts = ["oneOf", "anyOf"].iter().map(|key| node.get(key).map(items).unwrap_or_default());
            let parts = parts.into_iter().find(|parts| !parts.is_empty())?;
            let (null, parts): (Vec<_>, Vec<_>) = parts.iter().partition(|part| self.is_null(part));
            *nullable |= !null.is_empty();
            match parts[..] {
                [] => Kind::Null,
                [one] => Kind::Wrapped(one),
                _ => Kind::Union(parts.into_iter().map(Part::Schema).collect()),
            }
        };
        self.lose(node, &["allOf", "oneOf", "anyOf", "discriminator", "nullable", "type", "deprecated", "readOnly"]);
        Some(kind)
    }

    fn is_null(&self, node: &'a Node) -> bool {
        let node = self.references.resolve(node).unwrap_or(node);
        let only_null = |list: &Node| matches!(items(list), [one] if matches!(one.value, Data::Null));
        node.get("type").is_some_and(|kind| matches!(kind.value, Data::Null) || as_text(kind) == Some("null"))
            || node.get("enum").is_some_and(only_null)
            || node.get("const").is_some_and(|value| matches!(value.value, Data::Null))
    }

    /// Reads a schema that is no reference and no wrapper.
    fn plain(&mut self, node: &'a Node, core: &mut Core<'a>) -> Kind<'a> {
        if !matches!(node.value, Data::Map(_)) {
            // In 3.1 `true` is a schema that everything fits.
            return Kind::Any;
        }
        if node.get("allOf").is_some() {
            self.lose(node, &["allOf", "properties", "required", "type", "nullable", "deprecated", "readOnly"]);
            let mut merge = Merge::default();
            merge.add(self.references, node, 0);
            for part in merge.parts.iter().skip(1) {
                self.lose(part, &["allOf", "properties", "required", "type", "additionalProperties"]);
            }
            return match merge.odd {
                Some(what) => Kind::Odd("all-of", format!("`allOf` with {what} cannot be put together")),
                None if merge.found.is_empty() => Kind::Free,
                None => Kind::Object(merge.properties()),
            };
        }
        let types: Vec<&str> = match node.get("type").map(|kind| &kind.value) {
            Some(Data::Text(kind)) => vec![kind],
            Some(Data::List(kinds)) => kinds.iter().filter_map(as_text).collect(),
            _ => Vec::new(),
        };
        core.nullable |= types.contains(&"null") && types.len() > 1;
        let types: Vec<_> = types.iter().copied().filter(|kind| *kind != "null" || types.len() == 1).collect();
        match types[..] {
            [] => self.of_kind(guess(node), node, core),
            [kind] => self.of_kind(Some(kind), node, core),
            _ => Kind::Union(types.into_iter().map(Part::Type).collect()),
        }
    }

    fn of_kind(&mut self, kind: Option<&str>, node: &'a Node, core: &mut Core<'a>) -> Kind<'a> {
        core.format = node.get("format").and_then(as_text);
        let mut known = vec!["type", "nullable", "deprecated", "readOnly"];
        let kind = match kind {
            Some("string") => {
                known.extend(["enum", "const"]);
                self.values(node, core)
            }
            Some("integer") => {
                let zero = |limit: &Node| matches!(&limit.value, Data::Number(number) if number.as_f64() == Some(0.0));
                let unsigned = node.get("minimum").is_some_and(zero);
                known.extend(unsigned.then_some("minimum"));
                Kind::Integer { unsigned }
            }
            Some("number") => Kind::Number,
            Some("boolean") => Kind::Boolean,
            Some("null") => Kind::Null,
            Some("array") => {
                known.push("items");
                Kind::List(node.get("items"))
            }
            Some("object") => {
                known.extend(["properties", "required", "additionalProperties"]);
                self.object(node)
            }
            Some(other) => Kind::Odd("type", format!("`{other}` is no type")),
            None => Kind::Any,
        };
        self.lose(node, &known);
        kind
    }

    /// A text, or an enum of texts.
    fn values(&mut self, node: &'a Node, core: &mut Core<'a>) -> Kind<'a> {
        let list = node.get("enum").map(items).or_else(|| node.get("const").map(std::slice::from_ref));
        let Some(list) = list else { return Kind::Text };
        let mut seen = BTreeSet::new();
        let mut texts = Vec::new();
        for value in list {
            match &value.value {
                Data::Text(text) if seen.insert(text) => texts.push(text.as_str()),
                Data::Text(_) => self.lost.push(("a value that stands twice in an enum".to_owned(), value.place)),
                Data::Null => core.nullable = true,
                _ => {
                    self.lost.push(("an enum with values that are not texts".to_owned(), value.place));
                    return Kind::Text;
                }
            }
        }
        if texts.is_empty() { Kind::Null } else { Kind::Enum(texts) }
    }

    fn object(&mut self, node: &'a Node) -> Kind<'a> {
        let more = node.get("additionalProperties").filter(|more| !entries(more).is_empty());
        if list(node, "properties").is_empty() {
            let is_said = |key: &str| !matches!(key, "description" | "title");
            let says = more.is_some_and(|more| entries(more).iter().any(|(key, _)| is_said(key)));
            return more.filter(|_| says).map_or(Kind::Free, Kind::Map);
        }
        if let Some(more) = more {
            self.lost.push(("`additionalProperties` next to `properties`".to_owned(), more.place));
        }
        let required = required(node);
        let all = shape::properties(node);
        Kind::Object(all.map(|one| Property { required: required.contains(one.name), ..one }).collect())
    }

    /// Notes the keys that are not among those that were read. Texts for people are never taken over.
    fn lose(&mut self, node: &Node, known: &[&str]) {
        for (key, value) in entries(node) {
            let name = key.value.as_str();
            if !known.contains(&name) && !TEXTS.contains(&name) {
                let what = match (name, as_text(value)) {
                    ("format", Some("date-time")) => continue,
                    ("format", Some(format)) => format!("`format: {format}`"),
                    _ => format!("`{name}`"),
                };
                self.lost.push((what, key.place));
            }
        }
    }
}

/// The type of a schema that does not give it.
fn guess(node: &Node) -> Option<&'static str> {
    let value =
        node.get("enum").and_then(|values| items(values).iter().find(|value| !matches!(value.value, Data::Null)));
    match value.or_else(|| node.get("const")).map(|value| &value.value) {
        Some(Data::Text(_)) => return Some("string"),
        Some(Data::Bool(_)) => return Some("boolean"),
        Some(Data::Number(_)) => return Some("number"),
        _ => {}
    }
    let keys = [("properties", "object"), ("additionalProperties", "object"), ("items", "array")];
    keys.iter().find(|(key, _)| node.get(key).is_some()).map(|(_, kind)| *kind)
}
