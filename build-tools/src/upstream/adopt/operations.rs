//! Makes operations of the vendor's: their ids, parameters, bodies and statuses. Knows what our grammar can say of an
//! operation, and leaves the schemas to `schemas`.

use std::collections::BTreeSet;

use heck::{ToKebabCase, ToPascalCase};

use super::model::{Body, Operation, Parameter, Target, Type};
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
const JSON: &str = "application/json";

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
            success: None,
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
    fn left_out(&mut self, node: &Node, what: &str, known: &[&str]) {
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
            Kind::Enum(values) if matches!(values[..], ["true", "false"] | ["false", "true"]) => Type::Flag,
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

    fn request(&mut self, given: &'a Node, owner: &str) -> Option<Body> {
        let Some(body) = self.schemas.reader.references.vendor.resolve(given) else {
            return Some(self.no_body(
                "dangling-reference",
                "the request body is left out: it refers to nothing",
                given.place,
            ));
        };
        self.left_out(body, "the request body", &["description", "required", "content"]);
        if !is_true(body, "required") {
            self.schemas
                .notes
                .decide("a request body is `required: true`: an optional one is not supported", Some(body.place));
        }
        Some(self.body(body.get("content"), body.place, owner, "request")).filter(|body| !matches!(body, Body::Nothing))
    }

    fn no_body(&mut self, kind: &'static str, message: &str, place: Place) -> Body {
        Body::Dropped(self.schemas.notes.drop(Dropped::new(kind, place, message.to_owned())))
    }

    fn body(&mut self, content: Option<&'a Node>, place: Place, owner: &str, what: &str) -> Body {
        let Some(content) = content.map(entries).filter(|content| !content.is_empty()) else { return Body::Nothing };
        let is_json = |name: &str| name.split(';').next().is_some_and(|name| name.trim() == JSON);
        for (name, _) in content.iter().filter(|(name, _)| !is_json(name)) {
            let message = format!("the {what} body as `{}` is left out", name.value);
            self.schemas.notes.drop(Dropped::new("media-type", name.place, message));
        }
        let Some((_, media)) = content.iter().find(|(name, _)| is_json(name)) else {
            return self.no_body("media-type", &format!("the {what} body is left out: it is not JSON"), place);
        };
        self.left_out(media, "a body", &["schema", "example", "examples"]);
        let Some(schema) = media.get("schema") else {
            return self.no_body("untyped", &format!("the {what} body is left out: it has no schema"), media.place);
        };
        let shape = self.schemas.read(schema);
        let place = shape.node.place;
        if shape.marks.nullable {
            self.schemas.notes.decide(format!("a {what} body is not null"), Some(place));
        }
        match &*shape.kind {
            Kind::Free
                if shape.node.get("additionalProperties").is_none() && shape.node.get("properties").is_some() =>
            {
                self.schemas.notes.decide(format!("a {what} body without properties is none"), Some(place));
                return Body::Nothing;
            }
            Kind::Object(_) | Kind::Union(_) => {}
            _ => {
                let kind = match &*shape.kind {
                    Kind::List(_) => ("list-body", "is a list"),
                    Kind::Map => ("map", "is a map"),
                    Kind::Free => ("free-object", "is an object without documented properties"),
                    Kind::Any => ("untyped-body", "has no type"),
                    Kind::Odd(kind, _) => (*kind, "cannot be read"),
                    _ => ("plain-body", "is not an object"),
                };
                return self.no_body(kind.0, &format!("the {what} body is left out: it {}", kind.1), place);
            }
        }
        let site = Site { owner: owner.to_owned(), property: what.to_owned(), depth: 0 };
        match self.schemas.value(schema, &site) {
            Ok(value) => match value.ty {
                Type::Reference(target) => self.named(target, what, place),
                _ => self.no_body("plain-body", &format!("the {what} body is left out: it is not an object"), place),
            },
            Err(dropped) => {
                self.no_body(dropped.kind, &format!("the {what} body is left out: {}", dropped.message), dropped.place)
            }
        }
    }

    fn named(&mut self, target: Target, what: &str, place: Place) -> Body {
        if self.schemas.components.is_object(&target, self.schemas.ours) {
            return Body::Object(target);
        }
        self.no_body("union", &format!("the {what} body is left out: it is one of several forms"), place)
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
                Some(200..=299) if operation.success.is_none() => {
                    let node = self.schemas.reader.references.vendor.resolve(listed);
                    let body = match node {
                        None => self.no_body(
                            "dangling-reference",
                            "the response is left out: it refers to nothing",
                            listed.place,
                        ),
                        Some(node) => {
                            self.left_out(node, "a response", &["description", "content"]);
                            self.body(node.get("content"), node.place, owner, "response")
                        }
                    };
                    operation.success = Some((status.value.clone(), self.without_body(status, body, place)));
                }
                Some(500..=599) | None if matches!(status.as_str(), "default" | "5XX") || number.is_some() => {
                    let text = "server errors and `default` are left out: the runtime keeps them as they are";
                    self.schemas.notes.decide(text, Some(place));
                }
                _ => {
                    let message = format!("the response `{}` is left out", status.value);
                    let dropped = Dropped::new("status", place, message);
                    operation.comments.push(self.schemas.notes.drop(dropped));
                }
            }
        }
    }

    /// A 204 has no body, whatever is documented.
    fn without_body(&mut self, status: &str, body: Body, place: Place) -> Body {
        match body {
            Body::Object(_) if status == "204" => {
                self.no_body("status", "the body of the response 204 is left out: HTTP allows none", place)
            }
            body => body,
        }
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
