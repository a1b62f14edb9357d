//! The rules for a document, a file each. They hold what the grammar cannot say: what the generator would misname or
//! drop, and what the docs need. A rule reads and reports; it changes nothing.

use crate::diagnostic::Diagnostic;
use crate::source::document::Document;
use crate::source::folder::Folder;
use crate::source::{self, Source};

use rule::{Lint, Report, Rule};

mod rule;

macro_rules! rules {
    ($($(#[$doc:meta])* $list:ident: $($name:ident),*;)*) => {
        $($(mod $name;)*)*
        $($(#[$doc])* const $list: &[Rule] = &[$($name::RULE),*];)*
    };
}

rules! {
    /// Those that look at one operation or component, whatever the others are.
    ALONE:
    security,
    operation_id,
    documentation_page,
    request_body,
    status,
    idempotent,
    effect,
    schema_name,
    property_name,
    required_property,
    todo,
    description,
    type_,
    reference_siblings,
    all_of,
    any_of,
    nullable,
    nullable_component,
    title,
    component,
    mark,
    inline_type,
    object,
    additional_properties,
    array,
    enum_,
    enum_description,
    format,
    minimum,
    flag,
    money,
    personal_data,
    markup;

    /// Those that follow references, or compare one part of the document with another.
    TOGETHER:
    reference,
    path,
    parameter,
    response_body,
    media_type,
    error_schema,
    error_body,
    pagination,
    tag,
    unused_component,
    one_of,
    constructors,
    made_from,
    read_only,
    recursion,
    unused_schema,
    example;
}

/// Reads a document, if no rule finds anything in it.
///
/// # Errors
///
/// All findings, as far as one does not hide another.
pub fn read(folder: &Folder) -> Result<Source, Vec<Diagnostic>> {
    let mut found = Vec::new();
    let source = source::parse(folder, &mut found);
    if let Some(source) = &source {
        let is_whole = found.is_empty();
        found.extend(check(&source.document, is_whole));
    }
    match source {
        Some(source) if found.is_empty() => Ok(source),
        _ => Err(found),
    }
}

/// Checks the document against the rules. `is_whole` says whether all of it could be read: if not, or if a reference
/// leads nowhere, the rules that need the rest are not asked, since they would report what is not so.
fn check(document: &Document, is_whole: bool) -> Vec<Diagnostic> {
    let lint = Lint::new(document);
    let mut found = Vec::new();
    let ask = |rule: &Rule, found: &mut Vec<Diagnostic>| (rule.check)(&lint, &mut Report { rule: rule.name, found });
    for rule in ALONE {
        ask(rule, &mut found);
    }
    for rule in TOGETHER.iter().filter(|_| is_whole) {
        ask(rule, &mut found);
        if rule.name == reference::RULE.name && found.iter().any(|finding| finding.rule == rule.name) {
            break;
        }
    }
    found
}
