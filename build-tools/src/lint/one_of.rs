//! A value of a `oneOf` shows which alternative it is: by its JSON type, by the discriminator, or by a property that no
//! other alternative has. Each alternative has a name.

use std::collections::BTreeSet;

use super::rule::{Lint, Report, Rule, Site};
use crate::names::{self, Use};
use crate::source::document::{Kind, Schema};
use crate::source::node::Spanned;

pub(super) const RULE: Rule = Rule { name: "one-of", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    for site in lint.sites.iter().filter(|site| !site.schema.one_of.is_empty()) {
        let parts = &site.schema.one_of;
        if parts.len() < 2 {
            report.add(site.place, "a `oneOf` needs at least two alternatives", "use that schema directly");
        }
        let objects: Vec<_> = parts.iter().filter_map(|part| object(lint, part)).collect();
        match &site.schema.discriminator {
            _ if objects.len() == parts.len() => discriminated(site, &objects, report),
            Some(given) => report.add(
                given,
                "a `discriminator` tells objects apart that are components",
                "refer to each alternative with a `$ref`, or remove the discriminator",
            ),
            None => kinds(parts, report),
        }
        let mut titles = BTreeSet::new();
        for part in parts {
            let title = lint.document.variant(part);
            if !names::is_pascal_case(title) || names::is_taken(title, Use::Variant) || !titles.insert(title) {
                report.add(
                    part,
                    format!("the title `{title}` cannot be the name of a variant"),
                    "give each alternative a `title` of its own in PascalCase, other than `Other`",
                );
            }
        }
    }
}

/// An alternative that is a component and an object.
fn object<'a>(lint: &Lint<'a>, part: &'a Spanned<Schema>) -> Option<(&'a Spanned<Schema>, &'a str, &'a Schema)> {
    let name = part.reference.as_ref().and(part.target())?;
    let schema = lint.document.schema(name)?;
    (schema.kind() == Some(Kind::Object)).then_some((part, name, schema))
}

fn kinds(parts: &[Spanned<Schema>], report: &mut Report<'_>) {
    let mut kinds = Vec::new();
    for part in parts {
        let kind = part.kind();
        if kind.is_none() || kinds.contains(&kind) {
            report.add(
                part,
                "the alternatives of a `oneOf` must each have a `type` of their own, or all be a `$ref` to an object",
                "with equal types the first that fits would win, whatever was meant",
            );
        }
        kinds.push(kind);
    }
}

fn discriminated(site: &Site<'_>, parts: &[(&Spanned<Schema>, &str, &Schema)], report: &mut Report<'_>) {
    for (part, name, schema) in parts {
        let Some(given) = &site.schema.discriminator else {
            let others = parts.iter().filter(|(_, other, _)| other != name);
            let is_own = |wanted: &str| others.clone().all(|(_, _, other)| other.properties.get(wanted).is_none());
            if !schema.required.iter().any(|wanted| is_own(wanted)) {
                report.add(
                    *part,
                    format!("`{name}` has no required property of its own, so that nothing tells it from the others"),
                    "require one that only it has, or add a `discriminator`",
                );
            }
            continue;
        };
        let property = &given.property_name;
        let Some(value) = site.schema.tag_of(name) else {
            report.add(given, format!("no value of `{}` stands for `{name}`", property.value), "add it");
            continue;
        };
        let values = schema.properties.get(property).map_or(&[][..], |tag| tag.texts());
        if !schema.requires(property) || !matches!(values, [only] if only.value == value.value) {
            report.add(
                value,
                format!("`{name}` does not require that `{}` is `{}`", property.value, value.value),
                "other tools go by the alternatives: make the property required there, with an `enum` of this one value",
            );
        }
    }
}
