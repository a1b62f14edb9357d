//! Rules for operations: what progenitor panics on, degrades or drops, and what the runtime takes for granted.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToPascalCase, ToSnakeCase};
use serde_saphyr::Spanned;

use super::is_name;
use crate::diagnostic::{Diagnostic, Place};
use crate::document::{Document, Kind, Map, MediaType, Operation, Parameter, Response, Schema};

const JSON: &str = "application/json";

/// Names of the client that are written by hand.
const CLIENT: &[&str] = &["base_url", "builder", "clone", "execute", "from_env", "mod", "new", "operations"];

/// Names that the file of a builder imports.
const IMPORTED: &[&str] = &["Client", "Error", "Items", "PageState", "Pages", "QueryParam", "ResponseValue"];

/// Names of a generated builder, and of what stands in its `send`.
const BUILDER: &[&str] =
    &["body", "client", "key", "new", "pages", "request", "response", "result", "send", "stream", "url"];

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
        for parameter in item.parameters.iter().chain(&operation.value.parameters) {
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

/// Tags are declared, and what is declared is used.
pub(super) fn components(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let tags: Vec<_> = document.tags.iter().map(|tag| tag.name.as_str()).collect();
    let (mut parameters, mut responses) = (BTreeSet::new(), BTreeSet::new());
    for (_, item, _, operation) in document.operations() {
        for tag in operation.value.tags.iter().filter(|tag| !tags.contains(&tag.value.as_str())) {
            let help = "add it to `tags` at the top, with a description";
            found.push(Diagnostic::new("tag", tag, format!("the tag `{}` is not declared", tag.value), help));
        }
        let all = item.parameters.iter().chain(&operation.value.parameters);
        parameters.extend(all.filter_map(|p| p.value.reference.as_ref()?.value.rsplit('/').next()));
        let all = operation.value.responses.iter();
        responses.extend(all.filter_map(|(_, response)| response.reference.as_ref()?.value.rsplit('/').next()));
    }
    let unused_parameters = document.components.parameters.iter().map(|(name, _)| name);
    let unused_parameters = unused_parameters.filter(|name| !parameters.contains(name.value.as_str()));
    let unused_responses = document.components.responses.iter().map(|(name, _)| name);
    for name in unused_parameters.chain(unused_responses.filter(|name| !responses.contains(name.value.as_str()))) {
        let message = format!("nothing refers to `{}`", name.value);
        found.push(Diagnostic::new("unused-component", name, message, "remove it, or use it"));
    }
    found
}

/// Paths end in a slash, as the service's do, and name exactly the path parameters that are declared.
pub(super) fn paths(document: &Document) -> Vec<Diagnostic> {
    const RULE: &str = "path";
    let mut found = Vec::new();
    let mut shapes: BTreeSet<(String, &str)> = BTreeSet::new();
    for (path, item, method, operation) in document.operations() {
        let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.~{}".contains(c);
        let balanced = path.value.split('/').all(|part| {
            let inner = part.strip_prefix('{').and_then(|part| part.strip_suffix('}'));
            inner.unwrap_or(part).find(['{', '}']).is_none() && !matches!(part, "." | "..")
        });
        let balanced = balanced && !path.value.contains("//");
        let shape: Vec<_> = path.value.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect();
        if !shapes.insert((shape.join("/"), method)) {
            let help = "two paths that differ in the names of their parameters only are one path";
            found.push(Diagnostic::new(RULE, path, "the path is there already", help));
        }
        if !path.value.chars().all(plain) || !balanced {
            let help = "a segment is plain text, or a parameter in braces";
            found.push(Diagnostic::new(RULE, path, "the path has a character or a brace out of place", help));
        }
        if !path.value.starts_with('/') || !path.value.ends_with('/') {
            found.push(Diagnostic::new(
                RULE,
                path,
                "the path does not start and end with a slash",
                "the service's paths end in one; without it a redirect would be answered, which is never followed",
            ));
        }
        let mut named: Vec<_> = path.value.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
        let mut declared: Vec<_> = parameters_of(document, item.parameters.iter(), &operation.value)
            .filter(|(_, parameter)| text(parameter.place.as_ref()) == "path")
            .map(|(_, parameter)| text(parameter.name.as_ref()))
            .collect();
        named.sort_unstable();
        declared.sort_unstable();
        if named != declared {
            found.push(Diagnostic::new(
                RULE,
                path,
                format!("the path names the parameters {named:?} and the operation declares {declared:?}"),
                "declare each `{name}` of the path once with `in: path`, and no other",
            ));
        }
    }
    found
}

/// Parameters stand in the path or the query, once each, and have a plain schema.
pub(super) fn parameters(document: &Document) -> Vec<Diagnostic> {
    const RULE: &str = "parameter";
    let mut found = Vec::new();
    for (_, item, _, operation) in document.operations() {
        let mut seen = BTreeSet::new();
        for (place, parameter) in parameters_of(document, item.parameters.iter(), &operation.value) {
            let (name, is_in) = (text(parameter.name.as_ref()), text(parameter.place.as_ref()));
            let mut report =
                |message: String, help: &str| found.push(Diagnostic::new(RULE, place.clone(), message, help));
            if !matches!(is_in, "path" | "query") {
                report(
                    format!("the parameter `{name}` is in `{is_in}`"),
                    "only `path` and `query` are supported; the runtime sends the headers",
                );
            }
            if is_in == "path" && !parameter.required {
                report(format!("the path parameter `{name}` is not required"), "add `required: true`");
            }
            if !is_name(name) {
                report(
                    format!("`{name}` is not a Rust name in snake_case"),
                    "the tool has no renaming yet: add it first",
                );
            }
            if !seen.insert(name) || BUILDER.contains(&name) {
                report(
                    format!("the name `{name}` is taken"),
                    "each parameter becomes an argument or a setter of its own",
                );
            }
            let kind = parameter.schema.as_ref().and_then(|schema| document.resolve(&schema.value));
            let kind = kind.and_then(|schema| schema.kind.as_ref()).map(|kind| kind.value);
            if matches!(kind, None | Some(Kind::Object | Kind::Array)) {
                report(
                    format!("the parameter `{name}` is not a plain value"),
                    "use a text, a number, a boolean, or an enum",
                );
            }
        }
    }
    found
}

fn parameters_of<'a>(
    document: &'a Document,
    shared: impl Iterator<Item = &'a Spanned<Parameter>>,
    operation: &'a Operation,
) -> impl Iterator<Item = (Place, &'a Parameter)> {
    shared
        .chain(&operation.parameters)
        .filter_map(|parameter| Some((parameter.into(), document.parameter(&parameter.value)?)))
}

fn text(text: Option<&Spanned<String>>) -> &str {
    text.map_or("", |text| text.value.as_str())
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

/// What paging needs is there: the query parameter, the list, and the path to the next page's address in the answer.
pub(super) fn pagination(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (_, item, _, operation) in document.operations() {
        let Some(pagination) = &operation.value.pagination else { continue };
        let mut report = |place: &Spanned<String>, help: &str| {
            let message = format!("`{}` does not fit the operation", place.value);
            found.push(Diagnostic::new("pagination", place, message, help));
        };
        let is_offset = |parameter: &Parameter| {
            let kind = parameter.schema.as_ref().and_then(|schema| schema.value.kind.as_ref()).map(|kind| kind.value);
            text(parameter.name.as_ref()) == pagination.offset.value
                && !parameter.required
                && kind == Some(Kind::Integer)
        };
        let mut parameters = parameters_of(document, item.parameters.iter(), &operation.value);
        if !parameters.any(|(_, parameter)| is_offset(parameter)) {
            report(&pagination.offset, "name an optional query parameter of type integer");
        }
        let page = operation.value.responses.iter().find(|(status, _)| status.value.starts_with('2'));
        let page =
            page.and_then(|(_, response)| document.response(response)?.schema()).and_then(|s| document.resolve(s));
        let kind = |schema: Option<&Schema>| schema.and_then(|schema| schema.kind.as_ref()).map(|kind| kind.value);
        let items = page.and_then(|page| page.properties.get(&pagination.items.value)).map(|items| &items.value);
        if kind(items) != Some(Kind::Array)
            || items.and_then(|items| items.items.as_ref()).is_none_or(|item| item.value.reference.is_none())
        {
            report(&pagination.items, "name a property of the answer that is an array of a named schema");
        }
        let item = items.and_then(|items| document.resolve(&items.items.as_ref()?.value));
        if item.is_some_and(|item| item.properties.get(&pagination.key.value).is_none()) {
            report(&pagination.key, "name the property that tells an item from the others");
        }
        let mut steps = pagination.next.value.split('.');
        let last = steps
            .try_fold(page, |schema, name| {
                schema.and_then(|schema| Some(document.resolve(&schema.properties.get(name)?.value)))
            })
            .flatten();
        if kind(last) != Some(Kind::String) || !pagination.next.value.contains('.') {
            report(&pagination.next, "give the path to a text in the answer, with dots between the properties");
        }
    }
    found
}
