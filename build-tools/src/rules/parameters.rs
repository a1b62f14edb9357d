//! Rules for parameters and paging.

use std::collections::BTreeSet;

use serde_saphyr::Spanned;

use super::is_name;
use crate::diagnostic::{Diagnostic, Place};
use crate::document::{Document, Kind, Operation, Parameter, PathItem, Schema};

/// Names of a generated builder, and of what stands in its `send`.
const BUILDER: &[&str] =
    &["body", "client", "key", "new", "pages", "request", "response", "result", "send", "stream", "url"];

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
        let mut declared: Vec<_> = parameters_of(document, item, &operation.value)
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
        for (place, parameter) in parameters_of(document, item, &operation.value) {
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
    item: &'a PathItem,
    operation: &'a Operation,
) -> impl Iterator<Item = (Place, &'a Parameter)> {
    item.parameters_of(operation)
        .filter_map(|parameter| Some((parameter.into(), document.parameter(&parameter.value)?)))
}

fn text(text: Option<&Spanned<String>>) -> &str {
    text.map_or("", |text| text.value.as_str())
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
        let mut parameters = parameters_of(document, item, &operation.value);
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
