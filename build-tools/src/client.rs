//! Runs progenitor and takes its output apart. The only file that names it; it knows nothing of what we make of the parts.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};

use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle};
use quote::ToTokens;
use syn::{ImplItem, ImplItemFn, Item};

use crate::diagnostic::Diagnostic;
use crate::passes::Mismatch;

/// The parts of progenitor's output that are kept.
#[derive(Debug)]
pub struct Output {
    /// The items of its module `types`.
    pub types: Vec<Item>,
    /// One method for each operation, as it stands in `impl Client`.
    pub methods: Vec<ImplItemFn>,
}

/// Generates from the document. Positional style is the plainest output: a method for each operation, whose arguments
/// and body the pass `methods` makes a builder of.
pub fn generate(spec: &OpenAPI) -> Result<Output, Diagnostic> {
    let mut settings = GenerationSettings::default();
    settings.with_interface(InterfaceStyle::Positional).with_hooks(HooksMode::Expected).with_derive("PartialEq");
    let failed = |message: String| {
        Diagnostic::whole(
            "progenitor",
            format!("progenitor cannot use the document: {message}"),
            "the rules let something through that it does not support: report it with the document",
        )
    };
    // The rules are meant to leave nothing to panic on. Should something be left, its cause is told as an error, and not
    // printed by the hook as well.
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    let generated = catch_unwind(AssertUnwindSafe(|| Generator::new(&settings).generate_tokens(spec)));
    set_hook(hook);
    let tokens = generated
        .map_err(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            failed(text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default())
        })?
        .map_err(|error| failed(error.to_string()))?;
    let file: syn::File = syn::parse2(tokens).map_err(|error| failed(error.to_string()))?;
    Ok(take_apart(file.items)?)
}

/// Keeps the types and the operations, and drops the rest: its `Client` with its constructors, hooks and prelude, whose
/// place our runtime takes. Anything else in the output is an error.
fn take_apart(items: Vec<Item>) -> Result<Output, Mismatch> {
    let mut types = None;
    let mut impls = Vec::new();
    let mut dropped = Vec::new();
    for item in items {
        match item {
            Item::Mod(module) if module.ident == "types" && types.is_none() => {
                types = module.content.map(|(_, items)| items);
            }
            Item::Impl(block) if block.trait_.is_none() => impls.push(block),
            Item::Use(_) => dropped.push("use".to_owned()),
            Item::Const(_) => dropped.push("const".to_owned()),
            Item::Struct(item) => dropped.push(format!("struct {}", item.ident)),
            Item::Impl(_) => dropped.push("impl trait".to_owned()),
            Item::Mod(module) => dropped.push(format!("mod {}", module.ident)),
            other => {
                return Err(Mismatch::new("take apart", format!("unexpected item {}", other.to_token_stream())));
            }
        }
    }
    if dropped != ["use", "use", "struct Client", "impl trait", "const", "mod prelude"] {
        return Err(Mismatch::new("take apart", format!("the items around the operations are now {dropped:?}")));
    }
    let names = |block: &syn::ItemImpl| -> Vec<String> {
        block
            .items
            .iter()
            .map(|item| if let ImplItem::Fn(f) = item { f.sig.ident.to_string() } else { String::new() })
            .collect()
    };
    let [constructors, operations] = <[syn::ItemImpl; 2]>::try_from(impls)
        .map_err(|impls| Mismatch::new("take apart", format!("{} impl blocks of Client", impls.len())))?;
    if names(&constructors) != ["new", "new_with_client"] {
        return Err(Mismatch::new("take apart", format!("the constructors are now {:?}", names(&constructors))));
    }
    let methods = operations.items.into_iter().map(|item| match item {
        ImplItem::Fn(method) => Ok(method),
        other => Err(Mismatch::new("take apart", format!("unexpected {}", other.to_token_stream()))),
    });
    Ok(Output {
        types: types.ok_or_else(|| Mismatch::new("take apart", "no module `types`"))?,
        methods: methods.collect::<Result<_, _>>()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output() -> Vec<Item> {
        let file: syn::File = syn::parse_quote! {
            pub use progenitor_client::Error;
            use progenitor_client::encode_path;
            pub mod types {}
            pub struct Client;
            impl Client { pub fn new() {} pub fn new_with_client() {} }
            impl ClientInfo<()> for Client {}
            const _: () = {};
            impl Client { pub async fn list_books(&self) {} }
            pub mod prelude {}
        };
        file.items
    }

    #[test]
    fn types_and_operations_are_kept() {
        let Output { types, methods } = take_apart(output()).unwrap();
        assert!(types.is_empty());
        assert_eq!(methods[0].sig.ident, "list_books");
    }

    #[test]
    fn output_with_less_or_more_is_an_error() {
        for at in 0..output().len() {
            let mut less = output();
            less.remove(at);
            assert!(take_apart(less).is_err(), "without item {at}");
            let mut more = output();
            more.insert(at, output().remove(at));
            assert!(take_apart(more).is_err(), "with item {at} twice");
        }
        let mut more = output();
        more.push(syn::parse_quote!(
            fn something() {}
        ));
        assert!(take_apart(more).is_err());
    }
}
