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
        let is_offset = |parameter: &Parameter| {
            text(parameter.name.as_ref()) == pagination.offset.value
                && !parameter.required
                && parameter.schema.as_ref().and_then(|schema| schema.kind()) == Some(Kind::Integer)
        };
        if !lint.parameters(&endpoint).any(|(_, parameter)| is_offset(parameter)) {
            misfit(&pagination.offset, "name an optional query parameter of type integer");
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
        let last = page.and_then(|page| lint.property_at(page, &pagination.next));
        if last.and_then(Schema::kind) != Some(Kind::String) || !pagination.next.contains('.') {
            misfit(&pagination.next, "give the path to a string in the response, with dots between the properties");
        }
    }
}
