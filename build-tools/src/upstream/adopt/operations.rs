//! Makes operations of the vendor's: their ids, parameters and statuses. Knows what our grammar can say of an operation, and
//! leaves the bodies to `bodies` and the schemas to `schemas`.

use std::collections::BTreeSet;

use heck::{ToKebabCase, ToPascalCase};

use super::model::{Body, Operation, Parameter, Type};
use super::naming::{self, Call};
use super::notes::Dropped;
use super::schemas::{Schemas, Site};
use super::shape::Kind;
use crate::diagnostic::Place;
use crate::names;
use crate::source::node::{Node, as_text, entries, is_true, items};
use crate::upstream::vendor;

/// The methods that our grammar has.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Drafts operations.
pub(super) struct Operations<'a> {
    pub(super) schemas: Schemas<'a>,
    /// The resources and request types that are taken.
    methods: BTreeSet<(String, String)>,
    /// Where pages of operations are, if all known pages have addresses of one form.
    pages: Option<String>,
}

impl<'a> Operations<'a> {
    pub(super) fn new(schemas: Schemas<'a>) -> Self {
        let methods = schemas.ours.methods.clone();
        let pages = pages(&schemas);
        Self { schemas, methods, pages }
    }

    /// The draft of an operation; `None` if there is nothing to draft, which is noted.
    pub(super) fn draft(&mut self, given: &vendor::Operation<'a>) -> Option<Operation> {
        let (title, ours) = (given.title(), self.schemas.ours);
        if let Some(id) = ours.operations.get(&given.key()) {
            self.schemas.notes.decide(format!("{title} is ours already: `{id}`"), Some(given.path.place));
            return None;
        }
        if !METHODS.contains(&given.method) {
            let message = format!("{title} is left out: the grammar has no such method");
            self.schemas.notes.drop(Dropped::new("method", given.node.place, message));
            return None;
        }
        let tag = self.tag(given);
        self.schemas.resource = names::resource(&tag);
        let id = naming::vendor_method(given.text("operationId").unwrap_or_default(), &tag);
        let call = Call { id: &id, resource: &self.schemas.resource, method: given.method, path: given.path };
        let method = naming::method(&call, &self.methods);
        self.methods.insert((self.schemas.resource.clone(), names::request(&method)));
        let owner = if id.is_empty() { format!("{tag}_{method}") } else { id.clone() }.to_pascal_case();
        let mut operation = Operation {
            path: given.path.value.clone(),
            method: given.method,
            id: format!("{}_{method}", self.schemas.resource),
            page: self.page(&tag, &id, given.node.place),
            tag,
            paging: None,
            parameters: Vec::new(),
            request: None,
            successes: Vec::new(),
            errors: Vec::new(),
            comments: Vec::new(),
        };
        self.parameters(given, &owner, &mut operation);
        operation.request = given.node.get("requestBody").and_then(|body| self.request(body, &owner));
        self.responses(given, &owner, &mut operation);
        self.left_out(
            given.node,
            "the operation",
            &["operationId", "tags", "summary", "description", "parameters", "requestBody", "responses", "security"],
        );
        let of_path = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
        self.left_out(given.item, "a path", &[&of_path[..], &["parameters", "summary", "description"]].concat());
        if let Some(file) = ours.paths.get(given.path.as_str()) {
            let text = format!("the path {} is in {file}: move {} there", given.path.value, title);
            self.schemas.notes.decide(text, Some(given.path.place));
        }
        Some(operation)
    }

    /// Notes the keys that are not among those that are taken over or are texts.
    pub(super) fn left_out(&mut self, node: &Node, what: &str, known: &[&str]) {
        for (key, _) in entries(node).iter().filter(|(key, _)| !known.contains(&key.as_str())) {
            self.schemas.notes.decide(format!("`{}` of {what} is left out", key.value), Some(key.place));
        }
    }

    /// The tag, as ours if we have one for its resource.
    fn tag(&mut self, given: &vendor::Operation<'a>) -> String {
        let tags = given.node.get("tags").map(items).unwrap_or_default();
        for tag in tags.iter().skip(1) {
            self.schemas.notes.decide("an operation has one tag: the first is its resource", Some(tag.place));
        }
        let mut segments = given.path.split('/').filter(|part| !part.is_empty() && !part.starts_with('{'));
        let tag = naming::tag(given.tag().or_else(|| segments.next_back()).unwrap_or("api"));
        if given.tag().is_none() {
            self.schemas.notes.decide(format!("the tag `{tag}` is made of the path"), Some(given.path.place));
        }
        let known = self.schemas.ours.tags.get(&names::resource(&tag));
        let Some((ours, file)) = known else { return tag };
        self.schemas
            .notes
            .decide(format!("the tag `{ours}` is in {file}: that may be the place for its operations"), None);
        (*ours).to_owned()
    }

    /// The URL of the documentation page.
    fn page(&mut self, tag: &str, id: &str, place: Place) -> String {
        let derived = self.pages.as_ref().map(|base| format!("{base}/{tag}/{}", id.to_kebab_case()));
        match derived.filter(|url| url.is_ascii() && !id.is_empty()) {
            Some(url) => {
                self.schemas
                    .notes
                    .decide("the address of the page is made like those that we have: open it", Some(place));
                url
            }
            None => format!(
                "{}/TODO",
                self.schemas.ours.documentation.map_or("https://example.org", |url| url.trim_end_matches('/'))
            ),
        }
    }

    fn parameters(&mut self, given: &vendor::Operation<'a>, owner: &str, operation: &mut Operation) {
        let own = given.node.get("parameters").map(items).unwrap_or_default();
        let shared = given.item.get("parameters").map(items).unwrap_or_default();
        let vendor = self.schemas.reader.references.vendor;
        let mut seen = BTreeSet::new();
        for listed in own.iter().chain(shared) {
            let Some(node) = vendor.resolve(listed) else {
                let message = format!("a parameter of {} is left out: it refers to nothing", given.title());
                let dropped = Dropped::new("dangling-reference", listed.place, message);
                operation.comments.push(self.schemas.notes.drop(dropped));
                continue;
            };
            let text = |key| node.get(key).and_then(as_text).unwrap_or_default();
            let (name, location) = (text("name"), text("in"));
            // Those of the operation stand before those of the path.
            if !seen.insert((name, location)) {
                continue;
            }
            if location == "header" && name.eq_ignore_ascii_case("Authorization") {
                let text = "the header `Authorization` is left out: the runtime sends it";
                self.schemas.notes.decide(text, Some(listed.place));
                continue;
            }
            match self.parameter(node, name, location, given, owner) {
                Ok(parameter) => operation.parameters.push(parameter),
                Err(dropped) => operation.comments.push(self.schemas.notes.drop(dropped)),
            }
        }
    }

    fn parameter(
        &mut self,
        node: &'a Node,
        name: &str,
        location: &str,
        given: &vendor::Operation<'a>,
        owner: &str,
    ) -> Result<Parameter, Dropped> {
        let required = is_true(node, "required");
        let what = format!("the {}parameter `{name}` in `{location}`", if required { "required " } else { "" });
        let no = |kind, why: &str| {
            Err(Dropped::new(kind, node.place, format!("{what} is left out: {why}")).needed(required))
        };
        if !matches!(location, "path" | "query") {
            return no("parameter-location", "only the path and the query have any");
        }
        self.left_out(node, "a parameter", &["name", "in", "required", "description", "schema", "example", "examples"]);
        let Some(schema) = node.get("schema") else { return no("untyped", "it has no schema") };
        let shape = self.schemas.read(schema);
        let site = Site {
            owner: segment(given.path, name).unwrap_or_else(|| owner.to_owned()),
            property: name.to_owned(),
            depth: 0,
        };
        let ty = match &*shape.kind {
            Kind::Enum(values) if self.is_flag(values, name, node.place) => Type::Flag,
            Kind::Text | Kind::Enum(_) | Kind::Integer { .. } | Kind::Number | Kind::Boolean => {
                match self.schemas.value(schema, &site) {
                    Ok(value) => value.ty,
                    Err(dropped) => return no(dropped.kind, &dropped.message),
                }
            }
            _ => return no("parameter-type", "it is not a plain value"),
        };
        if shape.marks.nullable {
            self.schemas.notes.decide("a parameter is left out instead of null", Some(node.place));
        }
        let kind = match ty {
            Type::Integer { .. } => "integer",
            Type::Number => "number",
            Type::Boolean => "boolean",
            Type::Text(_) => "string",
            _ => "",
        };
        let known = self.schemas.ours.parameters.get(name);
        if let Some(known) = known.filter(|known| location == "query" && !required && known.kind == kind) {
            return Ok(Parameter::Ours(known.reference.clone()));
        }
        Ok(Parameter::Own {
            name: name.to_owned(),
            location: location.to_owned(),
            required: required || location == "path",
            ty,
        })
    }

    /// Whether an enum is a boolean that is written as a text; other words for the two values are not needed.
    fn is_flag(&mut self, values: &[&str], name: &str, place: Place) -> bool {
        const OTHERS: [&str; 10] = ["0", "1", "t", "f", "y", "n", "yes", "no", "on", "off"];
        let words: BTreeSet<String> = values.iter().map(|value| value.to_lowercase()).collect();
        let others = words.iter().filter(|word| !matches!(word.as_str(), "true" | "false"));
        let is_flag = words.len() >= 2
            && ["true", "false"].iter().all(|word| values.contains(word))
            && others.clone().all(|word| OTHERS.contains(&word.as_str()));
        if is_flag && values.len() > 2 {
            let text = format!("`{name}` is `true` or `false`: its other values are words for them");
            self.schemas.notes.decide(text, Some(place));
        }
        is_flag
    }

    fn responses(&mut self, given: &vendor::Operation<'a>, owner: &str, operation: &mut Operation) {
        let ours = self.schemas.ours;
        for (status, listed) in given.node.get("responses").map(entries).unwrap_or_default() {
            let place = status.place;
            let number = status.parse::<u16>().ok().filter(|_| status.len() == 3);
            match number {
                Some(400..=499) if ours.common.contains(status.as_str()) => {
                    let text = format!("the response {} is left out: every operation has it", status.value);
                    self.schemas.notes.decide(text, Some(place));
                }
                Some(400..=499) if ours.error.is_some() => {
                    let text = format!("the response {} has our schema of errors", status.value);
                    self.schemas.notes.decide(text, Some(place));
                    operation.errors.push(status.value.clone());
                }
                Some(200..=299) => {
                    let body = self.response(listed, owner);
                    let body = self.without_body(status, body, place);
                    let has_body = |body: &Body| !matches!(body, Body::Nothing);
                    let known = &operation.successes;
                    if known.is_empty() || !has_body(&body) && !known.iter().any(|(_, known)| has_body(known)) {
                        operation.successes.push((status.value.clone(), body));
                    } else {
                        operation.comments.push(self.no_response(status, place));
                    }
                }
                Some(500..=599) | None if matches!(status.as_str(), "default" | "5XX") || number.is_some() => {
                    let text = "server errors and `default` are left out: the runtime keeps them as they are";
                    self.schemas.notes.decide(text, Some(place));
                }
                _ => operation.comments.push(self.no_response(status, place)),
            }
        }
    }

    fn no_response(&mut self, status: &str, place: Place) -> String {
        self.schemas.notes.drop(Dropped::new("status", place, format!("the response `{status}` is left out")))
    }
}

/// What a path parameter `id` identifies: one of what the segment before it names.
fn segment(path: &str, name: &str) -> Option<String> {
    let (before, _) = path.split_once(&format!("/{{{name}}}"))?;
    let segment = before.rsplit('/').find(|part| !part.is_empty() && !part.starts_with('{'))?;
    let (words, last) = segment.rsplit_once(['-', '_']).map_or(("", segment), |(words, last)| (words, last));
    Some(format!("{words}_{}", naming::singular(last)).to_pascal_case())
}

/// Where pages of operations are, if those that both documents have are where their tags and ids say.
fn pages(schemas: &Schemas<'_>) -> Option<String> {
    let base = schemas.ours.documentation?.trim_end_matches('/').to_owned();
    let (mut known, mut fit) = (0, 0);
    for operation in schemas.reader.references.vendor.operations() {
        let Some((tag, url)) = schemas.ours.pages.get(&operation.key()) else { continue };
        let id = naming::vendor_method(operation.text("operationId").unwrap_or_default(), tag).to_kebab_case();
        known += 1;
        fit += usize::from(*url == format!("{base}/{tag}/{id}"));
    }
    (known > 0 && fit * 2 > known).then_some(base)
}
