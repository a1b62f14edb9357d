//! Makes operations of the vendor's: their ids and statuses. Knows what our grammar can say of an operation, and leaves the
//! parameters to `parameters`, the bodies to `bodies` and the schemas to `schemas`.

use std::collections::BTreeSet;

use heck::{ToKebabCase, ToPascalCase};

use super::model::{Body, Operation};
use super::naming::{self, Call};
use super::notes::Dropped;
use super::schemas::Schemas;
use crate::diagnostic::Place;
use crate::names;
use crate::source::node::{Node, entries, items};
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
