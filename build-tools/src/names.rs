//! Every Rust name that is derived from the document, and every name that is taken. The only place for either.

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};

/// What a name is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// A module of the crate, and a method of the client.
    Resource,
    /// A method of a resource's handle, and the type of its request.
    Method,
    /// An argument or a setter of a request.
    Parameter,
    /// A field and a setter of a type.
    Property,
    /// A type, and the module of its file.
    Schema,
    /// A variant of an enum or of a union.
    Variant,
}

/// The names that are taken, by what they would be used for: by hand-written code, by the standard library's traits,
/// and by what generated code uses without a path.
const TAKEN: &[(Use, &[&str])] = &[
    (
        Use::Resource,
        &[
            // Modules, and what the modules of generated code import.
            "client",
            "common",
            "error",
            "ext",
            "generated",
            "guide",
            "operations",
            "prolific_sdk",
            "runtime",
            "types",
            // Methods of the client.
            "base_url",
            "builder",
            "call",
            "from_env",
            "new",
            "send",
            "with",
            "with_retry_policy",
            "with_timeout",
            "with_token",
            // Of the crates that generated code names.
            "schemars",
            "serde",
            "serde_json",
            "std",
            // Of the traits that it implements.
            "borrow",
            "borrow_mut",
            "clone",
            "clone_from",
            "clone_into",
            "fmt",
            "from",
            "into",
            "to_owned",
            "try_from",
            "try_into",
            "type_id",
        ],
    ),
    (
        Use::Method,
        &[
            "new",
            "schemas",
            "borrow",
            "borrow_mut",
            "clone",
            "clone_from",
            "clone_into",
            "fmt",
            "from",
            "into",
            "to_owned",
            "try_from",
            "try_into",
            "type_id",
            // Their types would be named like what they are made of.
            "call",
            "client",
            "error",
            "items",
            "page",
            "pages",
            "response",
            "retry_policy",
        ],
    ),
    (
        Use::Parameter,
        &[
            "body",
            "call",
            "header",
            "pages",
            "query",
            "path",
            "retry_policy",
            "send",
            "send_with_response",
            "stream",
            "timeout",
            "new",
            "borrow",
            "borrow_mut",
            "clone",
            "clone_from",
            "clone_into",
            "fmt",
            "from",
            "into",
            "to_owned",
            "try_from",
            "try_into",
            "type_id",
        ],
    ),
    (
        Use::Property,
        &[
            "new",
            "borrow",
            "borrow_mut",
            "clone",
            "clone_from",
            "clone_into",
            "default",
            "deserialize",
            "eq",
            "fmt",
            "from",
            "from_iter",
            "into",
            "json_schema",
            "ne",
            "schema_name",
            "serialize",
            "to_owned",
            "try_from",
            "try_into",
            "type_id",
        ],
    ),
    (
        Use::Schema,
        &[
            // Of the prelude, and of the derives.
            "Box",
            "Clone",
            "Copy",
            "Debug",
            "Default",
            "Deserialize",
            "Eq",
            "Err",
            "From",
            "FromIterator",
            "Hash",
            "Into",
            "IntoIterator",
            "Iterator",
            "JsonSchema",
            "None",
            "Ok",
            "Option",
            "Ord",
            "PartialEq",
            "PartialOrd",
            "Result",
            "Self",
            "Serialize",
            "Some",
            "String",
            "ToString",
            "Vec",
            // Of the runtime.
            "Call",
            "Client",
            "Error",
            "Page",
            // Its file.
            "Mod",
        ],
    ),
    (Use::Variant, &["Other", "Self"]),
];

/// Whether something else has this name already.
pub fn is_taken(name: &str, by: Use) -> bool {
    TAKEN.iter().any(|(known, names)| *known == by && names.contains(&name))
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

/// The resource of a tag: its module, and the method of the client.
pub fn resource(tag: &str) -> String {
    tag.to_snake_case()
}

/// The handle of a resource.
pub fn handle(resource: &str) -> String {
    resource.to_pascal_case()
}

/// The method of an operation, if its id begins with its resource.
pub fn method<'a>(operation_id: &'a str, tag: &str) -> Option<&'a str> {
    operation_id.strip_prefix(&resource(tag))?.strip_prefix('_').filter(|method| !method.is_empty())
}

/// The request type of a method.
pub fn request(method: &str) -> String {
    method.to_pascal_case()
}

/// The constant of an operation.
pub fn constant(operation_id: &str) -> String {
    operation_id.to_shouty_snake_case()
}

/// The module, and the file, of a type.
pub fn module(schema: &str) -> String {
    schema.to_snake_case()
}

/// The variant of an enum's value.
pub fn variant(value: &str) -> String {
    value.to_pascal_case()
}
