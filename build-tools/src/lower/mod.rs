//! From the document to the model: what the documentation says of each operation and type, and which Rust types progenitor
//! makes of them. `openapi` gives the document to progenitor, and `progenitor` reads what it decides.

mod openapi;
mod progenitor;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::model::{
    Alternative, Api, Body, Constructor, EnumValue, Field, Location, Object, Operation, Page, Pagination, Parameter,
    Ty, Type, TypeKind,
};
use crate::source::document::{self, Document, Endpoint, Response, Schema, text};
use crate::source::node::Spanned;
use progenitor::{Decisions, Shape};

/// Lowers the document.
///
/// # Errors
///
/// When progenitor cannot use the document, or decides what is not known here.
pub fn lower(document: &Document) -> Result<Api, Diagnostic> {
    let spec = openapi::openapi(document)?;
    let decisions = progenitor::decisions(&spec)?;
    let (sent, received) = (document.sent(), document.received());
    let mut types = Vec::new();
    for (name, schema) in document.schemas() {
        let shape = decisions.shapes.get(name.as_str()).ok_or_else(|| gap(&format!("no type for `{}`", name.value)))?;
        types.push(ty(name, schema, shape, sent.contains(name.as_str()), received.contains(name.as_str()))?);
    }
    types.sort_by(|a, b| a.name.cmp(&b.name));
    let known: BTreeSet<_> = types.iter().map(|ty| ty.name.as_str()).collect();
    if let Some(extra) = decisions.shapes.keys().find(|name| !known.contains(name.as_str())) {
        return Err(gap(&format!("a type `{extra}` of no schema")));
    }
    let operations = document.endpoints().map(|endpoint| operation(document, &decisions, &types, &endpoint));
    let operations = operations.collect::<Result<Vec<_>, _>>()?;
    let error = document.endpoints().find_map(|endpoint| {
        endpoint.errors().find_map(|(_, response)| document.response(response)?.schema()?.target())
    });
    Ok(Api { operations, error: error.map(str::to_owned), types })
}

/// progenitor decided on something else than the document has.
fn gap(what: &str) -> Diagnostic {
    Diagnostic::whole(
        "progenitor",
        format!("progenitor's output does not fit the document: {what}"),
        "the document uses what was not met before: add a rule, or teach `lower`",
    )
}

fn described(text: Option<&Spanned<String>>) -> String {
    document::text(text).trim().to_owned()
}

fn operation(
    document: &Document,
    decisions: &Decisions,
    types: &[Type],
    endpoint: &Endpoint<'_>,
) -> Result<Operation, Diagnostic> {
    let (id, operation) = (endpoint.id(), &endpoint.operation.value);
    let signature = decisions.signatures.get(id).ok_or_else(|| gap(&format!("no method `{id}`")))?;
    let (mut parameters, mut body) = (Vec::new(), None);
    for (name, ty) in &signature.arguments {
        let mut declared = endpoint.parameters().filter_map(|parameter| document.parameter(parameter));
        let parameter = declared.find(|parameter| text(parameter.name.as_ref()) == name);
        let media = operation.request_body.as_ref().and_then(|body| body.content.iter().next());
        match (parameter, &operation.request_body) {
            (Some(parameter), _) => parameters.push(Parameter {
                name: name.clone(),
                location: match text(parameter.location.as_ref()) {
                    "path" => Location::Path,
                    _ => Location::Query,
                },
                required: parameter.required,
                is_id: is_id(types, ty),
                ty: ty.clone(),
                description: described(parameter.description.as_ref()),
                example: example(parameter.example.as_ref()),
            }),
            (None, Some(given)) if name == "body" => {
                body = Some(Body {
                    ty: ty.clone(),
                    description: described(given.description.as_ref()),
                    example: example(media.and_then(|(_, media)| media.example.as_ref())),
                });
            }
            _ => return Err(gap(&format!("an argument `{name}` of `{id}`"))),
        }
    }
    let status = |status: &Spanned<String>| status.parse::<u16>().unwrap_or_default();
    let docs = operation.external_docs.as_ref();
    Ok(Operation {
        id: id.to_owned(),
        method: endpoint.method,
        path: endpoint.path.value.clone(),
        summary: described(operation.summary.as_ref()).trim_end_matches('.').to_owned(),
        description: described(operation.description.as_ref()),
        page: Page {
            title: docs.map_or_else(String::new, |docs| docs.description.clone()),
            url: docs.map_or_else(String::new, |docs| docs.url.value.clone()),
        },
        parameters,
        body,
        success: endpoint.success().map(|(given, _)| status(given)).unwrap_or_default(),
        output: signature.output.clone(),
        errors: endpoint
            .errors()
            .filter_map(|(given, response)| {
                Some((status(given), described(document.response(response)?.description.as_ref())))
            })
            .collect(),
        idempotent: endpoint.is_idempotent(),
        pagination: operation
            .pagination
            .as_ref()
            .map(|given| pagination(document, types, endpoint, given))
            .transpose()?,
    })
}

fn example(example: Option<&Spanned<Value>>) -> Value {
    example.map_or(Value::Null, |example| example.value.clone())
}

fn is_id(types: &[Type], ty: &Ty) -> bool {
    let Ty::Named(name) = ty else { return false };
    types.iter().any(|ty| ty.name == *name && matches!(ty.kind, TypeKind::Id { .. } | TypeKind::Timestamp))
}

fn pagination(
    document: &Document,
    types: &[Type],
    endpoint: &Endpoint<'_>,
    given: &document::Pagination,
) -> Result<Pagination, Diagnostic> {
    let page = endpoint.success().and_then(|(_, response)| document.response(response).and_then(Response::schema));
    let page = page.and_then(Schema::target).unwrap_or_default();
    let items = field(types, page, &given.items)?;
    let item = match &items.ty {
        Ty::List(item) => match &**item {
            Ty::Named(name) => name.as_str(),
            _ => return Err(gap(&format!("`{}` of `{page}` is no list of a named type", items.wire))),
        },
        _ => return Err(gap(&format!("`{}` of `{page}` is no list", items.wire))),
    };
    let (mut at, mut next) = (page, Vec::new());
    for step in given.next.split('.') {
        let field = field(types, at, step)?;
        next.push(field.name.clone());
        if let Ty::Named(name) = &field.ty {
            at = name;
        }
    }
    Ok(Pagination {
        offset: given.offset.value.clone(),
        page: page.to_owned(),
        item: item.to_owned(),
        items: items.name.clone(),
        key: field(types, item, &given.key)?.name.clone(),
        next,
    })
}

/// The field of an object by its name in JSON.
fn field<'a>(types: &'a [Type], name: &str, wire: &str) -> Result<&'a Field, Diagnostic> {
    let object = types.iter().find(|ty| ty.name == name).and_then(|ty| match &ty.kind {
        TypeKind::Object(object) => Some(object),
        _ => None,
    });
    let field = object.and_then(|object| object.fields.iter().find(|field| field.wire == wire));
    field.ok_or_else(|| gap(&format!("`{name}` has no field `{wire}`")))
}

fn ty(name: &str, schema: &Schema, shape: &Shape, sent: bool, received: bool) -> Result<Type, Diagnostic> {
    let kind = match shape {
        Shape::Newtype(Ty::Text) if schema.format.is_some() => TypeKind::Timestamp,
        Shape::Newtype(Ty::Text) => TypeKind::Id { personal: schema.personal_data.is_some() },
        Shape::Enum(variants) => TypeKind::Enum(values(name, schema, variants)?),
        Shape::Untagged(variants) => TypeKind::Union(alternatives(name, schema, variants)?),
        Shape::Struct(fields) => TypeKind::Object(object(name, schema, fields, sent, received)?),
        Shape::Newtype(other) => return Err(gap(&format!("the type of `{name}` is {other:?}"))),
    };
    Ok(Type { name: name.to_owned(), doc: described(schema.description.as_ref()), received, kind })
}

/// The values of an enum, each with the variant that reads it.
fn values(name: &str, schema: &Schema, variants: &BTreeMap<String, String>) -> Result<Vec<EnumValue>, Diagnostic> {
    if variants.len() != schema.texts().len() {
        return Err(gap(&format!("`{name}` has {} variants", variants.len())));
    }
    let values = schema.texts().iter().map(|text| {
        let variant = variants.get(&text.value).ok_or_else(|| gap(&format!("`{name}` cannot be `{}`", text.value)))?;
        let doc = schema.value_descriptions.get(text).map_or("", |text| text.trim()).to_owned();
        Ok(EnumValue { wire: text.value.clone(), name: variant.clone(), doc })
    });
    values.collect()
}

/// The alternatives of a union, each with its variant. A value is the first that fits, so their order is the schema's.
fn alternatives(name: &str, schema: &Schema, variants: &[(String, Ty)]) -> Result<Vec<Alternative>, Diagnostic> {
    if variants.len() != schema.one_of.len() {
        return Err(gap(&format!("`{name}` has {} variants", variants.len())));
    }
    let alternatives = schema.one_of.iter().map(|part| {
        let title = part.title.as_deref().unwrap_or_default();
        let (name, ty) = variants
            .iter()
            .find(|(variant, _)| variant == title)
            .ok_or_else(|| gap(&format!("`{name}` has no variant `{title}`")))?;
        Ok(Alternative { name: name.clone(), ty: ty.clone(), doc: described(part.description.as_ref()) })
    });
    alternatives.collect()
}

fn object(
    name: &str,
    schema: &Schema,
    shape: &BTreeMap<String, (String, Ty)>,
    sent: bool,
    received: bool,
) -> Result<Object, Diagnostic> {
    if shape.len() != schema.properties.0.len() {
        return Err(gap(&format!("`{name}` has {} fields", shape.len())));
    }
    let mut fields = Vec::new();
    for (wire, property) in schema.properties.iter() {
        let (rust, ty) =
            shape.get(wire.as_str()).ok_or_else(|| gap(&format!("`{name}` has no field `{}`", wire.value)))?;
        let required = schema.requires(wire);
        let nullable = property.nullable || property.any_of.iter().any(|part| part.target() == Some(document::NOTHING));
        fields.push(Field {
            wire: wire.value.clone(),
            name: rust.clone(),
            doc: described(property.description.as_ref()),
            ty: ty.clone(),
            required,
            nullable,
            // A response may lack what is documented as always there, and the rest of it must not be lost for that.
            optional: !required || nullable || (received && !sent),
            deprecated: property.deprecated,
            read_only: property.read_only,
        });
    }
    let constructors = if sent { constructors(schema, &fields) } else { Vec::new() };
    Ok(Object { fields, constructors })
}

/// A constructor for each alternative of the either-or rule, or `new`.
fn constructors(schema: &Schema, fields: &[Field]) -> Vec<Constructor> {
    let constructor = |name: &str, doc: String, chosen: &[&str]| {
        let takes = fields.iter().filter(|field| !field.optional || chosen.contains(&field.wire.as_str()));
        Constructor { name: name.to_owned(), doc, takes: takes.map(|field| field.name.clone()).collect() }
    };
    let alternatives = &schema.exactly_one_of;
    if alternatives.is_empty() {
        let chosen: Vec<_> = schema.constructor_takes.iter().map(|name| name.as_str()).collect();
        let doc = match chosen.as_slice() {
            [] => "Takes what is required. Optional fields are set by the methods named like them.".to_owned(),
            chosen => format!("Takes what is required, and `{}`.", chosen.join("`, `")),
        };
        return vec![constructor("new", doc, &chosen)];
    }
    let all: Vec<_> = alternatives.iter().map(|alternative| format!("`{}`", alternative.property.value)).collect();
    let each = alternatives.iter().map(|alternative| {
        let property = alternative.property.as_str();
        let doc = format!(
            "Takes what is required, with `{property}`: the API wants exactly one of {}. Optional fields are set by the \
             methods named like them.",
            all.join(" and ")
        );
        constructor(&alternative.constructor, doc, &[property])
    });
    each.collect()
}
