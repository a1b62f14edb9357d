//! Compares types, and the traits that they have. Must not know how operations differ.

use std::collections::BTreeMap;

use super::change::{Change, Changes, Class};
use super::fields;
use super::states::{Pairs, Same, States, pairs};
use super::written::{kind, ty};
use crate::model::{Alternative, EnumValue, Object, Ty, Type, TypeKind, Union};

pub fn compare(states: &States<'_>, changes: &mut Changes) {
    let Pairs { both, dropped, added } = states.types();
    for old in dropped {
        let change = Change::new(class_of(states, old), item(old), "is no longer there");
        changes.add(change.migrate(format!("Remove what uses `types::{}`.", old.name)));
    }
    for new in added {
        changes.add(Change::new(Class::Additive, item(new), "is new"));
    }
    for (old, new) in both {
        let class = class_of(states, old);
        if old.name != new.name {
            let change = Change::new(class, item(old), format!("is renamed to `types::{}`", new.name));
            changes.add(change.migrate(format!("Replace `types::{}` with `types::{}`.", old.name, new.name)));
        }
        if old.doc != new.doc {
            changes.add(Change::new(Class::Docs, item(new), "has another description"));
        }
        same_type(states, (old, new), class, changes);
    }
}

fn item(given: &Type) -> String {
    format!("types::{}", given.name)
}

/// Whom a change of the type breaks that does not compile.
fn class_of(states: &States<'_>, old: &Type) -> Class {
    if states.is_sent(&old.name) { Class::BreaksCallers } else { Class::BreaksReaders }
}

fn same_type(states: &States<'_>, (old, new): (&Type, &Type), class: Class, changes: &mut Changes) {
    match (&old.kind, &new.kind) {
        (TypeKind::Object(before), TypeKind::Object(after)) => {
            fields::compare(states, before, (new, after), class, changes);
            page(states, before, (new, after), changes);
        }
        (TypeKind::Enum(before), TypeKind::Enum(after)) => values(new, before, after, class, changes),
        (TypeKind::Union(before), TypeKind::Union(after)) => alternatives(states, new, (before, after), class, changes),
        (TypeKind::Id { personal: before, .. }, TypeKind::Id { personal: after, .. }) if before != after => {
            let what = if *after { "is hidden by `Debug`: it is personal data" } else { "is shown by `Debug`" };
            changes.add(Change::new(Class::Behaviour, item(new), what));
        }
        (TypeKind::Quantity(before), TypeKind::Quantity(after)) if before != after => {
            let change = Change::new(class, item(new), format!("is a `{after}` instead of a `{before}`"));
            changes.add(change.migrate(format!("Use the number in `types::{}` as `{after}`.", new.name)));
        }
        (TypeKind::Id { .. }, TypeKind::DateTime) => {
            let what = "is a timestamp instead of an id: it is ordered by time, may be blank, and is shown by `Debug`";
            let reason = "A timestamp has all that an id has.";
            changes.add(Change::new(Class::Behaviour, item(new), what).because(reason));
            return;
        }
        (before, after) if std::mem::discriminant(before) != std::mem::discriminant(after) => {
            let change = Change::new(class, item(new), format!("is {} instead of {}", kind(new), kind(old)));
            changes.add(change.migrate(format!("Rewrite what uses `types::{}`.", new.name)));
            // Their parts and traits have nothing in common.
            return;
        }
        _ => {}
    }
    traits(states, (old, new), class, changes);
}

/// Who notices that a type has no longer a trait.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Users {
    Callers,
    Readers,
    /// Whoever uses the type.
    All,
}

/// The traits that a type of this kind has or has not. `named` says what the types in them are called.
fn traits_of(given: &Type, named: &dyn Fn(&Ty) -> Ty) -> BTreeMap<String, Users> {
    let mut traits = BTreeMap::new();
    let mut has = |name: &str, users| {
        traits.insert(name.to_owned(), users);
    };
    match &given.kind {
        TypeKind::Object(object) => {
            if given.received || object.fields.iter().all(|field| !field.required) {
                has("Default", Users::All);
            }
            if let Some(item) = fields::collects(object) {
                has(&format!("FromIterator<{}>", ty(&named(item))), Users::Callers);
            }
            if let Some(page) = &object.page {
                let item = named(&Ty::Named(page.item.clone()));
                has(&format!("Page<Item = {}>", ty(&item)), Users::Readers);
            }
        }
        TypeKind::Enum(_) if given.received => {
            for name in ["Default", "From<String>", "FromStr"] {
                has(name, Users::All);
            }
        }
        TypeKind::Enum(_) => has("Copy", Users::All),
        TypeKind::Id { made_from, .. } => {
            for other in made_from {
                has(&format!("From<{}>", ty(&named(&Ty::Named(other.clone())))), Users::Callers);
            }
        }
        TypeKind::DateTime | TypeKind::Quantity(_) | TypeKind::Union(_) => {}
    }
    traits
}

fn traits(states: &States<'_>, (old, new): (&Type, &Type), class: Class, changes: &mut Changes) {
    // In the names of the later state.
    let before = traits_of(old, &|ty| states.ty(ty));
    let after = traits_of(new, &Ty::clone);
    let lost: Vec<_> = before.iter().filter(|(name, _)| !after.contains_key(*name)).collect();
    for (name, users) in lost {
        let class = match users {
            Users::Callers => Class::BreaksCallers,
            Users::Readers => Class::BreaksReaders,
            Users::All => class,
        };
        let change = Change::new(class, item(new), format!("no longer implements `{name}`"));
        let migration = format!("Remove what needs `{name}` of `types::{}`.", new.name);
        changes.add(match name.as_str() {
            "Copy" => change
                .because("An enum in responses keeps values that are not documented, so that it cannot be copied.")
                .migrate(format!("Clone a `types::{}` that is used again.", new.name)),
            "Default" => change
                .because("Only what is received, or has no required field, has an empty value.")
                .migrate(migration),
            name if name.starts_with("FromIterator") => change
                .because("Only a type that is made of one list alone can be collected.")
                .migrate(format!("Call the constructor of `types::{}` instead of `collect`.", new.name)),
            _ => change.migrate(migration),
        });
    }
    let gained: Vec<_> =
        after.keys().filter(|name| !before.contains_key(*name)).map(|name| format!("`{name}`")).collect();
    if !gained.is_empty() {
        changes.add(Change::new(Class::Additive, item(new), format!("implements {}", gained.join(", "))));
    }
    if let (TypeKind::Enum(_), TypeKind::Enum(_)) = (&old.kind, &new.kind)
        && old.received != new.received
    {
        let variant = format!("types::{}::Other", new.name);
        changes.add(if new.received {
            Change::new(
                Class::Additive,
                variant,
                "is new: responses contain the enum, and values that are not documented are kept",
            )
        } else {
            let change = Change::new(class, variant, "is no longer there: no response contains the enum");
            change.migrate(format!("Remove the arms of `{}::Other`.", new.name))
        });
    }
}

/// How a type is read as a page of a list.
fn page(states: &States<'_>, old: &Object, (new_type, new): (&Type, &Object), changes: &mut Changes) {
    let (Some(old), Some(new)) = (&old.page, &new.page) else { return };
    let parts = [
        (old.key != new.key, "tells its items apart by", &new.key.0),
        (old.items != new.items, "has its items in", &new.items.0),
        (old.next != new.next, "has the next page at", &new.next.join(".")),
    ];
    // What compiles either way: the fields are compared by themselves.
    if states.name(&old.item) == new.item {
        for (_, what, place) in parts.into_iter().filter(|(differs, ..)| *differs) {
            changes.add(Change::new(Class::Behaviour, item(new_type), format!("{what} `{place}`, as a page")));
        }
    }
}

fn values(new: &Type, before: &[EnumValue], after: &[EnumValue], class: Class, changes: &mut Changes) {
    let by_wire: Same<'_, EnumValue> = &|old, new| old.wire == new.wire;
    let by_name: Same<'_, EnumValue> = &|old, new| old.name == new.name;
    let by_doc: Same<'_, EnumValue> = &|old, new| old.doc == new.doc;
    let all = pairs(&before.iter().collect::<Vec<_>>(), &after.iter().collect::<Vec<_>>(), &[by_wire, by_name, by_doc]);
    let item = |value: &EnumValue| format!("types::{}::{}", new.name, value.name);
    for value in all.dropped {
        let change = Change::new(class, item(value), format!("is no longer there: `{}`", value.wire));
        let reason = "The variant is gone, and with it the arms that match it.";
        changes.add(change.because(reason).migrate(format!("Remove what uses `{}::{}`.", new.name, value.name)));
    }
    for value in all.added {
        let change = Change::new(Class::Additive, item(value), format!("is new: `{}`", value.wire));
        changes.add(change.because(if new.received {
            "The enum is `#[non_exhaustive]`, and kept the value as `Other` so far. `as_str` returns the same as before."
        } else {
            "The enum is `#[non_exhaustive]`: a `match` has an arm for other values."
        }));
    }
    for (old, value) in &all.both {
        if old.name != value.name {
            let change = Change::new(class, item(old), format!("is renamed to `{}`", value.name));
            changes.add(change.migrate(format!("Replace `{0}::{1}` with `{0}::{2}`.", new.name, old.name, value.name)));
        } else if old.wire != value.wire {
            let what = format!("is `{}` in JSON instead of `{}`", value.wire, old.wire);
            changes.add(Change::new(Class::Behaviour, item(value), what));
        }
        if old.doc != value.doc {
            changes.add(Change::new(Class::Docs, item(value), "has another description"));
        }
    }
    let at = |old: &EnumValue| before.iter().position(|value| value.wire == old.wire);
    let places: Vec<_> = all.both.iter().map(|(old, _)| at(old)).collect();
    // Without a variant for other values, a variant is a number as well.
    let is_moved = !new.received
        && all.both.iter().any(|(old, value)| at(old) != after.iter().position(|other| other.wire == value.wire));
    let (what, reason) = if !places.is_sorted() {
        ("is ordered in another way", "Enums are ordered as the document lists their values.")
    } else if is_moved {
        ("is converted to other numbers with `as`", "Variants are numbered as the document lists their values.")
    } else {
        return;
    };
    changes.add(Change::new(Class::Behaviour, format!("types::{}", new.name), what).because(reason));
}

fn alternatives(
    states: &States<'_>,
    new: &Type,
    (before, after): (&Union, &Union),
    class: Class,
    changes: &mut Changes,
) {
    let by_name: Same<'_, Alternative> = &|old, new| old.name == new.name;
    let by_type: Same<'_, Alternative> = &|old, new| !states.differ(&old.ty, &new.ty);
    if before.tag != after.tag {
        let what = match &after.tag {
            Some(tag) => format!("is told by `{tag}` in JSON"),
            None => "is told by the form of its JSON".to_owned(),
        };
        changes.add(Change::new(Class::Behaviour, self::item(new), what));
    }
    let (old_parts, new_parts): (Vec<_>, Vec<_>) =
        (before.alternatives.iter().collect(), after.alternatives.iter().collect());
    let all = pairs(&old_parts, &new_parts, &[by_name, by_type]);
    let item = |part: &Alternative| format!("types::{}::{}", new.name, part.name);
    let written = |given: &Ty| ty(given);
    for part in all.dropped {
        let change = Change::new(class, item(part), format!("is no longer there: `{}`", written(&part.ty)));
        changes.add(change.migrate(format!("Remove what uses `{}::{}`.", new.name, part.name)));
    }
    for part in all.added {
        let change = Change::new(Class::Additive, item(part), format!("is new: `{}`", written(&part.ty)));
        changes.add(change.because("The enum is `#[non_exhaustive]`, and kept the value as `Other` so far."));
    }
    for (old, part) in all.both {
        if old.name != part.name {
            let change = Change::new(class, item(old), format!("is renamed to `{}`", part.name));
            changes.add(change.migrate(format!("Replace `{0}::{1}` with `{0}::{2}`.", new.name, old.name, part.name)));
        }
        if states.differ(&old.ty, &part.ty) {
            let (before, after) = (written(&old.ty), written(&part.ty));
            let change = Change::new(class, item(part), format!("is `{after}` instead of `{before}`"));
            changes.add(change.migrate(format!("Use the value of `{}::{}` as `{after}`.", new.name, part.name)));
        }
        if let (Some(before), Some(after)) = (&old.tag, &part.tag)
            && before != after
        {
            let what = format!("is `{after}` in JSON instead of `{before}`");
            changes.add(Change::new(Class::Behaviour, item(part), what));
        }
        if old.doc != part.doc {
            changes.add(Change::new(Class::Docs, item(part), "has another description"));
        }
    }
}
