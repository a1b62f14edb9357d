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

    let (key, _) = field(types, &name(item).unwrap_or_default(), &pagination.key.value)?;

    // The object that holds the address decides whether the page says anything; the address, whether there is a next one.
    let mut steps: Vec<_> = pagination.next.value.split('.').collect();
    let final_step = steps.pop().unwrap_or_default();
    let mut at = quote!(Some(page));
    let mut at_type = page_name;
    for step in steps {
        let (ident, ty) = field(types, &at_type, step)?;
        at = quote!(#at.and_then(|at| at.#ident.as_ref()));
        at_type = name(ty).unwrap_or_default();
    }
    let (address, _) = field(types, &at_type, final_step)?;
    Ok(quote! {
        /// Reads the list page by page, from the offset that is set or from the start. Each page is one request, sent when
        /// the page is asked for.
        pub fn pages(self) -> Pages<types::#page> {
            Pages::new(
                &operations::#operation,
                self.#offset,
                move |offset| {
                    let mut next = self.clone();
                    next.#offset = offset;
                    Box::pin(next.send())
                },
                |page| PageState::new(page.#items.as_deref(), Self::key, #at.map(|at| at.#address.is_some())),
            )
        }

        /// Reads the list item by item, over all pages. No item is yielded twice.
        pub fn stream(self) -> Items<types::#page, types::#item> {
            Items::new(self.pages(), |page| page.#items.unwrap_or_default(), Self::key)
        }

        /// What tells an item from others: its id, or all of it if it has none.
        fn key(item: &types::#item) -> u64 {
            item.#key.as_ref().map_or_else(|| fingerprint(item), fingerprint)
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
