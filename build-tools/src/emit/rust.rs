//! How the types and values of the model are written in Rust.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Attribute, Ident, parse_quote};

use crate::diagnostic::Diagnostic;
use crate::model::{Alternative, Api, Constructor, Field, Object, Ty, TypeKind, Union};
use crate::names;

/// A name in Rust.
pub fn ident(name: &str) -> Ident {
    format_ident!("{name}")
}

/// A type. `path` leads to the types of the model.
pub fn ty(ty: &Ty, path: &TokenStream) -> TokenStream {
    match ty {
        Ty::Text => quote!(String),
        Ty::Bool => quote!(bool),
        Ty::Number(name) => {
            let name = ident(name);
            quote!(#name)
        }
        Ty::Money(name, _) => {
            let name = ident(name);
            quote!(#path #name)
        }
        Ty::Json => quote!(serde_json::Value),
        Ty::Named(name) => {
            let name = ident(name);
            quote!(#path #name)
        }
        Ty::List(item) => {
            let item = self::ty(item, path);
            quote!(Vec<#item>)
        }
        Ty::Map(value) => {
            if **value == Ty::Json {
                return quote!(serde_json::Map<String, serde_json::Value>);
            }
            let value = self::ty(value, path);
            quote!(std::collections::BTreeMap<String, #value>)
        }
    }
}

/// The derive of `schemars`, behind its feature.
pub fn json_schema() -> Attribute {
    parse_quote!(#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))])
}

/// An argument of a generated function.
pub struct Argument {
    /// The type that it is declared with.
    pub declared: TokenStream,
    /// The expression that makes the field's type of it.
    pub converted: TokenStream,
}

/// The argument `name` for a value of this type: texts and ids are converted, lists are collected, the rest is taken
/// as it is.
pub fn argument(api: &Api, name: &Ident, given: &Ty, path: &TokenStream) -> Argument {
    match given {
        Ty::List(item) => {
            let declared = ty(item, path);
            if is_text(api, item) {
                Argument {
                    declared: quote!(impl IntoIterator<Item = impl Into<#declared>>),
                    converted: quote!(#name.into_iter().map(Into::into).collect()),
                }
            } else {
                Argument {
                    declared: quote!(impl IntoIterator<Item = #declared>),
                    converted: quote!(#name.into_iter().collect()),
                }
            }
        }
        Ty::Map(value) => {
            let value = ty(value, path);
            Argument {
                declared: quote!(impl IntoIterator<Item = (impl Into<String>, #value)>),
                converted: quote!(#name.into_iter().map(|(key, value)| (key.into(), value)).collect()),
            }
        }
        given if is_text(api, given) || is_union(api, given) => {
            let declared = ty(given, path);
            Argument { declared: quote!(impl Into<#declared>), converted: quote!(#name.into()) }
        }
        given => Argument { declared: ty(given, path), converted: quote!(#name) },
    }
}

/// Whether the type is made from a string.
pub fn is_text(api: &Api, ty: &Ty) -> bool {
    match ty {
        Ty::Text => true,
        Ty::Named(name) => api.ty(name).is_some_and(|ty| matches!(ty.kind, TypeKind::Id { .. } | TypeKind::DateTime)),
        _ => false,
    }
}

/// Whether the type is a struct of the model.
pub fn is_object(api: &Api, ty: &Ty) -> bool {
    matches!(ty, Ty::Named(name) if api.ty(name).is_some_and(|ty| matches!(ty.kind, TypeKind::Object(_))))
}

/// Whether the type is made from each of its alternatives.
fn is_union(api: &Api, ty: &Ty) -> bool {
    matches!(ty, Ty::Named(name) if api.ty(name).is_some_and(|ty| matches!(ty.kind, TypeKind::Union(_))))
}

/// Writes a value as an argument of this type, which is converted or collected. `used` gets the names of the types that
/// are named in it.
pub fn value(api: &Api, ty: &Ty, value: &Value, used: &mut Vec<String>) -> Result<TokenStream, Diagnostic> {
    match (ty, value) {
        (given, Value::String(text)) if is_text(api, given) => Ok(quote!(#text)),
        // Of an empty list, the type of the items has to be said.
        (Ty::List(item), Value::Array(items)) if items.is_empty() && is_text(api, item) => Ok(quote!([""; 0])),
        // A value of an alternative is converted.
        (Ty::Named(name), _) if is_union(api, ty) && !value.is_object() => {
            let Some(TypeKind::Union(union)) = api.ty(name).map(|ty| &ty.kind) else {
                return owned(api, ty, value, used);
            };
            let fits = |part: &&Alternative| owned(api, &part.ty, value, &mut Vec::new()).is_ok();
            match union.alternatives.iter().find(fits) {
                Some(part) if matches!(part.ty, Ty::Text | Ty::Number(_) | Ty::Bool) => {
                    self::value(api, &part.ty, value, used)
                }
                _ => owned(api, ty, value, used),
            }
        }
        (Ty::Map(inner), Value::Object(fields)) if !fields.is_empty() => {
            let fields = fields.iter().map(|(name, given)| {
                let given = owned(api, inner, given, used)?;
                Ok(quote!((#name, #given)))
            });
            let fields = fields.collect::<Result<Vec<_>, Diagnostic>>()?;
            Ok(quote!([#(#fields),*]))
        }
        (Ty::List(item), Value::Array(items)) if !items.is_empty() => {
            let write = if is_text(api, item) { self::value } else { owned };
            let items = items.iter().map(|given| write(api, item, given, used)).collect::<Result<Vec<_>, _>>()?;
            Ok(quote!([#(#items),*]))
        }
        _ => owned(api, ty, value, used),
    }
}

/// Writes a value of exactly this type.
pub fn owned(api: &Api, ty: &Ty, value: &Value, used: &mut Vec<String>) -> Result<TokenStream, Diagnostic> {
    match (ty, value) {
        (Ty::Text, Value::String(text)) => Ok(quote!(#text.to_owned())),
        (Ty::Bool, Value::Bool(truth)) => Ok(quote!(#truth)),
        (Ty::Number(name), Value::Number(number)) => {
            let digits = number.to_string();
            let digits = if name == "f64" && number.as_f64().is_some() && !digits.contains(['.', 'e']) {
                format!("{digits}.0")
            } else {
                digits
            };
            digits.parse().map_err(|_| unknown(value, "a number"))
        }
        (Ty::Money(name, _), Value::Number(number)) => {
            let is_major = *name == names::MAJOR_UNITS;
            let amount = number.as_f64().map(|amount| if is_major { amount * 100.0 } else { amount });
            let pence =
                amount.filter(|amount| (amount - amount.round()).abs() < 1e-6).map(|amount| amount.round().to_string());
            let pence =
                pence.and_then(|pence| pence.parse().ok()).ok_or_else(|| unknown(value, "whole pence or cents"))?;
            let (minor, pence) = (ident(names::MINOR_UNITS), Literal::u32_unsuffixed(pence));
            used.push(names::MINOR_UNITS.to_owned());
            let to_major = is_major.then(|| quote!(.to_major()));
            Ok(quote!(#minor::new(#pence) #to_major))
        }
        (Ty::Json, _) => {
            let json: TokenStream = value.to_string().parse().map_err(|_| unknown(value, "JSON"))?;
            Ok(quote!(serde_json::json!(#json)))
        }
        (Ty::List(_), Value::Array(items)) if items.is_empty() => Ok(quote!(Vec::new())),
        (Ty::List(item), Value::Array(items)) => {
            let items = items.iter().map(|given| owned(api, item, given, used)).collect::<Result<Vec<_>, _>>()?;
            Ok(quote!(vec![#(#items),*]))
        }
        (Ty::Map(inner), Value::Object(fields)) => {
            let fields = fields.iter().map(|(name, given)| {
                let given = owned(api, inner, given, used)?;
                Ok(quote!((#name.to_owned(), #given)))
            });
            let fields = fields.collect::<Result<Vec<_>, Diagnostic>>()?;
            let map = match **inner {
                Ty::Json => quote!(serde_json::Map),
                // Nothing else says what the keys are.
                _ if fields.is_empty() => quote!(std::collections::BTreeMap::<String, _>),
                _ => quote!(std::collections::BTreeMap),
            };
            Ok(quote!(#map::from_iter([#(#fields),*])))
        }
        (Ty::Named(name), _) => named(api, name, value, used),
        _ => Err(unknown(value, "a value of the type that it should have")),
    }
}

/// Writes a value of a type of the model.
fn named(api: &Api, name: &str, value: &Value, used: &mut Vec<String>) -> Result<TokenStream, Diagnostic> {
    let ident = self::ident(name);
    let unknown = || unknown(value, &format!("`{name}`"));
    let written = match (api.ty(name).map(|ty| &ty.kind), value) {
        (Some(TypeKind::Id { .. } | TypeKind::DateTime), Value::String(text)) => quote!(#ident::from(#text)),
        (Some(TypeKind::Quantity(number)), Value::Number(_)) => {
            let number = owned(api, &Ty::Number(number.clone()), value, used)?;
            quote!(#ident(#number))
        }
        (Some(TypeKind::Enum(values)), Value::String(text)) => {
            let variant = values.iter().find(|known| known.wire == *text).ok_or_else(unknown)?;
            let variant = self::ident(&variant.name);
            quote!(#ident::#variant)
        }
        (Some(TypeKind::Object(object)), _) => self::object(api, name, object, value, used)?,
        (Some(TypeKind::Union(union)), _) => self::union(api, name, union, value, used).ok_or_else(unknown)?,
        _ => return Err(unknown()),
    };
    used.push(name.to_owned());
    Ok(written)
}

/// The first alternative that the value can be, as when it is read.
fn union(api: &Api, name: &str, union: &Union, value: &Value, used: &mut Vec<String>) -> Option<TokenStream> {
    let mut value = value.clone();
    let tag = union.tag.as_ref().and_then(|tag| value.as_object_mut()?.remove(tag));
    let named =
        union.alternatives.iter().filter(|part| union.tag.is_none() || tag == part.tag.as_deref().map(Into::into));
    named.into_iter().find_map(|alternative| {
        let mut also_used = used.clone();
        let inner = owned(api, &alternative.ty, &value, &mut also_used).ok()?;
        *used = also_used;
        let ident = ident(name);
        let made = constructed(api, alternative, &value, used);
        Some(made.map_or_else(
            || {
                let is_object = matches!(&alternative.ty, Ty::Named(_));
                let variant = self::ident(if is_object { "from" } else { &alternative.name });
                quote!(#ident::#variant(#inner))
            },
            |call| quote!(#ident::#call),
        ))
    })
}

/// A call of what makes the union of the required fields of an alternative, if the value has no others.
fn constructed(api: &Api, part: &Alternative, value: &Value, used: &mut Vec<String>) -> Option<TokenStream> {
    let Ty::Named(name) = &part.ty else { return None };
    let Some(TypeKind::Object(object)) = api.ty(name).map(|ty| &ty.kind) else { return None };
    let [new] = object.constructors.as_slice() else { return None };
    let fields: Vec<_> = object.fields.iter().filter(|field| new.takes.contains(&field.name)).collect();
    if value.as_object()?.len() != fields.len() {
        return None;
    }
    let mut also_used = used.clone();
    also_used.retain(|known| known != name);
    let arguments =
        fields.iter().map(|field| self::value(api, &field.ty, value.get(&field.wire)?, &mut also_used).ok());
    let arguments = arguments.collect::<Option<Vec<_>>>()?;
    *used = also_used;
    let constructor = ident(&names::field(&part.name));
    Some(quote!(#constructor(#(#arguments),*)))
}

/// A call of the constructor that takes what the value has, and of a setter for each of the rest.
fn object(
    api: &Api,
    name: &str,
    object: &Object,
    value: &Value,
    used: &mut Vec<String>,
) -> Result<TokenStream, Diagnostic> {
    let mut left = value.as_object().ok_or_else(|| unknown(value, &format!("`{name}`")))?.clone();
    let cleared: Vec<_> =
        object.fields.iter().filter(|field| field.clearable && left.get(&field.wire) == Some(&Value::Null)).collect();
    // What else is null is not set.
    left.retain(|_, given| !given.is_null());
    let constructor = constructor_of(object, value).ok_or_else(|| unknown(value, &format!("`{name}`")))?;
    let (mut arguments, mut setters) = (Vec::new(), TokenStream::new());
    for field in &object.fields {
        let Some(given) = left.remove(&field.wire) else { continue };
        if constructor.sets(field).is_some() {
            continue;
        }
        let given = self::value(api, &field.ty, &given, used)?;
        if constructor.takes.contains(&field.name) {
            arguments.push(given);
        } else {
            let setter = ident(&field.name);
            setters.extend(quote!(.#setter(#given)));
        }
    }
    for field in cleared {
        let setter = ident(&names::clear(&field.name));
        setters.extend(quote!(.#setter()));
    }
    if let Some(property) = left.keys().next() {
        return Err(unknown(value, &format!("`{name}`, which has no `{property}`")));
    }
    let (name, constructor) = (ident(name), ident(&constructor.name));
    Ok(quote!(#name::#constructor(#(#arguments),*) #setters))
}

/// The constructor that takes and sets what the value has, and of several the one with most of it.
pub fn constructor_of<'a>(object: &'a Object, value: &Value) -> Option<&'a Constructor> {
    let is_given = |field: &Field| value.get(&field.wire).is_some_and(|given| !given.is_null());
    let has = |taken: &String| object.fields.iter().any(|field| field.name == *taken && is_given(field));
    let is_set = |(name, set): &(String, Value)| {
        object.fields.iter().any(|field| field.name == *name && value.get(&field.wire) == Some(set))
    };
    let fits = |made: &&Constructor| made.takes.iter().all(has) && made.sets.iter().all(is_set);
    object.constructors.iter().filter(fits).max_by_key(|made| made.takes.len() + made.sets.len())
}

fn unknown(value: &Value, what: &str) -> Diagnostic {
    Diagnostic::whole(
        "render",
        format!("the example {value} cannot be written in Rust as {what}"),
        "correct the example, or extend `emit/rust.rs`",
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{EnumValue, Errors, Type};

    fn api(types: Vec<(&str, TypeKind)>) -> Api {
        let types = types.into_iter().map(|(name, kind)| Type {
            name: name.into(),
            resource: None,
            doc: String::new(),
            received: false,
            kind,
        });
        Api { resources: Vec::new(), types: types.collect(), errors: Errors::default() }
    }

    #[test]
    fn values_are_written_as_arguments_of_their_types_and_others_are_errors() {
        let number = |name: &str| Ty::Number(name.into());
        let list = |item: Ty| Ty::List(Box::new(item));
        let named = |name: &str| Ty::Named(name.into());
        let alternative = |name: &str, ty| Alternative { name: name.into(), tag: None, ty, doc: String::new() };
        let alternatives = vec![alternative("Text", Ty::Text), alternative("Counts", list(number("i64")))];
        let pick = Union { tag: None, alternatives, sent: true };
        let en = EnumValue { wire: "EN".into(), name: "En".into(), doc: String::new() };
        let api = api(vec![
            ("BookId", TypeKind::Id { personal: false, made_from: Vec::new() }),
            ("Language", TypeKind::Enum(vec![en])),
            ("Pick", TypeKind::Union(pick)),
        ]);
        let write = |ty: &Ty, given: serde_json::Value| {
            value(&api, ty, &given, &mut Vec::new()).map(|tokens| tokens.to_string().replace(' ', ""))
        };
        for (ty, given, expected) in [
            (Ty::Text, json!("a"), r#""a""#),
            (Ty::Bool, json!(true), "true"),
            (number("i64"), json!(-1), "-1"),
            (number("f64"), json!(1), "1.0"),
            (number("f64"), json!(1.5), "1.5"),
            (Ty::Json, json!({"a": [1, null]}), r#"serde_json::json!({"a":[1,null]})"#),
            (named("BookId"), json!("b"), r#""b""#),
            (named("Language"), json!("EN"), "Language::En"),
            (named("Pick"), json!("x"), r#""x""#),
            (list(named("Pick")), json!(["x"]), r#"[Pick::Text("x".to_owned())]"#),
            (named("Pick"), json!([1]), "Pick::Counts(vec![1])"),
            (list(Ty::Text), json!(["a", "b"]), r#"["a","b"]"#),
            (list(Ty::Text), json!([]), r#"["";0]"#),
            (list(named("BookId")), json!(["b"]), r#"["b"]"#),
            (list(named("Language")), json!(["EN"]), "[Language::En]"),
            (list(number("f64")), json!([1, 2]), "[1.0,2.0]"),
            (list(number("i64")), json!([]), "Vec::new()"),
            (list(Ty::Json), json!(["x"]), r#"[serde_json::json!("x")]"#),
            (list(list(Ty::Text)), json!([["x"]]), r#"[vec!["x".to_owned()]]"#),
            (list(list(named("BookId"))), json!([["b"], []]), r#"[vec![BookId::from("b")],Vec::new()]"#),
            (Ty::Map(Box::new(number("i64"))), json!({"a": 1}), r#"[("a",1)]"#),
            (Ty::Map(Box::new(number("i64"))), json!({}), "std::collections::BTreeMap::<String,_>::from_iter([])"),
            (
                list(Ty::Map(Box::new(number("i64")))),
                json!([{"a": 1}]),
                r#"[std::collections::BTreeMap::from_iter([("a".to_owned(),1)])]"#,
            ),
        ] {
            assert_eq!(write(&ty, given).unwrap(), expected);
        }
        for (ty, given) in [
            (Ty::Text, json!(1)),
            (Ty::Bool, json!("true")),
            (number("i64"), json!("1")),
            (named("Language"), json!("FR")),
            (named("Pick"), json!(true)),
            (named("Nobody"), json!("x")),
            (list(Ty::Bool), json!([null])),
        ] {
            assert!(write(&ty, given.clone()).is_err(), "{given}");
        }
    }

    #[test]
    fn an_object_is_written_in_the_order_of_its_fields_and_what_is_no_field_is_an_error() {
        let field = |wire: &str, name: &str, optional: bool| Field {
            wire: wire.into(),
            name: name.into(),
            doc: String::new(),
            ty: Ty::Text,
            required: !optional,
            strict: false,
            nullable: false,
            clearable: false,
            null_if_unset: false,
            deprecated: false,
            read_only: false,
            personal: false,
        };
        let new = Constructor { name: "new".into(), doc: String::new(), takes: vec!["name".into()], sets: Vec::new() };
        let object = Object {
            fields: vec![field("type", "type_", true), field("name", "name", false)],
            constructors: vec![new],
            keeps_unknown: false,
            page: None,
        };
        let api = api(vec![("Shelf", TypeKind::Object(object))]);
        let written = |given| {
            value(&api, &Ty::Named("Shelf".into()), &given, &mut Vec::new()).map(|t| t.to_string().replace(' ', ""))
        };
        assert_eq!(written(json!({"type": "t", "name": "n"})).unwrap(), r#"Shelf::new("n").type_("t")"#);
        assert_eq!(written(json!({"type": null, "name": "n"})).unwrap(), r#"Shelf::new("n")"#);
        for given in [json!({"name": "n", "nmae": "n"}), json!({"type": "t"}), json!("n")] {
            assert!(written(given.clone()).is_err(), "{given}");
        }
    }
}
