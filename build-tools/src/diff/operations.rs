//! Compares resources, operations, and what all error responses have in common. Must not know how types differ.

use super::change::{Change, Changes, Class};
use super::parameters;
use super::states::{Pairs, States, resource_of};
use super::written::{has_request, method, output, returned, ty};
use crate::model::{ErrorResponse, Location, Operation, Resource, Ty};
use crate::names;

pub fn compare(states: &States<'_>, changes: &mut Changes) {
    let all = states.resources();
    resources(&all, changes);
    let operations = states.operations();
    for old in operations.dropped {
        let item = method(resource_of(states.old, old), old);
        let change =
            Change::new(Class::BreaksCallers, &item, format!("is no longer there: `{} {}`", old.method, old.path));
        let instead = "`Client::call` can still send it, if the service still has it";
        changes.add(change.migrate(format!(
            "Remove the calls of `{item}`, and `operations::{}`. {instead}.",
            names::constant(&old.id)
        )));
    }
    for new in operations.added {
        let item = method(resource_of(states.new, new), new);
        changes.add(Change::new(Class::Additive, item, format!("is new: `{} {}`", new.method, new.path)));
    }
    for (old, new) in operations.both {
        let moved = all.both.iter().find(|(from, _)| from.name == resource_of(states.old, old));
        let is_moved = moved.is_some_and(|(_, to)| to.name == resource_of(states.new, new));
        operation(states, (old, new), is_moved, changes);
    }
    errors(states, changes);
}

fn resources(all: &Pairs<'_, Resource>, changes: &mut Changes) {
    for old in &all.dropped {
        let item = format!("Client::{}", old.name);
        let what = format!("is no longer there, nor is the module `{}`", old.name);
        changes.add(Change::new(Class::BreaksCallers, item, what).migrate(format!("Remove what uses `{}`.", old.name)));
    }
    for new in &all.added {
        changes.add(Change::new(Class::Additive, format!("Client::{}", new.name), "is new"));
    }
    for (old, new) in &all.both {
        let item = format!("Client::{}", old.name);
        if old.name != new.name {
            let change = Change::new(Class::BreaksCallers, item, format!("is renamed to `Client::{}`", new.name));
            changes.add(change.migrate(format!(
                "Replace `{0}()` with `{1}()`, the module `{0}` with `{1}`, and `{2}` with `{3}`. The constants in \
                 `operations` are renamed too.",
                old.name,
                new.name,
                names::handle(&old.name),
                names::handle(&new.name)
            )));
        } else if old.doc != new.doc {
            changes.add(Change::new(Class::Docs, item, "has another description"));
        }
    }
}

/// `is_moved` says that the resources of the two are the same one, whatever it is called.
fn operation(states: &States<'_>, (old, new): (&Operation, &Operation), is_moved: bool, changes: &mut Changes) {
    let (from, to) = (resource_of(states.old, old), resource_of(states.new, new));
    let item = method(to, new);
    if !is_moved || old.name != new.name {
        let before = method(from, old);
        let change = Change::new(Class::BreaksCallers, &before, format!("is renamed to `{item}`"));
        changes.add(change.migrate(format!(
            "Call `{item}` instead of `{before}`, and use `operations::{}` instead of `operations::{}`.",
            names::constant(&new.id),
            names::constant(&old.id)
        )));
    }
    parameters::compare(states, (old, new), &item, changes);
    results(states, (old, new), (from, to), &item, changes);
    behaviour((old, new), &item, changes);
    docs((old, new), &item, changes);
}

/// What a method returns, and what a call responds with.
fn results(
    states: &States<'_>,
    (old, new): (&Operation, &Operation),
    (from, to): (&str, &str),
    item: &str,
    changes: &mut Changes,
) {
    if has_request(old) != has_request(new) {
        let what = format!("returns `{}` instead of `{}`", returned(to, new), returned(from, old));
        let change = Change::new(Class::BreaksCallers, item, what);
        changes.add(
            change
                .because("A method with optional parameters has a request type; without them, it returns a `Call`.")
                .migrate(format!("Where code names the type, write `{}`.", returned(to, new))),
        );
    }
    let differ = match (&old.output, &new.output) {
        (None, None) => false,
        (Some(old), Some(new)) => states.differ(old, new),
        _ => true,
    };
    if differ {
        let (before, after) = (output(old), output(new));
        let change = Change::new(Class::BreaksReaders, item, format!("responds with `{after}` instead of `{before}`"));
        changes.add(change.migrate(format!("Read the response of `{item}` as `{after}`.")));
    }
    match (&old.pagination, &new.pagination) {
        (Some(_), None) => {
            let change = Change::new(
                Class::BreaksCallers,
                item,
                "has neither `stream` nor `pages`: it is no longer a list of pages",
            );
            changes.add(change.migrate(format!("Call `{item}(…).send()`, which returns the whole list.")));
        }
        (None, Some(_)) => changes.add(Change::new(Class::Additive, item, "has `stream` and `pages`")),
        (Some(old), Some(new)) if (&old.parameter, old.by) != (&new.parameter, new.by) => {
            let what = format!("reads pages with the parameter `{}` instead of `{}`", new.parameter, old.parameter);
            changes.add(Change::new(Class::Behaviour, item, what));
        }
        _ => {}
    }
}

/// What compiles, and is done in another way.
fn behaviour((old, new): (&Operation, &Operation), item: &str, changes: &mut Changes) {
    let mut add = |what: String| changes.add(Change::new(Class::Behaviour, item, what));
    if (old.method, &old.path) != (new.method, &new.path) {
        add(format!("sends `{} {}` instead of `{} {}`", new.method, new.path, old.method, old.path));
    }
    if old.idempotent != new.idempotent {
        let is = if new.idempotent {
            "is retried even after an attempt that may have taken effect: it is idempotent"
        } else {
            "is not retried after an attempt that may have taken effect: it is not idempotent"
        };
        add(is.to_owned());
    }
    if old.effect.safe != new.effect.safe {
        add(if new.effect.safe { "is declared read-only" } else { "is no longer declared read-only" }.to_owned());
    }
    if old.effect.deduplicated != new.effect.deduplicated {
        add("is retried for another time after an attempt that may have taken effect".to_owned());
    }
    if old.success != new.success {
        let statuses = |all: &[u16]| all.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ");
        let (before, after) = (statuses(&old.success), statuses(&new.success));
        add(format!("expects the status {after} instead of {before}: any other is an error"));
    }
    let form =
        |media_type: &Option<String>| media_type.as_ref().map_or_else(|| "JSON".to_owned(), |it| format!("`{it}`"));
    let sent = |operation: &Operation| operation.body.as_ref().map(|body| form(&body.content_type));
    let read = |operation: &Operation| operation.output.as_ref().map(|_| form(&operation.response_type));
    for (does, before, after) in [("sends", sent(old), sent(new)), ("reads", read(old), read(new))] {
        if let (Some(before), Some(after)) = (&before, &after)
            && before != after
        {
            add(format!("{does} {after} instead of {before}"));
        }
    }
    match (&old.response_id, &new.response_id) {
        (None, Some(id)) => add(format!("is an error if `{id}` in the response is not the id that was asked for")),
        (Some(id), None) => add(format!("no longer compares `{id}` in the response with the id that was asked for")),
        (Some(old), Some(new)) if old != new => {
            add(format!("compares `{new}` in the response with the id that was asked for, instead of `{old}`"));
        }
        _ => {}
    }
    let location = |operation: &Operation, name: &str| {
        operation.parameters.iter().find(|parameter| parameter.name == name).map(|parameter| parameter.location)
    };
    for parameter in &old.parameters {
        let after = location(new, &parameter.name);
        if after.is_some_and(|after| after != parameter.location) {
            add(format!(
                "has `{}` in the {}",
                parameter.name,
                if after == Some(Location::Path) { "path" } else { "query" }
            ));
        }
    }
}

fn docs((old, new): (&Operation, &Operation), item: &str, changes: &mut Changes) {
    let page = |operation: &Operation| (operation.page.title.clone(), operation.page.url.clone());
    let example = |operation: &Operation| operation.body.as_ref().map(|body| body.example.clone());
    let is_same_body = old.body.as_ref().map(|body| &body.ty) == new.body.as_ref().map(|body| &body.ty);
    let parts = [
        (old.summary != new.summary, "summary"),
        (old.doc != new.doc, "description"),
        (old.effect != new.effect, "effect"),
        (page(old) != page(new), "page of the documentation"),
        (is_same_body && example(old) != example(new), "example"),
    ];
    for (_, part) in parts.into_iter().filter(|(differs, _)| *differs) {
        changes.add(Change::new(Class::Docs, item, format!("has another {part}")));
    }
    statuses(&old.errors, &new.errors, item, changes);
}

/// Error responses are documentation: an error has its status, whether it is documented or not.
fn statuses(old: &[ErrorResponse], new: &[ErrorResponse], item: &str, changes: &mut Changes) {
    const REASON: &str = "Every error response is an `Error` with its status, whether it is documented or not.";
    let find = |list: &[ErrorResponse], status| {
        list.iter().find(|error| error.status == status).map(|error| error.doc.clone())
    };
    let mut add = |what: String| changes.add(Change::new(Class::Docs, item, what).because(REASON));
    for error in new {
        match find(old, error.status) {
            None => add(format!("documents the error response {}", error.status)),
            Some(doc) if doc != error.doc => {
                add(format!("has another description of the error response {}", error.status));
            }
            Some(_) => {}
        }
    }
    for error in old.iter().filter(|error| find(new, error.status).is_none()) {
        add(format!("no longer documents the error response {}", error.status));
    }
}

/// What all error responses have in common.
fn errors(states: &States<'_>, changes: &mut Changes) {
    let (old, new) = (&states.old.errors, &states.new.errors);
    statuses(&old.common, &new.common, "Error", changes);
    let item = "Error::api_error";
    match (&old.body, &new.body) {
        (Some(_), None) => {
            let change = Change::new(Class::BreaksReaders, item, "is no longer there: no form of errors is documented");
            changes.add(change.migrate("Read `Error::body`."));
        }
        (None, Some(_)) => changes.add(Change::new(Class::Additive, item, "is new")),
        (Some(old), Some(new)) => {
            let before = Ty::Named(old.ty.clone());
            if states.differ(&before, &Ty::Named(new.ty.clone())) {
                let what = format!("returns `{}` instead of `{}`", new.ty, ty(&before));
                let change = Change::new(Class::BreaksReaders, item, what);
                changes.add(change.migrate(format!("Read the error as `types::{}`.", new.ty)));
            }
            let parts = [
                ("Error::code", old.code != new.code),
                ("Error::message", old.title != new.title || old.details != new.details),
            ];
            for (item, _) in parts.into_iter().filter(|(_, differs)| *differs) {
                changes.add(Change::new(Class::Behaviour, item, "is read from another part of the response"));
            }
        }
        (None, None) => {}
    }
}
