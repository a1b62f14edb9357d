//! Each value of an enum is explained.

use super::rule::{Lint, Report, Role, Rule};

pub(super) const RULE: Rule = Rule { name: "enum-description", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in lint.sites.iter().filter(|site| !site.schema.is_flag() && site.role != Role::Tag) {
        let (values, descriptions) = (site.schema.texts(), &site.schema.value_descriptions);
        for value in values.iter().filter(|value| descriptions.get(value).is_none()) {
            report.add(
                value,
                format!("the value `{}` is not explained", value.value),
                "add it to `x-enum-descriptions`: that becomes the doc comment of the variant",
            );
        }
        for (name, _) in descriptions.iter().chain(site.schema.value_names.iter()) {
            if !values.iter().any(|value| value.value == name.value) {
                let message = format!("`{}` is not a value of the enum", name.value);
                report.add(name, message, "correct it, or add it to `enum`");
            }
        }
    }
}
