//! Makes types of the vendor's unions: one of several objects, which the value itself tells apart; one object for those that
//! nothing tells apart; and a choice of values with different JSON types. Knows what our grammar can say of a union.

use std::collections::BTreeSet;

use super::model::{Alternative, Form, Target, Type};
use super::notes::Dropped;
use super::samples;
use super::schemas::{Schemas, Site};
use super::shape::{Kind, Part, Shape, key};
use super::unions;
use crate::diagnostic::Place;
use crate::source::node::{Node, as_text};

/// The property that tells the alternatives of a union apart, and its value in each.
struct Tag {
    property: String,
    values: Vec<String>,
}

impl<'a> Schemas<'a> {
    pub(super) fn union(&mut self, parts: &[Part<'a>], shape: &Shape<'a>, site: &Site) -> Result<Type, Dropped> {
        if let Some(made) = self.made.get(&key(shape.node)) {
            return made.clone().map(Type::Reference);
        }
        if let Some(objects) = self.objects(parts) {
            return Ok(Type::Reference(self.of_objects(objects, shape, site)));
        }
        let place = shape.node.place;
        let mut shapes: Vec<Result<Shape<'a>, &str>> = Vec::new();
        for part in parts {
            match part {
                Part::Type(name) => shapes.push(Err(*name)),
                Part::Schema(node) => {
                    let part = self.read(node);
                    let is_known = |known: &Result<Shape<'_>, _>| {
                        known.as_ref().is_ok_and(|known| unions::is_same(known.node, part.node))
                    };
                    if !shapes.iter().any(is_known) {
                        shapes.push(Ok(part));
                    }
                }
            }
        }
        if let [Ok(only)] = &shapes[..] {
            return self.of_shape(only, site).map(|value| value.ty);
        }
        let target = self.add(&Self::names(shape, site), Form::Choice(Vec::new()), place);
        // A choice can have a list of itself.
        self.made.insert(key(shape.node), Ok(target.clone()));
        let alternatives = self.alternatives(shapes, place, site);
        let made = alternatives.map(|alternatives| {
            if let Some(component) = self.components.get_mut(target.name()) {
                component.form = Form::Choice(alternatives);
            }
            target
        });
        self.made.insert(key(shape.node), made.clone());
        made.map(Type::Reference)
    }

    /// The alternatives, if all of them are objects.
    fn objects(&mut self, parts: &[Part<'a>]) -> Option<Vec<Shape<'a>>> {
        let shapes = parts.iter().map(|part| match part {
            Part::Schema(node) => Some(self.read(node)).filter(|part| matches!(*part.kind, Kind::Object(_))),
            Part::Type(_) => None,
        });
        shapes.collect()
    }

    fn of_objects(&mut self, objects: Vec<Shape<'a>>, shape: &Shape<'a>, site: &Site) -> Target {
        let (tag, own) = (self.tag(&objects, shape.node), unions::own(&objects));
        if tag.is_none() && own.is_none() {
            return self.one_object(objects, shape, site);
        }
        let form = Form::Union { tag: None, alternatives: Vec::new() };
        let union = self.add(&Self::names(shape, site), form, shape.node.place);
        // An alternative can contain the union.
        self.made.insert(key(shape.node), Ok(union.clone()));
        let (property, values) = tag.map_or((None, Vec::new()), |tag| (Some(tag.property), tag.values));
        let mut alternatives = Vec::new();
        for (at, object) in objects.iter().enumerate() {
            let value = values.get(at).cloned().unwrap_or_default();
            let own = own.as_ref().filter(|_| property.is_none()).and_then(|own| own.get(at).copied());
            let site = Site { owner: union.name().to_owned(), property: own.unwrap_or(&value).to_owned(), depth: 0 };
            let target = self.object(unions::properties(object), object, &site);
            self.families.entry(target.name().to_owned()).or_insert_with(|| union.name().to_owned());
            alternatives.push(Alternative { target, value });
        }
        if let Some(property) = &property {
            let text = format!("`{}` has the `discriminator` `{property}`, as its values show", union.name());
            self.notes.decide(text, Some(shape.node.place));
        }
        if let Some(component) = self.components.get_mut(union.name()) {
            component.form = Form::Union { tag: property, alternatives };
        }
        union
    }

    /// One object for a union of several. In a request they can be mixed up.
    fn one_object(&mut self, objects: Vec<Shape<'a>>, shape: &Shape<'a>, site: &Site) -> Target {
        let text = format!(
            "`{}` is one of several objects, and nothing tells them apart: one object with the properties of all",
            site.property
        );
        if self.sent.contains(&key(shape.node)) {
            let comment = self.notes.drop(Dropped::new("union-of-objects", shape.node.place, text));
            self.inside.push(comment);
        } else {
            self.notes.decide(text, Some(shape.node.place));
        }
        self.object(&unions::together(objects.into_iter()), shape, site)
    }

    /// The property that every alternative requires with one value of its own: that of the vendor's `discriminator`, or the
    /// first.
    fn tag(&mut self, objects: &[Shape<'a>], node: &'a Node) -> Option<Tag> {
        let given = node.get("discriminator").and_then(|given| given.get("propertyName")).and_then(as_text);
        let first = unions::properties(objects.first()?).iter().map(|property| property.name);
        let mut names: Vec<&str> = given.into_iter().chain(first).collect();
        names.dedup();
        names.into_iter().find_map(|property| {
            let values: Option<Vec<_>> = objects.iter().map(|object| self.only_value(object, property)).collect();
            let values = values?;
            let distinct: BTreeSet<_> = values.iter().collect();
            (distinct.len() == values.len()).then(|| Tag { property: property.to_owned(), values })
        })
    }

    /// The only value that an object allows for a property that it requires.
    fn only_value(&mut self, object: &Shape<'a>, name: &str) -> Option<String> {
        let property = unions::properties(object).iter().find(|property| property.name == name)?;
        let [schema] = property.schemas[..] else { return None };
        let shape = self.read(schema);
        match &*shape.kind {
            Kind::Enum(values) if property.required && !shape.marks.nullable => match values[..] {
                [only] => Some(only.to_owned()),
                _ => None,
            },
            _ => None,
        }
    }

    /// The alternatives of a choice: their titles and types.
    fn alternatives(
        &mut self,
        shapes: Vec<Result<Shape<'a>, &'a str>>,
        place: Place,
        site: &Site,
    ) -> Result<Vec<(&'static str, Type)>, Dropped> {
        let mut found: Vec<(&'static str, Type)> = Vec::new();
        for shape in shapes {
            let title = unions::title(shape.as_ref().map_err(|name| *name));
            let kind = shape.as_ref().ok().map(|shape| &*shape.kind);
            if matches!(kind, Some(Kind::Enum(_))) {
                self.notes.decide("in a choice, an enum is any text", Some(place));
            }
            if found.iter().any(|(known, _)| *known == title) {
                return Err(Dropped::new("union", place, "one of several forms that have the same JSON type"));
            }
            let ty = match title {
                "Text" => Type::Text(samples::words(&site.property)),
                "Integer" => Type::Integer { unsigned: false },
                "Number" => Type::Number,
                "Boolean" => Type::Boolean,
                "List" => {
                    let items = if let Some(Kind::List(items)) = kind { *items } else { None };
                    Type::List(Box::new(self.items(items, "items of the list", place, site)?))
                }
                "Fields" => {
                    if matches!(kind, Some(Kind::Object(_))) {
                        let text = format!(
                            "the object that `{}` can be is a map: other forms have other JSON types",
                            site.property
                        );
                        let comment = self.notes.drop(Dropped::new("union", place, text));
                        self.inside.push(comment);
                    }
                    self.map(kind.unwrap_or(&Kind::Free), place, site)?
                }
                _ => return Err(Dropped::new("union", place, "one of several forms, of which one is another choice")),
            };
            found.push((title, ty));
        }
        if found.iter().any(|(title, _)| *title == "Number") && found.iter().any(|(title, _)| *title == "Integer") {
            found.retain(|(title, _)| *title != "Integer");
            self.notes.decide("an integer or a number is a number", Some(place));
        }
        Ok(found)
    }
}
