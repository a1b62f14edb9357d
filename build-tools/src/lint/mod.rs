//! The rules for a document, a file each. They hold what the grammar cannot say: what the generator would misname or drop,
//! and what the docs need. A rule reads and reports; it changes nothing.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Place};
use crate::source::document::{Document, Endpoint, Parameter, Schema};
use crate::source::node::Spanned;

/// A rule.
pub struct Rule {
    /// In kebab case, as diagnostics show it.
    name: &'static str,
    check: fn(&Lint<'_>, &mut Report<'_>),
}

macro_rules! rules {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*
        /// All rules, in the order in which their findings are reported.
        const RULES: &[Rule] = &[$($name::RULE),*];
    };
}

rules![
    reference,
    security,
    operation_id,
    documentation_page,
    path,
    parameter,
    request_body,
    status,
    response_body,
    media_type,
    error_schema,
    error_body,
    pagination,
    idempotent,
    tag,
    unused_component,
    schema_name,
    property_name,
    required_property,
    description,
    type_,
    reference_siblings,
    all_of,
    any_of,
    nullable,
    nullable_component,
    title,
    component,
    mark,
    inline_type,
    object,
    additional_properties,
    array,
    one_of,
    enum_,
    enum_description,
    exactly_one_of,
    constructor_takes,
    format,
    minimum,
    flag,
    personal_data,
    read_only,
    recursion,
    markup,
    unused_schema,
    example,
];

/// Checks the document against every rule.
pub fn check(document: &Document) -> Vec<Diagnostic> {
    let lint = Lint::new(document);
    let mut found = Vec::new();
    for rule in RULES {
        (rule.check)(&lint, &mut Report { rule: rule.name, found: &mut found });
        // The other rules follow references.
        if rule.name == reference::RULE.name && !found.is_empty() {
            break;
        }
    }
    found
}

/// Takes what a rule finds.
pub struct Report<'a> {
    rule: &'static str,
    found: &'a mut Vec<Diagnostic>,
}

impl Report<'_> {
    fn add(&mut self, place: impl Into<Place>, message: impl Into<String>, help: impl Into<String>) {
        self.found.push(Diagnostic::new(self.rule, place, message, help));
    }
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

/// The document, with what many rules ask of it.
pub struct Lint<'a> {
    document: &'a Document,
    /// Every schema, outermost first.
    sites: Vec<Site<'a>>,
    sent: BTreeSet<&'a str>,
}

impl<'a> Lint<'a> {
    fn new(document: &'a Document) -> Self {
        let mut sites = Vec::new();
        let shared = document.components.parameters.iter().map(|(_, parameter)| parameter);
        let parameters = document.paths.iter().flat_map(|(_, item)| &item.parameters);
        let own = document.endpoints().flat_map(|endpoint| &endpoint.operation.value.parameters);
        for parameter in parameters.chain(own).chain(shared) {
            if let Some(schema) = &parameter.schema {
                walk(schema, Role::Parameter, schema.place, &mut sites);
            }
        }
        let bodies = document.endpoints().filter_map(|endpoint| endpoint.operation.value.request_body.as_ref());
        let responses = document.written_responses().filter_map(|(_, response)| response.content.as_ref());
        for (_, media) in bodies.map(|body| &body.content).chain(responses).flat_map(super::source::grammar::Map::iter)
        {
            if let Some(schema) = &media.schema {
                walk(schema, Role::Body, schema.place, &mut sites);
            }
        }
        for (name, schema) in document.components.schemas.iter() {
            walk(schema, Role::Component(name), name.place, &mut sites);
        }
        Self { document, sites, sent: document.sent() }
    }

    /// The component schemas with their names.
    fn components(&self) -> impl Iterator<Item = (&'a Spanned<String>, &'a Schema)> {
        self.document.components.schemas.iter().map(|(name, schema)| (name, &schema.value))
    }

    /// The property at the end of a path of names with dots between.
    fn property_at(&self, schema: &'a Schema, path: &str) -> Option<&'a Schema> {
        path.split('.').try_fold(schema, |at, name| self.document.resolve(at.properties.get(name)?))
    }

    /// The resolved parameters of an operation, with the places where they are listed.
    fn parameters(&self, endpoint: &Endpoint<'a>) -> impl Iterator<Item = (Place, &'a Parameter)> {
        endpoint.parameters().filter_map(|parameter| Some((parameter.place, self.document.parameter(parameter)?)))
    }
}

fn walk<'a>(schema: &'a Schema, role: Role<'a>, place: Place, sites: &mut Vec<Site<'a>>) {
    sites.push(Site { schema, role, place });
    for (name, property) in schema.properties.iter() {
        walk(property, Role::Property(name), name.place, sites);
    }
    for item in schema.items.iter().chain(&schema.additional_properties) {
        walk(item, Role::Item, item.place, sites);
    }
    for part in &schema.one_of {
        walk(part, Role::OneOf, part.place, sites);
    }
    for part in schema.all_of.iter().chain(&schema.any_of) {
        walk(part, Role::Wrapped, part.place, sites);
    }
}

/// Whether there is something to read in a text.
fn is_missing(text: Option<&Spanned<String>>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}
