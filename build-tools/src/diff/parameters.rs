//! Compares what an operation is given: its arguments in their order, its setters, its body. Must not know what an
//! operation responds with.

use super::change::{Change, Changes, Class};
use super::states::{Pairs, Same, States, pairs};
use super::written::ty;
use crate::model::{Location, Operation, Parameter, Ty};

pub fn compare(states: &States<'_>, (old, new): (&Operation, &Operation), item: &str, changes: &mut Changes) {
    let before = changes.list.len();
    let all = of_both(states, old, new);
    for parameter in &all.dropped {
        let Parameter { name, .. } = parameter;
        let (what, migration) = if parameter.required {
            (format!("no longer takes `{name}`"), format!("Remove the argument `{name}` of `{item}`."))
        } else {
            (format!("has no setter `{name}`"), format!("Remove `.{name}(…)` after `{item}(…)`."))
        };
        changes.add(Change::new(Class::BreaksCallers, item, what).migrate(migration));
    }
    for parameter in &all.added {
        let (name, given) = (&parameter.name, ty(&parameter.ty));
        if parameter.required {
            let change = Change::new(Class::BreaksCallers, item, format!("takes `{name}: {given}`, which is required"));
            changes.add(change.migrate(format!("Pass `{name}` to `{item}`.")));
        } else {
            changes.add(Change::new(Class::Additive, item, format!("has the setter `{name}`, for `{given}`")));
        }
    }
    for (old, new) in &all.both {
        parameter(states, old, new, item, changes);
    }
    body(states, (old, new), item, changes);
    let is_broken = changes.list[before..].iter().any(|change| change.class.is_breaking());
    if !is_broken {
        order(states, (old, new), &all, item, changes);
    }
}

/// The parameters of both: those of the same name, then those that differ in nothing else.
fn of_both<'a>(states: &States<'_>, old: &'a Operation, new: &'a Operation) -> Pairs<'a, Parameter> {
    let refs = |operation: &'a Operation| operation.parameters.iter().collect::<Vec<_>>();
    let by_name: Same<'_, Parameter> = &|old, new| old.name == new.name;
    let alike = |old: &Parameter, new: &Parameter| {
        (old.location, old.required) == (new.location, new.required) && !states.differ(&old.ty, &new.ty)
    };
    let by_doc: Same<'_, Parameter> = &|old, new| alike(old, new) && old.doc == new.doc;
    // In a path without their names, parameters have places.
    let in_path: Same<'_, Parameter> = &|old, new| alike(old, new) && old.location == Location::Path;
    pairs(&refs(old), &refs(new), &[by_name, by_doc, in_path])
}

fn parameter(states: &States<'_>, old: &Parameter, new: &Parameter, item: &str, changes: &mut Changes) {
    let name = &new.name;
    if old.name != new.name {
        match (old.required, old.location) {
            // Part of the path, which is compared as a whole.
            (_, Location::Path) => {}
            (true, Location::Query) => {
                let what = format!("sends `{name}` as the name of its parameter `{}`", old.name);
                let reason = "Arguments have places in Rust, and no names.";
                changes.add(Change::new(Class::Behaviour, item, what).because(reason));
            }
            (false, Location::Query) => {
                let what = format!("has the setter `{name}` instead of `{}`", old.name);
                let migration = format!("Replace `.{}(…)` with `.{name}(…)` after `{item}(…)`.", old.name);
                changes.add(Change::new(Class::BreaksCallers, item, what).migrate(migration));
            }
        }
    }
    if old.name == new.name && old.wire != new.wire && new.location == Location::Query {
        let what = format!("sends `{}` as the name of its parameter `{name}`, instead of `{}`", new.wire, old.wire);
        changes.add(Change::new(Class::Behaviour, item, what));
    }
    if old.commas != new.commas && !states.differ(&old.ty, &new.ty) {
        let form = if new.commas { "once, with commas between the items" } else { "once for each item" };
        changes.add(Change::new(Class::Behaviour, item, format!("sends the list `{name}` {form}")));
    }
    let (before, after) = (ty(&old.ty), ty(&new.ty));
    if old.required != new.required {
        let (what, migration) = if new.required {
            let migration = format!("Pass `{name}` to `{item}` instead of calling `.{name}(…)`.");
            (format!("takes `{name}: {after}`, which is required, and has no setter for it"), migration)
        } else {
            let migration = format!("Call `.{name}(…)` instead of passing `{name}` to `{item}`.");
            (format!("has a setter for `{name}`, which is optional, instead of an argument"), migration)
        };
        let reason = "Required parameters are arguments, and optional ones have setters.";
        changes.add(Change::new(Class::BreaksCallers, item, what).because(reason).migrate(migration));
    } else if states.differ(&old.ty, &new.ty) {
        let change = Change::new(Class::BreaksCallers, item, format!("takes `{name}: {after}` instead of `{before}`"));
        changes.add(change.migrate(format!("Pass `{name}` to `{item}` as `{after}`.")));
    }
    if old.doc != new.doc {
        changes.add(Change::new(Class::Docs, item, format!("has another description of `{name}`")));
    } else if old.example != new.example && !states.differ(&old.ty, &new.ty) {
        changes.add(Change::new(Class::Docs, item, format!("has another example of `{name}`")));
    }
}

fn body(states: &States<'_>, (old, new): (&Operation, &Operation), item: &str, changes: &mut Changes) {
    let (what, migration) = match (&old.body, &new.body) {
        (Some(old), Some(new)) if states.differ(&old.ty, &new.ty) => {
            let (before, after) = (ty(&old.ty), ty(&new.ty));
            (format!("takes `{after}` instead of `{before}`"), format!("Pass `{after}` to `{item}`."))
        }
        (Some(_), None) => ("takes no body".to_owned(), format!("Remove the last argument of `{item}`.")),
        (None, Some(new)) => {
            let after = ty(&new.ty);
            (format!("takes a body, `{after}`"), format!("Pass `{after}` to `{item}` as its last argument."))
        }
        _ => return,
    };
    changes.add(Change::new(Class::BreaksCallers, item, what).migrate(migration));
}

/// The same arguments in another order.
fn order(
    states: &States<'_>,
    (old, new): (&Operation, &Operation),
    all: &Pairs<'_, Parameter>,
    item: &str,
    changes: &mut Changes,
) {
    let renamed = |name: &str| {
        let pair = all.both.iter().find(|(old, _)| old.name == name);
        pair.map_or(name.to_owned(), |(_, new)| new.name.clone())
    };
    let before: Vec<_> = old.inputs().map(|input| (renamed(input.name), states.ty(input.ty))).collect();
    let after: Vec<(String, Ty)> = new.inputs().map(|input| (input.name.to_owned(), input.ty.clone())).collect();
    if before == after || before.len() != after.len() {
        return;
    }
    let names: Vec<_> = after.iter().map(|(name, _)| format!("`{name}`")).collect();
    let what = format!("takes its arguments in another order: {}", names.join(", "));
    let same_types = before.iter().map(|(_, ty)| ty).eq(after.iter().map(|(_, ty)| ty));
    let reason = if same_types {
        "The arguments have the same types, so that calls compile, and send the wrong values."
    } else {
        "Strings are converted to any id, so that calls with strings compile, and send the wrong values."
    };
    changes.add(
        Change::new(Class::BreaksCallers, item, what)
            .because(reason)
            .migrate(format!("Reorder the arguments of `{item}`.")),
    );
}
