//! Types, each in a form that its kind decides.

mod enums;
mod object;
mod quantity;
mod text;
mod union;

use syn::Item;

use crate::diagnostic::Diagnostic;
use crate::model::{Api, Type, TypeKind};

/// The items of a type: itself first, then its impls.
pub fn items(api: &Api, ty: &Type) -> Result<Vec<Item>, Diagnostic> {
    Ok(match &ty.kind {
        TypeKind::Object(object) => object::object(api, ty, object)?,
        TypeKind::Id { personal, made_from } => text::id(ty, *personal, made_from),
        TypeKind::Quantity(number) => quantity::quantity(ty, number),
        TypeKind::DateTime => text::timestamp(ty),
        TypeKind::Enum(values) if ty.received => enums::open(ty, values),
        TypeKind::Enum(values) => enums::closed(ty, values),
        TypeKind::Union(union) => union::union(api, ty, union),
    })
}
