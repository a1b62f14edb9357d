//! An enum of `true` and `false` is a boolean that is written as a text, where it stands in a query.

use super::rule::{Lint, Report, Role, Rule};

pub(super) const RULE: Rule = Rule { name: "flag", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in lint.sites.iter().filter(|site| site.schema.is_flag() && site.role != Role::Parameter) {
        report.add(
            site.place,
            "an enum of `true` and `false` is supported in a parameter, and defined there",
            "write it as the parameter's own schema; in a body, teach the model first",
        );
    }
}
