//! Takes out of a draft what our grammar cannot say of several schemas together: circles, types of which nothing is left,
//! and what nothing refers to. Knows neither document.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Body, Component, Form, Fragment, Parameter, Target, Type};
use super::notes::{Dropped, Notes};

/// Clears a draft.
pub(super) fn prune(fragment: &mut Fragment, notes: &mut Notes) {
    let index: BTreeMap<String, usize> =
        fragment.components.iter().enumerate().map(|(at, component)| (component.name.clone(), at)).collect();
    let roots: Vec<usize> = roots(fragment).iter().filter_map(|name| index.get(*name).copied()).collect();
    let order = without_circles(&mut fragment.components, &index, &roots, notes);
    let empty = without_empty(&mut fragment.components, &index, &order, notes);
    for operation in &mut fragment.operations {
        let bodies = operation.request.iter_mut().chain(operation.successes.iter_mut().map(|(_, body)| body));
        for body in bodies {
            if let Some(name) = of_body(body)
                && let Some(at) = index.get(name).filter(|at| empty.contains(at))
            {
                let message = format!("the body `{name}` is left out: nothing of it can be said");
                let place = fragment.components[*at].place;
                *body = Body::Dropped(notes.drop(Dropped::new("empty", place, message)));
            }
        }
    }
    let used = used(fragment, &index);
    let mut at = 0..;
    fragment.components.retain(|_| at.next().is_some_and(|at| used.contains(&at)));
}

/// The components that operations refer to.
fn roots(fragment: &Fragment) -> Vec<&str> {
    let mut found = Vec::new();
    for operation in &fragment.operations {
        let bodies = operation.request.iter().chain(operation.successes.iter().map(|(_, body)| body));
        found.extend(bodies.filter_map(of_body));
        for parameter in &operation.parameters {
            if let Parameter::Own { ty, .. } = parameter {
                found.extend(own(ty));
            }
        }
    }
    found
}

/// The component of the draft that a body refers to.
fn of_body(body: &Body) -> Option<&str> {
    match body {
        Body::Named(Target::Own(name)) => Some(name),
        Body::Plain(_, ty) => own(ty),
        Body::Named(Target::Ours { .. }) | Body::Nothing | Body::Dropped(_) => None,
    }
}

/// The component of the draft that a type refers to.
fn own(ty: &Type) -> Option<&str> {
    match ty {
        Type::Reference(Target::Own(name)) => Some(name),
        Type::List(item) | Type::Map(item) => own(item),
        _ => None,
    }
}

/// What a component refers to: the number of the property or alternative, the component, and whether a value of the one has
/// a value of the other in it, with neither a list nor a map between.
type Edge = (usize, usize, bool);

fn edges(component: &Component, index: &BTreeMap<String, usize>) -> Vec<Edge> {
    let of_type = |ty| (own(ty), matches!(ty, Type::Reference(_)));
    let names: Vec<(Option<&str>, bool)> = match &component.form {
        Form::Object(properties) => properties.iter().map(|property| of_type(&property.ty)).collect(),
        Form::Choice(alternatives) => alternatives.iter().map(|(_, ty)| of_type(ty)).collect(),
        Form::Union { alternatives, .. } => alternatives.iter().map(|one| (Some(one.target.name()), true)).collect(),
        Form::Enum(_) | Form::Id(_) | Form::Time => Vec::new(),
    };
    let names = names.into_iter().enumerate();
    names.filter_map(|(at, (name, is_direct))| Some((at, *index.get(name?)?, is_direct))).collect()
}

/// Takes out what makes a value contain itself without end, or take forever to read. The order in which each component stands
/// after what it refers to, as far as there is one.
fn without_circles(
    components: &mut [Component],
    index: &BTreeMap<String, usize>,
    roots: &[usize],
    notes: &mut Notes,
) -> Vec<usize> {
    let (order, _) = walk(components, index, roots, |_| true);
    let (_, mut cut) = walk(components, index, &order, |(.., is_direct)| *is_direct);
    // The last first, so that the numbers of the others stay.
    cut.sort_unstable();
    for (at, edge) in cut.into_iter().rev() {
        take_out(&mut components[at], edge, "recursion", "it would contain itself", notes);
    }
    for at in &order {
        let Form::Union { tag: None, .. } = &components[*at].form else { continue };
        let again = edges(&components[*at], index).into_iter().filter(|(_, target, _)| {
            let (inside, _) = walk(components, index, &[*target], |_| true);
            inside.contains(at)
        });
        let again: Vec<_> = again.skip(1).collect();
        for (edge, ..) in again.into_iter().rev() {
            let why = "nothing tells it at once from another one that contains the union as well";
            take_out(&mut components[*at], edge, "recursion", why, notes);
        }
    }
    order
}

/// Follows edges. The components in the order in which each stands after what it refers to, and the edges that lead back.
fn walk(
    components: &[Component],
    index: &BTreeMap<String, usize>,
    roots: &[usize],
    is_followed: impl Fn(&Edge) -> bool,
) -> (Vec<usize>, Vec<(usize, usize)>) {
    let (mut order, mut back) = (Vec::new(), Vec::new());
    let (mut seen, mut open) = (BTreeSet::new(), BTreeSet::new());
    for root in roots {
        // Not recursive: a chain of references can be longer than a stack.
        let mut stack = vec![(*root, None::<std::vec::IntoIter<Edge>>)];
        while let Some((at, left)) = stack.last_mut() {
            let at = *at;
            if left.is_none() {
                if !seen.insert(at) {
                    stack.pop();
                    continue;
                }
                open.insert(at);
                *left = Some(edges(&components[at], index).into_iter());
            }
            match left.as_mut().and_then(|left| left.find(&is_followed)) {
                Some((edge, target, _)) if open.contains(&target) => back.push((at, edge)),
                Some((_, target, _)) => stack.push((target, None)),
                None => {
                    open.remove(&at);
                    order.push(at);
                    stack.pop();
                }
            }
        }
    }
    (order, back)
}

/// Takes out a property, or an alternative of a union; the list or the map of a choice is one of any JSON.
fn take_out(component: &mut Component, at: usize, kind: &'static str, why: &str, notes: &mut Notes) {
    match &mut component.form {
        Form::Object(properties) => {
            let property = properties.remove(at);
            let word = if property.required { "the required " } else { "" };
            let message = format!("{word}`{}` is left out: {why}", property.name);
            let needed = property.required && property.sent;
            component.comments.push(notes.drop(Dropped::new(kind, property.place, message).needed(needed)));
        }
        Form::Choice(alternatives) => {
            if let Some((_, Type::List(items) | Type::Map(items))) = alternatives.get_mut(at) {
                **items = Type::Any;
                let message = format!("an alternative of `{}` has any JSON in it: {why}", component.name);
                component.comments.push(notes.drop(Dropped::new(kind, component.place, message)));
            }
        }
        Form::Union { alternatives, .. } => {
            let alternative = alternatives.remove(at);
            let name = alternative.target.name();
            let message = format!("the alternative `{name}` of `{}` is left out: {why}", component.name);
            component.comments.push(notes.drop(Dropped::new(kind, component.place, message)));
        }
        Form::Enum(_) | Form::Id(_) | Form::Time => {}
    }
}

/// Takes out what refers to types of which nothing can be said. Those types.
fn without_empty(
    components: &mut [Component],
    index: &BTreeMap<String, usize>,
    order: &[usize],
    notes: &mut Notes,
) -> BTreeSet<usize> {
    let mut empty = BTreeSet::new();
    loop {
        let known = empty.len();
        for at in order {
            for (edge, target, _) in edges(&components[*at], index).into_iter().rev() {
                if empty.contains(&target) {
                    take_out(&mut components[*at], edge, "empty", "nothing of its type can be said", notes);
                }
            }
            let is_empty = match &components[*at].form {
                Form::Object(properties) => properties.is_empty(),
                Form::Choice(alternatives) => alternatives.len() < 2,
                Form::Union { alternatives, .. } => alternatives.len() < 2,
                Form::Enum(_) | Form::Id(_) | Form::Time => false,
            };
            if is_empty {
                empty.insert(*at);
            }
        }
        // What contains itself stands before some of what it refers to.
        if empty.len() == known {
            return empty;
        }
    }
}

fn used(fragment: &Fragment, index: &BTreeMap<String, usize>) -> BTreeSet<usize> {
    let mut open: Vec<usize> = roots(fragment).iter().filter_map(|name| index.get(*name).copied()).collect();
    let mut used = BTreeSet::new();
    while let Some(at) = open.pop() {
        if used.insert(at) {
            open.extend(edges(&fragment.components[at], index).into_iter().map(|(_, target, _)| target));
        }
    }
    used
}
