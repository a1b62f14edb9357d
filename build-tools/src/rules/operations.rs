//! Rules for operations: what progenitor panics on, degrades or drops, and what the runtime takes for granted.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToPascalCase, ToSnakeCase};
use serde_saphyr::Spanned;

use super::is_name;
use crate::diagnostic::{Diagnostic, Place};
use crate::document::{Document, Kind, Map, MediaType, Response, idempotent_by_method};

const JSON: &str = "application/json";

/// Names of the client that are written by hand.
const CLIENT: &[&str] = &[
    "base_url",
    "builder",
    "call",
    "clone",
    "execute",
    "from_env",
    "mod",
    "new",
    "operations",
    "with_retry_policy",
    "with_timeout",
];

/// Names that the file of a builder imports.
const IMPORTED: &[&str] = &["Client", "Error", "Items", "PageState", "Pages", "QueryParam", "ResponseValue"];

/// The one way to authenticate that the runtime implements. progenitor ignores `security` altogether.
pub(super) fn security(document: &Document) -> Vec<Diagnostic> {
    let known = document.components.security_schemes.iter().find(|(_, scheme)| {
        let scheme = &scheme.value;
        (scheme.kind.as_str(), scheme.place.as_str(), scheme.name.as_str()) == ("apiKey", "header", "Authorization")
    });
    let applied = document.security.value.iter().flat_map(Map::iter);
    let applied: Vec<_> = applied.map(|(name, _)| &name.value).collect();
    match known {
        Some((name, _)) if applied == [&name.value] && document.components.security_schemes.0.len() == 1 => Vec::new(),
        _ => vec![Diagnostic::new(
            "security",
            &document.security,
            "the document must apply one security scheme, an API key in the header `Authorization`",
            "the runtime authenticates in this way and no other: teach it first",
        )],
    }
}

/// Every operation has an id that can be the name of the client's method.
pub(super) fn ids(document: &Document) -> Vec<Diagnostic> {
    const RULE: &str = "operation-id";
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, _, method, operation) in document.operations() {
        let Some(id) = &operation.value.operation_id else {
            found.push(Diagnostic::new(
                RULE,
                operation,
                format!("{method} {} has no operationId", path.value),
                "add `operationId` in snake_case: it becomes the name of the client's method",
            ));
            continue;
        };
        let builder = id.value.to_pascal_case();
        if CLIENT.contains(&id.value.as_str()) || IMPORTED.contains(&builder.as_str()) {
            let help = "choose another: the name stands for something that is written by hand";
            found.push(Diagnostic::new(RULE, id, format!("`{}` is taken", id.value), help));
        }
        if !is_name(&id.value) {
            let help = format!("write `{}`; progenitor would rename it silently", id.value.to_snake_case());
            found.push(Diagnostic::new(RULE, id, format!("`{}` is not a Rust name in snake_case", id.value), help));
        }
        if !seen.insert(builder) {
            let message = format!("`{}` is used twice, or differs from another only in underscores", id.value);
            found.push(Diagnostic::new(RULE, id, message, "give each operation an id of its own"));
        }
    }
    found
}

/// Every operation, body, parameter and response is described, and every operation names its documentation page.
pub(super) fn descriptions(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut need = |what: &str, text: &Option<Spanned<String>>, place: Place| {
        if text.as_ref().is_none_or(|text| text.value.trim().is_empty()) {
            let help = "add it in your own words: it becomes the doc comment";
            found.push(Diagnostic::new("description", place, format!("{what} is missing"), help));
        }
    };
    for (_, item, _, operation) in document.operations() {
        need("the operation's `summary`", &operation.value.summary, operation.into());
        need("the operation's `description`", &operation.value.description, operation.into());
        for parameter in item.parameters_of(&operation.value) {
            if parameter.value.reference.is_none() {
                need("the parameter's `description`", &parameter.value.description, parameter.into());
            }
        }
        if let Some(body) = &operation.value.request_body {
            need("the request body's `description`", &body.value.description, body.into());
        }
        for (status, response) in operation.value.responses.iter() {
            if response.reference.is_none() {
                need("the response's `description`", &response.description, status.into());
            }
        }
    }
    for (name, parameter) in document.components.parameters.iter() {
        need("the parameter's `description`", &parameter.value.description, name.into());
    }
    for (name, response) in document.components.responses.iter() {
        need("the response's `description`", &response.description, name.into());
    }
    for (_, _, _, operation) in document.operations() {
        let is_address = |url: &str| {
            url.starts_with("https://") && !url.contains(|c: char| c.is_whitespace() || "()<>[]`".contains(c))
        };
        if operation.value.external_docs.as_ref().is_none_or(|docs| !is_address(&docs.url.value)) {
            found.push(Diagnostic::new(
                "documentation-page",
                operation,
                "the operation does not say where it is documented",
                "add `externalDocs` with a description and the https address of the page",
            ));
        }
    }
    found
}

/// A request body is required, JSON, and a named object.
pub(super) fn request_bodies(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (_, _, method, operation) in document.operations() {
        let Some(body) = &operation.value.request_body else {
            continue;
        };
        if !body.value.required {
            found.push(Diagnostic::new(
                "request-body",
                body,
                "the request body is not `required: true`",
                "it becomes an argument of the method; an optional body is not supported",
            ));
        }
        if method == "GET" {
            let help = "remove it, or correct the method";
            found.push(Diagnostic::new("request-body", body, "a GET has no request body", help));
        }
        found.extend(media_type(document, &body.value.content, body.into()));
    }
    found
}

/// Exactly `application/json` with a schema that is a reference: progenitor panics on two media types, degrades others to
/// a byte stream, and makes up names for schemas in place.
fn media_type(document: &Document, content: &Map<Spanned<MediaType>>, place: Place) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if content.0.len() != 1 || content.get(JSON).is_none() {
        found.push(Diagnostic::new(
            "media-type",
            place,
            "the content is not exactly `application/json`",
            "describe the JSON form; other media types are not supported",
        ));
    }
    for (name, media) in content.iter() {
        let target = media.value.schema.as_ref().filter(|schema| schema.value.reference.is_some());
        let object = target.and_then(|schema| document.resolve(&schema.value)).and_then(|schema| schema.kind.as_ref());
        if object.is_none_or(|kind| kind.value != Kind::Object) {
            found.push(Diagnostic::new(
                "media-type",
                name,
                "the schema of the body is not a `$ref` to an object",
                "name the object under `components/schemas`, and refer to it",
            ));
        }
    }
    found
}

/// Statuses are numbers: one of success, and the refusals.
pub(super) fn statuses(document: &Document) -> Vec<Diagnostic> {
    const RULE: &str = "status";
    let mut found = Vec::new();
    for (_, _, _, operation) in document.operations() {
        let mut successes = 0;
        for (status, _) in operation.value.responses.iter() {
            let digits = status.value.len() == 3 && status.value.bytes().all(|byte| byte.is_ascii_digit());
            match status.value.parse::<u16>().ok().filter(|_| digits) {
                Some(200..=299) => successes += 1,
                Some(400..=499) => {}
                _ => found.push(Diagnostic::new(
                    RULE,
                    status,
                    format!("`{}` is not a status that can be described", status.value),
                    "list the statuses one by one, 2xx and 4xx. `default` would make every status a documented one; \
                     what a 5xx carries is not documented, and the runtime keeps its body",
                )),
            }
        }
        if successes != 1 {
            found.push(Diagnostic::new(
                RULE,
                operation,
                format!("the operation has {successes} statuses of success"),
                "describe exactly one: the method returns one type",
            ));
        }
    }
    found
}

/// Responses have a JSON body, but for 204.
pub(super) fn response_bodies(document: &Document) -> Vec<Diagnostic> {
    const RULE: &str = "response-body";
    let mut found = Vec::new();
    for (_, _, _, operation) in document.operations() {
        for (status, response) in operation.value.responses.iter() {
            if response.reference.is_some() && (response.description.is_some() || response.content.is_some()) {
                let help = "remove what stands beside the `$ref`";
                found.push(Diagnostic::new(
                    "reference-siblings",
                    status,
                    "OpenAPI ignores what stands beside a `$ref`",
                    help,
                ));
            }
            let content = document.response(response).and_then(|response| response.content.as_ref());
            match (content, status.value.as_str()) {
                (Some(_), "204") => {
                    found.push(Diagnostic::new(RULE, status, "a 204 has no body", "remove `content`"));
                }
                (None, status_code) if status_code != "204" => found.push(Diagnostic::new(
                    RULE,
                    status,
                    "the response has no content",
                    "describe its JSON body; only 204 is without one",
                )),
                (Some(content), _) if response.reference.is_none() => {
                    found.extend(media_type(document, content, status.into()));
                }
                _ => {}
            }
        }
        for parameter in &operation.value.parameters {
            if parameter.value.reference.is_some()
                && (parameter.value.name.is_some() || parameter.value.schema.is_some())
            {
                let help = "remove what stands beside the `$ref`";
                let message = "OpenAPI ignores what stands beside a `$ref`";
                found.push(Diagnostic::new("reference-siblings", parameter, message, help));
            }
        }
    }
    for (name, response) in document.components.responses.iter() {
        found.extend(response.content.iter().flat_map(|content| media_type(document, content, name.into())));
    }
    found
}

/// `x-idempotent` says something, and nothing of a GET: that only reads.
pub(super) fn idempotence(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (_, _, method, operation) in document.operations() {
        let Some(given) = &operation.value.idempotent else { continue };
        let help = if method == "GET" {
            "remove it: a GET only reads"
        } else if given.value == idempotent_by_method(method) {
            "remove it: HTTP says the same of the method"
        } else {
            continue;
        };
        let message = format!("`x-idempotent: {}` on a {method}", given.value);
        found.push(Diagnostic::new("idempotent", given, message, help));
    }
    found
}

/// All refusals have one schema: progenitor panics on two in one operation, and users want one error type.
pub(super) fn one_error_schema(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut schemas: BTreeMap<&str, &Spanned<String>> = BTreeMap::new();
    for (_, _, _, operation) in document.operations() {
        for (status, response) in operation.value.refusals() {
            let Some(name) = document.response(response).and_then(Response::schema).and_then(Document::target_name)
            else {
                continue;
            };
            schemas.entry(name).or_insert(status);
            if let Some((first, _)) = schemas.iter().find(|(other, _)| **other != name) {
                found.push(Diagnostic::new(
                    "error-schema",
                    status,
                    format!("this refusal has the schema `{name}`, and another has `{first}`"),
                    "use one error schema in the whole document, with optional properties where the forms differ",
                ));
            }
        }
    }
    found
}
