//! What is generated, in the field's words: operations and types, without YAML and without tokens.

use serde_json::Value;

/// Everything that is generated from a document.
#[derive(Debug)]
pub struct Api {
    /// In the order of the document.
    pub operations: Vec<Operation>,
    /// In the order of their names.
    pub types: Vec<Type>,
    /// The type of all error responses. `None` if none is documented.
    pub error: Option<String>,
}

impl Api {
    /// A type by name.
    pub fn ty(&self, name: &str) -> Option<&Type> {
        self.types.iter().find(|ty| ty.name == name)
    }
}

/// An operation.
#[derive(Debug)]
pub struct Operation {
    /// Its `operationId`.
    pub id: String,
    /// The HTTP method, in capitals.
    pub method: &'static str,
    /// The path, in which parameters stand in braces.
    pub path: String,
    /// One line, without a full stop.
    pub summary: String,
    pub description: String,
    pub page: Page,
    /// In the order in which they are arguments.
    pub parameters: Vec<Parameter>,
    pub body: Option<Body>,
    /// The documented status of success.
    pub success: u16,
    /// What the success response has as its body. `None` if it has none.
    pub output: Option<Ty>,
    /// The documented error responses: status and description.
    pub errors: Vec<(u16, String)>,
    /// Whether doing it twice is the same as doing it once.
    pub idempotent: bool,
    pub pagination: Option<Pagination>,
}

/// A page of the vendor's documentation.
#[derive(Debug)]
pub struct Page {
    pub title: String,
    pub url: String,
}

/// A parameter in the path or the query.
#[derive(Debug)]
pub struct Parameter {
    /// Its name, in the request and in Rust.
    pub name: String,
    pub location: Location,
    pub required: bool,
    pub ty: Ty,
    /// Whether it is an id, which must not be blank.
    pub is_id: bool,
    pub description: String,
    pub example: Value,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    Path,
    Query,
}

/// The body of a request, which is JSON.
#[derive(Debug)]
pub struct Body {
    pub ty: Ty,
    pub description: String,
    pub example: Value,
}

/// How a list is read page by page, in the names of Rust's fields.
#[derive(Debug)]
pub struct Pagination {
    /// The query parameter for the number of items to skip.
    pub offset: String,
    /// The type of a page, and of an item.
    pub page: String,
    pub item: String,
    /// The field with the items.
    pub items: String,
    /// The field of an item that tells it from others.
    pub key: String,
    /// The fields that lead to the address of the next page.
    pub next: Vec<String>,
}

/// A type, which has a file of its own.
#[derive(Debug)]
pub struct Type {
    pub name: String,
    pub doc: String,
    /// Whether responses are made of it.
    pub received: bool,
    pub kind: TypeKind,
}

#[derive(Debug)]
pub enum TypeKind {
    Object(Object),
    /// A text with a type of its own.
    Id {
        /// Whether it tells who somebody is.
        personal: bool,
    },
    /// A point in time, as a text.
    Timestamp,
    /// A text out of a list.
    Enum(Vec<EnumValue>),
    /// A value of one of several JSON types.
    Union(Vec<Alternative>),
}

/// A value of an enum.
#[derive(Debug)]
pub struct EnumValue {
    /// In JSON.
    pub wire: String,
    /// The variant.
    pub name: String,
    pub doc: String,
}

/// An alternative of a union.
#[derive(Debug)]
pub struct Alternative {
    pub name: String,
    pub ty: Ty,
    pub doc: String,
}

/// A JSON object.
#[derive(Debug)]
pub struct Object {
    /// In the order of the document.
    pub fields: Vec<Field>,
    /// Empty if the type is not sent.
    pub constructors: Vec<Constructor>,
}

/// A property of an object.
#[derive(Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "they are what the documentation says of a property, in any combination"
)]
pub struct Field {
    /// In JSON.
    pub wire: String,
    /// In Rust.
    pub name: String,
    pub doc: String,
    pub ty: Ty,
    /// Whether the documentation says that it is always there.
    pub required: bool,
    /// Whether the documentation says that it may be null.
    pub nullable: bool,
    /// Whether the field is an `Option`.
    pub optional: bool,
    pub deprecated: bool,
    pub read_only: bool,
}

/// A function that makes a value to send.
#[derive(Debug)]
pub struct Constructor {
    pub name: String,
    pub doc: String,
    /// The fields that it takes, by their names in Rust, in the order of the fields.
    pub takes: Vec<String>,
}

/// A Rust type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ty {
    Text,
    Bool,
    /// `i64` and the like.
    Number(String),
    /// Any JSON.
    Json,
    /// A type of the model.
    Named(String),
    List(Box<Ty>),
    /// By a text.
    Map(Box<Ty>),
}
