//! The rules of the fragment, one function each. They hold what the types of `document` cannot say: what progenitor
//! would panic on, drop or misname, and what the docs need. A rule reads the document and reports; it changes nothing.

mod components;
mod examples;
mod operations;
mod parameters;
mod requests;
mod schemas;

use heck::ToSnakeCase;

use crate::diagnostic::{Diagnostic, Place};
use crate::document::{Document, Map, Schema};

/// Checks the document against every rule.
pub fn check(document: &Document) -> Vec<Diagnostic> {
    // The other rules follow references and may take them for granted.
    let broken = references(document);
    if !broken.is_empty() {
        return broken;
    }
    let rules: &[fn(&Document) -> Vec<Diagnostic>] = &[
        operations::security,
        operations::ids,
        operations::descriptions,
        parameters::paths,
        parameters::parameters,
        operations::request_bodies,
        operations::statuses,
        operations::response_bodies,
        operations::one_error_schema,
        parameters::pagination,
        operations::idempotence,
        components::tags_and_shared_parts,
        schemas::names,
        schemas::descriptions,
        schemas::shapes,
        schemas::arrays_and_objects,
        schemas::alternatives,
        schemas::enums,
        requests::exactly_one_of,
        requests::constructors,
        schemas::formats,
        schemas::personal_data,
        requests::read_only,
        components::recursion,
        components::nothing,
        schemas::markup,
        components::used,
        examples::present_and_valid,
    ];
    rules.iter().flat_map(|rule| rule(document)).collect()
}

/// Whether the text is a name in snake_case that Rust takes as it is.
fn is_name(text: &str) -> bool {
    // `gen` is a keyword since edition 2024, which syn does not know.
    text == text.to_snake_case() && text != "gen" && syn::parse_str::<syn::Ident>(text).is_ok()
}

/// Where a schema stands, which decides what it must and may say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role<'a> {
    Component(&'a str),
    Property(&'a str),
    /// Of an array, or the values of a map.
    Item,
    OneOf,
    /// In `allOf` or `anyOf`.
    Wrapped,
    Parameter,
    Body,
}

/// A schema with its role and its place.
struct Site<'a> {
    schema: &'a Schema,
    role: Role<'a>,
    place: Place,
}

/// Every schema of the document, outermost first.
fn sites(document: &Document) -> Vec<Site<'_>> {
    let mut sites = Vec::new();
    for (_, item, _, operation) in document.operations() {
        for parameter in item.parameters_of(&operation.value) {
            if let Some(schema) = &parameter.value.schema {
                walk(&schema.value, Role::Parameter, (&**schema).into(), &mut sites);
            }
        }
        let body = operation.value.request_body.iter().map(|body| &body.value.content);
        let responses = operation.value.responses.iter().filter_map(|(_, response)| response.content.as_ref());
        for (_, media) in body.chain(responses).flat_map(Map::iter) {
            if let Some(schema) = &media.value.schema {
                walk(&schema.value, Role::Body, (&**schema).into(), &mut sites);
            }
        }
    }
    for (_, parameter) in document.components.parameters.iter() {
        if let Some(schema) = &parameter.value.schema {
            walk(&schema.value, Role::Parameter, (&**schema).into(), &mut sites);
        }
    }
    for (_, response) in document.components.responses.iter() {
        for (_, media) in response.content.iter().flat_map(Map::iter) {
            if let Some(schema) = &media.value.schema {
                walk(&schema.value, Role::Body, (&**schema).into(), &mut sites);
            }
        }
    }
    for (name, schema) in document.components.schemas.iter() {
        walk(&schema.value, Role::Component(&name.value), name.into(), &mut sites);
    }
    sites
}

fn walk<'a>(schema: &'a Schema, role: Role<'a>, place: Place, sites: &mut Vec<Site<'a>>) {
    sites.push(Site { schema, role, place });
    for (name, property) in schema.properties.iter() {
        walk(&property.value, Role::Property(&name.value), name.into(), sites);
    }
    for item in schema.items.iter().chain(&schema.additional_properties) {
        walk(&item.value, Role::Item, (&**item).into(), sites);
    }
    for part in &schema.one_of {
        walk(&part.value, Role::OneOf, part.into(), sites);
    }
    for part in schema.all_of.iter().chain(&schema.any_of) {
        walk(&part.value, Role::Wrapped, part.into(), sites);
    }
}

/// Every `$ref` leads to a component of this document.
fn references(document: &Document) -> Vec<Diagnostic> {
    const RULE: &str = "reference";
    const HELP: &str = "define the component, or correct the name; references to other files are not supported";
    let mut found = Vec::new();
    let mut report = |reference: &serde_saphyr::Spanned<String>, resolves: bool| {
        if !resolves {
            let message = format!("`{}` leads nowhere", reference.value);
            found.push(Diagnostic::new(RULE, reference, message, HELP));
        }
    };
    for site in sites(document) {
        if let Some(reference) = &site.schema.reference {
            report(reference, document.resolve(site.schema).is_some());
        }
    }
    for (_, item, _, operation) in document.operations() {
        for parameter in item.parameters_of(&operation.value) {
            if let Some(reference) = &parameter.value.reference {
                report(reference, document.parameter(&parameter.value).is_some());
            }
        }
        for (_, response) in operation.value.responses.iter() {
            if let Some(reference) = &response.reference {
                report(reference, document.response(response).is_some());
            }
        }
    }
    // A component that is itself a reference would need a second step, which nothing here takes.
    let parameters = document.components.parameters.iter().map(|(_, parameter)| &parameter.value.reference);
    let responses = document.components.responses.iter().map(|(_, response)| &response.reference);
    let schemas = document.components.schemas.iter().map(|(_, schema)| &schema.value.reference);
    for reference in parameters.chain(responses).chain(schemas).flatten() {
        report(reference, false);
    }
    found
}
