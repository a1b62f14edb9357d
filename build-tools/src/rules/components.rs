//! Rules for what is referred to: it is declared, used, and not part of itself.

use std::collections::BTreeSet;

use super::sites;
use crate::diagnostic::Diagnostic;
use crate::document::{Document, NOTHING};

/// The schema for null is just that.
pub(super) fn nothing(document: &Document) -> Vec<Diagnostic> {
    let found = document.components.schemas.iter().filter(|(name, schema)| {
        name.value == NOTHING && (!schema.value.variants.is_empty() || !schema.value.nullable)
    });
    let help = "write `type: string`, `nullable: true`, `enum: [null]`";
    found
        .map(|(name, _)| Diagnostic::new("nothing", name, "`Nothing` stands for null and nothing else", help))
        .collect()
}

/// No schema contains itself: such a type would need a box, which the passes do not know.
pub(super) fn recursion(document: &Document) -> Vec<Diagnostic> {
    let schemas = document.components.schemas.iter();
    let recursive = schemas.filter(|(name, schema)| document.leads_to(&schema.value).contains(name.value.as_str()));
    recursive
        .map(|(name, _)| {
            let message = format!("the schema `{}` contains itself", name.value);
            Diagnostic::new("recursion", name, message, "recursive schemas are not supported: teach the passes first")
        })
        .collect()
}

/// Every component schema is used: a dead one would still become a public type.
pub(super) fn used(document: &Document) -> Vec<Diagnostic> {
    let sites = sites(document);
    let used: BTreeSet<_> = sites.iter().filter_map(|site| Document::target_name(site.schema)).collect();
    let names = document.components.schemas.iter().map(|(name, _)| name);
    names
        .filter(|name| !used.contains(name.value.as_str()))
        .map(|name| {
            Diagnostic::new(
                "unused-schema",
                name,
                format!("nothing refers to the schema `{}`", name.value),
                "remove it, or use it",
            )
        })
        .collect()
}

/// Tags are declared, and what is declared is used.
pub(super) fn tags_and_shared_parts(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let tags: Vec<_> = document.tags.iter().map(|tag| tag.name.as_str()).collect();
    let (mut parameters, mut responses) = (BTreeSet::new(), BTreeSet::new());
    for (_, item, _, operation) in document.operations() {
        for tag in operation.value.tags.iter().filter(|tag| !tags.contains(&tag.value.as_str())) {
            let help = "add it to `tags` at the top, with a description";
            found.push(Diagnostic::new("tag", tag, format!("the tag `{}` is not declared", tag.value), help));
        }
        let all = item.parameters_of(&operation.value);
        parameters.extend(all.filter_map(|p| p.value.reference.as_ref()?.value.rsplit('/').next()));
        let all = operation.value.responses.iter();
        responses.extend(all.filter_map(|(_, response)| response.reference.as_ref()?.value.rsplit('/').next()));
    }
    let unused_parameters = document.components.parameters.iter().map(|(name, _)| name);
    let unused_parameters = unused_parameters.filter(|name| !parameters.contains(name.value.as_str()));
    let unused_responses = document.components.responses.iter().map(|(name, _)| name);
    for name in unused_parameters.chain(unused_responses.filter(|name| !responses.contains(name.value.as_str()))) {
        let message = format!("nothing refers to `{}`", name.value);
        found.push(Diagnostic::new("unused-component", name, message, "remove it, or use it"));
    }
    found
}
