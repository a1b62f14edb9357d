//! How the types and values of the model are written in Rust.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Attribute, Ident, parse_quote};

use crate::diagnostic::Diagnostic;
use crate::model::{Api, Constructor, Field, Object, Ty, TypeKind};

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
            let value = self::ty(value, path);
            quote!(serde_json::Map<String, #value>)
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
        given if is_text(api, given) => {
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

/// Writes a value as an argument of this type. `used` gets the names of the types that are named in it.
pub fn value(api: &Api, ty: &Ty, value: &Value, used: &mut Vec<String>) -> Result<TokenStream, Diagnostic> {
    let Ty::Named(name) = ty else { return plain(value) };
    let ident = ident(name);
    match api.ty(name).map(|ty| &ty.kind) {
        Some(TypeKind::Enum(values)) => {
            let variant = values.iter().find(|known| Some(known.wire.as_str()) == value.as_str());
            let variant = variant.ok_or_else(|| unknown(value, &format!("`{name}`")))?;
            let variant = self::ident(&variant.name);
            used.push(name.clone());
            Ok(quote!(#ident::#variant))
        }
        Some(TypeKind::Object(object)) => {
            used.push(name.clone());
            self::object(api, name, object, value, used)
        }
        _ => plain(value),
    }
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
    // What is null is not set.
    left.retain(|_, given| !given.is_null());
    let constructor = constructor_of(object, value).ok_or_else(|| unknown(value, &format!("`{name}`")))?;
    let (mut arguments, mut setters) = (Vec::new(), TokenStream::new());
    for field in &object.fields {
        let Some(given) = left.remove(&field.wire) else { continue };
        let given = self::value(api, &field.ty, &given, used)?;
        if constructor.takes.contains(&field.name) {
            arguments.push(given);
        } else {
            let setter = ident(&field.name);
            setters.extend(quote!(.#setter(#given)));
        }
    }
    if let Some(property) = left.keys().next() {
        return Err(unknown(value, &format!("`{name}`, which has no `{property}`")));
    }
    let (name, constructor) = (ident(name), ident(&constructor.name));
    Ok(quote!(#name::#constructor(#(#arguments),*) #setters))
}

/// The constructor that takes what the value has.
pub fn constructor_of<'a>(object: &'a Object, value: &Value) -> Option<&'a Constructor> {
    let is_given = |field: &Field| value.get(&field.wire).is_some_and(|given| !given.is_null());
    let has = |taken: &String| object.fields.iter().any(|field| field.name == *taken && is_given(field));
    object.constructors.iter().find(|constructor| constructor.takes.iter().all(has))
}

/// A text, a number, a truth value, or a list of them.
fn plain(value: &Value) -> Result<TokenStream, Diagnostic> {
    match value {
        // Of an empty list, the type of the items has to be said.
        Value::Array(items) if items.is_empty() => Ok(quote!([""; 0])),
        Value::Array(items) => {
            let items = items.iter().map(plain).collect::<Result<Vec<_>, _>>()?;
            Ok(quote!([#(#items),*]))
        }
        Value::String(text) => Ok(quote!(#text)),
        Value::Bool(truth) => Ok(quote!(#truth)),
        Value::Number(number) => number.to_string().parse().map_err(|_| unknown(value, "a number")),
        Value::Null | Value::Object(_) => Err(unknown(value, "a plain value")),
    }
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
    use crate::model::{Errors, Type};

    #[test]
    fn plain_values_are_written_as_rust_and_others_are_errors() {
        for (value, expected) in [
            (json!("a"), "\"a\""),
            (json!(-1), "- 1"),
            (json!(1.5), "1.5"),
            (json!(true), "true"),
            (json!(["a", "b"]), "[\"a\" , \"b\"]"),
            (json!([]), "[\"\" ; 0]"),
        ] {
            assert_eq!(plain(&value).unwrap().to_string(), expected);
        }
        for value in [json!(null), json!({"a": 1}), json!([null])] {
            assert!(plain(&value).is_err(), "{value}");
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
            nullable: false,
            deprecated: false,
            read_only: false,
            personal: false,
        };
        let new = Constructor { name: "new".into(), doc: String::new(), takes: vec!["name".into()] };
        let object = Object {
            fields: vec![field("type", "type_", true), field("name", "name", false)],
            constructors: vec![new],
            page: None,
        };
        let shelf = Type {
            name: "Shelf".into(),
            resource: None,
            doc: String::new(),
            received: false,
            kind: TypeKind::Object(object),
        };
        let api = Api { resources: Vec::new(), types: vec![shelf], errors: Errors::default() };
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
