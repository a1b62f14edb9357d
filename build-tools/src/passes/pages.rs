//! `x-pagination`: methods of a builder that read a list over all its pages. What is done is the runtime's; this file
//! says where in the generated types the items are, and where a page says that another follows.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Item, Type};

use super::Mismatch;
use super::arguments::inner;
use super::structs::wire_name;
use super::types::SchemaType;
use crate::document::Pagination;

/// The methods `pages` and `stream`, for an operation that answers `page`.
pub(super) fn methods(
    types: &[SchemaType],
    pagination: &Pagination,
    operation: &Ident,
    page: &Type,
) -> Result<TokenStream, Mismatch> {
    let offset = format_ident!("{}", pagination.offset.value);
    let name = |ty: &Type| match ty {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    };
    let page_name = name(page).unwrap_or_default();
    let page = format_ident!("{page_name}");
    let (items, list) = field(types, &page_name, &pagination.items.value)?;
    let item = inner(list, "Vec").ok_or_else(|| Mismatch::new("pages", format!("`{items}` is no list")))?;

    // The first step decides whether the page says anything; the others, whether there is a next one.
    let mut steps = pagination.next.value.split('.');
    let (first, mut ty) = field(types, &page_name, steps.next().unwrap_or_default())?;
    let mut next = quote!(Some(link));
    for step in steps {
        let (step, inner) = field(types, &name(ty).unwrap_or_default(), step)?;
        next = quote!(#next.and_then(|at| at.#step.as_ref()));
        ty = inner;
    }
    Ok(quote! {
        /// Reads the list page by page, from the offset that is set or from the start. Each page is one request, sent when
        /// the page is asked for.
        pub fn pages(self) -> Pages<'a, types::#page> {
            let start = self.#offset.unwrap_or(0);
            Pages::new(
                &operations::#operation,
                start,
                move |at| Box::pin(self.clone().#offset(at).send()),
                |page| PageState::new(page.#items.as_deref(), page.#first.as_ref().map(|link| #next.is_some())),
            )
        }

        /// Reads the list item by item, over all pages.
        pub fn stream(self) -> Items<'a, types::#page, types::#item> {
            Items::new(self.pages(), |page| page.#items.unwrap_or_default())
        }
    })
}

/// The field of a type under its name on the wire, without `Option`.
fn field<'a>(types: &'a [SchemaType], name: &str, wire: &str) -> Result<(&'a Ident, &'a Type), Mismatch> {
    let items = types.iter().find(|ty| ty.name == name).map_or(&[][..], |ty| &ty.items);
    let fields = items.iter().find_map(|item| match item {
        Item::Struct(item) => Some(&item.fields),
        _ => None,
    });
    let field = fields.and_then(|fields| fields.iter().find(|field| wire_name(field) == wire));
    let found = field.and_then(|field| Some((field.ident.as_ref()?, inner(&field.ty, "Option")?)));
    found.ok_or_else(|| Mismatch::new("pages", format!("`{name}` has no optional field `{wire}`")))
}
