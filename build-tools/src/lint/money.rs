//! A number that is money says in which unit, so that pence are not taken for pounds.

use super::rule::{Lint, Report, Role, Rule};
use crate::names;
use crate::source::document::{Kind, Schema};

pub(super) const RULE: Rule = Rule { name: "money", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let is_number = |schema: &Schema| matches!(schema.kind(), Some(Kind::Number | Kind::Integer));
    for site in &lint.sites {
        if let Some(unit) = &site.schema.money
            && !(is_number(site.schema) && matches!(site.role, Role::Property(_) | Role::Item))
        {
            report.add(unit, "`x-money` has no effect here", "write it on a property, or on the items of one, that is a number");
        }
        let Role::Property(name) = site.role else { continue };
        let number = site.schema.items.as_deref().map_or(site.schema, |items| &items.value);
        if is_number(number) && number.money.is_none() && (names::is_money(name) || speaks_of_money(site.schema)) {
            report.add(
                site.place,
                format!("`{name}` looks like an amount of money, and does not say in which unit"),
                "write `x-money: minor` for pence and cents, or `x-money: major` for pounds and dollars; if it is no \
                 amount, choose other words for its description",
            );
        }
    }
}

/// Whether the description does.
fn speaks_of_money(schema: &Schema) -> bool {
    let text = schema.description.as_ref().map(|text| text.to_lowercase()).unwrap_or_default();
    ["minor unit", "major unit", "currency", "pence", "cents"].iter().any(|words| text.contains(words))
}
