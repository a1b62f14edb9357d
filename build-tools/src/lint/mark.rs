//! Only properties can be `deprecated` or `readOnly`.

use super::rule::{Lint, Report, Role, Rule};

pub(super) const RULE: Rule = Rule { name: "mark", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in &lint.sites {
        if (site.schema.deprecated || site.schema.read_only) && !matches!(site.role, Role::Property(_)) {
            let help = "put the mark on the properties of this type";
            report.add(site.place, "only properties can be `deprecated` or `readOnly`", help);
        }
    }
}
