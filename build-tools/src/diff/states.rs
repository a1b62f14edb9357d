//! The two states side by side: what each type is used for, and what of the earlier state is which thing of the later
//! one under another name. Must not know what a change means.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Api, Operation, Resource, Ty, Type, TypeKind};
use crate::source::document::without_names;

/// The two states.
pub struct States<'a> {
    pub old: &'a Api,
    pub new: &'a Api,
    /// The types of the earlier state that requests contain.
    sent: BTreeSet<String>,
    /// Those with another name in the later state, and that name.
    types: BTreeMap<String, String>,
}

impl<'a> States<'a> {
    pub fn new(old: &'a Api, new: &'a Api) -> Self {
        Self { old, new, sent: sent(old), types: renamed_types(old, new) }
    }

    /// Whether requests of the earlier state contain the type.
    pub fn is_sent(&self, name: &str) -> bool {
        self.sent.contains(name)
    }

    /// What a type of the earlier state is called in the later one.
    pub fn name<'b>(&'b self, old: &'b str) -> &'b str {
        self.types.get(old).map_or(old, String::as_str)
    }

    /// A type of the earlier state, in the names of the later one.
    pub fn ty(&self, old: &Ty) -> Ty {
        match old {
            Ty::Named(name) => Ty::Named(self.name(name).to_owned()),
            Ty::List(item) => Ty::List(Box::new(self.ty(item))),
            Ty::Map(value) => Ty::Map(Box::new(self.ty(value))),
            other => other.clone(),
        }
    }

    /// Whether a type is another one, and not only another name of it.
    pub fn differ(&self, old: &Ty, new: &Ty) -> bool {
        self.ty(old) != *new
    }

    /// The types of both states, and those of one alone.
    pub fn types(&self) -> Pairs<'a, Type> {
        pairs(&refs(&self.old.types), &refs(&self.new.types), &[&|old, new| self.name(&old.name) == new.name])
    }

    /// The operations of both states: those with the same id, then those that send the same request.
    pub fn operations(&self) -> Pairs<'a, Operation> {
        let all = |api: &'a Api| api.operations().map(|(_, operation)| operation).collect::<Vec<_>>();
        let same_request = |old: &Operation, new: &Operation| {
            (old.method, without_names(&old.path)) == (new.method, without_names(&new.path))
        };
        pairs(&all(self.old), &all(self.new), &[&|old, new| old.id == new.id, &same_request])
    }

    /// The resources of both states: those with the same name, then those with the same operations.
    pub fn resources(&self) -> Pairs<'a, Resource> {
        let operations = self.operations();
        let moved = |old: &Resource, new: &Resource| {
            let goes_there = |operation: &Operation| {
                let mut both = operations.both.iter().filter(|(old, _)| old.id == operation.id);
                both.any(|(_, to)| new.operations.iter().any(|other| other.id == to.id))
            };
            !old.operations.is_empty() && old.operations.iter().all(goes_there)
        };
        pairs(&refs(&self.old.resources), &refs(&self.new.resources), &[&|old, new| old.name == new.name, &moved])
    }
}

/// The resource of an operation.
pub fn resource_of<'a>(api: &'a Api, operation: &Operation) -> &'a str {
    let mut all = api.operations();
    all.find(|(_, other)| other.id == operation.id).map_or("", |(resource, _)| resource.name.as_str())
}

fn refs<T>(list: &[T]) -> Vec<&T> {
    list.iter().collect()
}

/// What both states have, in the order of the later one, and what one of them has alone.
pub struct Pairs<'a, T> {
    pub both: Vec<(&'a T, &'a T)>,
    pub dropped: Vec<&'a T>,
    pub added: Vec<&'a T>,
}

/// Whether two things are the same one.
pub type Same<'b, T> = &'b dyn Fn(&T, &T) -> bool;

/// Puts what is the same side by side: by the first rule as far as it goes, the rest by the next, and so on.
pub fn pairs<'a, T>(old: &[&'a T], new: &[&'a T], rules: &[Same<'_, T>]) -> Pairs<'a, T> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for rule in rules {
        for (at, thing) in new.iter().enumerate() {
            let is_free = |known: usize| !found.iter().any(|(old, _)| *old == known);
            let is_taken = found.iter().any(|(_, new)| *new == at);
            let mut free = old.iter().enumerate().filter(|(known, _)| !is_taken && is_free(*known));
            if let Some((known, _)) = free.find(|(_, known)| rule(known, thing)) {
                found.push((known, at));
            }
        }
    }
    found.sort_by_key(|(_, new)| *new);
    let left = |list: &[&'a T], taken: &[usize]| {
        let left = list.iter().enumerate().filter(|(at, _)| !taken.contains(at));
        left.map(|(_, thing)| *thing).collect::<Vec<_>>()
    };
    let (olds, news): (Vec<_>, Vec<_>) = found.iter().copied().unzip();
    let both = found.iter().filter_map(|(known, at)| Some((*old.get(*known)?, *new.get(*at)?))).collect();
    Pairs { both, dropped: left(old, &olds), added: left(new, &news) }
}

/// The types that requests contain, at any depth.
fn sent(api: &Api) -> BTreeSet<String> {
    let mut open: Vec<&Ty> =
        api.operations().flat_map(|(_, operation)| operation.parameters.iter().map(|p| &p.ty)).collect();
    open.extend(api.operations().filter_map(|(_, operation)| operation.body.as_ref()).map(|body| &body.ty));
    let mut sent = BTreeSet::new();
    while let Some(given) = open.pop() {
        match given {
            Ty::List(inner) | Ty::Map(inner) => open.push(inner),
            Ty::Named(name) if sent.insert(name.clone()) => match api.ty(name).map(|ty| &ty.kind) {
                Some(TypeKind::Object(object)) => open.extend(object.fields.iter().map(|field| &field.ty)),
                Some(TypeKind::Union(union)) => open.extend(union.alternatives.iter().map(|part| &part.ty)),
                _ => {}
            },
            _ => {}
        }
    }
    sent
}

/// The types that have another name: of the same kind, and with the same parts or the same description.
fn renamed_types(old: &Api, new: &Api) -> BTreeMap<String, String> {
    let by_name: Same<'_, Type> = &|old, new| old.name == new.name;
    let same_parts: Same<'_, Type> = &|old, new| parts(old).is_some_and(|some| Some(some) == parts(new));
    let same_doc: Same<'_, Type> =
        &|old, new| std::mem::discriminant(&old.kind) == std::mem::discriminant(&new.kind) && old.doc == new.doc;
    let both = pairs(&refs(&old.types), &refs(&new.types), &[by_name, same_parts, same_doc]).both;
    let renamed = both.into_iter().filter(|(old, new)| old.name != new.name);
    renamed.map(|(old, new)| (old.name.clone(), new.name.clone())).collect()
}

/// The names of what a type is made of. `None` if it has no parts.
fn parts(ty: &Type) -> Option<(u8, Vec<&str>)> {
    let (kind, parts): (_, Vec<_>) = match &ty.kind {
        TypeKind::Object(object) => (0, object.fields.iter().map(|field| field.wire.as_str()).collect()),
        TypeKind::Enum(values) => (1, values.iter().map(|value| value.wire.as_str()).collect()),
        TypeKind::Union(union) => (2, union.alternatives.iter().map(|part| part.name.as_str()).collect()),
        TypeKind::Id { .. } | TypeKind::DateTime | TypeKind::Quantity(_) => return None,
    };
    Some((kind, parts))
}
