//! Makes the parameters of operations. Knows what our grammar can say of a parameter, and leaves the schemas to `schemas`.

use std::collections::BTreeSet;

use heck::ToPascalCase;

use super::model::{Operation, Parameter, Type, Written};
use super::naming;
use super::notes::Dropped;
use super::operations::Operations;
use super::schemas::Site;
use super::shape::{Kind, Shape};
use crate::diagnostic::Place;
use crate::source::node::{Data, Node, as_text, is_true, items};
use crate::upstream::vendor;

impl<'a> Operations<'a> {
    pub(super) fn parameters(&mut self, given: &vendor::Operation<'a>, owner: &str, operation: &mut Operation) {
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
        let known = ["name", "in", "required", "description", "style", "explode", "schema", "example", "examples"];
        self.left_out(node, "a parameter", &known);
        let Some(schema) = node.get("schema") else { return no("untyped", "it has no schema") };
        let shape = self.schemas.read(schema);
        let site = Site {
            owner: segment(given.path, name).unwrap_or_else(|| owner.to_owned()),
            property: name.to_owned(),
            depth: 0,
        };
        let Some(written) = self.written(node, &shape, location == "query") else {
            return no(
                "parameter-type",
                "it is neither a plain value, nor a list or an object of these in a known form",
            );
        };
        let ty = match &*shape.kind {
            Kind::Enum(values) if self.is_flag(values, name, node.place) => Type::Flag,
            _ => match self.schemas.value(schema, &site) {
                Ok(value) => value.ty,
                Err(dropped) => return no(dropped.kind, &dropped.message),
            },
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
            written,
        })
    }

    /// How a parameter is written, if our grammar has that form.
    fn written(&mut self, node: &'a Node, shape: &Shape<'a>, in_query: bool) -> Option<Written> {
        let style = node.get("style").and_then(as_text);
        match &*shape.kind {
            Kind::List(Some(item)) if in_query && matches!(style, None | Some("form")) && self.is_plain(item) => {
                let joined = node.get("explode").is_some_and(|explode| matches!(explode.value, Data::Bool(false)));
                Some(if joined { Written::Commas } else { Written::Plain })
            }
            Kind::Object(properties) if in_query && style == Some("deepObject") => {
                let mut schemas = properties.iter().flat_map(|property| &property.schemas);
                schemas.all(|schema| self.is_plain(schema)).then_some(Written::Brackets)
            }
            kind => is_plain(kind).then_some(Written::Plain),
        }
    }

    fn is_plain(&mut self, schema: &'a Node) -> bool {
        let shape = self.schemas.read(schema);
        is_plain(&shape.kind) && !shape.marks.nullable
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
}

fn is_plain(kind: &Kind<'_>) -> bool {
    matches!(kind, Kind::Text | Kind::Enum(_) | Kind::Integer { .. } | Kind::Number | Kind::Boolean)
}

/// What a path parameter `id` identifies: one of what the segment before it names.
fn segment(path: &str, name: &str) -> Option<String> {
    let (before, _) = path.split_once(&format!("/{{{name}}}"))?;
    let segment = before.rsplit('/').find(|part| !part.is_empty() && !part.starts_with('{'))?;
    let (words, last) = segment.rsplit_once(['-', '_']).map_or(("", segment), |(words, last)| (words, last));
    Some(format!("{words}_{}", naming::singular(last)).to_pascal_case())
}
