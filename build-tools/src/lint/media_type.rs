//! A body has one media type. JSON is a `$ref` to an object, or, in a request and a success, one to a
//! choice, or a value that needs no name; a
//! text is a string. progenitor panics on two media types, and makes up names for objects in place.

use super::rule::{Lint, Report, Rule};
use crate::diagnostic::Place;
use crate::source::document::{JSON, Kind, MediaType, Schema, TEXTS};
use crate::source::grammar::Map;
use crate::source::node::Spanned;

pub(super) const RULE: Rule = Rule { name: "media-type", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for body in lint.document.request_bodies() {
        content(lint, &body.content, body.place, false, report);
    }
    for (name, response) in lint.document.written_responses() {
        if let Some(given) = &response.content {
            content(lint, given, name.place, !name.starts_with('2'), report);
        }
    }
}

/// `is_error` says that the body is that of an error response, or of one that may be.
fn content(lint: &Lint<'_>, content: &Map<Spanned<MediaType>>, place: Place, is_error: bool, report: &mut Report<'_>) {
    let known = [JSON].into_iter().chain(TEXTS).filter(|name| !is_error || *name == JSON);
    let known: Vec<_> = known.collect();
    let [(name, media)] = content.0.as_slice() else {
        let keep = known.iter().find(|name| content.get(name).is_some()).unwrap_or(&JSON);
        let message = format!("the body has {} media types", content.0.len());
        report.add(place, message, format!("describe it as `{keep}` only: a call sends or reads one form"));
        return;
    };
    if !known.contains(&name.as_str()) {
        let help = if is_error {
            format!("an error response is `{JSON}`, since users have one error type")
        } else {
            format!("describe the form as `{JSON}`, or as a text: `{}`", TEXTS.join("`, `"))
        };
        report.add(place, format!("`{}` is not supported here", name.value), help);
    }
    let Some(schema) = &media.schema else {
        report.add(name, "the body has no schema", "add `schema`: a `$ref` to an object, for example");
        return;
    };
    let is_text = TEXTS.contains(&name.as_str());
    let target = lint.document.resolve(schema);
    let kind = target.and_then(Schema::kind);
    let is_union = !is_error && target.is_some_and(|target| !target.one_of.is_empty());
    let is_object = !is_text && schema.reference.is_some() && (kind == Some(Kind::Object) || is_union);
    let is_string = schema.reference.is_none() && kind == Some(Kind::String);
    let is_map = schema.additional_properties.is_some();
    let is_plain = is_string || !is_text && (kind == Some(Kind::Array) || is_map || schema.is_any());
    if is_object || is_plain && !is_error {
        return;
    }
    let (message, help) = if is_text {
        ("the schema of a text is not `type: string`", "write `type: string`, without a `$ref`")
    } else {
        (
            "the schema of the body is not a `$ref` to an object",
            "name the object under `components/schemas`, and refer to it; in a request and a success, a body may also be \
             a `$ref` to a `oneOf`, a string, a list, a map, or any JSON: a schema without a type",
        )
    };
    report.add(name, message, help);
}
