//! What `x-pagination` names is there: the query parameter, the list, the key of its items, and the path to the next
//! page's address.

use super::rule::{Lint, Report, Rule};
use crate::source::document::{Kind, Parameter, Schema, text};
use crate::source::node::Spanned;

pub(super) const RULE: Rule = Rule { name: "pagination", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let document = lint.document;
    for endpoint in document.endpoints() {
        let Some(pagination) = &endpoint.operation.value.pagination else { continue };
        let mut misfit = |place: &Spanned<String>, help: &str| {
            report.add(place, format!("`{}` does not fit the operation", place.value), help);
        };
        let is_number = |parameter: &Parameter, name: &str| {
            text(parameter.name.as_ref()) == name
                && !parameter.required
                && parameter.schema.as_ref().and_then(|schema| schema.kind()) == Some(Kind::Integer)
        };
        for given in pagination.offset.iter().chain(&pagination.page) {
            if !lint.parameters(&endpoint).any(|(_, parameter)| is_number(parameter, given)) {
                misfit(given, "name an optional query parameter of type integer");
            }
        }
        if pagination.offset.is_some() == pagination.page.is_some() {
            misfit(&pagination.items, "give either `offset` or `page`: what is read next is either counted or numbered");
        }
        let page = endpoint.success().and_then(|(_, response)| document.response(response)?.schema());
        let page = page.and_then(|schema| document.resolve(schema));
        let items = page.and_then(|page| page.properties.get(&pagination.items));
        let item = items.filter(|items| items.kind() == Some(Kind::Array)).and_then(|items| items.items.as_ref());
        let item = item.filter(|item| item.reference.is_some()).and_then(|item| document.resolve(item));
        match item {
            None => misfit(&pagination.items, "name a property of the response that is an array of a named schema"),
            Some(item) if item.properties.get(&pagination.key).is_none() => {
                misfit(&pagination.key, "name the property that identifies an item");
            }
            Some(_) => {}
        }
        if let Some(next) = &pagination.next {
            let last = page.and_then(|page| lint.property_at(page, next));
            if last.and_then(Schema::kind) != Some(Kind::String) || !next.contains('.') {
                misfit(next, "give the path to a string in the response, with dots between the properties");
            }
        }
    }
}
