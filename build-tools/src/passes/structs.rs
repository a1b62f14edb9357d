//! Objects: fields in the document's order, with what progenitor drops put back, and constructors and setters for those
//! that are sent.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, Field, Fields, Item, ItemStruct, parse_quote};

use super::arguments::{Argument, argument, inner, setter};
use super::docs::attributes_for;
use super::{Mismatch, types};
use crate::document::{Document, Schema};

/// The struct, and its constructors if it is sent.
pub(super) fn shape(
    document: &Document,
    schema: &Schema,
    item: &ItemStruct,
    sent: bool,
) -> Result<Vec<Item>, Mismatch> {
    let mut item = item.clone();
    let Fields::Named(fields) = &mut item.fields else {
        return Err(Mismatch::new("structs", format!("`{}` has no named fields", item.ident)));
    };
    let mut generated: Vec<Field> = std::mem::take(&mut fields.named).into_iter().collect();
    for (name, property) in schema.properties.iter() {
        let position = generated.iter().position(|field| wire_name(field) == name.value);
        let Some(position) = position else {
            return Err(Mismatch::new("structs", format!("`{}` has no field `{}`", item.ident, name.value)));
        };
        let mut field = generated.swap_remove(position);
        let required = schema.required.iter().any(|required| required.value == name.value);
        field.attrs.extend(restored(&property.value, required, &field)?);
        fields.named.push(field);
    }
    if let Some(field) = generated.first() {
        return Err(Mismatch::new(
            "structs",
            format!("`{}` has a field more: {}", item.ident, field.to_token_stream()),
        ));
    }
    types::insert_after_derive(&mut item.attrs, [types::json_schema(), parse_quote!(#[non_exhaustive])]);
    let constructors = sent.then(|| constructors(document, schema, &item)).transpose()?;
    Ok([Item::Struct(item)].into_iter().chain(constructors).collect())
}

/// The name of a field on the wire: that in `#[serde(rename)]`, or its own.
pub(super) fn wire_name(field: &Field) -> String {
    let mut name = field.ident.as_ref().map_or_else(String::new, ToString::to_string);
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        // What stands in the attribute besides is not ours to judge.
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename") {
                name = meta.value()?.parse::<syn::LitStr>()?.value();
            } else if meta.input.peek(syn::Token![=]) {
                meta.value()?.parse::<syn::Expr>()?;
            }
            Ok(())
        });
    }
    name
}

/// What progenitor drops of a property: that it is deprecated or read-only, and that it may be absent but not null.
fn restored(property: &Schema, required: bool, field: &Field) -> Result<Vec<Attribute>, Mismatch> {
    let mut attributes: Vec<Attribute> = Vec::new();
    if property.deprecated {
        attributes.push(parse_quote!(#[deprecated = "the API's documentation marks this field as deprecated"]));
    }
    if property.read_only {
        attributes.push(parse_quote!(#[cfg_attr(feature = "schemars", schemars(extend("readOnly" = true)))]));
    }
    let optional = inner(&field.ty, "Option");
    if property.is_nullable() && optional.is_none() {
        return Err(Mismatch::new("structs", format!("a nullable property is no Option: {}", field.to_token_stream())));
    }
    if let Some(ty) = optional
        && !property.is_nullable()
    {
        let ty = ty.to_token_stream().to_string().replace(' ', "");
        // Without `default` the JSON Schema says that the property is required, as is documented.
        let default = (!required).then(|| quote!(, default));
        attributes.push(parse_quote!(#[cfg_attr(feature = "schemars", schemars(with = #ty #default))]));
    }
    Ok(attributes)
}

/// A constructor for each alternative of the either-or rule, or `new`; and a setter for each other optional field.
fn constructors(document: &Document, schema: &Schema, item: &ItemStruct) -> Result<Item, Mismatch> {
    let name = &item.ident;
    let alternatives = &schema.exactly_one_of;
    let mut functions: Vec<TokenStream> = Vec::new();
    if alternatives.is_empty() {
        let taken = schema.constructor_takes.iter().map(|name| name.value.as_str()).collect::<Vec<_>>();
        let doc = match taken.as_slice() {
            [] => "Takes what is required. Optional fields are set by the methods named like them.".to_owned(),
            taken => format!("Takes what is required, and `{}`.", taken.join("`, `")),
        };
        functions.push(constructor(document, schema, item, "new", &taken, &attributes_for(&doc))?);
    }
    for alternative in alternatives {
        let property = &alternative.property.value;
        let all = alternatives.iter().map(|other| format!("`{}`", other.property.value)).collect::<Vec<_>>();
        let doc = attributes_for(&format!(
            "Takes what is required, with `{property}`: the API wants exactly one of {}. Optional fields are set by the \
             methods named like them.",
            all.join(" and ")
        ));
        functions.push(constructor(document, schema, item, &alternative.constructor.value, &[property], &doc)?);
    }
    for field in &item.fields {
        let (Some(ident), Some(ty)) = (&field.ident, inner(&field.ty, "Option")) else {
            continue;
        };
        let property = schema.properties.get(&ident.to_string()).map(|property| &property.value);
        let taken = alternatives.iter().map(|alternative| &alternative.property).chain(&schema.constructor_takes);
        if taken.into_iter().any(|property| *ident == property.value) {
            continue;
        }
        let description = property.and_then(|property| property.description.as_ref()).map_or("", |text| &text.value);
        let must_use = parse_quote!(#[must_use]);
        let deprecated = field.attrs.iter().filter(|attribute| attribute.path().is_ident("deprecated"));
        let attributes: Vec<_> = deprecated.chain([&must_use]).collect();
        functions.push(setter(document, ident, ty, description, &attributes));
    }
    let deprecated = schema.properties.iter().any(|(_, property)| property.value.deprecated);
    let allow = deprecated.then(|| quote!(#[allow(deprecated, reason = "a deprecated field can still be set")]));
    Ok(parse_quote!(#allow impl #name { #(#functions)* }))
}

fn constructor(
    document: &Document,
    schema: &Schema,
    item: &ItemStruct,
    name: &str,
    chosen: &[&str],
    doc: &[Attribute],
) -> Result<TokenStream, Mismatch> {
    let name = format_ident!("{name}");
    let mut arguments = Vec::new();
    let mut values = Vec::new();
    for field in &item.fields {
        let Some(ident) = &field.ident else { continue };
        let required = schema.required.iter().any(|required| *ident == required.value);
        let optional = inner(&field.ty, "Option");
        if chosen.iter().any(|chosen| ident == chosen) {
            let ty = optional.ok_or_else(|| Mismatch::new("structs", format!("`{ident}` is not optional")))?;
            let Argument { declared, converted } = argument(document, ident, ty);
            arguments.push(quote!(#ident: #declared));
            values.push(quote!(#ident: Some(#converted)));
        } else if required {
            let Argument { declared, converted } = argument(document, ident, &field.ty);
            arguments.push(quote!(#ident: #declared));
            let plain = *ident == converted.to_string();
            values.push(if plain { quote!(#ident) } else { quote!(#ident: #converted) });
        } else {
            values.push(quote!(#ident: None));
        }
    }
    Ok(quote! {
        #(#doc)*
        pub fn #name(#(#arguments),*) -> Self {
            Self { #(#values),* }
        }
    })
}
