//! Constructors take optional properties of a schema that is sent, or set properties, and differ from each other.

use std::collections::BTreeSet;

use super::rule::{Lint, Report, Role, Rule};
use crate::names;

pub(super) const RULE: Rule = Rule { name: "constructors", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in lint.sites.iter().filter(|site| !site.schema.constructors.is_empty()) {
        let schema = site.schema;
        if !matches!(site.role, Role::Component(name) if lint.sent.contains(name)) {
            report.add(
                site.place,
                "`x-constructors` is on a schema that no request uses",
                "only the schema of a request has constructors",
            );
        }
        let (mut names, mut forms) = (BTreeSet::new(), BTreeSet::new());
        for constructor in &schema.constructors {
            let (name, taken) = (&constructor.name, constructor.takes.iter());
            if !names::is_snake_case(name) || schema.properties.get(name).is_some() || !names.insert(&name.value) {
                report.add(
                    name,
                    format!("`{}` cannot be the constructor's name", name.value),
                    "it must be a Rust name in snake_case, different from the other constructors and the properties",
                );
            }
            for property in taken.clone() {
                if schema.properties.get(property).is_none() || schema.requires(property) {
                    report.add(
                        property,
                        format!("`{}` is not an optional property of this schema", property.value),
                        "name an optional property; required ones are taken anyway, unless the constructor sets them",
                    );
                }
            }
            for (property, _) in constructor.sets.iter() {
                let is_taken = taken.clone().any(|taken| taken.value == property.value);
                if schema.properties.get(property).is_none() || is_taken {
                    report.add(
                        property,
                        format!("`{}` cannot be set here", property.value),
                        "name a property of this schema that the constructor does not take",
                    );
                }
            }
            let taken: BTreeSet<_> = taken.map(|property| property.as_str()).collect();
            let set: BTreeSet<_> =
                constructor.sets.iter().map(|(property, value)| (property.as_str(), value.value.to_string())).collect();
            if !forms.insert((taken, set)) {
                report.add(
                    name,
                    format!("`{}` takes and sets the same as another constructor", name.value),
                    "leave one of them out",
                );
            }
        }
    }
}
