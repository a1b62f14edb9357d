//! Makes types of the vendor's schemas: a component for each object and enum, which are queued and not followed, so that no
//! chain of references is too long; `choices` makes those of unions. Knows what our grammar can say of a value, and nothing
//! of operations.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use heck::ToPascalCase;

use super::components::Components;
use super::model::{Form, Marks, Property, Target, Type};
use super::naming;
use super::notes::{Dropped, Notes};
use super::ours::Ours;
use super::reader::Reader;
use super::samples;
use super::shape::{self, Kind, Shape, key};
use super::unions;
use crate::diagnostic::Place;
use crate::names;
use crate::source::node::{Node, entries, items};
use crate::upstream::vendor::Vendor;

/// Lists of lists, and choices of lists, beyond any sense.
const MOST_DEPTH: usize = 12;

/// Where a schema stands, which names its type.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// The type that it is in.
    pub(super) owner: String,
    /// The property or parameter that it is.
    pub(super) property: String,
    pub(super) depth: usize,
}

/// A value: its type, and the marks of its schema.
#[derive(Debug)]
pub(super) struct Value {
    pub(super) ty: Type,
    marks: Marks,
    format: Option<String>,
}

/// Makes the components of a draft.
pub(super) struct Schemas<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) ours: &'a Ours<'a>,
    pub(super) notes: Notes,
    pub(super) components: Components,
    /// The tag of the operation that is being drafted, in `snake_case`.
    pub(super) resource: String,
    /// What has been made of an object or a choice, or why nothing.
    pub(super) made: BTreeMap<usize, Result<Target, Dropped>>,
    /// The objects that have a name, and are not made yet.
    queue: VecDeque<(String, Vec<shape::Property<'a>>)>,
    ids: BTreeMap<String, Target>,
    time: Option<Target>,
    /// The unions of the objects that are alternatives: what identifies one identifies the union.
    pub(super) families: BTreeMap<String, String>,
    /// The comments about what is inside of the properties of an object.
    pub(super) inside: Vec<String>,
    /// The schemas that requests are made of.
    pub(super) sent: BTreeSet<usize>,
}

impl<'a> Schemas<'a> {
    pub(super) fn new(vendor: &'a Vendor, ours: &'a Ours<'a>) -> Self {
        Self {
            reader: Reader::new(vendor),
            ours,
            notes: Notes::default(),
            components: Components::default(),
            resource: String::new(),
            made: BTreeMap::new(),
            queue: VecDeque::new(),
            ids: BTreeMap::new(),
            time: ours.time(),
            families: BTreeMap::new(),
            inside: Vec::new(),
            sent: BTreeSet::new(),
        }
    }

    /// The value of a schema.
    pub(super) fn value(&mut self, schema: &'a Node, site: &Site) -> Result<Value, Dropped> {
        let shape = self.read(schema);
        self.of_shape(&shape, site)
    }

    /// What a schema is; what is not in that is noted.
    pub(super) fn read(&mut self, schema: &'a Node) -> Shape<'a> {
        let shape = self.reader.read(schema);
        for (what, place) in self.reader.lost.drain(..) {
            self.notes.decide(format!("{what} is left out: the grammar has no word for it"), Some(place));
        }
        shape
    }

    /// An error says why there is no value; what it is of stands before.
    pub(super) fn of_shape(&mut self, shape: &Shape<'a>, site: &Site) -> Result<Value, Dropped> {
        let place = shape.node.place;
        let no = |kind, why: &str| Err(Dropped::new(kind, place, why));
        let format = shape.format.map(str::to_owned);
        if site.depth > MOST_DEPTH {
            return no("depth", "it is nested too deeply");
        }
        let kind = Rc::clone(&shape.kind);
        let ty = match &*kind {
            Kind::Text => self.text(shape, site),
            Kind::Integer { unsigned } => Type::Integer { unsigned: *unsigned },
            Kind::Number => Type::Number,
            Kind::Boolean => Type::Boolean,
            Kind::Enum(values) => Type::Reference(self.enumeration(values, shape, site)),
            Kind::List(items) => Type::List(Box::new(self.items(*items, "items of the list", place, site)?)),
            Kind::Object(properties) => Type::Reference(self.object(properties, shape, site)),
            Kind::Map(_) | Kind::Free => match self.ours.object_of(&site.property) {
                Some(target) => {
                    let text = format!(
                        "`{}` is our `{}`: its properties are not documented here",
                        site.property,
                        target.name()
                    );
                    self.notes.decide(text, Some(place));
                    Type::Reference(target)
                }
                None => self.map(&kind, place, site)?,
            },
            Kind::Any => return no("untyped", "it has no type"),
            Kind::Null | Kind::Wrapped(_) => return no("only-null", "it can only be null"),
            Kind::Odd(kind, message) => return no(kind, message),
            Kind::Union(parts) => self.union(parts, shape, site)?,
        };
        Ok(Value { ty, marks: shape.marks, format })
    }

    fn text(&mut self, shape: &Shape<'a>, site: &Site) -> Type {
        if shape.format == Some("date-time") {
            return Type::Reference(self.time(shape.node.place));
        }
        if let Some(name) = self.id_name(shape, site) {
            return Type::Reference(self.id(&name, shape.format, shape.node.place));
        }
        if let Some(target) = self.ours.text_of(&site.property).filter(|_| shape.format.is_none()) {
            let text = format!("`{}` is our `{}`, as in other types that have it", site.property, target.name());
            self.notes.decide(text, Some(shape.node.place));
            return Type::Reference(target);
        }
        Type::Text(match shape.format {
            Some("email") => "robin@example.org".to_owned(),
            Some("uri" | "url") => "https://example.org/".to_owned(),
            Some("uuid") => samples::uuid(&site.property),
            Some("date") => "2020-04-20".to_owned(),
            _ => samples::words(&site.property),
        })
    }

    /// The type of points in time.
    fn time(&mut self, place: Place) -> Target {
        if let Some(target) = &self.time {
            return target.clone();
        }
        let target = self.add(&["DateTime".to_owned(), "PointInTime".to_owned()], Form::Time, place);
        self.time = Some(target.clone());
        target
    }

    /// The name of the type of an id, if a text is one.
    fn id_name(&self, shape: &Shape<'a>, site: &Site) -> Option<String> {
        // `id` is in the names of formats of ids.
        let is_plain = shape.format.is_none_or(|format| format.to_lowercase().contains("id"));
        let name = match site.property.as_str() {
            "id" => naming::entity(self.families.get(&site.owner).unwrap_or(&site.owner), &self.resource) + "Id",
            property if property.ends_with("_id") => property.to_pascal_case(),
            _ => return None,
        };
        (is_plain && name.len() < 80).then_some(name)
    }

    /// The type of an id: ours, or one of the draft.
    pub(super) fn id(&mut self, name: &str, format: Option<&str>, place: Place) -> Target {
        let known = self.ours.id(name).or_else(|| self.ids.get(name).cloned());
        if let Some(target) = known {
            return target;
        }
        let example = if format == Some("uuid") { samples::uuid(name) } else { samples::digits(name) };
        let target = self.add(&[name.to_owned()], Form::Id(example), place);
        self.notes.decide(format!("`{}` is a new type for ids", target.name()), Some(place));
        self.ids.insert(name.to_owned(), target.clone());
        target
    }

    /// An object with any keys.
    pub(super) fn map(&mut self, kind: &Kind<'a>, place: Place, site: &Site) -> Result<Type, Dropped> {
        let values = match kind {
            Kind::Map(values) => self.items(Some(values), "values of the map", place, site)?,
            _ => Type::Any,
        };
        Ok(Type::Map(Box::new(values)))
    }

    /// What a list or a map holds.
    pub(super) fn items(
        &mut self,
        schema: Option<&'a Node>,
        what: &str,
        place: Place,
        site: &Site,
    ) -> Result<Type, Dropped> {
        let name = &site.property;
        let site = Site { property: naming::singular(name), depth: site.depth + 1, ..site.clone() };
        let made = match schema {
            Some(schema) => self.value(schema, &site),
            None => Err(Dropped::new("untyped", place, "they have no type")),
        };
        let dropped = match made {
            Ok(value) if value.marks.nullable => Dropped::new("nullable-items", place, "they can be null"),
            Ok(value) => return Ok(value.ty),
            Err(dropped) if dropped.kind == "depth" => return Err(dropped),
            Err(dropped) => dropped,
        };
        let message = format!("the {what} `{name}` are any JSON: {}", dropped.message);
        let comment = self.notes.drop(Dropped { message, ..dropped });
        self.inside.push(comment);
        Ok(Type::Any)
    }

    pub(super) fn add(&mut self, names: &[String], form: Form, place: Place) -> Target {
        self.components.add(names, form, place, self.ours, &mut self.notes)
    }

    /// The names that a type can have: its own, or where it stands.
    pub(super) fn names(shape: &Shape<'a>, site: &Site) -> Vec<String> {
        let place = format!("{}_{}", site.owner, site.property);
        shape.name.map(str::to_owned).into_iter().chain([place]).collect()
    }

    fn enumeration(&mut self, values: &[&str], shape: &Shape<'a>, site: &Site) -> Target {
        if let (false, Some(Ok(target))) = (shape.mixed, self.made.get(&key(shape.node))) {
            return target.clone();
        }
        let values = self.spellings(values, shape.node.place);
        let target = self.add(&Self::names(shape, site), Form::Enum(values), shape.node.place);
        if !shape.mixed {
            self.made.insert(key(shape.node), Ok(target.clone()));
        }
        target
    }

    /// The values without other spellings of those before them, which the SDK reads as well.
    fn spellings(&mut self, values: &[&str], place: Place) -> Vec<String> {
        let mut seen = BTreeMap::new();
        let mut found = Vec::new();
        for value in values {
            match seen.insert(names::spelling(value), *value) {
                None => found.push((*value).to_owned()),
                Some(known) => {
                    let text = format!("`{value}` is left out: it is another spelling of `{known}`");
                    self.notes.decide(text, Some(place));
                }
            }
        }
        found
    }

    /// The type of an object. Ours, if it has the same name and all of the properties.
    pub(super) fn object(&mut self, properties: &[shape::Property<'a>], shape: &Shape<'a>, site: &Site) -> Target {
        let node = shape.node;
        if let Some(Ok(target)) = self.made.get(&key(node)) {
            return target.clone();
        }
        let same = shape.name.and_then(|name| self.ours.reference(&name.to_pascal_case()));
        if let Some(target) = same.or_else(|| self.ours.object_of(&site.property)) {
            let known = self.ours.properties(&target);
            let missing: Vec<_> =
                properties.iter().map(|property| property.name).filter(|name| !known.contains(name)).collect();
            if missing.is_empty() {
                self.notes.decide(format!("`{}` is ours", target.name()), Some(node.place));
                self.made.insert(key(node), Ok(target.clone()));
                return target;
            }
            let text = format!("our `{}` is not used: it has no `{}`", target.name(), missing.join("`, `"));
            self.notes.decide(text, Some(node.place));
        }
        let target = self.add(&Self::names(shape, site), Form::Object(Vec::new()), node.place);
        self.made.insert(key(node), Ok(target.clone()));
        self.queue.push_back((target.name().to_owned(), properties.to_vec()));
        target
    }

    /// Makes the objects that are queued, and those that they lead to.
    pub(super) fn finish(&mut self) {
        while let Some((owner, properties)) = self.queue.pop_front() {
            let (mut made, mut comments) = (Vec::new(), Vec::new());
            for property in properties {
                match self.property(&owner, &property) {
                    Ok(property) => made.push(property),
                    Err(dropped) => {
                        let word = if property.required { "the required " } else { "" };
                        let message = format!("{word}`{}` is left out: {}", property.name, dropped.message);
                        let needed = property.required && self.is_sent(&property);
                        comments.push(self.notes.drop(Dropped { message, needed, ..dropped }));
                    }
                }
            }
            comments.append(&mut self.inside);
            if let Some(component) = self.components.get_mut(&owner) {
                component.form = Form::Object(made);
                component.comments = comments;
            }
        }
    }

    fn is_sent(&self, property: &shape::Property<'a>) -> bool {
        property.schemas.iter().any(|schema| self.sent.contains(&key(schema)))
    }

    fn property(&mut self, owner: &str, property: &shape::Property<'a>) -> Result<Property, Dropped> {
        let site = Site { owner: owner.to_owned(), property: property.name.to_owned(), depth: 0 };
        let mut shapes: Vec<_> = property.schemas.iter().map(|schema| self.read(schema)).collect();
        let has_values = shapes.iter().any(|shape| matches!(*shape.kind, Kind::Enum(_)));
        let shape = match shapes.len() {
            1 => shapes.pop(),
            _ => unions::one(shapes),
        };
        let Some(shape) = shape else {
            let why = "it has different types in the objects that this is made of";
            return Err(Dropped::new("union-of-objects", property.place, why));
        };
        if has_values && matches!(*shape.kind, Kind::Text) {
            self.notes.decide("an enum or any text is any text", Some(property.place));
        }
        let value = self.of_shape(&shape, &site)?;
        let is_text = matches!(value.ty, Type::Text(_));
        let personal = is_text && (value.format.as_deref() == Some("email") || self.ours.is_personal(property.name));
        if personal {
            let text = format!("`{}` identifies a person: it has `x-personal-data`", property.name);
            self.notes.decide(text, Some(property.place));
        }
        let item = if let Type::List(item) = &value.ty { item } else { &value.ty };
        if item.is_money(property.name) {
            let text = format!(
                "`{}` is an amount of money: in the minor unit, unless the documentation says otherwise",
                property.name
            );
            self.notes.decide(text, Some(property.place));
        }
        Ok(Property {
            name: property.name.to_owned(),
            ty: value.ty,
            required: property.required,
            marks: value.marks,
            personal,
            sent: self.is_sent(property),
            place: property.place,
        })
    }

    /// All schemas that a node contains or refers to are sent.
    pub(super) fn send(&mut self, node: &'a Node) {
        let mut open = vec![node];
        while let Some(node) = open.pop() {
            if !self.sent.insert(key(node)) {
                continue;
            }
            open.extend(self.reader.references.resolve(node));
            open.extend(items(node));
            open.extend(entries(node).iter().map(|(_, value)| value));
        }
    }
}
