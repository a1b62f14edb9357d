//! Several schemas together: what tells the objects of a union apart, all of them as one object, and the forms of a
//! property that several objects have as one form. Knows shapes alone.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::shape::{Kind, Property, Shape, TEXTS};
use crate::source::node::{Data, Node, entries};

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
        Kind::Map(_) | Kind::Free | Kind::Object(_) => "Fields",
        _ => "",
    }
}

/// Whether two schemas say the same, but for the texts for people.
pub(super) fn is_same(one: &Node, other: &Node) -> bool {
    let said = |node| entries(node).iter().filter(|(key, _)| !TEXTS.contains(&key.as_str()));
    match (&one.value, &other.value) {
        (Data::Map(_), Data::Map(_)) => {
            let mut pairs = said(one).zip(said(other));
            said(one).count() == said(other).count()
                && pairs.all(|((key, one), (other_key, other))| key.value == other_key.value && is_same(one, other))
        }
        (Data::List(one), Data::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Data::Text(one), Data::Text(other)) => one == other,
        (Data::Number(one), Data::Number(other)) => one == other,
        (Data::Bool(one), Data::Bool(other)) => one == other,
        (Data::Null, Data::Null) => true,
        _ => false,
    }
}

/// The properties of an object; none of anything else.
pub(super) fn properties<'a, 's>(shape: &'s Shape<'a>) -> &'s [Property<'a>] {
    match &*shape.kind {
        Kind::Object(properties) => properties,
        _ => &[],
    }
}

/// For each object a property that it requires and none of the others has, if each has one.
pub(super) fn own<'a>(shapes: &[Shape<'a>]) -> Option<Vec<&'a str>> {
    let names: Vec<BTreeSet<&str>> =
        shapes.iter().map(|shape| properties(shape).iter().map(|one| one.name).collect()).collect();
    let own = shapes.iter().enumerate().map(|(at, shape)| {
        let is_own = |name| names.iter().enumerate().all(|(other, names)| other == at || !names.contains(name));
        let own = properties(shape).iter().find(|property| property.required && is_own(property.name));
        own.map(|property| property.name)
    });
    own.collect()
}

/// The properties of several objects, as one object. Required is what all of them require.
pub(super) fn together<'a>(shapes: impl Iterator<Item = Shape<'a>>) -> Vec<Property<'a>> {
    let mut all: Vec<Property<'a>> = Vec::new();
    let mut counts = BTreeMap::<&str, (usize, usize)>::new();
    let mut objects = 0;
    for shape in shapes {
        objects += 1;
        for property in properties(&shape) {
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
        if is_same(first.node, other.node) {
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
            (Kind::Map(_) | Kind::Free, Kind::Map(_) | Kind::Free) => Kind::Free,
            _ => return None,
        });
    }
    Some(first)
}
