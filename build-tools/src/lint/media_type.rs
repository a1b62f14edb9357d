//! Bodies are `application/json`, and a `$ref` to an object or a choice, or a value that needs no name: progenitor panics
//! on two media types, degrades others to a stream of bytes, and makes up names for schemas in place.

use super::rule::{Lint, Report, Rule};
use crate::diagnostic::Place;
use crate::source::document::{Kind, MediaType};
use crate::source::grammar::Map;
use crate::source::node::Spanned;

pub(super) const RULE: Rule = Rule { name: "media-type", check };

/// What a body is of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Request,
    Success,
    Error,
}

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for endpoint in lint.document.endpoints() {
        if let Some(body) = &endpoint.operation.value.request_body {
            content(lint, &body.content, body.place, Of::Request, report);
        }
    }
    for (name, response) in lint.document.written_responses() {
        if let Some(given) = &response.content {
            let of = if name.starts_with('2') { Of::Success } else { Of::Error };
            content(lint, given, name.place, of, report);
        }
    }
}

fn content(lint: &Lint<'_>, content: &Map<Spanned<MediaType>>, place: Place, of: Of, report: &mut Report<'_>) {
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
        let is_reference = schema.reference.is_some();
        let fits = lint.document.resolve(schema).is_some_and(|target| match target.kind() {
            Some(Kind::Object) => is_reference,
            Some(Kind::String | Kind::Array) => !is_reference && of == Of::Success,
            Some(_) => false,
            None => is_reference && !target.one_of.is_empty() && of != Of::Error,
        });
        if !fits {
            report.add(
                name,
                "the schema of the body is not a `$ref` to an object",
                "name the object under `components/schemas`, and refer to it; a request or a success may also be a `$ref` to \
                 a `oneOf`, and a success a string or a list",
            );
        }
    }
}
