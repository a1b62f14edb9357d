//! Bodies are `application/json`, and a `$ref` to an object or a value that needs no name: progenitor panics on two media
//! types, degrades others to a stream of bytes, and makes up names for schemas in place.

use super::rule::{Lint, Report, Rule};
use crate::diagnostic::Place;
use crate::source::document::{Kind, MediaType, Schema};
use crate::source::grammar::Map;
use crate::source::node::Spanned;

pub(super) const RULE: Rule = Rule { name: "media-type", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for endpoint in lint.document.endpoints() {
        if let Some(body) = &endpoint.operation.value.request_body {
            content(lint, &body.content, body.place, false, report);
        }
    }
    for (name, response) in lint.document.written_responses() {
        if let Some(given) = &response.content {
            content(lint, given, name.place, name.starts_with('2'), report);
        }
    }
}

fn content(
    lint: &Lint<'_>,
    content: &Map<Spanned<MediaType>>,
    place: Place,
    is_success: bool,
    report: &mut Report<'_>,
) {
    if content.0.len() != 1 || content.get("application/json").is_none() {
        report.add(
            place,
            "the content is not exactly `application/json`",
            "describe the JSON form; other media types are not supported",
        );
    }
    for (name, media) in content.iter() {
        let Some(schema) = &media.schema else {
            report.add(name, "the body has no schema", "add `schema`: a `$ref` to an object");
            continue;
        };
        let kind = lint.document.resolve(schema).and_then(Schema::kind);
        let is_object = schema.reference.is_some() && kind == Some(Kind::Object);
        let is_plain = schema.reference.is_none() && matches!(kind, Some(Kind::String | Kind::Array));
        if !(is_object || is_plain && is_success) {
            report.add(
                name,
                "the schema of the body is not a `$ref` to an object",
                "name the object under `components/schemas`, and refer to it; a success may also be a string or a list",
            );
        }
    }
}
