//! Parameters are in the path or the query, once each. They have plain values; in the query also lists and objects of
//! these.

use std::collections::BTreeSet;

use serde_json::Value;

use super::rule::{Lint, Report, Rule};
use crate::diagnostic::Place;
use crate::names::{self, Use};
use crate::source::document::{Kind, Parameter, Schema, text};

pub(super) const RULE: Rule = Rule { name: "parameter", check };

const VALUES: &str = "use a string, a number, a boolean, an enum or an id; in the query also a list of these, or an \
                      object of these with `style: deepObject`, none of them nullable";

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for endpoint in lint.document.endpoints() {
        let mut seen = BTreeSet::new();
        for (place, parameter) in lint.parameters(&endpoint) {
            let (name, location) = (text(parameter.name.as_ref()), text(parameter.location.as_ref()));
            if !matches!(location, "path" | "query") {
                let help = "only `path` and `query` are supported; the runtime sends the headers";
                report.add(place, format!("the parameter `{name}` is in `{location}`"), help);
            }
            if location == "path" && !parameter.required {
                report.add(place, format!("the path parameter `{name}` is not required"), "add `required: true`");
            }
            let is_free = names::is_snake_case(name) && !names::is_taken(name, Use::Parameter);
            if location == "path" && !is_free {
                let message = format!("the name `{name}` of a path parameter is taken, or is not in snake_case");
                let help = "rename it, here and in the path: its name is not part of the request";
                report.add(place, message, help);
            } else if !name.chars().all(is_plain_char) || !names::is_identifier(&names::parameter(name)) {
                let help = "a name in the query has ASCII letters, and begins with one: leave the parameter out";
                report.add(place, format!("no setter can be named after the parameter `{name}`"), help);
            }
            if !seen.insert(names::argument(name)) {
                let help = "each becomes an argument or a setter of its own: only one of them can be described";
                report.add(place, format!("the parameter `{name}` has the name of another one in Rust"), help);
            }
            let schema = parameter.schema.as_ref().and_then(|schema| lint.document.resolve(schema));
            if !schema.is_some_and(|schema| fits(lint, schema, location == "query")) {
                report.add(place, format!("the parameter `{name}` has a value that is not supported"), VALUES);
            }
            if let Some(schema) = schema {
                form(lint, (place, parameter), schema, report);
            }
        }
    }
}

/// As in `filter[a]`, and nothing that could end a literal.
fn is_plain_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || " _-.:$@()/[]".contains(c)
}

fn fits(lint: &Lint<'_>, schema: &Schema, in_query: bool) -> bool {
    match schema.kind() {
        Some(Kind::Array) => in_query && schema.items.as_ref().is_some_and(|item| is_plain(lint, item)),
        Some(Kind::Object) => {
            let mut properties = schema.properties.iter().map(|(_, property)| property);
            in_query && schema.additional_properties.is_none() && properties.all(|property| is_plain(lint, property))
        }
        kind => kind.is_some(),
    }
}

fn is_plain(lint: &Lint<'_>, schema: &Schema) -> bool {
    let kind = lint.document.resolve(schema).and_then(Schema::kind);
    !schema.is_nullable() && !matches!(kind, None | Some(Kind::Array | Kind::Object))
}

/// How the value is written in the query.
fn form(lint: &Lint<'_>, (place, parameter): (Place, &Parameter), schema: &Schema, report: &mut Report<'_>) {
    let name = text(parameter.name.as_ref());
    let style = parameter.style.as_ref().map(|style| style.as_str());
    let is_known = match schema.kind() {
        Some(Kind::Array) => matches!(style, None | Some("form")),
        Some(Kind::Object) => style == Some("deepObject") && !parameter.has_commas(),
        _ => style.is_none() && parameter.explode.is_none(),
    };
    if !is_known {
        let help = match schema.kind() {
            Some(Kind::Array) => "remove `style`: a list is sent as `a=1&a=2`, or with `explode: false` as `a=1,2`",
            Some(Kind::Object) => {
                "write `style: deepObject` alone, for `a[b]=1`; if the service takes `b=1`, describe `b` as a parameter"
            }
            _ => "remove `style` and `explode`: a plain value is sent in one form",
        };
        let written = parameter.style.as_ref().map(|style| style.place);
        let written = written.or(parameter.explode.as_ref().map(|explode| explode.place));
        report.add(written.unwrap_or(place), format!("the parameter `{name}` is not sent in this form"), help);
    }
    let has_comma = |value: &Value| parameter.has_commas() && value.as_str().is_some_and(|text| text.contains(','));
    if let Some(example) = parameter.example.as_ref().filter(|example| match &example.value {
        Value::Array(items) => parameter.required && items.is_empty() || items.iter().any(has_comma),
        Value::Object(fields) => parameter.required && fields.is_empty(),
        _ => false,
    }) {
        let help = "give something to send, without commas where these separate items";
        report.add(example, format!("the example of `{name}` cannot be sent"), help);
    }
    let item = schema.items.as_ref().and_then(|item| lint.document.resolve(item)).filter(|_| parameter.has_commas());
    for value in item.into_iter().flat_map(Schema::texts).filter(|value| value.contains(',')) {
        let help = "remove `explode: false`: the service would read two values";
        report.add(value, format!("`{}` has a comma, which separates the items of `{name}`", value.value), help);
    }
}
