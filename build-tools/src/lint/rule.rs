//! What a rule is, and what it can ask of the document.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Place};
use crate::source::document::{Document, Endpoint, Parameter, Schema};
use crate::source::grammar::Map;
use crate::source::node::Spanned;

/// A rule.
pub(super) struct Rule {
    /// In kebab case, as diagnostics show it.
    pub(super) name: &'static str,
    pub(super) check: fn(&Lint<'_>, &mut Report<'_>),
}

/// Takes what a rule finds.
pub(super) struct Report<'a> {
    pub(super) rule: &'static str,
    pub(super) found: &'a mut Vec<Diagnostic>,
}

impl Report<'_> {
    pub(super) fn add(&mut self, place: impl Into<Place>, message: impl Into<String>, help: impl Into<String>) {
        self.found.push(Diagnostic::new(self.rule, place, message, help));
    }
}

/// Where a schema stands, which decides what it must and may say.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role<'a> {
    Component(&'a str),
    Property(&'a str),
    /// The property that tells the alternative of a union from the others.
    Tag,
    /// Of an array, or the values of a map.
    Item,
    OneOf,
    /// In `allOf` or `anyOf`.
    Wrapped,
    Parameter,
    Body,
}

/// A schema with its role and its place.
pub(super) struct Site<'a> {
    pub(super) schema: &'a Schema,
    pub(super) role: Role<'a>,
    pub(super) place: Place,
}

/// The document, with what many rules ask of it.
pub(super) struct Lint<'a> {
    pub(super) document: &'a Document,
    /// Every schema, outermost first.
    pub(super) sites: Vec<Site<'a>>,
    pub(super) sent: BTreeSet<&'a str>,
}

impl<'a> Lint<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let mut sites = Vec::new();
        let shared = document.components.parameters.iter().map(|(_, parameter)| parameter);
        let parameters = document.paths.iter().flat_map(|(_, item)| &item.parameters);
        let own = document.endpoints().flat_map(|endpoint| &endpoint.operation.value.parameters);
        for parameter in parameters.chain(own).chain(shared) {
            if let Some(schema) = &parameter.schema {
                walk(schema, Role::Parameter, schema.place, &mut sites);
            }
        }
        let responses = document.written_responses().filter_map(|(_, response)| response.content.as_ref());
        for (_, media) in document.request_bodies().map(|body| &body.content).chain(responses).flat_map(Map::iter) {
            if let Some(schema) = &media.schema {
                walk(schema, Role::Body, schema.place, &mut sites);
            }
        }
        let alternatives = document.alternatives();
        for (name, schema) in document.components.schemas.iter() {
            let first = sites.len();
            walk(schema, Role::Component(name), name.place, &mut sites);
            let union = alternatives.get(name.as_str()).and_then(|union| union.discriminator.as_ref());
            if let Some(tag) = union.and_then(|union| schema.properties.get(&union.property_name)) {
                let is_tag = |site: &&mut Site<'_>| std::ptr::eq(site.schema, &raw const **tag);
                sites[first..].iter_mut().filter(is_tag).for_each(|site| site.role = Role::Tag);
            }
        }
        Self { document, sites, sent: document.sent() }
    }

    /// The component schemas with their names.
    pub(super) fn components(&self) -> impl Iterator<Item = (&'a Spanned<String>, &'a Schema)> {
        self.document.components.schemas.iter().map(|(name, schema)| (name, &schema.value))
    }

    /// The descriptions of all things but operations' pages, each once.
    pub(super) fn texts(&self) -> impl Iterator<Item = &'a Spanned<String>> {
        let document = self.document;
        let schemas = self.sites.iter().flat_map(|site| {
            let values = site.schema.value_descriptions.iter().map(|(_, text)| text);
            site.schema.description.iter().chain(values)
        });
        let operations = document.endpoints().flat_map(|endpoint| {
            let operation = &endpoint.operation.value;
            let effect = operation.effect.iter().flat_map(|effect| effect.value.texts());
            operation.description.iter().chain(effect)
        });
        let bodies = document.request_bodies().filter_map(|body| body.value.description.as_ref());
        let deliveries = document.deliveries().flat_map(|delivery| {
            let responses = delivery.value.responses.iter().map(|(_, response)| &response.description);
            std::iter::once(&delivery.value.description).chain(responses)
        });
        let own = document.endpoints().flat_map(|endpoint| &endpoint.operation.value.parameters);
        let shared = document.components.parameters.iter().map(|(_, parameter)| parameter);
        let parameters = document.paths.iter().flat_map(|(_, item)| &item.parameters).chain(own).chain(shared);
        let parameters = parameters.filter_map(|parameter| parameter.value.description.as_ref());
        let responses = document.written_responses().filter_map(|(_, response)| response.description.as_ref());
        let tags = document.tags.iter().map(|tag| &tag.description);
        schemas.chain(operations).chain(bodies).chain(deliveries).chain(parameters).chain(responses).chain(tags)
    }

    /// The texts of one line: the summaries of operations, and the titles of their pages.
    pub(super) fn lines(&self) -> impl Iterator<Item = &'a Spanned<String>> + use<'a> {
        let operations = self.document.endpoints().map(|endpoint| &endpoint.operation.value);
        let deliveries = self.document.deliveries().map(|delivery| &delivery.value);
        let deliveries = deliveries.flat_map(|delivery| [&delivery.summary, &delivery.external_docs.description]);
        let operations = operations.flat_map(|operation| {
            operation.summary.iter().chain(operation.external_docs.iter().map(|page| &page.description))
        });
        operations.chain(deliveries)
    }

    /// The property at the end of a path of names with dots between.
    pub(super) fn property_at(&self, schema: &'a Schema, path: &str) -> Option<&'a Schema> {
        path.split('.').try_fold(schema, |at, name| self.document.resolve(at.properties.get(name)?))
    }

    /// The resolved parameters of an operation, with the places where they are listed.
    pub(super) fn parameters(&self, endpoint: &Endpoint<'a>) -> impl Iterator<Item = (Place, &'a Parameter)> {
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

/// Whether there is something to read in a string.
pub(super) fn is_missing(text: Option<&Spanned<String>>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}
