//! Types, each in a form that its kind decides.

mod enums;
mod object;
mod text;

use syn::Item;

use crate::diagnostic::Diagnostic;
use crate::model::{Api, Type, TypeKind};

/// The items of a type: itself first, then its impls.
pub fn items(api: &Api, ty: &Type) -> Result<Vec<Item>, Diagnostic> {
    Ok(match &ty.kind {
        TypeKind::Object(object) => object::object(api, ty, object)?,
        TypeKind::Id { personal } => text::id(ty, *personal),
        TypeKind::DateTime => text::timestamp(ty),
        TypeKind::Enum(values) if ty.received => enums::open(ty, values),
        TypeKind::Enum(values) => enums::closed(ty, values),
        TypeKind::Union(alternatives) => enums::union(ty, alternatives),
    })
}
