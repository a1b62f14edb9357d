//! The part of OpenAPI 3.0 that a fragment may use, as types. What is not here is refused with its place, so that
//! nothing can be written that the generator would drop without a word. Knows the grammar, not the rules.

use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_saphyr::Spanned;

/// A mapping in document order whose keys know their place.
#[derive(Debug)]
pub struct Map<T>(pub Vec<(Spanned<String>, T)>);

impl<T> Map<T> {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&T> {
        self.iter().find(|(name, _)| name.value == key).map(|(_, value)| value)
    }

    /// The entries in document order.
    pub fn iter(&self) -> impl Iterator<Item = (&Spanned<String>, &T)> {
        self.0.iter().map(|(key, value)| (key, value))
    }
}

impl<T> Default for Map<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Map<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = Map<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a mapping")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Map<T>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = access.next_entry()? {
                    entries.push(entry);
                }
                Ok(Map(entries))
            }
        }
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

/// The name of the schema that only null fits. A property that refers to another schema is nullable by `anyOf` of the two:
/// in OpenAPI 3.0 `nullable` has no effect without `type` beside it.
pub const NOTHING: &str = "Nothing";

/// The values of an enum but null. An enum without values would be taken for none.
fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Spanned<String>>, D::Error> {
    let values = Vec::<Spanned<Option<String>>>::deserialize(deserializer)?;
    if values.is_empty() {
        return Err(serde::de::Error::custom("the list of an enum's values is empty"));
    }
    let texts = values
        .into_iter()
        .filter_map(|Spanned { value, referenced, defined }| value.map(|value| Spanned { value, referenced, defined }));
    Ok(texts.collect())
}

/// Declares structs that refuse unknown keys and read OpenAPI's camelCase.
macro_rules! grammar {
    ($($(#[$meta:meta])* struct $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$meta])*
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "camelCase")]
        #[allow(missing_docs, clippy::struct_field_names, reason = "the keys are OpenAPI's")]
        pub struct $name {
            $($(#[$field_meta])* pub $field: $type,)*
        }
    )*};
}

grammar! {
    /// The document.
    struct Document {
        openapi: Spanned<String>,
        info: Info,
        servers: Vec<Server>,
        #[serde(default)]
        tags: Vec<Tag>,
        security: Spanned<Vec<Map<Vec<String>>>>,
        paths: Map<PathItem>,
        components: Components,
    }

    /// Title, version and description of the document.
    struct Info {
        title: String,
        version: String,
        description: String,
        contact: Option<Contact>,
        license: License,
    }

    /// Who answers for the document.
    struct Contact {
        name: String,
    }

    /// The licence of the document.
    struct License {
        name: String,
        url: String,
    }

    /// A base URL of the service.
    struct Server {
        url: String,
        description: String,
    }

    /// A group of operations.
    struct Tag {
        name: String,
        description: String,
    }

    /// The operations on one path.
    struct PathItem {
        #[serde(default)]
        parameters: Vec<Spanned<Parameter>>,
        get: Option<Spanned<Operation>>,
        post: Option<Spanned<Operation>>,
        put: Option<Spanned<Operation>>,
        patch: Option<Spanned<Operation>>,
        delete: Option<Spanned<Operation>>,
    }

    /// An operation.
    struct Operation {
        operation_id: Option<Spanned<String>>,
        #[serde(default)]
        tags: Vec<Spanned<String>>,
        summary: Option<Spanned<String>>,
        description: Option<Spanned<String>>,
        external_docs: Option<ExternalDocs>,
        #[serde(default)]
        parameters: Vec<Spanned<Parameter>>,
        request_body: Option<Spanned<RequestBody>>,
        #[serde(default)]
        responses: Map<Response>,
        #[serde(rename = "x-pagination")]
        pagination: Option<Pagination>,
        #[serde(rename = "x-idempotent")]
        idempotent: Option<Spanned<bool>>,
    }

    /// How a list is read page by page.
    struct Pagination {
        offset: Spanned<String>,
        items: Spanned<String>,
        key: Spanned<String>,
        next: Spanned<String>,
    }

    /// The page that an operation is documented on.
    struct ExternalDocs {
        description: String,
        url: Spanned<String>,
    }

    /// A parameter in the path or the query.
    struct Parameter {
        #[serde(rename = "$ref")]
        reference: Option<Spanned<String>>,
        name: Option<Spanned<String>>,
        #[serde(rename = "in")]
        place: Option<Spanned<String>>,
        #[serde(default)]
        required: bool,
        description: Option<Spanned<String>>,
        schema: Option<Box<Spanned<Schema>>>,
        example: Option<Spanned<Value>>,
    }

    /// The body of a request.
    struct RequestBody {
        description: Option<Spanned<String>>,
        #[serde(default)]
        required: bool,
        content: Map<Spanned<MediaType>>,
    }

    /// The answer for one status.
    struct Response {
        #[serde(rename = "$ref")]
        reference: Option<Spanned<String>>,
        description: Option<Spanned<String>>,
        content: Option<Map<Spanned<MediaType>>>,
    }

    /// The schema and example of a body.
    struct MediaType {
        schema: Option<Box<Spanned<Schema>>>,
        example: Option<Spanned<Value>>,
    }

    /// What is referred to with `$ref`.
    struct Components {
        security_schemes: Map<Spanned<SecurityScheme>>,
        #[serde(default)]
        parameters: Map<Spanned<Parameter>>,
        #[serde(default)]
        responses: Map<Response>,
        schemas: Map<Spanned<Schema>>,
    }

    /// How a request is authenticated.
    struct SecurityScheme {
        #[serde(rename = "type")]
        kind: String,
        #[serde(rename = "in")]
        place: String,
        name: String,
        description: String,
    }

    /// A schema.
    struct Schema {
        #[serde(rename = "$ref")]
        reference: Option<Spanned<String>>,
        title: Option<String>,
        description: Option<Spanned<String>>,
        #[serde(rename = "type")]
        kind: Option<Spanned<Kind>>,
        format: Option<Spanned<String>>,
        #[serde(default)]
        nullable: bool,
        #[serde(default)]
        read_only: bool,
        #[serde(default)]
        deprecated: bool,
        /// The values of an enum, without null.
        #[serde(rename = "enum", default, deserialize_with = "texts")]
        variants: Vec<Spanned<String>>,
        #[serde(rename = "x-enum-descriptions", default)]
        variant_descriptions: Map<String>,
        items: Option<Box<Spanned<Schema>>>,
        #[serde(default)]
        properties: Map<Spanned<Schema>>,
        #[serde(default)]
        required: Vec<Spanned<String>>,
        additional_properties: Option<Box<Spanned<Schema>>>,
        #[serde(default)]
        all_of: Vec<Spanned<Schema>>,
        #[serde(default)]
        any_of: Vec<Spanned<Schema>>,
        #[serde(default)]
        one_of: Vec<Spanned<Schema>>,
        #[serde(rename = "x-exactly-one-of", default)]
        exactly_one_of: Vec<Alternative>,
        #[serde(rename = "x-constructor-takes", default)]
        constructor_takes: Vec<Spanned<String>>,
        #[serde(rename = "x-personal-data")]
        personal_data: Option<Spanned<bool>>,
        example: Option<Spanned<Value>>,
    }

    /// One of the properties of which a request needs exactly one, and the constructor that takes it.
    struct Alternative {
        property: Spanned<String>,
        constructor: Spanned<String>,
    }
}

/// The type of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names are OpenAPI's")]
pub enum Kind {
    String,
    Integer,
    Number,
    Boolean,
    Array,
    Object,
}

impl PathItem {
    /// The parameters of an operation on this path, those that all its operations share first.
    pub fn parameters_of<'a>(&'a self, operation: &'a Operation) -> impl Iterator<Item = &'a Spanned<Parameter>> {
        self.parameters.iter().chain(&operation.parameters)
    }

    /// The operations with their methods in capitals.
    pub fn operations(&self) -> impl Iterator<Item = (&'static str, &Spanned<Operation>)> {
        [("GET", &self.get), ("POST", &self.post), ("PUT", &self.put), ("PATCH", &self.patch), ("DELETE", &self.delete)]
            .into_iter()
            .filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
    }
}

impl Schema {
    /// Whether null fits.
    pub fn is_nullable(&self) -> bool {
        self.nullable || self.any_of.iter().any(|part| Document::target_name(&part.value) == Some(NOTHING))
    }
}

impl Operation {
    /// Its `operationId`; empty if it has none, which the rules refuse.
    pub fn id(&self) -> &str {
        self.operation_id.as_ref().map_or("", |id| &id.value)
    }

    /// Whether doing it twice is the same as doing it once: what HTTP says of the method, unless `x-idempotent` says
    /// otherwise.
    pub fn is_idempotent(&self, method: &str) -> bool {
        self.idempotent.as_ref().map_or(idempotent_by_method(method), |given| given.value)
    }

    /// The documented error responses with their statuses.
    pub fn refusals(&self) -> impl Iterator<Item = (&Spanned<String>, &Response)> {
        self.responses.iter().filter(|(status, _)| status.value.starts_with('4'))
    }
}

/// What HTTP says of a method (RFC 9110, section 9.2.2).
pub fn idempotent_by_method(method: &str) -> bool {
    matches!(method, "GET" | "PUT" | "DELETE")
}

impl Document {
    /// All operations: path, path item, method in capitals, operation.
    pub fn operations(&self) -> impl Iterator<Item = (&Spanned<String>, &PathItem, &'static str, &Spanned<Operation>)> {
        self.paths
            .iter()
            .flat_map(|(path, item)| item.operations().map(move |(method, operation)| (path, item, method, operation)))
    }

    /// The names of the schemas that requests are made of.
    pub fn sent(&self) -> BTreeSet<&str> {
        let bodies = self.operations().filter_map(|(_, _, _, operation)| operation.value.request_body.as_ref());
        let media =
            bodies.flat_map(|body| body.value.content.iter()).filter_map(|(_, media)| media.value.schema.as_ref());
        self.reachable(media.map(|schema| &schema.value).collect())
    }

    /// The names of the schemas that answers are made of.
    pub fn received(&self) -> BTreeSet<&str> {
        let responses = self.operations().flat_map(|(_, _, _, operation)| operation.value.responses.iter());
        self.reachable(responses.filter_map(|(_, response)| self.response(response)?.schema()).collect())
    }

    /// The names of the schemas that a schema contains, at any depth.
    pub fn leads_to<'a>(&'a self, schema: &'a Schema) -> BTreeSet<&'a str> {
        self.reachable(vec![schema])
    }

    /// The names of the schemas that the given ones lead to.
    fn reachable<'a>(&'a self, mut open: Vec<&'a Schema>) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        while let Some(schema) = open.pop() {
            if let Some(name) = Self::target_name(schema) {
                if found.insert(name) {
                    open.extend(self.resolve(schema));
                }
            } else {
                open.extend(schema.properties.iter().map(|(_, property)| &property.value));
                open.extend(schema.items.iter().chain(&schema.additional_properties).map(|item| &item.value));
                open.extend(schema.one_of.iter().map(|part| &part.value));
            }
        }
        found
    }

    /// The schema that a `$ref` leads to, directly or through an `allOf` that wraps it; a plain schema is itself.
    pub fn resolve<'a>(&'a self, schema: &'a Schema) -> Option<&'a Schema> {
        match Self::target_name(schema) {
            Some(name) => self.components.schemas.get(name).map(|spanned| &spanned.value),
            None if schema.reference.is_some() => None,
            None => Some(schema),
        }
    }

    /// The name of the component that a `$ref`, an `allOf` around one, or an `anyOf` of one and nothing refers to.
    pub fn target_name(schema: &Schema) -> Option<&str> {
        let wrapped = schema.all_of.first().or_else(|| schema.any_of.first());
        let reference = schema.reference.as_ref().or_else(|| wrapped?.value.reference.as_ref())?;
        reference.value.strip_prefix("#/components/schemas/")
    }

    /// A response, resolved.
    pub fn response<'a>(&'a self, response: &'a Response) -> Option<&'a Response> {
        match &response.reference {
            Some(reference) => self.components.responses.get(reference.value.strip_prefix("#/components/responses/")?),
            None => Some(response),
        }
    }

    /// A parameter, resolved.
    pub fn parameter<'a>(&'a self, parameter: &'a Parameter) -> Option<&'a Parameter> {
        match &parameter.reference {
            Some(reference) => {
                let name = reference.value.strip_prefix("#/components/parameters/")?;
                self.components.parameters.get(name).map(|spanned| &spanned.value)
            }
            None => Some(parameter),
        }
    }
}

impl Response {
    /// The schema of its JSON body, if it has one.
    pub fn schema(&self) -> Option<&Schema> {
        let media = self.content.as_ref()?.get("application/json")?;
        media.value.schema.as_ref().map(|schema| &schema.value)
    }
}
