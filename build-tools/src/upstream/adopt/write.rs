//! A draft as YAML: its texts are `TODO`, which the rule `todo` refuses, since the vendor's are not ours to copy. Knows the
//! form of a fragment, and not where the draft is from.

use std::collections::BTreeSet;

use super::example::{self, Examples};
use super::model::{
    Alternative, Body, Component, Form, Fragment, Operation, Parameter, Property, Target, Type, Written,
};
use super::naming;
use super::notes::{Dropped, Notes};
use super::ours::Ours;
use super::yaml::{Map, Yaml};
use crate::source::document::JSON;

/// Writes a draft.
pub(super) struct Writer<'a> {
    pub(super) fragment: &'a Fragment,
    pub(super) ours: &'a Ours<'a>,
    pub(super) examples: Examples<'a>,
}

impl Writer<'_> {
    /// The whole of it. An operation whose body has no example is noted.
    pub(super) fn document(&self, notes: &mut Notes) -> Yaml {
        let info = Map::new().with("title", self.fragment.title.as_str()).with("version", "1");
        let mut root = Map::new().with("openapi", "3.0.3").with("info", info);
        if !self.fragment.tags.is_empty() {
            let tag = |name: &String| {
                let about = todo("what these operations are about");
                Yaml::from(Map::new().with("name", name.as_str()).with("description", about))
            };
            root.put("tags", Yaml::List(self.fragment.tags.iter().map(tag).collect()));
        }
        root.blank();
        root.put("paths", self.paths(notes));
        let mut schemas = Map::new();
        for component in &self.fragment.components {
            schemas.blank();
            schemas.put(&component.name, self.component(component));
        }
        if !schemas.is_empty() {
            root.blank();
            root.put("components", Map::new().with("schemas", schemas));
        }
        root.into()
    }

    fn paths(&self, notes: &mut Notes) -> Map {
        let mut paths = Map::new();
        let mut seen = BTreeSet::new();
        for first in &self.fragment.operations {
            if !seen.insert(&first.path) {
                continue;
            }
            let mut item = Map::new();
            for operation in self.fragment.operations.iter().filter(|other| other.path == first.path) {
                item.put(operation.method, self.operation(operation, notes));
            }
            paths.blank();
            paths.put(&first.path, item);
        }
        paths
    }

    fn operation(&self, operation: &Operation, notes: &mut Notes) -> Map {
        let docs = Map::new().with("description", todo("the title of the page")).with("url", operation.page.as_str());
        let mut map = Map::new()
            .with("operationId", operation.id.as_str())
            .with("tags", Yaml::Flow(vec![operation.tag.as_str().into()]))
            .with("summary", todo("what it does, in a few words"))
            .with("description", todo("what it does"))
            .with("externalDocs", docs);
        if let Some(paging) = &operation.paging {
            let mut pagination = Map::new()
                .with(paging.by, paging.parameter.as_str())
                .with("items", paging.items.as_str())
                .with("key", paging.key.as_str());
            pagination.put_some("next", paging.next.as_deref());
            map.put("x-pagination", pagination);
        }
        if operation.method != "get" {
            map.put("x-effect", Map::new().with("repeat", todo("what happens if it is performed again")));
        }
        for comment in &operation.comments {
            map.comment(comment);
        }
        if !operation.parameters.is_empty() {
            let parameters = operation.parameters.iter().map(|parameter| self.parameter(parameter));
            map.put("parameters", Yaml::List(parameters.collect()));
        }
        if let Some(body) = &operation.request {
            let mut request = Map::new().with("description", todo("what is sent")).with("required", true);
            if !self.content(body, true, &mut request, notes, operation) {
                request.put("content", Map::new());
            }
            map.put("requestBody", request);
        }
        map.put("responses", self.responses(operation, notes));
        map
    }

    fn responses(&self, operation: &Operation, notes: &mut Notes) -> Map {
        let mut responses = Map::new();
        for (status, body) in &operation.successes {
            let mut response = Map::new().with("description", todo("what comes back"));
            self.content(body, false, &mut response, notes, operation);
            responses.put(status, response);
        }
        for status in &operation.errors {
            let mut response = Map::new().with("description", todo("when this happens"));
            if let Some(error) = &self.ours.error {
                self.content(&Body::Named(error.clone()), false, &mut response, notes, operation);
            }
            responses.put(status, response);
        }
        responses
    }

    /// Adds the content of a body, or why there is none. Whether there is any.
    fn content(&self, body: &Body, is_request: bool, map: &mut Map, notes: &mut Notes, operation: &Operation) -> bool {
        let target = match body {
            Body::Named(target) => target,
            Body::Plain(media_type, ty) => {
                let schema = self.described(Map::new().with("description", todo("what it is")), ty, false, "");
                let mut media = Map::new().with("schema", schema);
                media.put_some("example", self.examples.plain_body(ty));
                map.put("content", Map::new().with(media_type, media));
                return true;
            }
            Body::Nothing => return false,
            Body::Dropped(comment) => {
                map.comment(comment);
                return false;
            }
        };
        let Some(example) = self.examples.body(target, is_request) else {
            let message =
                format!("the body `{}` of `{}` is left out: its example is too large", target.name(), operation.id);
            let place = self.fragment.components.iter().find(|one| one.name == target.name()).map(|one| one.place);
            if let Some(place) = place {
                map.comment(&notes.drop(Dropped::new("example", place, message)));
            }
            return false;
        };
        let media = Map::new().with("schema", reference(target)).with("example", example);
        map.put("content", Map::new().with(JSON, media));
        true
    }

    fn parameter(&self, parameter: &Parameter) -> Yaml {
        let (name, location, required, ty, written) = match parameter {
            Parameter::Ours(reference) => return Map::new().with("$ref", reference.as_str()).into(),
            Parameter::Own { name, location, required, ty, written } => (name, location, *required, ty, *written),
        };
        let mut map = Map::new().with("name", name.as_str()).with("in", location.as_str());
        map.put_some("required", required.then_some(true));
        map.put("description", about(name));
        map.put_some("style", (written == Written::Brackets).then_some("deepObject"));
        map.put_some("explode", (written == Written::Commas).then_some(false));
        map.put("schema", self.schema(ty, name));
        let example = match ty {
            Type::Reference(target) if written == Written::Brackets => self.examples.body(target, true),
            ty => self.examples.plain(ty),
        };
        map.put_some("example", example);
        map.into()
    }

    /// A schema where a description is of its own.
    fn schema(&self, ty: &Type, name: &str) -> Yaml {
        match ty {
            Type::Reference(target) => reference(target),
            ty => self.described(about_it(name), ty, false, name).into(),
        }
    }

    /// Adds a type, its items and its example.
    fn described(&self, mut map: Map, ty: &Type, nullable: bool, name: &str) -> Map {
        let kind = match ty {
            Type::Text(_) | Type::Flag | Type::Tag(_) => Some("string"),
            Type::Integer { .. } => Some("integer"),
            Type::Number => Some("number"),
            Type::Boolean => Some("boolean"),
            Type::List(_) => Some("array"),
            Type::Map(_) => Some("object"),
            Type::Any | Type::Reference(_) => None,
        };
        map.put_some("type", kind);
        map.put_some("nullable", (nullable && kind.is_some()).then_some(true));
        match ty {
            Type::Integer { unsigned: true } => map.put("minimum", Yaml::Number(0.into())),
            Type::Flag => map.put("enum", Yaml::Flow(vec!["true".into(), "false".into()])),
            Type::Tag(value) => map.put("enum", Yaml::Flow(vec![value.as_str().into()])),
            Type::List(item) => match &**item {
                Type::Reference(target) => map.put("items", reference(target)),
                item => map.put("items", self.described(money(about_it(name), item, name), item, false, name)),
            },
            Type::Map(value) => map.put("additionalProperties", self.schema(value, name)),
            _ => {}
        }
        map.put_some("example", self.examples.plain(ty));
        map
    }

    fn component(&self, component: &Component) -> Yaml {
        let name = &component.name;
        let mut map = Map::new().with("description", about(name));
        map.put_some("title", component.title.as_deref());
        for comment in component.comments.iter().filter(|_| !matches!(component.form, Form::Object(_))) {
            map.comment(comment);
        }
        match &component.form {
            Form::Object(properties) => self.object(&component.comments, properties, &mut map),
            Form::Enum(values) => {
                map.put("type", "string");
                map.put("enum", Yaml::List(values.iter().map(|value| value.as_str().into()).collect()));
                let mut variants = Map::new();
                for (value, variant) in naming::variants(values) {
                    variants.put(value, variant);
                }
                map.put_some("x-enum-names", Some(variants).filter(|variants| !variants.is_empty()));
                let mut descriptions = Map::new();
                for value in values {
                    let word =
                        if is_plain(value) { format!("what `{value}` means") } else { "what it means".to_owned() };
                    descriptions.put(value, todo(&word));
                }
                map.put("x-enum-descriptions", descriptions);
                map.put_some("example", values.first().map(String::as_str));
            }
            Form::Id(example) => map = map.with("type", "string").with("example", example.as_str()),
            Form::Time => map = map.with("type", "string").with("format", "date-time").with("example", example::time()),
            Form::Choice(alternatives) => {
                let alternative = |(title, ty): &(&'static str, Type)| {
                    let map = Map::new().with("title", *title).with("description", todo("when it has this form"));
                    Yaml::from(self.described(map, ty, false, name))
                };
                map.put("oneOf", Yaml::List(alternatives.iter().map(alternative).collect()));
                map.put_some("example", self.examples.component(name));
            }
            Form::Union { tag, alternatives } => {
                union(tag.as_deref(), alternatives, &mut map);
                map.put_some("example", self.examples.component(name));
            }
        }
        map.into()
    }

    fn object(&self, comments: &[String], properties: &[Property], map: &mut Map) {
        map.put("type", "object");
        let required = properties.iter().filter(|property| property.required);
        let required: Vec<Yaml> = required.map(|property| property.name.as_str().into()).collect();
        let length: usize = properties.iter().filter(|property| property.required).map(|one| one.name.len() + 2).sum();
        if !required.is_empty() {
            map.put("required", if length < 90 { Yaml::Flow(required) } else { Yaml::List(required) });
        }
        let mut all = Map::new();
        for property in properties {
            all.put(&property.name, self.property(property));
        }
        for comment in comments {
            all.comment(comment);
        }
        map.put("properties", all);
    }

    fn property(&self, property: &Property) -> Map {
        let mut map = money(about_it(&property.name), &property.ty, &property.name);
        map.put_some("x-personal-data", property.personal.then_some(true));
        map.put_some("deprecated", property.marks.deprecated.then_some(true));
        map.put_some("readOnly", property.marks.read_only.then_some(true));
        let Type::Reference(target) = &property.ty else {
            return self.described(map, &property.ty, property.marks.nullable, &property.name);
        };
        if property.marks.nullable {
            let null =
                Map::new().with("type", "string").with("nullable", true).with("enum", Yaml::Flow(vec![Yaml::Null]));
            map.with("anyOf", Yaml::List(vec![reference(target), Yaml::FlowMap(null)]))
        } else {
            map.with("allOf", Yaml::List(vec![reference(target)]))
        }
    }
}

fn union(tag: Option<&str>, alternatives: &[Alternative], map: &mut Map) {
    map.put("oneOf", Yaml::List(alternatives.iter().map(|one| reference(&one.target)).collect()));
    if let Some(tag) = tag {
        let mut mapping = Map::new();
        for one in alternatives {
            mapping.put(&one.value, path(&one.target));
        }
        map.put("discriminator", Map::new().with("propertyName", tag).with("mapping", mapping));
    }
}

fn path(target: &Target) -> String {
    match target {
        Target::Own(name) => format!("#/components/schemas/{name}"),
        Target::Ours { file, name } => format!("{file}#/components/schemas/{name}"),
    }
}

fn reference(target: &Target) -> Yaml {
    Map::new().with("$ref", path(target)).into()
}

/// A text that has to be written.
fn todo(what: &str) -> String {
    format!("TODO: {what}.")
}

fn about(name: &str) -> String {
    todo(&if is_plain(name) { format!("what `{name}` is") } else { "what it is".to_owned() })
}

fn about_it(name: &str) -> Map {
    Map::new().with("description", about(name))
}

/// Adds the unit of an amount of money; most are in the minor one.
fn money(mut map: Map, ty: &Type, name: &str) -> Map {
    map.put_some("x-money", ty.is_money(name).then_some("minor"));
    map
}

/// Whether a name of the vendor's can stand in a text.
fn is_plain(name: &str) -> bool {
    name.len() < 80
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}
