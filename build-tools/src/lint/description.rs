//! Everything is described, since the description is the doc comment of what is generated.

use super::rule::{Lint, Report, Role, Rule, is_missing};
use crate::diagnostic::Place;
use crate::source::node::Spanned;

pub(super) const RULE: Rule = Rule { name: "description", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let document = lint.document;
    let mut need = |what: &str, text: Option<&Spanned<String>>, place: Place| {
        if is_missing(text) {
            let help = "add it in your own words: it becomes the doc comment";
            report.add(place, format!("{what} is missing"), help);
        }
    };
    for endpoint in document.endpoints() {
        let operation = endpoint.operation;
        need("the operation's `summary`", operation.summary.as_ref(), operation.place);
        need("the operation's `description`", operation.description.as_ref(), operation.place);
        for parameter in endpoint.parameters().filter(|parameter| parameter.reference.is_none()) {
            need("the parameter's `description`", parameter.description.as_ref(), parameter.place);
        }
    }
    for body in document.request_bodies() {
        need("the request body's `description`", body.description.as_ref(), body.place);
    }
    for delivery in document.deliveries() {
        need("the webhook's `summary`", Some(&delivery.value.summary), delivery.place);
        need("the webhook's `description`", Some(&delivery.value.description), delivery.place);
        for (name, response) in delivery.value.responses.iter() {
            need("the response's `description`", Some(&response.description), name.place);
        }
    }
    for (name, parameter) in document.components.parameters.iter() {
        need("the parameter's `description`", parameter.description.as_ref(), name.place);
    }
    for (name, response) in document.written_responses().filter(|(_, response)| response.reference.is_none()) {
        need("the response's `description`", response.description.as_ref(), name.place);
    }
    for tag in &document.tags {
        need("the tag's `description`", Some(&tag.description), tag.description.place);
    }
    for site in &lint.sites {
        let is_reference = site.schema.reference.is_some();
        let what = match site.role {
            Role::Component(name) => format!("schema `{name}`"),
            Role::Property(name) => format!("property `{name}`"),
            Role::Tag => "this property".to_owned(),
            Role::Item | Role::OneOf | Role::Parameter | Role::Body if !is_reference => "this schema".to_owned(),
            _ => continue,
        };
        if is_missing(site.schema.description.as_ref()) {
            let help = if is_reference {
                "a `$ref` can carry no description of its own: write `description` and wrap the `$ref` in `allOf`"
            } else {
                "add `description` in your own words: it becomes the doc comment"
            };
            report.add(site.place, format!("{what} has no description"), help);
        }
    }
}
