//! Makes the bodies of requests and responses: an object or a union, and in a response also a text or a list. Knows what our grammar
//! can say of a body, and leaves the schemas to `schemas`.

use super::model::{Body, Type};
use super::notes::Dropped;
use super::operations::Operations;
use super::samples;
use super::schemas::Site;
use super::shape::Kind;
use crate::diagnostic::Place;
use crate::source::node::{Node, entries, is_true};

const JSON: &str = "application/json";

impl<'a> Operations<'a> {
    pub(super) fn request(&mut self, given: &'a Node, owner: &str) -> Option<Body> {
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

    pub(super) fn response(&mut self, listed: &'a Node, owner: &str) -> Body {
        let Some(node) = self.schemas.reader.references.vendor.resolve(listed) else {
            let message = "the response is left out: it refers to nothing";
            return self.no_body("dangling-reference", message, listed.place);
        };
        self.left_out(node, "a response", &["description", "content"]);
        self.body(node.get("content"), node.place, owner, "response")
    }

    /// A 204 has no body, whatever is documented.
    pub(super) fn without_body(&mut self, status: &str, body: Body, place: Place) -> Body {
        match body {
            Body::Named(_) | Body::Plain(_) if status == "204" => {
                self.no_body("status", "the body of the response 204 is left out: HTTP allows none", place)
            }
            body => body,
        }
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
        let site = Site { owner: owner.to_owned(), property: what.to_owned(), depth: 0 };
        let kind = match &*shape.kind {
            Kind::Free
                if shape.node.get("additionalProperties").is_none() && shape.node.get("properties").is_some() =>
            {
                self.schemas.notes.decide(format!("a {what} body without properties is none"), Some(place));
                return Body::Nothing;
            }
            Kind::Object(properties) => return Body::Named(self.schemas.object(properties, &shape, &site)),
            Kind::Union(parts) => match self.schemas.union(parts, &shape, &site) {
                Ok(Type::Reference(target)) if self.schemas.components.is_body(&target, self.schemas.ours) => {
                    return Body::Named(target);
                }
                _ => ("union", "is one of several forms"),
            },
            Kind::Text | Kind::Enum(_) if what == "response" => return Body::Plain(Type::Text(samples::words(what))),
            Kind::List(items) if what == "response" => {
                return match self.schemas.items(*items, "items of the list", place, &site) {
                    Ok(items) => Body::Plain(Type::List(Box::new(items))),
                    Err(dropped) => {
                        let message = format!("the {what} body is left out: {}", dropped.message);
                        self.no_body(dropped.kind, &message, dropped.place)
                    }
                };
            }
            Kind::List(_) => ("list-body", "is a list"),
            Kind::Map(_) => ("map", "is a map"),
            Kind::Free => ("free-object", "is an object without documented properties"),
            Kind::Any => ("untyped-body", "has no type"),
            Kind::Odd(kind, _) => (*kind, "cannot be read"),
            _ => ("plain-body", "is not an object"),
        };
        self.no_body(kind.0, &format!("the {what} body is left out: it {}", kind.1), place)
    }
}
