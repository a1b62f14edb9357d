//! Rules for schemas: names, descriptions, and shapes that the generator turns into the types we want.

use std::collections::BTreeSet;

use heck::{ToPascalCase, ToSnakeCase};

use super::{Role, Site, is_name, sites};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, Kind, NOTHING};

/// Names that generated code uses unqualified.
const TAKEN: &[&str] =
    &["Box", "Client", "Err", "Error", "From", "Into", "None", "Ok", "Option", "Result", "Some", "String", "Vec"];

/// Component names are the names of Rust types, property names those of fields; typify would rename others.
pub(super) fn names(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut modules = BTreeSet::new();
    for Site { schema, role, place } in sites(document) {
        match role {
            Role::Component(name) if name != name.to_pascal_case() => found.push(Diagnostic::new(
                "schema-name",
                place,
                format!("the schema name `{name}` is not in PascalCase"),
                format!("rename it to `{}`: it becomes the name of the Rust type", name.to_pascal_case()),
            )),
            // The file of the type is a module, too.
            Role::Component(name)
                if !is_name(&name.to_snake_case()) || name == "Mod" || !modules.insert(name.to_snake_case()) =>
            {
                found.push(Diagnostic::new(
                    "schema-name",
                    place,
                    format!("the schema name `{name}` cannot be the name of a Rust module"),
                    "choose a name that in snake_case is no keyword and differs from the others",
                ));
            }
            Role::Component(name) if TAKEN.contains(&name) => found.push(Diagnostic::new(
                "schema-name",
                place,
                format!("the schema name `{name}` hides a Rust name that generated code uses"),
                "choose a more specific name",
            )),
            Role::Property("new") => found.push(Diagnostic::new(
                "property-name",
                place,
                "a property cannot be called `new`, which is the name of constructors",
                "the tool has no other name for it: teach the pass `structs` first",
            )),
            // A leading underscore is dropped from the field's name; serde keeps it on the wire.
            Role::Property(name) if !is_name(name.trim_start_matches('_')) => {
                found.push(Diagnostic::new(
                    "property-name",
                    place,
                    format!("the property name `{name}` cannot be a Rust field"),
                    "only snake_case names that are no Rust keywords are supported: teach the pass `structs` first",
                ));
            }
            _ => {}
        }
        for required in &schema.required {
            if schema.properties.get(&required.value).is_none() {
                found.push(Diagnostic::new(
                    "required-property",
                    required,
                    format!("`{}` is required but is not a property", required.value),
                    "correct the name in `required`, or add the property",
                ));
            }
        }
    }
    found
}

/// Every schema is described, since its description is the doc comment of what is generated from it.
pub(super) fn descriptions(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for Site { schema, role, place } in sites(document) {
        let (what, inherits) = match role {
            Role::Component(name) => (format!("schema `{name}`"), false),
            Role::Property(name) => (format!("property `{name}`"), false),
            Role::Item | Role::OneOf | Role::Parameter | Role::Body => {
                ("this schema".to_owned(), schema.reference.is_some())
            }
            Role::Wrapped => continue,
        };
        if !inherits && schema.description.as_ref().is_none_or(|text| text.value.trim().is_empty()) {
            let help = if schema.reference.is_some() {
                "a `$ref` can carry no description of its own: write `description` and wrap the `$ref` in `allOf`"
            } else {
                "add `description` in your own words: it becomes the doc comment"
            };
            found.push(Diagnostic::new("description", place, format!("{what} has no description"), help));
        }
    }
    found
}

/// Descriptions are Markdown of the docs, where brackets and angle brackets mean links and tags.
pub(super) fn markup(document: &Document) -> Vec<Diagnostic> {
    let schemas = sites(document).into_iter().filter_map(|site| site.schema.description.as_ref());
    let operations = document.operations().flat_map(|(_, item, _, operation)| {
        let operation = &operation.value;
        let parameters = item.parameters_of(operation).map(|p| p.value.description.as_ref());
        let responses = operation.responses.iter().map(|(_, response)| response.description.as_ref());
        let body = operation.request_body.as_ref().map(|body| body.value.description.as_ref());
        let own = [operation.summary.as_ref(), operation.description.as_ref()];
        parameters.chain(responses).chain(body).chain(own).flatten().collect::<Vec<_>>()
    });
    let responses = document.components.responses.iter().filter_map(|(_, response)| response.description.as_ref());
    let parameters =
        document.components.parameters.iter().filter_map(|(_, parameter)| parameter.value.description.as_ref());
    schemas
        .chain(operations)
        .chain(responses)
        .chain(parameters)
        .filter(|text| {
            let mut outside_code = text.value.split('`').step_by(2);
            let link = outside_code.any(|part| part.contains(['<', '>', '[', ']', '|']) || part.contains("://"));
            // Control characters, and those that change the direction of the text around them.
            let hidden = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            link || text.value.contains("```") || text.value.contains(hidden)
        })
        .map(|text| {
            Diagnostic::new(
                "markup",
                text,
                "the text has a bracket, a bar or an address outside of backticks, a code block, or a control character",
                "put it in backticks, or leave it out: the docs would take it for a link, a tag or a table",
            )
        })
        .collect()
}

/// A schema says one thing: a reference, a wrapped reference, a choice, or a type.
pub(super) fn shapes(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for Site { schema, role, place } in sites(document) {
        let mut report = |rule, message: &str, help: &str| {
            found.push(Diagnostic::new(rule, place.clone(), message, help));
        };
        let forms = [
            schema.reference.is_some(),
            !schema.all_of.is_empty(),
            !schema.any_of.is_empty(),
            !schema.one_of.is_empty(),
            schema.kind.is_some(),
        ];
        match forms.into_iter().filter(|form| *form).count() {
            0 if role == Role::Item => {} // Free JSON, as the elements of something whose kind is known.
            0 => report(
                "type",
                "the schema has no type",
                "add `type`, `$ref`, `allOf` or `anyOf` around a `$ref`, or `oneOf`; without one it would accept anything",
            ),
            1 => {}
            _ => report(
                "type",
                "the schema says in more than one way what it is",
                "keep one of `type`, `$ref`, `allOf`, `anyOf`, `oneOf`; progenitor would merge them or drop one",
            ),
        }
        let siblings = [
            schema.description.is_some(),
            schema.title.is_some(),
            schema.example.is_some(),
            schema.nullable,
            schema.deprecated,
            schema.read_only,
        ];
        if schema.reference.is_some() && siblings.contains(&true) {
            report(
                "reference-siblings",
                "OpenAPI 3.0 ignores what stands beside a `$ref`",
                "wrap the `$ref` in `allOf`, and write the rest beside that",
            );
        }
        if schema.all_of.len() > 1 || schema.all_of.iter().any(|part| part.value.reference.is_none()) {
            report(
                "all-of",
                "`allOf` may hold one `$ref` and nothing else",
                "it serves to describe a reference; write combined properties out",
            );
        }
        if schema.title.is_some() && role != Role::OneOf {
            report("title", "a title names nothing here", "remove it; only the alternatives of a `oneOf` have titles");
        }
        if matches!(role, Role::Component(_))
            && schema.one_of.is_empty()
            && !schema.kind.as_ref().is_some_and(|kind| matches!(kind.value, Kind::Object | Kind::String))
        {
            report(
                "component",
                "a component is an object, a text (an id or an enum), or a choice",
                "write a list, a number or a boolean where it is used",
            );
        }
        if (schema.deprecated || schema.read_only) && !matches!(role, Role::Property(_)) {
            report(
                "mark",
                "`deprecated` and `readOnly` mark properties",
                "put the mark on the properties of this type",
            );
        }
        let parts: Vec<_> = schema.any_of.iter().map(|part| Document::target_name(&part.value)).collect();
        let reference =
            matches!(role, Role::Property(_)) && matches!(parts[..], [Some(name), Some(NOTHING)] if name != NOTHING);
        if !parts.is_empty() && !reference {
            report(
                "any-of",
                "`anyOf` may hold a `$ref` to a schema and one to `Nothing`, on a property",
                "it serves to make a reference nullable; a choice of several schemas is a `oneOf`",
            );
        }
        if schema.nullable && schema.kind.is_none() {
            report(
                "nullable",
                "`nullable` has no effect without `type` beside it",
                "write `anyOf` with the `$ref` and `#/components/schemas/Nothing`",
            );
        }
        if schema.nullable && matches!(role, Role::Component(name) if name != NOTHING) {
            report(
                "nullable-component",
                "a component that is nullable makes every use of it optional without saying so",
                "put `nullable` on the property that may be null",
            );
        }
    }
    found
}

/// Objects and enums have names, arrays say what they hold.
pub(super) fn arrays_and_objects(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for Site { schema, role, place } in sites(document) {
        let Some(kind) = &schema.kind else { continue };
        let named = matches!(role, Role::Component(_));
        let mut report = |rule, message: &str, help: &str| {
            found.push(Diagnostic::new(rule, place.clone(), message, help));
        };
        if !named && (!schema.properties.0.is_empty() || !schema.variants.is_empty()) {
            report(
                "inline-type",
                "an object or an enum is defined in place, so progenitor would make a name up for it",
                "move it to `components/schemas` and refer to it",
            );
        }
        let map = role == Role::OneOf && schema.additional_properties.is_some();
        if kind.value == Kind::Object && schema.properties.0.is_empty() && !map {
            report(
                "object",
                "the object has no properties",
                "list them under `properties`; free objects are not supported",
            );
        }
        if kind.value != Kind::Object && !schema.properties.0.is_empty() {
            report("object", "only an object has properties", "change `type` to `object`, or remove `properties`");
        }
        if schema.additional_properties.is_some() && !map {
            report(
                "additional-properties",
                "`additionalProperties` is only supported on an alternative of `oneOf`",
                "remove it: unknown fields of answers are always accepted",
            );
        }
        if (kind.value == Kind::Array) != schema.items.is_some() {
            report("array", "`items` belongs to an array, and an array needs it", "add or remove `items`");
        }
    }
    found
}

/// The alternatives of a `oneOf` differ in their JSON type, so that a value shows which it is.
pub(super) fn alternatives(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for Site { schema, role, place } in sites(document) {
        if schema.one_of.is_empty() {
            continue;
        }
        if !matches!(role, Role::Component(_)) {
            found.push(Diagnostic::new(
                "inline-type",
                place.clone(),
                "a `oneOf` is defined in place, so progenitor would make a name up for it",
                "move it to `components/schemas` and refer to it",
            ));
        }
        if schema.one_of.len() < 2 {
            found.push(Diagnostic::new("one-of", place, "a choice has two alternatives or more", "write the one out"));
        }
        let (mut kinds, mut titles) = (Vec::new(), BTreeSet::from(["Other"]));
        for part in &schema.one_of {
            let kind = part.value.kind.as_ref().map(|kind| kind.value);
            let repeated = kinds.contains(&kind);
            kinds.push(kind);
            if kind.is_none() || repeated {
                found.push(Diagnostic::new(
                    "one-of",
                    part,
                    "the alternatives of a `oneOf` must each have a `type` of their own",
                    "with equal types the first that fits would win, whatever was meant",
                ));
            }
            let title = part.value.title.as_deref().unwrap_or_default();
            if title != title.to_pascal_case() || title.is_empty() || !titles.insert(title) {
                found.push(Diagnostic::new(
                    "one-of",
                    part,
                    format!("the title `{title}` cannot be the name of a variant"),
                    "give each alternative a `title` of its own in PascalCase, other than `Other`",
                ));
            }
        }
    }
    found
}

/// An enum is made of texts, and each value is explained.
pub(super) fn enums(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for Site { schema, place, .. } in sites(document) {
        let kind = schema.kind.as_ref().map(|kind| kind.value);
        if !schema.variants.is_empty() && kind != Some(Kind::String) {
            found.push(Diagnostic::new("enum", place.clone(), "only texts can be an enum", "set `type: string`"));
        }
        let mut names = BTreeSet::from(["Other".to_owned()]);
        for variant in &schema.variants {
            let name = variant.value.to_pascal_case();
            if syn::parse_str::<syn::Ident>(&name).is_err() || !names.insert(name.clone()) {
                found.push(Diagnostic::new(
                    "enum",
                    variant,
                    format!("the value `{}` gives the variant no name of its own, but `{name}`", variant.value),
                    "`Other` is taken by the values that are not documented; the tool has no renaming yet",
                ));
            }
            if schema.variant_descriptions.get(&variant.value).is_none() {
                found.push(Diagnostic::new(
                    "enum-description",
                    variant,
                    format!("the value `{}` is not explained", variant.value),
                    "add it to `x-enum-descriptions`: that becomes the doc comment of the variant",
                ));
            }
        }
        for (name, _) in schema.variant_descriptions.iter() {
            if !schema.variants.iter().any(|variant| variant.value == name.value) {
                found.push(Diagnostic::new(
                    "enum-description",
                    name,
                    format!("`{}` is not a value of the enum", name.value),
                    "correct it, or add it to `enum`",
                ));
            }
        }
    }
    found
}

/// Only a type of its own can be hidden: a component that is a text without fixed values.
pub(super) fn personal_data(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for Site { schema, role, .. } in sites(document) {
        let Some(given) = &schema.personal_data else { continue };
        let text = schema.kind.as_ref().is_some_and(|kind| kind.value == Kind::String) && schema.variants.is_empty();
        if !given.value || !text || !matches!(role, Role::Component(_)) {
            found.push(Diagnostic::new(
                "personal-data",
                given,
                format!("`x-personal-data: {}` has no effect here", given.value),
                "write `true` at a component of type string without an enum, and refer to it; or remove it",
            ));
        }
    }
    found
}

/// The one format is `date-time`, on a component, which becomes a type of its own.
pub(super) fn formats(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for Site { schema, role, .. } in sites(document) {
        let Some(format) = &schema.format else { continue };
        let text = schema.kind.as_ref().is_some_and(|kind| kind.value == Kind::String);
        if format.value != "date-time" || !text || !matches!(role, Role::Component(_)) {
            found.push(Diagnostic::new(
                "format",
                format,
                format!("the format `{}` is not supported here", format.value),
                "a component of type string may have the format `date-time`; refer to it. Leave other formats out",
            ));
        }
    }
    found
}
