//! The types of the model: their forms are progenitor's, the rest is the document's.

use std::collections::{BTreeMap, BTreeSet};

use super::constructors;
use super::progenitor::{Shape, gap};
use crate::diagnostic::Diagnostic;
use crate::model::{Alternative, EnumValue, Field, Object, Page, Ty, Type, TypeKind, Union};
use crate::names;
use crate::source::document::{self, Document, Response, Schema, Unit, prose};

/// The types of all component schemas, in the order of their names.
pub(super) fn types(document: &Document, shapes: &BTreeMap<String, Shape>) -> Result<Vec<Type>, Diagnostic> {
    let (all_sent, all_received, owners) = (document.sent(), document.received(), owners(document));
    let (unions, all_patched) = (document.alternatives(), document.patched());
    let mut types = Vec::new();
    for (name, schema) in document.schemas() {
        let shape = shapes.get(name.as_str()).ok_or_else(|| gap(&format!("no type for `{}`", name.value)))?;
        let (sent, received) = (all_sent.contains(name.as_str()), all_received.contains(name.as_str()));
        let (union, patched) = (unions.get(name.as_str()).copied(), all_patched.contains(name.as_str()));
        let context = Context { document, name, union, sent, received, patched };
        types.push(Type {
            name: name.value.clone(),
            resource: owners.get(name.as_str()).cloned().flatten(),
            doc: prose(schema.description.as_ref()),
            received,
            kind: context.kind(schema, shape)?,
        });
    }
    // As `Api::ty` needs them.
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
    let operations = document.endpoints().map(|it| (&it.operation.value.tags, document.used_by(&it)));
    let deliveries = document.deliveries().map(|it| (&it.value.tags, document.delivered_by(it)));
    for (tags, used) in operations.chain(deliveries) {
        let resource = tags.first().map(|tag| names::resource(tag));
        for name in used {
            let owner = owners.entry(name).or_insert_with(|| resource.clone());
            if *owner != resource {
                *owner = None;
            }
        }
    }
    owners
}

/// A component schema, and what it is used for.
struct Context<'a> {
    document: &'a Document,
    name: &'a str,
    /// The union that it is an alternative of.
    union: Option<&'a Schema>,
    sent: bool,
    received: bool,
    /// Whether a PATCH is made of it.
    patched: bool,
}

impl Context<'_> {
    fn kind(&self, schema: &Schema, shape: &Shape) -> Result<TypeKind, Diagnostic> {
        Ok(match shape {
            Shape::Newtype(Ty::Text) if schema.format.is_some() => TypeKind::DateTime,
            Shape::Newtype(Ty::Text) => TypeKind::Id {
                personal: schema.personal_data.is_some(),
                made_from: schema.made_from.iter().map(|name| name.value.clone()).collect(),
            },
            Shape::Newtype(Ty::Number(name)) => TypeKind::Quantity(name.clone()),
            Shape::Newtype(other) => return Err(self.gap(&format!("is {other:?}"))),
            Shape::Enum(variants) => TypeKind::Enum(self.values(schema, variants)?),
            Shape::Untagged(variants) => TypeKind::Union(self.union(schema, variants)?),
            Shape::Struct(fields) => TypeKind::Object(self.object(schema, fields)?),
        })
    }

    fn gap(&self, what: &str) -> Diagnostic {
        gap(&format!("the type of `{}` {what}", self.name))
    }

    /// The values of an enum, each with the variant that reads it.
    fn values(&self, schema: &Schema, variants: &BTreeMap<String, String>) -> Result<Vec<EnumValue>, Diagnostic> {
        if variants.len() != schema.texts().len() {
            return Err(self.gap(&format!("has {} variants", variants.len())));
        }
        let values = schema.texts().iter().map(|text| {
            let wanted = schema.variant(text);
            let variant = variants.get(&wanted).ok_or_else(|| self.gap(&format!("has no variant `{wanted}`")))?;
            let doc = schema.value_descriptions.get(text).map_or("", |text| text.trim()).to_owned();
            Ok(EnumValue { wire: text.value.clone(), name: variant.clone(), doc })
        });
        values.collect()
    }

    /// The alternatives of a union, each with its variant. A value is the first that fits, so their order is the schema's.
    fn union(&self, schema: &Schema, variants: &[(String, Ty)]) -> Result<Union, Diagnostic> {
        if variants.len() != schema.one_of.len() {
            return Err(self.gap(&format!("has {} variants", variants.len())));
        }
        let alternatives = schema.one_of.iter().map(|part| {
            let name = self.document.variant(part);
            let component = part.target();
            // progenitor has names of its own for the variants of references.
            let is_same = |(variant, ty): &&(String, Ty)| match (component, ty) {
                (Some(component), Ty::Named(named)) => component == named,
                (Some(_), _) => false,
                (None, _) => variant == name,
            };
            let found = variants.iter().find(is_same);
            let (_, ty) = found.ok_or_else(|| self.gap(&format!("has no variant `{name}`")))?;
            let described = component.and_then(|component| self.document.schema(component)).unwrap_or(part);
            Ok(Alternative {
                name: name.to_owned(),
                tag: component.and_then(|component| schema.tag_of(component)).map(|tag| tag.value.clone()),
                ty: ty.clone(),
                doc: prose(described.description.as_ref()),
            })
        });
        Ok(Union {
            tag: schema.discriminator.as_ref().map(|given| given.property_name.value.clone()),
            alternatives: alternatives.collect::<Result<_, Diagnostic>>()?,
            sent: self.sent,
        })
    }

    fn object(&self, schema: &Schema, shape: &BTreeMap<String, Ty>) -> Result<Object, Diagnostic> {
        if shape.len() != schema.properties.0.len() {
            return Err(self.gap(&format!("has {} fields", shape.len())));
        }
        let discriminator = self.union.and_then(|union| union.discriminator.as_ref());
        let tag = discriminator.map(|given| given.property_name.as_str());
        let mut fields = Vec::new();
        // The union has the tag, and says with its variant what it is.
        for (wire, property) in schema.properties.iter().filter(|(wire, _)| tag != Some(wire.as_str())) {
            let name = names::field(wire);
            let ty = shape.get(&name).ok_or_else(|| self.gap(&format!("has no field `{}`", wire.value)))?;
            let nullable = property.is_nullable();
            let required = schema.requires(wire) && !nullable;
            fields.push(Field {
                wire: wire.value.clone(),
                name,
                doc: prose(property.description.as_ref()),
                ty: with_money(property, ty),
                required,
                strict: required && self.union.is_some() && tag.is_none(),
                nullable,
                null_if_unset: self.sent && nullable && schema.requires(wire),
                clearable: nullable && self.patched && !self.received && !schema.requires(wire),
                deprecated: property.deprecated,
                read_only: property.read_only,
                personal: property.personal_data.is_some(),
            });
        }
        let mut object =
            Object { fields, constructors: Vec::new(), keeps_unknown: self.sent && self.received, page: None };
        if self.sent {
            constructors::add(schema, &mut object);
        }
        Ok(object)
    }
}

/// The type of a property, in which progenitor's number is an amount of money where the document says so.
fn with_money(property: &Schema, ty: &Ty) -> Ty {
    match (ty, &property.money, &property.items) {
        (Ty::Number(number), Some(unit), _) => {
            let name = match unit.value {
                Unit::Minor => names::MINOR_UNITS,
                Unit::Major => names::MAJOR_UNITS,
            };
            Ty::Money(name, number.clone())
        }
        (Ty::List(item), None, Some(items)) => Ty::List(Box::new(with_money(items, item))),
        _ => ty.clone(),
    }
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
    for step in given.next.iter().flat_map(|next| next.split('.')) {
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
