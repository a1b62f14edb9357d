//! Makes the bodies of requests and responses: JSON if it is documented, or a text. Knows what our grammar can say of a
//! body, and leaves the schemas to `schemas`.

use super::model::{Body, Type};
use super::notes::Dropped;
use super::operations::Operations;
use super::samples;
use super::schemas::Site;
use super::shape::Kind;
use crate::diagnostic::Place;
use crate::source::document::{JSON, TEXTS};
use crate::source::node::{Node, entries, is_true};

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
            Body::Named(_) | Body::Plain(..) if status == "204" => {
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
        let find = |wanted: &'static str| {
            let is_it = |name: &str| name.split(';').next().is_some_and(|name| name.trim() == wanted);
            content.iter().find(|(name, _)| is_it(name)).map(|(name, media)| (wanted, name, media))
        };
        let found = [JSON].into_iter().chain(TEXTS).find_map(find);
        let kept = found.map(|(_, name, _)| name.place);
        for (name, _) in content.iter().filter(|(name, _)| Some(name.place) != kept) {
            let message = format!("the {what} body as `{}` is left out", name.value);
            self.schemas.notes.drop(Dropped::new("media-type", name.place, message));
        }
        let Some((media_type, _, media)) = found else {
            let message = format!("the {what} body is left out: it is neither JSON nor a text");
            return self.no_body("media-type", &message, place);
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
        if media_type != JSON {
            return match *shape.kind {
                Kind::Text => Body::Plain(media_type, Type::Text(samples::words(what))),
                _ => self.no_body("media-type", &format!("the {what} body is left out: the text is no string"), place),
            };
        }
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
            Kind::Text | Kind::Enum(_) => {
                if what == "request" {
                    let text = format!(
                        "the request body is a string in JSON: if the service takes the text as it is, write its media \
                         type, one of `{}`",
                        TEXTS.join("`, `")
                    );
                    self.schemas.notes.decide(text, Some(place));
                }
                return Body::Plain(JSON, Type::Text(samples::words(what)));
            }
            Kind::Any => {
                self.schemas.notes.decide(format!("a {what} body is any JSON: nothing is said of it"), Some(place));
                return Body::Plain(JSON, Type::Any);
            }
            Kind::List(_) | Kind::Map(_) | Kind::Free => {
                let made = match &*shape.kind {
                    Kind::List(items) => {
                        let items = self.schemas.items(*items, "items of the list", place, &site);
                        items.map(|items| Type::List(Box::new(items)))
                    }
                    map => self.schemas.map(map, place, &site),
                };
                return match made {
                    Ok(ty) => Body::Plain(JSON, ty),
                    Err(dropped) => {
                        let message = format!("the {what} body is left out: {}", dropped.message);
                        self.no_body(dropped.kind, &message, dropped.place)
                    }
                };
            }
            Kind::Odd(kind, _) => (*kind, "cannot be read"),
            _ => ("plain-body", "is not an object"),
        };
        self.no_body(kind.0, &format!("the {what} body is left out: it {}", kind.1), place)
    }
}
