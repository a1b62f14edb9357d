//! The types of the model: their forms are progenitor's, the rest is the document's.

use std::collections::{BTreeMap, BTreeSet};

use super::progenitor::{Shape, gap};
use crate::diagnostic::Diagnostic;
use crate::model::{Alternative, Constructor, EnumValue, Field, Object, Page, Ty, Type, TypeKind};
use crate::names;
use crate::source::document::{self, Document, Response, Schema, prose};

/// The types of all component schemas, in the order of their names.
pub(super) fn types(document: &Document, shapes: &BTreeMap<String, Shape>) -> Result<Vec<Type>, Diagnostic> {
    let (sent, received, owners) = (document.sent(), document.received(), owners(document));
    let mut types = Vec::new();
    for (name, schema) in document.schemas() {
        let shape = shapes.get(name.as_str()).ok_or_else(|| gap(&format!("no type for `{}`", name.value)))?;
        types.push(Type {
            name: name.value.clone(),
            resource: owners.get(name.as_str()).cloned().flatten(),
            doc: prose(schema.description.as_ref()),
            received: received.contains(name.as_str()),
            kind: kind(name, schema, shape, sent.contains(name.as_str()))?,
        });
    }
    types.sort_by(|a, b| a.name.cmp(&b.name));
    let known: BTreeSet<_> = types.iter().map(|ty| ty.name.as_str()).collect();
    if let Some(extra) = shapes.keys().find(|name| !known.contains(name.as_str())) {
        return Err(gap(&format!("type `{extra}` does not belong to a schema")));
    }
    for endpoint in document.endpoints() {
        let Some(given) = &endpoint.operation.value.pagination else { continue };
        let page = endpoint.success().and_then(|(_, response)| document.response(response).and_then(Response::schema));
        let name = page.and_then(Schema::target).unwrap_or_default();
        let page = page_of(&types, name, given)?;
        if let Some(Type { kind: TypeKind::Object(object), .. }) = types.iter_mut().find(|ty| ty.name == name) {
            object.page = Some(page);
        }
    }
    Ok(types)
}

/// The resource that alone uses a schema; `None` if several do.
fn owners(document: &Document) -> BTreeMap<&str, Option<String>> {
    let mut owners = BTreeMap::new();
    for endpoint in document.endpoints() {
        let resource = endpoint.operation.value.tags.first().map(|tag| names::resource(tag));
        for name in document.used_by(&endpoint) {
            let owner = owners.entry(name).or_insert_with(|| resource.clone());
            if *owner != resource {
                *owner = None;
            }
        }
    }
    owners
}

fn kind(name: &str, schema: &Schema, shape: &Shape, sent: bool) -> Result<TypeKind, Diagnostic> {
    Ok(match shape {
        Shape::Newtype(Ty::Text) if schema.format.is_some() => TypeKind::DateTime,
        Shape::Newtype(Ty::Text) => TypeKind::Id { personal: schema.personal_data.is_some() },
        Shape::Newtype(other) => return Err(gap(&format!("the type of `{name}` is {other:?}"))),
        Shape::Enum(variants) => TypeKind::Enum(values(name, schema, variants)?),
        Shape::Untagged(variants) => TypeKind::Union(alternatives(name, schema, variants)?),
        Shape::Struct(fields) => TypeKind::Object(object(name, schema, fields, sent)?),
    })
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
        let variant = variants.iter().find(|(variant, _)| variant == title);
        let (name, ty) = variant.ok_or_else(|| gap(&format!("`{name}` has no variant `{title}`")))?;
        Ok(Alternative { name: name.clone(), ty: ty.clone(), doc: prose(part.description.as_ref()) })
    });
    alternatives.collect()
}

fn object(
    name: &str,
    schema: &Schema,
    shape: &BTreeMap<String, (String, Ty)>,
    sent: bool,
) -> Result<Object, Diagnostic> {
    if shape.len() != schema.properties.0.len() {
        return Err(gap(&format!("`{name}` has {} fields", shape.len())));
    }
    let mut fields = Vec::new();
    for (wire, property) in schema.properties.iter() {
        let decided = shape.get(wire.as_str());
        let (rust, ty) = decided.ok_or_else(|| gap(&format!("`{name}` has no field `{}`", wire.value)))?;
        let nullable = property.is_nullable();
        fields.push(Field {
            wire: wire.value.clone(),
            name: rust.clone(),
            doc: prose(property.description.as_ref()),
            ty: ty.clone(),
            required: schema.requires(wire) && !nullable,
            nullable,
            null_if_unset: sent && nullable && schema.requires(wire),
            deprecated: property.deprecated,
            read_only: property.read_only,
            personal: property.personal_data.is_some(),
        });
    }
    let constructors = if sent { constructors(schema, &fields) } else { Vec::new() };
    Ok(Object { fields, constructors, page: None })
}

/// A constructor for each alternative of the either-or rule, or `new`.
fn constructors(schema: &Schema, fields: &[Field]) -> Vec<Constructor> {
    let constructor = |name: &str, doc: String, chosen: &[&str]| {
        let takes = fields.iter().filter(|field| field.required || chosen.contains(&field.wire.as_str()));
        Constructor { name: name.to_owned(), doc, takes: takes.map(|field| field.name.clone()).collect() }
    };
    let alternatives = &schema.exactly_one_of;
    if alternatives.is_empty() {
        let chosen: Vec<_> = schema.constructor_takes.iter().map(|name| name.as_str()).collect();
        let required = fields.iter().filter(|field| field.required).count();
        let mut doc = match (chosen.as_slice(), required) {
            ([], 0) => "Creates a value with no fields set.".to_owned(),
            ([], _) => "Creates a value with the required fields.".to_owned(),
            (chosen, 0) => format!("Creates a value with `{}`.", chosen.join("` and `")),
            (chosen, _) => format!("Creates a value with the required fields and `{}`.", chosen.join("` and `")),
        };
        if required + chosen.len() < fields.len() {
            doc += " Optional fields have setters.";
        }
        return vec![constructor("new", doc, &chosen)];
    }
    let all: Vec<_> = alternatives.iter().map(|alternative| format!("`{}`", alternative.property.value)).collect();
    let each = alternatives.iter().map(|alternative| {
        let property = alternative.property.as_str();
        let doc = format!(
            "Creates a value with the required fields and `{property}`. The service accepts exactly one of {}. \
             Optional fields have setters.",
            all.join(" and ")
        );
        constructor(&alternative.constructor, doc, &[property])
    });
    each.collect()
}

fn page_of(types: &[Type], page: &str, given: &document::Pagination) -> Result<Page, Diagnostic> {
    let items = field(types, page, &given.items)?;
    let item = match &items.ty {
        Ty::List(item) => match &**item {
            Ty::Named(name) => Some(name.as_str()),
            _ => None,
        },
        _ => None,
    };
    let item = item.ok_or_else(|| gap(&format!("`{}` of `{page}` is not a list of a named type", items.wire)))?;
    let (mut at, mut next) = (page, Vec::new());
    for step in given.next.split('.') {
        let field = field(types, at, step)?;
        if field.required {
            return Err(gap(&format!(
                "`{step}` on the path to the next page of `{page}` is required, so no page could be the last one"
            )));
        }
        next.push(field.name.clone());
        if let Ty::Named(name) = &field.ty {
            at = name;
        }
    }
    let key = field(types, item, &given.key)?;
    Ok(Page {
        item: item.to_owned(),
        items: (items.name.clone(), !items.required),
        key: (key.name.clone(), !key.required),
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
