//! What is listed as required is a property.

use super::rule::{Lint, Report, Rule};

pub(super) const RULE: Rule = Rule { name: "required-property", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in &lint.sites {
        for required in &site.schema.required {
            if site.schema.properties.get(required).is_none() {
                report.add(
                    required,
                    format!("`{}` is required but is not a property", required.value),
                    "correct the name in `required`, or add the property",
                );
            }
        }
    }
}
