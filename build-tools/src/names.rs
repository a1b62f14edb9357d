//! Every Rust name that is derived from the document, and every name that is taken. The only place for either.

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};

/// What a name is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// A method of the client.
    Operation,
    /// An argument or a setter of a request builder.
    Parameter,
    /// A field and a setter of a type.
    Property,
    /// A type, and the module of its file.
    Schema,
    /// A variant of an enum or of a union.
    Variant,
}

/// The names that are taken, by what they would be used for: by code that is written by hand, and by what generated code
/// uses without a path.
const TAKEN: &[(Use, &[&str])] = &[
    (
        Use::Operation,
        &[
            "base_url",
            "builder",
            "call",
            "clone",
            "execute",
            "from_env",
            "http",
            "mod",
            "new",
            "operations",
            "with_retry_policy",
            "with_timeout",
        ],
    ),
    (
        Use::Parameter,
        &["body", "client", "key", "new", "pages", "request", "response", "result", "send", "stream", "url"],
    ),
    (Use::Property, &["new"]),
    (
        Use::Schema,
        &[
            "Box",
            "Client",
            "Err",
            "Error",
            "From",
            "Into",
            "Items",
            "Mod",
            "None",
            "Ok",
            "Option",
            "PageState",
            "Pages",
            "QueryParam",
            "ResponseValue",
            "Result",
            "Some",
            "String",
            "Vec",
        ],
    ),
    (Use::Variant, &["Other", "Self"]),
];

/// Whether something else has this name already.
pub fn is_taken(name: &str, by: Use) -> bool {
    TAKEN.iter().any(|(use_, names)| *use_ == by && names.contains(&name))
}

/// Whether the text is a name in snake_case that Rust takes as it is.
pub fn is_snake_case(text: &str) -> bool {
    text == text.to_snake_case() && is_identifier(text)
}

/// Whether the text is a name in PascalCase that Rust takes as it is.
pub fn is_pascal_case(text: &str) -> bool {
    text == text.to_pascal_case() && is_identifier(text)
}

fn is_identifier(text: &str) -> bool {
    // `gen` is a keyword since edition 2024, which syn does not know.
    text.is_ascii() && text != "gen" && syn::parse_str::<syn::Ident>(text).is_ok()
}

/// The constant of an operation.
pub fn constant(operation_id: &str) -> String {
    operation_id.to_shouty_snake_case()
}

/// The builder of an operation.
pub fn builder(operation_id: &str) -> String {
    operation_id.to_pascal_case()
}

/// The module, and the file, of a type.
pub fn module(schema: &str) -> String {
    schema.to_snake_case()
}

/// The variant of an enum's value.
pub fn variant(value: &str) -> String {
    value.to_pascal_case()
}
