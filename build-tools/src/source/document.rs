//! The part of OpenAPI 3.0 that may be written, as types. What is not here is reported with its place, so that nothing
//! can be written that would be dropped without a word.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::grammar::{Kept, Map, Read, grammar, mismatch};
use super::node::{Data, Node, Spanned};
use crate::diagnostic::Diagnostic;
use crate::names;

grammar! {
    /// The document.
    struct Document {
        openapi: Spanned<String>,
        info: Info,
        servers: Spanned<Vec<Server>>,
        /// Where the API is documented. The pages of its operations are on the same host.
        external_docs: Option<ExternalDocs>,
        tags: Vec<Tag>,
        security: Spanned<Vec<Map<Vec<String>>>>,
        /// What every operation may respond with, in addition to what it lists itself.
        common_responses = "x-common-responses": Map<Response>,
        paths: Kept<Map<PathItem>>,
        /// What the service sends to URLs of its users. OpenAPI 3.0 has no key for it; other tools read this one.
        webhooks = "x-webhooks": Map<Webhook>,
        components: Spanned<Components>,
    }

    /// Title, version and description of the document.
    struct Info {
        title: String,
        version: String,
        description: String,
        contact: Option<Contact>,
        license: License,
    }

    /// The contact for the document.
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
        name: Spanned<String>,
        description: Spanned<String>,
    }

    /// The operations on one path.
    struct PathItem {
        parameters: Vec<Spanned<Parameter>>,
        get: Kept<Option<Spanned<Operation>>>,
        post: Kept<Option<Spanned<Operation>>>,
        put: Kept<Option<Spanned<Operation>>>,
        patch: Kept<Option<Spanned<Operation>>>,
        delete: Kept<Option<Spanned<Operation>>>,
    }

    /// An operation.
    struct Operation {
        operation_id: Option<Spanned<String>>,
        tags: Vec<Spanned<String>>,
        summary: Option<Spanned<String>>,
        description: Option<Spanned<String>>,
        external_docs: Option<ExternalDocs>,
        parameters: Vec<Spanned<Parameter>>,
        request_body: Option<Spanned<RequestBody>>,
        responses: Map<Response>,
        pagination = "x-pagination": Option<Pagination>,
        idempotent = "x-idempotent": Option<Spanned<bool>>,
        effect = "x-effect": Option<Spanned<Effect>>,
    }

    /// A request that the service sends.
    struct Webhook {
        post: Spanned<Delivery>,
    }

    /// What is in it, and what the service expects in return.
    struct Delivery {
        tags: Vec<Spanned<String>>,
        summary: Spanned<String>,
        description: Spanned<String>,
        external_docs: ExternalDocs,
        request_body: Spanned<RequestBody>,
        responses: Map<Acknowledgement>,
    }

    /// A status that a receiver responds with.
    struct Acknowledgement {
        description: Spanned<String>,
    }

    /// What is known of an operation's effect, in sentences.
    struct Effect {
        /// Whether it has none.
        safe: Option<Spanned<bool>>,
        /// What happens if it is performed again.
        repeat: Option<Spanned<String>>,
        /// For how many seconds the service recognises a repetition.
        deduplicated: Option<Spanned<Value>>,
        spends: Option<Spanned<String>>,
        irreversible: Option<Spanned<String>>,
        freezes: Option<Spanned<String>>,
    }

    /// How a list is read page by page.
    struct Pagination {
        offset: Option<Spanned<String>>,
        page: Option<Spanned<String>>,
        items: Spanned<String>,
        key: Spanned<String>,
        next: Option<Spanned<String>>,
    }

    /// The page that an operation is documented on.
    struct ExternalDocs {
        description: Spanned<String>,
        url: Spanned<String>,
    }

    /// A parameter in the path or the query.
    struct Parameter {
        reference = "$ref": Option<Spanned<String>>,
        name: Option<Spanned<String>>,
        location = "in": Option<Spanned<String>>,
        required: bool,
        description: Option<Spanned<String>>,
        /// How a list or an object is written in the query.
        style: Option<Spanned<String>>,
        explode: Option<Spanned<bool>>,
        schema: Option<Box<Spanned<Schema>>>,
        example: Option<Spanned<Value>>,
    }

    /// The body of a request.
    struct RequestBody {
        description: Option<Spanned<String>>,
        required: bool,
        content: Map<Spanned<MediaType>>,
    }

    /// The response with one status.
    struct Response {
        reference = "$ref": Option<Spanned<String>>,
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
        parameters: Kept<Map<Spanned<Parameter>>>,
        responses: Kept<Map<Response>>,
        schemas: Kept<Map<Spanned<Schema>>>,
    }

    /// How a request is authenticated.
    struct SecurityScheme {
        kind = "type": String,
        location = "in": String,
        name: String,
        description: String,
    }

    /// A schema.
    struct Schema {
        reference = "$ref": Option<Spanned<String>>,
        title: Option<String>,
        description: Option<Spanned<String>>,
        kind = "type": Option<Spanned<Kind>>,
        format: Option<Spanned<String>>,
        nullable: bool,
        minimum: Option<Spanned<Value>>,
        read_only: bool,
        deprecated: bool,
        values = "enum": Option<Spanned<Values>>,
        value_names = "x-enum-names": Map<Spanned<String>>,
        value_descriptions = "x-enum-descriptions": Map<Spanned<String>>,
        items: Option<Box<Spanned<Schema>>>,
        properties: Map<Spanned<Schema>>,
        required: Vec<Spanned<String>>,
        additional_properties: Option<Box<Spanned<Schema>>>,
        all_of: Vec<Spanned<Schema>>,
        any_of: Vec<Spanned<Schema>>,
        one_of: Vec<Spanned<Schema>>,
        discriminator: Option<Spanned<Discriminator>>,
        constructors = "x-constructors": Vec<Spanned<GivenConstructor>>,
        personal_data = "x-personal-data": Option<Spanned<bool>>,
        made_from = "x-made-from": Vec<Spanned<String>>,
        money = "x-money": Option<Spanned<Unit>>,
        error_body = "x-error-body": Option<Spanned<ErrorBody>>,
        example: Option<Spanned<Value>>,
    }

    /// The property that tells the alternatives of a `oneOf` apart, and the alternative for each of its values.
    struct Discriminator {
        property_name: Spanned<String>,
        mapping: Map<Spanned<String>>,
    }

    /// Where the service's own words are in the body of an error response: the names that lead there, with dots
    /// between.
    struct ErrorBody {
        code: Spanned<String>,
        title: Spanned<String>,
        details: Vec<Spanned<String>>,
    }

    /// A constructor: the optional properties that it takes beside the required ones, and the values of those that it sets.
    struct GivenConstructor {
        name: Spanned<String>,
        takes: Vec<Spanned<String>>,
        sets: Map<Spanned<Value>>,
    }
}

/// The values of an enum.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// Those that are texts.
    pub texts: Vec<Spanned<String>>,
    /// Whether null is among them.
    pub null: bool,
}

impl Read for Values {
    fn read(node: &Node, found: &mut Vec<Diagnostic>) -> Option<Self> {
        let Data::List(items) = &node.value else { return mismatch(node, "a list", found) };
        let mut values = Self::default();
        for item in items {
            match &item.value {
                Data::Null => values.null = true,
                Data::Text(text) => values.texts.push(Spanned { value: text.clone(), place: item.place }),
                _ => return mismatch(item, "a string", found),
            }
        }
        Some(values)
    }
}

/// The type of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are OpenAPI's")]
pub enum Kind {
    String,
    Integer,
    Number,
    Boolean,
    Array,
    Object,
}

impl Kind {
    const ALL: [Self; 6] = [Self::String, Self::Integer, Self::Number, Self::Boolean, Self::Array, Self::Object];

    /// The word in OpenAPI.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

impl Read for Kind {
    fn read(node: &Node, found: &mut Vec<Diagnostic>) -> Option<Self> {
        let known = Self::ALL.into_iter().find(|kind| matches!(&node.value, Data::Text(text) if text == kind.as_str()));
        let words = Self::ALL.map(Self::as_str).join("`, `");
        known.or_else(|| mismatch(node, &format!("one of `{words}`"), found))
    }
}

/// The unit of an amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Pence, cents.
    Minor,
    /// Pounds, dollars.
    Major,
}

impl Read for Unit {
    fn read(node: &Node, found: &mut Vec<Diagnostic>) -> Option<Self> {
        match &node.value {
            Data::Text(text) if text == "minor" => Some(Self::Minor),
            Data::Text(text) if text == "major" => Some(Self::Major),
            _ => mismatch(node, "one of `minor`, `major`", found),
        }
    }
}

/// The media type of bodies that are JSON.
pub const JSON: &str = "application/json";

/// The media types of bodies that are texts: rows, lines of JSON, and prose.
pub const TEXTS: [&str; 3] = ["text/csv", "text/plain", "application/x-ndjson"];

/// Where the component schemas are.
const SCHEMAS: &str = "#/components/schemas/";

/// What HTTP says of a method (RFC 9110, section 9.2.2).
pub fn idempotent_by_method(method: &str) -> bool {
    matches!(method, "GET" | "PUT" | "DELETE")
}

/// A path without the names of its parameters, which are not part of a request.
pub fn without_names(path: &str) -> String {
    let segments = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    segments.collect::<Vec<_>>().join("/")
}

/// An operation with its path, the item of its path, and its method in capitals.
#[derive(Clone, Copy)]
pub struct Endpoint<'a> {
    document: &'a Document,
    pub path: &'a Spanned<String>,
    pub item: &'a PathItem,
    pub method: &'static str,
    pub operation: &'a Spanned<Operation>,
}

impl PathItem {
    fn operations(&self) -> impl Iterator<Item = (&'static str, &Spanned<Operation>)> {
        [("GET", &self.get), ("POST", &self.post), ("PUT", &self.put), ("PATCH", &self.patch), ("DELETE", &self.delete)]
            .into_iter()
            .filter_map(|(method, operation)| Some((method, operation.as_ref()?)))
    }
}

impl<'a> Endpoint<'a> {
    /// The parameters, those that all operations of the path share first.
    pub fn parameters(&self) -> impl Iterator<Item = &'a Spanned<Parameter>> + use<'a> {
        self.item.parameters.iter().chain(&self.operation.parameters)
    }

    /// The schemas of its request's parameters and body.
    fn sent(&self) -> impl Iterator<Item = &'a Schema> + use<'a> {
        let document = self.document;
        let parameters = self.parameters().filter_map(|given| document.parameter(given)?.schema.as_deref());
        let media = self.operation.value.request_body.iter().flat_map(|body| body.content.iter());
        parameters.chain(media.filter_map(|(_, media)| media.schema.as_deref())).map(|schema| &schema.value)
    }

    /// Its `operationId`; empty if it has none, which a rule reports.
    pub fn id(&self) -> &'a str {
        text(self.operation.operation_id.as_ref())
    }

    /// Whether it only reads.
    pub fn is_safe(&self) -> bool {
        let given = self.operation.effect.as_ref().and_then(|effect| effect.value.safe.as_ref());
        self.method == "GET" || given.is_some_and(|safe| safe.value)
    }

    /// Whether doing it twice is the same as doing it once: what HTTP says of the method, unless `x-idempotent` says
    /// otherwise.
    pub fn is_idempotent(&self) -> bool {
        let by_method = || idempotent_by_method(self.method) || self.is_safe();
        self.operation.idempotent.as_ref().map_or_else(by_method, |given| given.value)
    }

    /// The documented success responses. If there are several, none has a body.
    pub fn successes(&self) -> impl Iterator<Item = (&'a Spanned<String>, &'a Response)> + use<'a> {
        self.operation.value.responses.iter().filter(|(status, _)| status.starts_with('2'))
    }

    /// The first of them.
    pub fn success(&self) -> Option<(&'a Spanned<String>, &'a Response)> {
        self.successes().next()
    }

    /// All its responses: those that it lists itself, and the common ones for other statuses.
    pub fn responses(&self) -> impl Iterator<Item = (&'a Spanned<String>, &'a Response)> + use<'a> {
        let own = &self.operation.value.responses;
        let common = self.document.common_responses.iter().filter(|(status, _)| own.get(status).is_none());
        own.iter().chain(common)
    }
}

/// A text, or nothing.
pub fn text(text: Option<&Spanned<String>>) -> &str {
    text.map_or("", |text| text.value.as_str())
}

/// A text for people, or nothing.
pub fn prose(given: Option<&Spanned<String>>) -> String {
    text(given).trim().to_owned()
}

impl Effect {
    /// For how many seconds the service recognises a repetition.
    pub fn window(&self) -> Option<u64> {
        self.deduplicated.as_ref()?.as_u64()
    }

    /// Its sentences.
    pub fn texts(&self) -> impl Iterator<Item = &Spanned<String>> {
        [&self.repeat, &self.spends, &self.irreversible, &self.freezes].into_iter().flatten()
    }
}

impl Schema {
    /// Whether nothing is said of the value: it is any JSON.
    pub fn is_any(&self) -> bool {
        let inside = [&self.items, &self.additional_properties];
        self.kind.is_none()
            && self.reference.is_none()
            && self.values.is_none()
            && self.properties.is_empty()
            && inside.iter().all(|inside| inside.is_none())
            && [&self.all_of, &self.any_of, &self.one_of].iter().all(|parts| parts.is_empty())
    }

    /// Whether null is the only value that fits.
    pub fn is_null(&self) -> bool {
        self.nullable && self.values.as_ref().is_some_and(|values| values.null && values.texts.is_empty())
    }

    /// Whether null fits.
    pub fn is_nullable(&self) -> bool {
        self.nullable || self.any_of.iter().any(|part| part.is_null())
    }

    /// Whether it is a boolean that is written as a string.
    pub fn is_flag(&self) -> bool {
        let texts: Vec<_> = self.texts().iter().map(|text| text.as_str()).collect();
        matches!(texts[..], ["true", "false"] | ["false", "true"])
    }

    /// The values of an enum of texts.
    pub fn texts(&self) -> &[Spanned<String>] {
        self.values.as_ref().map_or(&[], |values| &values.texts)
    }

    /// The variant of one of the values.
    pub fn variant(&self, value: &str) -> String {
        self.value_names.get(value).map_or_else(|| names::variant(value), |name| name.value.clone())
    }

    pub fn kind(&self) -> Option<Kind> {
        self.kind.as_ref().map(|kind| kind.value)
    }

    /// The name of the component that a `$ref`, an `allOf` around one, or an `anyOf` of one and null refers to.
    pub fn target(&self) -> Option<&str> {
        let wrapped = self.all_of.first().or_else(|| self.any_of.first());
        let reference = self.reference.as_ref().or_else(|| wrapped?.reference.as_ref())?;
        reference.strip_prefix(SCHEMAS)
    }

    /// Whether a property of the schema is listed as required.
    pub fn requires(&self, property: &str) -> bool {
        self.required.iter().any(|required| required.value == property)
    }

    /// The value of the discriminator that stands for a component.
    pub fn tag_of(&self, component: &str) -> Option<&Spanned<String>> {
        let mapping = &self.discriminator.as_ref()?.mapping;
        let is_of = |target: &str| target.strip_prefix(SCHEMAS) == Some(component);
        mapping.iter().find(|(_, target)| is_of(target)).map(|(value, _)| value)
    }

    /// The schemas that are written inside this one, but for those of a wrapped reference.
    pub fn children(&self) -> impl Iterator<Item = &Spanned<Schema>> {
        let inside = self.items.iter().chain(&self.additional_properties).map(|item| &**item);
        self.single().chain(inside)
    }

    /// Those without the items of a list and the values of a map, of which there may be none.
    fn single(&self) -> impl Iterator<Item = &Spanned<Schema>> {
        self.properties.iter().map(|(_, property)| property).chain(&self.one_of)
    }
}

impl Document {
    /// All operations in the order of the document.
    pub fn endpoints(&self) -> impl Iterator<Item = Endpoint<'_>> {
        self.paths.iter().flat_map(move |(path, item)| {
            item.operations().map(move |(method, operation)| Endpoint { document: self, path, item, method, operation })
        })
    }

    /// What the service sends to URLs of its users.
    pub fn deliveries(&self) -> impl Iterator<Item = &Spanned<Delivery>> {
        self.webhooks.iter().map(|(_, webhook)| &webhook.post)
    }

    /// The bodies of requests: of those that are sent to the service, and then of those that it sends.
    pub fn request_bodies(&self) -> impl Iterator<Item = &Spanned<RequestBody>> {
        let operations = self.endpoints().filter_map(|endpoint| endpoint.operation.value.request_body.as_ref());
        operations.chain(self.deliveries().map(|delivery| &delivery.value.request_body))
    }

    /// The responses that operations list, and the common ones: each with its status, and not resolved.
    pub fn listed_responses(&self) -> impl Iterator<Item = (&Spanned<String>, &Response)> {
        let own = self.endpoints().flat_map(|endpoint| endpoint.operation.value.responses.iter());
        own.chain(self.common_responses.iter())
    }

    /// The same, and the component responses with their names.
    pub fn written_responses(&self) -> impl Iterator<Item = (&Spanned<String>, &Response)> {
        self.listed_responses().chain(self.components.responses.iter())
    }

    /// The component schemas, which become types.
    pub fn schemas(&self) -> impl Iterator<Item = (&Spanned<String>, &Schema)> {
        self.components.schemas.iter().map(|(name, schema)| (name, &schema.value))
    }

    /// The components that are alternatives of a union, each with the union.
    pub fn alternatives(&self) -> BTreeMap<&str, &Schema> {
        let unions = self.schemas().map(|(_, schema)| schema);
        unions.flat_map(|union| union.one_of.iter().filter_map(move |part| Some((part.target()?, union)))).collect()
    }

    /// The names of the schemas that requests are made of.
    pub fn sent(&self) -> BTreeSet<&str> {
        self.reachable(self.endpoints().flat_map(|endpoint| endpoint.sent()).collect())
    }

    /// The names of the schemas that PATCH requests are made of: what they leave out stays as it is.
    pub fn patched(&self) -> BTreeSet<&str> {
        let patches = self.endpoints().filter(|endpoint| endpoint.method == "PATCH");
        self.reachable(patches.flat_map(|endpoint| endpoint.sent()).collect())
    }

    /// The names of the schemas that responses are made of, and what the service sends by itself.
    pub fn received(&self) -> BTreeSet<&str> {
        let responses = self.listed_responses().filter_map(|(_, response)| self.response(response)?.schema());
        self.reachable(responses.chain(self.deliveries().flat_map(|delivery| delivery.schemas())).collect())
    }

    /// The names of the schemas that an operation uses, the common responses aside.
    pub fn used_by<'a>(&'a self, endpoint: &Endpoint<'a>) -> BTreeSet<&'a str> {
        let responses = endpoint.operation.value.responses.iter();
        let responses = responses.filter_map(|(_, response)| self.response(response)?.schema());
        self.reachable(endpoint.sent().chain(responses).collect())
    }

    /// The names of the schemas that the service sends with a delivery.
    pub fn delivered_by<'a>(&'a self, delivery: &'a Delivery) -> BTreeSet<&'a str> {
        self.reachable(delivery.schemas().collect())
    }

    /// The names of the schemas that a schema contains, at any depth.
    pub fn leads_to<'a>(&'a self, schema: &'a Schema) -> BTreeSet<&'a str> {
        self.reachable(vec![schema])
    }

    /// The same, with neither a list nor a map between.
    pub fn holds<'a>(&'a self, schema: &'a Schema) -> BTreeSet<&'a str> {
        self.follow(vec![schema], Schema::single)
    }

    /// The names of the schemas that the given ones lead to.
    fn reachable<'a>(&'a self, open: Vec<&'a Schema>) -> BTreeSet<&'a str> {
        self.follow(open, Schema::children)
    }

    /// The names of the schemas that the given ones lead to, through these parts of each.
    fn follow<'a, I: Iterator<Item = &'a Spanned<Schema>>>(
        &'a self,
        mut open: Vec<&'a Schema>,
        parts: impl Fn(&'a Schema) -> I,
    ) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        while let Some(schema) = open.pop() {
            if let Some(name) = schema.target() {
                if found.insert(name) {
                    open.extend(self.resolve(schema));
                }
            } else {
                open.extend(parts(schema).map(|part| &part.value));
            }
        }
        found
    }

    /// The name of an alternative of a union: its title, or that of the component that it refers to, or its name.
    pub fn variant<'a>(&'a self, part: &'a Schema) -> &'a str {
        let name = part.target();
        let title = match name.and_then(|name| self.schema(name)) {
            Some(component) => component.title.as_deref(),
            None => part.title.as_deref(),
        };
        title.or(name).unwrap_or_default()
    }

    /// The schema that a `$ref` leads to, directly or wrapped; a plain schema is itself.
    pub fn resolve<'a>(&'a self, schema: &'a Schema) -> Option<&'a Schema> {
        match schema.target() {
            Some(name) => self.schema(name),
            None if schema.reference.is_some() => None,
            None => Some(schema),
        }
    }

    /// A component schema.
    pub fn schema(&self, name: &str) -> Option<&Schema> {
        self.components.schemas.get(name).map(|spanned| &spanned.value)
    }

    /// A response, resolved.
    pub fn response<'a>(&'a self, response: &'a Response) -> Option<&'a Response> {
        match &response.reference {
            Some(reference) => self.components.responses.get(reference.strip_prefix("#/components/responses/")?),
            None => Some(response),
        }
    }

    /// A parameter, resolved.
    pub fn parameter<'a>(&'a self, parameter: &'a Parameter) -> Option<&'a Parameter> {
        match &parameter.reference {
            Some(reference) => {
                let name = reference.strip_prefix("#/components/parameters/")?;
                self.components.parameters.get(name).map(|spanned| &spanned.value)
            }
            None => Some(parameter),
        }
    }
}

impl Parameter {
    /// Whether a list is one parameter with commas between its items, instead of a parameter for each item.
    pub fn has_commas(&self) -> bool {
        self.explode.as_ref().is_some_and(|explode| !explode.value)
    }
}

impl Response {
    /// The schema of its body, if it has one.
    pub fn schema(&self) -> Option<&Schema> {
        let (_, media) = self.content.as_ref()?.iter().next()?;
        media.schema.as_ref().map(|schema| &schema.value)
    }

    /// The media type of its body, if that is a text.
    pub fn text_type(&self) -> Option<&str> {
        text_type(self.content.as_ref()?)
    }
}

impl Delivery {
    /// The schema of its body.
    fn schemas(&self) -> impl Iterator<Item = &Schema> {
        self.request_body.content.iter().filter_map(|(_, media)| media.schema.as_ref().map(|schema| &schema.value))
    }
}

impl RequestBody {
    /// Its media type, if it is a text.
    pub fn text_type(&self) -> Option<&str> {
        text_type(&self.content)
    }
}

/// The media type of a body, if that is a text.
fn text_type(content: &Map<Spanned<MediaType>>) -> Option<&str> {
    content.iter().map(|(name, _)| name.as_str()).find(|name| TEXTS.contains(name))
}
