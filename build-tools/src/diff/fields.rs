//! Compares objects: their fields, their constructors, and how each field is set. Must not know what an object is used
//! for.

use super::change::{Change, Changes, Class};
use super::states::{Pairs, Same, States, pairs};
use super::written::{field as written, or_default, ty};
use crate::model::{Constructor, Field, Object, Ty, Type};

/// The items of a type that is made of one list alone, which can be collected.
pub fn collects(object: &Object) -> Option<&Ty> {
    match (object.fields.as_slice(), object.constructors.as_slice()) {
        ([Field { ty: Ty::List(item), .. }], [constructor]) if !constructor.takes.is_empty() => Some(item),
        _ => None,
    }
}

/// The object of a type, in both states.
struct Both<'a> {
    states: &'a States<'a>,
    name: &'a str,
    old: &'a Object,
    new: &'a Object,
    fields: Pairs<'a, Field>,
    constructors: Pairs<'a, Constructor>,
    /// Whom a change breaks that does not compile.
    class: Class,
}

pub fn compare<'a>(
    states: &'a States<'a>,
    old: &'a Object,
    (new_type, new): (&'a Type, &'a Object),
    class: Class,
    changes: &mut Changes,
) {
    let fields = fields(states, old, new);
    let constructors = constructors(&fields, old, new);
    let both = Both { states, name: &new_type.name, old, new, fields, constructors, class };
    both.constructors(changes);
    for field in &both.fields.dropped {
        let change = Change::new(class, both.item(field), "is no longer there");
        changes.add(change.migrate(format!("Remove what uses `{}` of `types::{}`.", field.name, both.name)));
    }
    for field in &both.fields.added {
        both.added(field, changes);
    }
    for (before, after) in &both.fields.both {
        both.field(before, after, changes);
        both.remarks(before, after, changes);
    }
    both.order(changes);
    both.unknown(changes);
}

/// The fields of both: those of the same property, those of the same name in Rust, then those that differ in nothing
/// else.
fn fields<'a>(states: &States<'_>, old: &'a Object, new: &'a Object) -> Pairs<'a, Field> {
    let (before, after): (Vec<_>, Vec<_>) = (old.fields.iter().collect(), new.fields.iter().collect());
    let alike = |old: &Field, new: &Field| old.required == new.required && !states.differ(&old.ty, &new.ty);
    let by_wire: Same<'_, Field> = &|old, new| old.wire == new.wire;
    let by_name: Same<'_, Field> = &|old, new| old.name == new.name;
    let by_doc: Same<'_, Field> = &|old, new| alike(old, new) && old.doc == new.doc;
    // The only one that is missing, in the place of the only new one.
    let alone = pairs(&before, &after, &[by_wire, by_name, by_doc]);
    let is_alone = alone.dropped.len() == 1 && alone.added.len() == 1;
    let place = |list: &[Field], field: &Field| list.iter().position(|other| other.wire == field.wire);
    let by_place: Same<'_, Field> =
        &|before, after| is_alone && alike(before, after) && place(&old.fields, before) == place(&new.fields, after);
    pairs(&before, &after, &[by_wire, by_name, by_doc, by_place])
}

/// The constructors of both: those of the same name, then those that take the same.
fn constructors<'a>(fields: &Pairs<'_, Field>, old: &'a Object, new: &'a Object) -> Pairs<'a, Constructor> {
    let by_name: Same<'_, Constructor> = &|old, new| old.name == new.name;
    let by_fields: Same<'_, Constructor> = &|old, new| {
        let mut takes: Vec<_> = old.takes.iter().map(|name| renamed(fields, name)).collect();
        let mut now: Vec<_> = new.takes.iter().map(String::as_str).collect();
        takes.sort_unstable();
        now.sort_unstable();
        takes == now
    };
    let refs = |object: &'a Object| object.constructors.iter().collect::<Vec<_>>();
    pairs(&refs(old), &refs(new), &[by_name, by_fields])
}

/// What a field of the earlier state is called in the later one.
fn renamed<'a>(fields: &Pairs<'a, Field>, name: &'a str) -> &'a str {
    fields.both.iter().find(|(old, _)| old.name == name).map_or(name, |(_, new)| new.name.as_str())
}

impl Both<'_> {
    fn item(&self, field: &Field) -> String {
        format!("types::{}::{}", self.name, field.name)
    }

    fn constructors(&self, changes: &mut Changes) {
        let item = |constructor: &Constructor| format!("types::{}::{}", self.name, constructor.name);
        let is_sent = !self.new.constructors.is_empty();
        for old in &self.constructors.dropped {
            let what = if is_sent { "is no longer there" } else { "is no longer there: no request contains the type" };
            let change = Change::new(Class::BreaksCallers, item(old), what);
            let now: Vec<_> =
                self.new.constructors.iter().map(|new| format!("`{}::{}`", self.name, new.name)).collect();
            changes.add(change.migrate(if now.is_empty() {
                format!("Remove the calls of `{}::{}`, and of the setters.", self.name, old.name)
            } else {
                format!("Call {} instead of `{}::{}`.", now.join(" or "), self.name, old.name)
            }));
        }
        for new in &self.constructors.added {
            changes.add(Change::new(Class::Additive, item(new), "is a new constructor"));
        }
        for (old, new) in &self.constructors.both {
            if old.name != new.name {
                let change = Change::new(Class::BreaksCallers, item(old), format!("is renamed to `{}`", new.name));
                let (name, before, after) = (self.name, &old.name, &new.name);
                changes.add(change.migrate(format!("Replace `{name}::{before}` with `{name}::{after}`.")));
            }
        }
    }

    /// The constructors of both states that take a field in one of them, in the names of the later one.
    fn taken_by(&self, name: &str, old: bool) -> Vec<&str> {
        let both = self.constructors.both.iter();
        let taking =
            both.filter(|(before, after)| (if old { before } else { after }).takes.iter().any(|taken| taken == name));
        taking.map(|(_, after)| after.name.as_str()).collect()
    }

    /// `A::new` and `A::of`.
    fn calls(&self, constructors: &[&str]) -> String {
        let calls: Vec<_> = constructors.iter().map(|name| format!("`{}::{name}`", self.name)).collect();
        calls.join(" and ")
    }

    fn added(&self, field: &Field, changes: &mut Changes) {
        let (item, given) = (self.item(field), written(field));
        let taking = self.taken_by(&field.name, false);
        if taking.is_empty() {
            let setter = if self.new.has_setter(field) { ", with a setter" } else { "" };
            let change = Change::new(Class::Additive, item, format!("is new: `{given}`{setter}"));
            changes.add(change.because("The struct is `#[non_exhaustive]`: no program lists its fields."));
        } else {
            let calls = self.calls(&taking);
            let change = Change::new(Class::BreaksCallers, item, format!("is new, and an argument of {calls}"));
            changes.add(change.migrate(format!("Pass `{}: {}` to {calls}.", field.name, ty(&field.ty))));
        }
    }

    /// What decides whether code compiles.
    fn field(&self, old: &Field, new: &Field, changes: &mut Changes) {
        let (item, name) = (self.item(new), &new.name);
        if old.name != new.name {
            let change = Change::new(self.class, self.item(old), format!("is renamed to `{name}`"));
            changes.add(change.migrate(format!("Replace `{}` of `types::{}` with `{name}`.", old.name, self.name)));
        } else if old.wire != new.wire {
            let what = format!("is `{}` in JSON instead of `{}`", new.wire, old.wire);
            changes.add(Change::new(Class::Behaviour, &item, what));
        }
        let differ =
            old.required != new.required || old.clearable != new.clearable || self.states.differ(&old.ty, &new.ty);
        let set = self.set_otherwise(old, new);
        let (before, after) = (written(old), written(new));
        if differ {
            let set = set.as_ref().map(|(what, _)| format!(", and {what}")).unwrap_or_default();
            let change = Change::new(self.class, item, format!("is `{after}` instead of `{before}`{set}"));
            let change = change.migrate(self.retyped(old, new));
            changes.add(if old.required == new.required {
                change
            } else {
                change.because("What may be absent or null is an `Option`, which is another type.")
            });
        } else if let Some((what, migration)) = set {
            changes.add(Change::new(Class::BreaksCallers, item, what).migrate(migration));
        } else if !self.old.constructors.is_empty() && self.new.has_setter(new) && !self.old.has_setter(old) {
            changes.add(Change::new(Class::Additive, item, "has a setter"));
        }
    }

    /// How the field is set now, if it was set otherwise.
    fn set_otherwise(&self, old: &Field, new: &Field) -> Option<(String, String)> {
        let (before, after) = (self.taken_by(&old.name, true), self.taken_by(&new.name, false));
        let name = &new.name;
        let more: Vec<_> = after.iter().copied().filter(|name| !before.contains(name)).collect();
        let less: Vec<_> = before.iter().copied().filter(|name| !after.contains(name)).collect();
        let setter = (self.old.has_setter(old), self.new.has_setter(new));
        let no_setter = if setter == (true, false) { ", without a setter" } else { "" };
        if !more.is_empty() {
            let calls = self.calls(&more);
            return Some((format!("is an argument of {calls}{no_setter}"), format!("Pass `{name}` to {calls}.")));
        }
        if !less.is_empty() {
            let calls = self.calls(&less);
            let set = if setter.1 { format!("call `.{name}(…)` instead") } else { "leave it out".to_owned() };
            let migration = format!("Do not pass `{name}` to {calls}: {set}.");
            return Some((format!("is no longer an argument of {calls}"), migration));
        }
        let lost = setter == (true, false) && !self.new.constructors.is_empty();
        lost.then(|| {
            let migration = format!("Pass `{name}` to a constructor of `types::{}`.", self.name);
            ("has no setter".to_owned(), migration)
        })
    }

    /// What to do about another type of a field.
    fn retyped(&self, old: &Field, new: &Field) -> String {
        let (owner, name) = (self.name, &new.name);
        let same = !self.states.differ(&old.ty, &new.ty) && old.clearable == new.clearable;
        match (&self.set_otherwise(old, new), same, old.required, new.required) {
            (Some((_, migration)), ..) if self.class == Class::BreaksCallers => migration.clone(),
            (_, true, true, false) => {
                let rest = or_default(self.states.new, &new.ty);
                format!("Where `{name}` of `types::{owner}` is read, write `{name}{rest}`, or handle `None`.")
            }
            (_, true, false, true) => format!("Remove what handles `None` where `{name}` of `types::{owner}` is read."),
            _ => format!("Use `{name}` of `types::{owner}` as `{}`.", written(new)),
        }
    }

    /// Whether undocumented fields are kept.
    fn unknown(&self, changes: &mut Changes) {
        let item = format!("types::{}::unknown_fields", self.name);
        match (self.old.keeps_unknown, self.new.keeps_unknown) {
            (false, true) => changes.add(Change::new(Class::Additive, item, "is new")),
            (true, false) => {
                let change = Change::new(self.class, item, "is no longer there");
                let migration = format!("Remove what uses `unknown_fields` of `types::{}`.", self.name);
                changes.add(change.migrate(migration));
            }
            _ => {}
        }
    }

    /// What compiles either way.
    fn remarks(&self, old: &Field, new: &Field, changes: &mut Changes) {
        let mut add = |class, what: &str| changes.add(Change::new(class, self.item(new), what));
        if old.personal != new.personal {
            let what = if new.personal { "is hidden by `Debug`: it is personal data" } else { "is shown by `Debug`" };
            add(Class::Behaviour, what);
        }
        if old.nullable != new.nullable && !old.required && !new.required {
            add(
                Class::Behaviour,
                if new.nullable { "may be null in its JSON Schema" } else { "is never null in its JSON Schema" },
            );
        }
        if old.strict != new.strict {
            let what =
                if new.strict { "has to be there, to read the type" } else { "may be left out, to read the type" };
            add(Class::Behaviour, what);
        }
        if old.null_if_unset != new.null_if_unset && !old.required && !new.required {
            let what =
                if new.null_if_unset { "is sent as null if it is not set" } else { "is left out if it is not set" };
            add(Class::Behaviour, what);
        }
        match (old.deprecated, new.deprecated) {
            (false, true) => {
                let change = Change::new(Class::Additive, self.item(new), "is deprecated");
                let reason = "Code that uses it compiles with a warning. A program that denies warnings chose to fail.";
                changes.add(change.because(reason));
            }
            (true, false) => changes.add(Change::new(Class::Additive, self.item(new), "is no longer deprecated")),
            _ => {}
        }
        let mut add = |what: &str| changes.add(Change::new(Class::Docs, self.item(new), what));
        if old.read_only != new.read_only {
            add(if new.read_only {
                "is read-only in its JSON Schema"
            } else {
                "is no longer read-only in its JSON Schema"
            });
        }
        if old.doc != new.doc {
            add("has another description");
        }
    }

    /// The same fields in another order: of the arguments of a constructor, or of the JSON alone.
    fn order(&self, changes: &mut Changes) {
        let both: Vec<_> = self
            .fields
            .both
            .iter()
            .map(|(old, _)| self.old.fields.iter().position(|field| field.wire == old.wire))
            .collect();
        if both.is_sorted() {
            return;
        }
        let mut is_noticed = false;
        for (old, new) in &self.constructors.both {
            let before: Vec<_> = old.takes.iter().map(|name| renamed(&self.fields, name)).collect();
            let common: Vec<_> = new.takes.iter().map(String::as_str).filter(|name| before.contains(name)).collect();
            let kept: Vec<_> = before.iter().copied().filter(|name| common.contains(name)).collect();
            if common == kept {
                continue;
            }
            is_noticed = true;
            let ty_of = |name: &str| self.new.fields.iter().find(|field| field.name == name).map(|field| &field.ty);
            let same = common.iter().map(|name| ty_of(name)).eq(kept.iter().map(|name| ty_of(name)));
            let reason = if same {
                "The arguments have the same types, so that calls compile, and set the wrong fields."
            } else {
                "Strings are converted to any id, so that calls with strings compile, and set the wrong fields."
            };
            let item = format!("types::{}::{}", self.name, new.name);
            let names: Vec<_> = new.takes.iter().map(|name| format!("`{name}`")).collect();
            let change = Change::new(
                Class::BreaksCallers,
                &item,
                format!("takes its arguments in another order: {}", names.join(", ")),
            );
            changes.add(change.because(reason).migrate(format!("Reorder the arguments of `{item}`.")));
        }
        if !is_noticed {
            changes.add(Change::new(Class::Docs, format!("types::{}", self.name), "has its fields in another order"));
        }
    }
}
