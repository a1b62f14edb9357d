//! The id of an operation is the name of its resource, an underscore, and the name of a method.

use std::collections::BTreeSet;

use super::rule::{Lint, Report, Rule};
use crate::names::{self, Use};

pub(super) const RULE: Rule = Rule { name: "operation-id", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let mut seen = BTreeSet::new();
    for endpoint in lint.document.endpoints() {
        // The rule `tag` reports an operation without a resource.
        let Some(tag) = endpoint.operation.value.tags.first() else { continue };
        let resource = names::resource(tag);
        let Some(id) = &endpoint.operation.value.operation_id else {
            report.add(
                endpoint.operation,
                format!("{} {} has no operationId", endpoint.method, endpoint.path.value),
                format!("add `operationId: {resource}_…`: the resource, and the method of its handle"),
            );
            continue;
        };
        let Some(method) = names::method(id, tag) else {
            let help = format!("write `{resource}_…`: the resource, and the method of its handle");
            report.add(id, format!("`{}` does not begin with its resource", id.value), help);
            continue;
        };
        let request = names::request(method);
        if !names::is_snake_case(method) {
            let help = "choose a name in snake_case that is not a keyword: it is ours, and not part of the request";
            report.add(id, format!("`{method}` cannot be the name of a method"), help);
        } else if names::is_taken(method, Use::Method) || request == names::handle(&resource) {
            let is_type = names::is_type(&request) || request == names::handle(&resource);
            let (what, taken) = if is_type { ("its request type", &*request) } else { ("it", method) };
            let help = format!(
                "{what} would have the name `{taken}`, which is taken: add a word, as in `{resource}_{method}_{resource}`"
            );
            report.add(id, format!("`{method}` cannot be the name of a method"), help);
        }
        if !seen.insert((resource, request)) {
            let message = format!("`{}` is used twice, or differs from another only in underscores", id.value);
            report.add(id, message, "give each operation an id of its own");
        }
    }
}
