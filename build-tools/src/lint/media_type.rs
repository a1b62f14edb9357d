//! Bodies are `application/json` with a `$ref` to an object: progenitor panics on two media types, degrades others to a
//! stream of bytes, and makes up names for schemas in place.

use super::rule::{Lint, Report, Rule};
use crate::diagnostic::Place;
use crate::source::document::{Kind, MediaType};
use crate::source::grammar::Map;
use crate::source::node::Spanned;

pub(super) const RULE: Rule = Rule { name: "media-type", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for endpoint in lint.document.endpoints() {
        if let Some(body) = &endpoint.operation.value.request_body {
            content(lint, &body.content, body.place, report);
        }
    }
    for (name, response) in lint.document.written_responses() {
        if let Some(given) = &response.content {
            content(lint, given, name.place, report);
        }
    }
}

fn content(lint: &Lint<'_>, content: &Map<Spanned<MediaType>>, place: Place, report: &mut Report<'_>) {
    if content.0.len() != 1 || content.get("application/json").is_none() {
        report.add(
            place,
            "the content is not exactly `application/json`",
            "describe the JSON form; other media types are not supported",
        );
    }
    for (name, media) in content.iter() {
        let target = media.schema.as_ref().filter(|schema| schema.reference.is_some());
        let kind = target.and_then(|schema| lint.document.resolve(schema)?.kind());
        if kind != Some(Kind::Object) {
            report.add(
                name,
                "the schema of the body is not a `$ref` to an object",
                "name the object under `components/schemas`, and refer to it",
            );
        }
    }
}
