//! What is generated, in the field's words: resources, operations and types, without YAML and without tokens.

use serde_json::Value;

/// Everything that is generated from a document.
#[derive(Debug)]
pub struct Api {
    /// In the order of the document.
    pub resources: Vec<Resource>,
    /// In the order of their names, by which they are searched.
    pub types: Vec<Type>,
    /// What all error responses have in common.
    pub errors: Errors,
}

impl Api {
    /// All operations, each with its resource.
    pub fn operations(&self) -> impl Iterator<Item = (&Resource, &Operation)> {
        self.resources
            .iter()
            .flat_map(|resource| resource.operations.iter().map(move |operation| (resource, operation)))
    }

    /// A type by name.
    pub fn ty(&self, name: &str) -> Option<&Type> {
        let at = self.types.binary_search_by(|ty| ty.name.as_str().cmp(name)).ok()?;
        self.types.get(at)
    }
}

/// What the client has a handle for.
#[derive(Debug)]
pub struct Resource {
    /// Its module, and the method of the client that returns the handle.
    pub name: String,
    /// What it is, in one sentence or more.
    pub doc: String,
    pub operations: Vec<Operation>,
}

/// An operation.
#[derive(Debug)]
pub struct Operation {
    /// Its `operationId`.
    pub id: String,
    /// The method of the handle.
    pub name: String,
    /// The HTTP method, in capitals.
    pub method: &'static str,
    /// The path, in which parameters are in braces.
    pub path: String,
    /// One line, without a full stop.
    pub summary: String,
    pub doc: String,
    pub page: DocumentationPage,
    /// In the order in which they are arguments.
    pub parameters: Vec<Parameter>,
    pub body: Option<Body>,
    /// The documented statuses of success.
    pub success: Vec<u16>,
    /// The property of the response that repeats the last parameter of the path, in JSON.
    pub response_id: Option<String>,
    /// What the success response has as its body. `None` if it has none.
    pub output: Option<Ty>,
    /// The media type of the success response if it is a text, and not JSON.
    pub response_type: Option<String>,
    /// The error responses that are documented for it alone.
    pub errors: Vec<ErrorResponse>,
    /// Whether performing it twice has the same result as performing it once.
    pub idempotent: bool,
    pub effect: Effect,
    pub pagination: Option<Pagination>,
}

impl Operation {
    /// What a call has to be given: the required parameters, then the body.
    pub fn inputs(&self) -> impl Iterator<Item = Input<'_>> {
        let required = self.parameters.iter().filter(|parameter| parameter.required);
        let parameters = required.map(|given| Input { name: &given.name, ty: &given.ty, example: &given.example });
        let body = self.body.iter();
        parameters.chain(body.map(|given| Input { name: "body", ty: &given.ty, example: &given.example }))
    }
}

/// What is known of an operation's effect, in sentences.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Effect {
    /// Whether it has none.
    pub safe: bool,
    /// What happens if it is performed again.
    pub repeat: String,
    /// For how many seconds the service recognises a repetition.
    pub deduplicated: Option<u64>,
    pub spends: Option<String>,
    pub irreversible: Option<String>,
    pub freezes: Option<String>,
}

/// Something that a call has to be given.
#[derive(Debug)]
pub struct Input<'a> {
    pub name: &'a str,
    pub ty: &'a Ty,
    pub example: &'a Value,
}

/// A page of the vendor's documentation.
#[derive(Debug)]
pub struct DocumentationPage {
    pub title: String,
    pub url: String,
}

/// A documented error response.
#[derive(Debug)]
pub struct ErrorResponse {
    pub status: u16,
    pub doc: String,
}

/// What all error responses have in common.
#[derive(Debug, Default)]
pub struct Errors {
    /// Those that every operation may respond with.
    pub common: Vec<ErrorResponse>,
    /// The form of their body. `None` if none is documented.
    pub body: Option<ErrorBody>,
}

/// The body of an error response, and where its parts are in it: each as the names that lead there.
#[derive(Debug)]
pub struct ErrorBody {
    pub ty: String,
    pub code: Vec<String>,
    pub title: Vec<String>,
    pub details: Vec<Vec<String>>,
}

/// A parameter in the path or the query.
#[derive(Debug)]
pub struct Parameter {
    /// Its name in the request.
    pub wire: String,
    /// In Rust.
    pub name: String,
    pub location: Location,
    /// Whether a list is sent once with commas between its items, instead of once for each.
    pub commas: bool,
    pub required: bool,
    pub ty: Ty,
    pub doc: String,
    pub example: Value,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    Path,
    Query,
}

/// The body of a request.
#[derive(Debug)]
pub struct Body {
    pub ty: Ty,
    /// Its media type if it is a text, and not JSON.
    pub content_type: Option<String>,
    pub example: Value,
}

/// How a list is read page by page.
#[derive(Debug)]
pub struct Pagination {
    /// The query parameter for what is read next.
    pub parameter: String,
    pub by: PagingBy,
    /// The type of a page.
    pub page: String,
}

/// What says which part of a list is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagingBy {
    /// The number of items to skip.
    Offset,
    /// The number of the page, from one.
    Page,
}

/// A type, which has a file of its own.
#[derive(Debug)]
pub struct Type {
    pub name: String,
    /// The resource whose operations alone use it. `None` if several do.
    pub resource: Option<String>,
    pub doc: String,
    /// Whether responses are made of it.
    pub received: bool,
    pub kind: TypeKind,
}

impl Type {
    /// How it is a page of a list, if it is one.
    pub fn page(&self) -> Option<&Page> {
        match &self.kind {
            TypeKind::Object(object) => object.page.as_ref(),
            _ => None,
        }
    }
}

#[derive(Debug)]
pub enum TypeKind {
    Object(Object),
    /// A text with a type of its own.
    Id {
        /// Whether it tells who somebody is.
        personal: bool,
        /// The other ids that it is made of.
        made_from: Vec<String>,
    },
    /// An integer that counts or measures something: `i64` or `u64`.
    Quantity(String),
    /// A point in time, as a string.
    DateTime,
    /// A text out of a list.
    Enum(Vec<EnumValue>),
    Union(Union),
}

/// A value of one of several types.
#[derive(Debug)]
pub struct Union {
    /// The property that tells the alternatives apart, in JSON. Without it, their forms do.
    pub tag: Option<String>,
    pub alternatives: Vec<Alternative>,
    /// Whether requests are made of it.
    pub sent: bool,
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
    /// The value of the tag, if there is one.
    pub tag: Option<String>,
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
    /// Whether it keeps what is not documented, since what is received is sent again.
    pub keeps_unknown: bool,
    /// How it is a page of a list, if it is one.
    pub page: Option<Page>,
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
    /// Whether the documentation says that it is always there and never null. The others are `Option`s.
    pub required: bool,
    /// Whether nothing is read without it: it tells an alternative of a union from the others.
    pub strict: bool,
    /// Whether the documentation says that it may be null.
    pub nullable: bool,
    /// Whether a request can leave it out, set it, and set it to null, and means three things by that.
    pub clearable: bool,
    /// Whether it is sent as null if it is not set, since a request has to have it. Other `Option`s are left out.
    pub null_if_unset: bool,
    pub deprecated: bool,
    pub read_only: bool,
    /// Whether it tells who somebody is, and its type does not hide it.
    pub personal: bool,
}

/// A function that makes a value to send.
#[derive(Debug)]
pub struct Constructor {
    pub name: String,
    pub doc: String,
    /// The fields that it takes, by their names in Rust, in the order of the fields.
    pub takes: Vec<String>,
    /// The fields that it sets, by their names in Rust, with the values in JSON.
    pub sets: Vec<(String, Value)>,
}

impl Constructor {
    /// The value that a field is set to.
    pub fn sets(&self, field: &Field) -> Option<&Value> {
        self.sets.iter().find(|(name, _)| *name == field.name).map(|(_, value)| value)
    }
}

impl Object {
    /// Whether a field has a setter: no constructor takes it.
    pub fn has_setter(&self, field: &Field) -> bool {
        let used = |made: &Constructor| made.takes.contains(&field.name) || made.sets(field).is_some();
        !self.constructors.is_empty() && !field.required && !self.constructors.iter().any(used)
    }
}

/// Where things are in a page of a list, in the names of the fields in Rust.
#[derive(Debug)]
pub struct Page {
    /// The type of the items.
    pub item: String,
    /// The field with the items, and whether it is an `Option`.
    pub items: (String, bool),
    /// The field of an item that tells it from others, and whether it is an `Option`.
    pub key: (String, bool),
    /// The fields that lead to the URL of the next page. Empty if the service does not say whether there is one.
    pub next: Vec<String>,
}

/// A Rust type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ty {
    Text,
    Bool,
    /// `i64` and the like.
    Number(String),
    /// An amount of money: a type of the runtime, and the number that it is in JSON.
    Money(&'static str, String),
    /// Any JSON.
    Json,
    /// A type of the model.
    Named(String),
    List(Box<Ty>),
    /// By a string.
    Map(Box<Ty>),
}
