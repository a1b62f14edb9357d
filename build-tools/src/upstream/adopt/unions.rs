//! Several schemas as one: the objects of a union, and the forms of a property that several objects have. Knows shapes
//! alone.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::shape::{Kind, Property, Shape, key};

/// The title of an alternative, which is its JSON type; empty for what cannot be one. Of a shape, or of a type alone.
pub(super) fn title(part: Result<&Shape<'_>, &str>) -> &'static str {
    let kind = match part {
        Ok(shape) => &*shape.kind,
        Err("string") => &Kind::Text,
        Err("integer") => &Kind::Integer { unsigned: false },
        Err("number") => &Kind::Number,
        Err("boolean") => &Kind::Boolean,
        Err("array") => &Kind::List(None),
        Err("object") => &Kind::Free,
        Err(_) => &Kind::Any,
    };
    match kind {
        Kind::Text | Kind::Enum(_) => "Text",
        Kind::Integer { .. } => "Integer",
        Kind::Number => "Number",
        Kind::Boolean => "Boolean",
        Kind::List(_) => "List",
        Kind::Map | Kind::Free => "Fields",
        _ => "",
    }
}

/// The properties of several objects, as one object. Required is what all of them require.
pub(super) fn together<'a>(shapes: impl Iterator<Item = Shape<'a>>) -> Vec<Property<'a>> {
    let mut all: Vec<Property<'a>> = Vec::new();
    let mut counts = BTreeMap::<&str, (usize, usize)>::new();
    let mut objects = 0;
    for shape in shapes {
        let Kind::Object(properties) = &*shape.kind else { continue };
        objects += 1;
        for property in properties {
            let (at, required) = counts.entry(property.name).or_insert((all.len(), 0));
            *required += usize::from(property.required);
            match all.get_mut(*at) {
                Some(known) => known.schemas.extend(&property.schemas),
                None => all.push(property.clone()),
            }
        }
    }
    for property in &mut all {
        property.required = counts.get(property.name).is_some_and(|(_, required)| *required == objects);
    }
    all
}

/// One shape for several, if they are of one kind.
pub(super) fn one(shapes: Vec<Shape<'_>>) -> Option<Shape<'_>> {
    let mut shapes = shapes.into_iter();
    let mut first = shapes.next()?;
    for other in shapes {
        first.marks.nullable |= other.marks.nullable;
        if key(first.node) == key(other.node) {
            continue;
        }
        (first.mixed, first.name) = (true, None);
        first.kind = Rc::new(match (&*first.kind, &*other.kind) {
            (Kind::Enum(values), Kind::Enum(more)) => {
                let known: BTreeSet<_> = values.iter().copied().collect();
                let more = more.iter().copied().filter(|value| !known.contains(value));
                Kind::Enum(values.iter().copied().chain(more).collect())
            }
            (Kind::Text | Kind::Enum(_), Kind::Text | Kind::Enum(_)) => Kind::Text,
            (Kind::Integer { unsigned }, Kind::Integer { unsigned: other }) => {
                Kind::Integer { unsigned: *unsigned && *other }
            }
            (Kind::Integer { .. } | Kind::Number, Kind::Integer { .. } | Kind::Number) => Kind::Number,
            (Kind::Boolean, Kind::Boolean) => Kind::Boolean,
            _ => return None,
        });
    }
    Some(first)
}
