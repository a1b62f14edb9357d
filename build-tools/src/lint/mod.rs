//! The rules for a document, a file each. They hold what the grammar cannot say: what the generator would misname or
//! drop, and what the docs need. A rule reads and reports; it changes nothing.

use crate::diagnostic::Diagnostic;
use crate::source::document::Document;

use rule::{Lint, Report, Rule};

mod rule;

macro_rules! rules {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*
        /// All rules, in the order in which their findings are reported.
        const RULES: &[Rule] = &[$($name::RULE),*];
    };
}

rules![
    reference,
    security,
    operation_id,
    documentation_page,
    path,
    parameter,
    request_body,
    status,
    response_body,
    media_type,
    error_schema,
    error_body,
    pagination,
    idempotent,
    tag,
    unused_component,
    schema_name,
    property_name,
    required_property,
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
    one_of,
    enum_,
    enum_description,
    exactly_one_of,
    constructor_takes,
    format,
    minimum,
    flag,
    personal_data,
    read_only,
    recursion,
    markup,
    unused_schema,
    example,
];

/// Checks the document against every rule.
pub fn check(document: &Document) -> Vec<Diagnostic> {
    let lint = Lint::new(document);
    let mut found = Vec::new();
    for rule in RULES {
        (rule.check)(&lint, &mut Report { rule: rule.name, found: &mut found });
        // The other rules follow references.
        if rule.name == reference::RULE.name && !found.is_empty() {
            break;
        }
    }
    found
}
