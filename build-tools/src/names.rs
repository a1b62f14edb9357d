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

/// The types of the runtime that a resource's files use.
pub const RUNTIME: &[&str] = &["Call", "Client", "Error", "Items", "Pages", "Paging", "Response", "RetryPolicy"];
/// The types of the runtime for amounts of money.
pub const MINOR_UNITS: &str = "MinorUnits";
pub const MAJOR_UNITS: &str = "MajorUnits";
/// The generated modules that a resource's files use.
pub const SIBLINGS: &[&str] = &["operations", "types"];

/// Whether a property of this name is likely an amount of money, as far as a name can say.
pub fn is_money(property: &str) -> bool {
    const MONEY: &[&str] = &[
        "amount", "amounts", "balance", "bonus", "bonuses", "charge", "cost", "costs", "earnings", "fee", "fees",
        "pay", "payment", "payments", "payout", "price", "reward", "rewards", "tax", "vat",
    ];
    const SHARES: &[&str] = &["count", "number", "percent", "percentage", "rate", "ratio"];
    let words = property.to_snake_case();
    let has = |known: &[&str]| words.split('_').any(|word| known.contains(&word));
    has(MONEY) && !has(SHARES)
}

/// The methods that every type has from traits, which a method of the same name would hide.
const OF_TRAITS: &[&str] = &[
    "as_ref",
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
    "from_str",
    "into",
    "json_schema",
    "ne",
    "new",
    "schema_id",
    "schema_name",
    "serialize",
    "to_owned",
    "try_from",
    "try_into",
    "type_id",
];

/// The modules of the crate and of its generated part, and the crates that either of them names.
const MODULES: &[&str] = &[
    "alloc",
    "base64",
    "bytes",
    "client",
    "common",
    "core",
    "error",
    "ext",
    "futures_core",
    "generated",
    "guide",
    "hmac",
    "http",
    "http_body",
    "httpdate",
    "humantime",
    "hyper",
    "operations",
    "percent_encoding",
    "prolific_sdk",
    "reqwest",
    "runtime",
    "schemars",
    "serde",
    "serde_json",
    "sha2",
    "std",
    "tokio",
    "tracing",
    "types",
    "zeroize",
];

/// The methods of the client that are not resources.
const OF_THE_CLIENT: &[&str] =
    &["base_url", "builder", "call", "from_env", "send", "with", "with_retry_policy", "with_timeout", "with_token"];

/// The methods of a request that are not parameters, and what generated code calls the others.
const OF_A_REQUEST: &[&str] = &[
    "body",
    "call",
    "header",
    "pages",
    "path",
    "query",
    "retry_policy",
    "send",
    "send_with_response",
    "stream",
    "timeout",
];

/// The prelude, the derives, the parameters of generated impls, and what generated code uses of the runtime without a path.
const TYPES: &[&str] = &[
    "AsMut",
    "AsRef",
    "AsyncFn",
    "AsyncFnMut",
    "AsyncFnOnce",
    "Box",
    "Call",
    "Client",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "Error",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Future",
    "Hash",
    "I",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "JsonSchema",
    "MajorUnits",
    "MinorUnits",
    "None",
    "Ok",
    "Option",
    "Ord",
    "Page",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Self",
    "Send",
    "Serialize",
    "Sized",
    "Some",
    "String",
    "Sync",
    "T",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
    // The file of its module.
    "Mod",
];

/// Whether a type has this name already.
pub fn is_type(name: &str) -> bool {
    RUNTIME.contains(&name) || TYPES.contains(&name)
}

/// Whether something else has this name already.
pub fn is_taken(name: &str, by: Use) -> bool {
    let is_in = |lists: &[&[&str]]| lists.iter().any(|list| list.contains(&name));
    match by {
        Use::Resource => is_in(&[MODULES, OF_THE_CLIENT, OF_TRAITS]) || is_type(&handle(name)),
        // `create_checked` is hand-written.
        Use::Method => is_in(&[OF_TRAITS, SIBLINGS, &["schemas", "create_checked"]]) || is_type(&request(name)),
        Use::Parameter => is_in(&[OF_TRAITS, OF_A_REQUEST]),
        // The field of a type that keeps what is not documented.
        Use::Property => is_in(&[OF_TRAITS, &["unknown_fields"]]),
        Use::Schema => is_in(&[TYPES]),
        // Of the conversion from a string.
        Use::Variant => is_in(&[&["Err", "Other", "Self"]]),
    }
}

/// Whether the text is a name in snake_case that Rust takes as it is.
pub fn is_snake_case(text: &str) -> bool {
    text == text.to_snake_case() && is_identifier(text)
}

/// Whether the text is a name in PascalCase that Rust takes as it is.
pub fn is_pascal_case(text: &str) -> bool {
    text == text.to_pascal_case() && is_identifier(text)
}

/// Whether Rust takes the text as a name as it is.
pub fn is_identifier(text: &str) -> bool {
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

/// The field of a property.
pub fn field(property: &str) -> String {
    escaped(property, Use::Property)
}

/// The argument or the setter of a parameter in the query.
pub fn parameter(parameter: &str) -> String {
    escaped(parameter, Use::Parameter)
}

/// What progenitor calls a parameter: it would remove an underscore at the end.
pub fn argument(parameter: &str) -> String {
    let name = self::parameter(parameter);
    if name.ends_with('_') { name + "x" } else { name }
}

/// The name in snake_case, with an underscore behind what is a keyword or taken.
fn escaped(name: &str, by: Use) -> String {
    let name = name.to_snake_case();
    let is_free = is_identifier(&name) && !is_taken(&name, by);
    if is_free || name.is_empty() { name } else { name + "_" }
}

/// The setter that sets a field to null.
pub fn clear(field: &str) -> String {
    format!("clear_{field}")
}

/// What all spellings of an enum's value have in common: the SDK reads each of them.
pub fn spelling(value: &str) -> String {
    value.to_uppercase().replace(['_', '-'], " ")
}

/// The variant of an enum's value.
pub fn variant(value: &str) -> String {
    value.to_pascal_case()
}
