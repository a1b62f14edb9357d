//! An enum of `true` and `false` is a boolean that is written as a string, in a query.

use super::rule::{Lint, Report, Role, Rule};

pub(super) const RULE: Rule = Rule { name: "flag", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in lint.sites.iter().filter(|site| site.schema.is_flag() && site.role != Role::Parameter) {
        report.add(
            site.place,
            "an enum of `true` and `false` is supported only in a parameter's own schema",
            "write it in the parameter; to use one in a body, extend the model first",
        );
    }
}
