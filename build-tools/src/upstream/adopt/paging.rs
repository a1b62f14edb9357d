//! How a list of the draft is read page by page: by an offset or by the number of the page, with the names that the lists of
//! our folder have. Knows the draft and our folder.

use std::collections::BTreeMap;

use super::model::{Body, Component, Form, Operation, Paging, Parameter, Property, Target, Type};
use super::ours::{Ours, target};
use crate::source::document::Kind;
use crate::source::node::{Node, as_text};

/// What an operation has instead of paging that can be described.
pub(super) enum Found {
    /// No sign of pages.
    None,
    Paging(Paging),
    /// There are pages, and why they cannot be described.
    Dropped(&'static str),
}

struct Draft<'a> {
    components: BTreeMap<&'a str, &'a Component>,
    ours: &'a Ours<'a>,
}

/// The paging of an operation.
pub(super) fn find(operation: &Operation, components: &[Component], ours: &Ours<'_>) -> Found {
    let draft =
        Draft { components: components.iter().map(|component| (component.name.as_str(), component)).collect(), ours };
    let habit = |key: &'static str, usual: &'static str| -> Vec<&str> {
        let known = ours.paging.iter().filter_map(|paging| as_text(paging.get(key)?));
        known.chain([usual]).collect()
    };
    let query: Vec<&str> = operation.parameters.iter().filter_map(|parameter| name(parameter, ours)).collect();
    let ways = ["offset", "page"].map(|by| (by, habit(by, by).into_iter().find(|name| query.contains(name))));
    let way = ways.into_iter().find_map(|(by, name)| Some((by, name?)));
    let Some((_, Body::Named(Target::Own(page)))) = operation.successes.first() else { return Found::None };
    let Some(properties) = draft.properties(page) else { return Found::None };
    let Some((by, parameter)) = way else {
        let dropped = Found::Dropped("by a cursor, and not by an offset or a number");
        return if query.contains(&"cursor") { dropped } else { Found::None };
    };
    let lists: Vec<_> = properties.iter().filter_map(|property| Some((property, draft.item(property)?))).collect();
    let usual = habit("items", "results");
    let list = lists.iter().find(|(property, _)| usual.contains(&property.name.as_str())).or_else(|| lists.first());
    let Some((list, item)) = list else { return Found::Dropped("but the response has no list of objects") };
    let keys = habit("key", "id");
    let key = keys.iter().find(|key| item.contains(&(**key).to_owned()));
    let key = key.map(|key| (*key).to_owned()).or_else(|| item.iter().find(|name| name.ends_with("_id")).cloned());
    let Some(key) = key else { return Found::Dropped("but nothing identifies an item") };
    let next = habit("next", "_links.next.href").into_iter().find(|next| draft.leads(page, next));
    let (parameter, next) = (parameter.to_owned(), next.map(str::to_owned));
    Found::Paging(Paging { by, parameter, items: list.name.clone(), key, next })
}

/// The name of an optional integer in the query.
fn name<'a>(parameter: &'a Parameter, ours: &'a Ours<'_>) -> Option<&'a str> {
    match parameter {
        Parameter::Ours(reference) => {
            ours.parameters.iter().find(|(_, known)| known.reference == *reference).map(|(name, _)| *name)
        }
        Parameter::Own { name, location, required: false, ty: Type::Integer { .. }, .. } if location == "query" => {
            Some(name)
        }
        Parameter::Own { name, location, .. } if location == "query" && name == "cursor" => Some(name),
        Parameter::Own { .. } => None,
    }
}

impl<'a> Draft<'a> {
    fn properties(&self, name: &str) -> Option<&'a [Property]> {
        match &self.components.get(name)?.form {
            Form::Object(properties) => Some(properties),
            _ => None,
        }
    }

    /// The properties of the items, if a property is a list of objects.
    fn item(&self, property: &Property) -> Option<Vec<String>> {
        let Type::List(item) = &property.ty else { return None };
        match &**item {
            Type::Reference(Target::Own(name)) => {
                Some(self.properties(name)?.iter().map(|property| property.name.clone()).collect())
            }
            Type::Reference(target) => {
                let properties = self.ours.properties(target);
                (!properties.is_empty()).then(|| properties.into_iter().map(str::to_owned).collect())
            }
            _ => None,
        }
    }

    /// Whether a path of optional properties leads to a text.
    fn leads(&self, page: &str, path: &str) -> bool {
        let steps: Vec<&str> = path.split('.').collect();
        steps.len() > 1 && self.walk(page, &steps)
    }

    fn walk(&self, from: &str, steps: &[&str]) -> bool {
        let Some((step, rest)) = steps.split_first() else { return false };
        let Some(properties) = self.properties(from) else { return self.walk_ours(from, steps) };
        let property = properties.iter().find(|property| property.name == *step);
        let Some(property) = property.filter(|property| !property.required || property.marks.nullable) else {
            return false;
        };
        match (&property.ty, rest.is_empty()) {
            (Type::Text(_), true) => true,
            (Type::Reference(Target::Own(name)), false) => self.walk(name, rest),
            (Type::Reference(Target::Ours { name, .. }), false) => self.walk_ours(name, rest),
            _ => false,
        }
    }

    fn walk_ours(&self, from: &str, steps: &[&str]) -> bool {
        let Some((step, rest)) = steps.split_first() else { return false };
        let Some((property, false)) = self.ours.property(from, step) else { return false };
        let is_text = |node: &Node| node.get("type").and_then(as_text) == Some(Kind::String.as_str());
        match (target(property), rest.is_empty()) {
            (None, true) => is_text(property),
            (Some(name), false) => self.walk_ours(name, rest),
            _ => false,
        }
    }
}
