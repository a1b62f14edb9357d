//! How messages write Rust: types, calls, requests. Must know nothing of what has changed.

use crate::model::{Api, Field, Operation, Ty, Type, TypeKind};
use crate::names;

/// A type.
pub fn ty(given: &Ty) -> String {
    match given {
        Ty::Text => "String".to_owned(),
        Ty::Bool => "bool".to_owned(),
        Ty::Number(name) | Ty::Named(name) => name.clone(),
        Ty::Money(name, _) => (*name).to_owned(),
        Ty::Json => "serde_json::Value".to_owned(),
        Ty::List(item) => format!("Vec<{}>", ty(item)),
        Ty::Map(value) if **value == Ty::Json => "serde_json::Map<String, serde_json::Value>".to_owned(),
        Ty::Map(value) => format!("BTreeMap<String, {}>", ty(value)),
    }
}

/// The type of a field.
pub fn field(given: &Field) -> String {
    let ty = ty(&given.ty);
    match (given.required, given.clearable) {
        (true, _) => ty,
        (false, false) => format!("Option<{ty}>"),
        (false, true) => format!("Option<Option<{ty}>>"),
    }
}

/// What an operation responds with.
pub fn output(operation: &Operation) -> String {
    operation.output.as_ref().map_or_else(|| "()".to_owned(), ty)
}

/// The method of an operation, as it is called: `books().list`.
pub fn method(resource: &str, operation: &Operation) -> String {
    format!("{resource}().{}", operation.name)
}

/// What a method returns: a request type of its own if there is something to set on it.
pub fn returned(resource: &str, operation: &Operation) -> String {
    if has_request(operation) {
        format!("{resource}::{}", names::request(&operation.name))
    } else {
        format!("Call<{}>", output(operation))
    }
}

/// Whether an operation has a request type of its own.
pub fn has_request(operation: &Operation) -> bool {
    operation.parameters.iter().any(|parameter| !parameter.required)
}

/// What a type is.
pub fn kind(given: &Type) -> &'static str {
    match &given.kind {
        TypeKind::Object(_) => "a struct",
        TypeKind::Id { .. } => "an id",
        TypeKind::Quantity(_) => "a quantity",
        TypeKind::DateTime => "a timestamp",
        TypeKind::Enum(_) => "an enum",
        TypeKind::Union(_) => "an enum of JSON types",
    }
}

/// What follows `x: Option<T>` where code needs a `T`: the empty value, or a decision.
pub fn or_default(api: &Api, given: &Ty) -> &'static str {
    let has_default = match given {
        Ty::Named(name) => {
            api.ty(name).is_some_and(|ty| ty.received || matches!(ty.kind, TypeKind::Id { .. } | TypeKind::Quantity(_)))
        }
        _ => true,
    };
    if has_default { ".unwrap_or_default()" } else { "?" }
}
