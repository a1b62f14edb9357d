//! From the model to files of Rust, not formatted yet. Knows the layout of the generated folder. Never reads the
//! document.

mod docs;
mod example;
mod requests;
mod resources;
mod rust;
mod tests;
mod types;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use syn::visit::{Visit, visit_path};
use syn::{Attribute, File, Ident, ImplItem, Item, parse_quote};

use crate::diagnostic::Diagnostic;
use crate::model::{Api, Type};
use crate::names;
use rust::ident;

/// Paths and texts.
pub type Files = BTreeMap<PathBuf, String>;

/// The files of the generated module, relative to its folder. `header` says where they come from.
pub fn module(api: &Api, header: &str) -> Result<Files, Diagnostic> {
    let mut files = Folder { header, files: Files::new() };
    let mut modules: Vec<Item> = Vec::new();
    let common: Vec<_> = api.types.iter().filter(|ty| ty.resource.is_none()).collect();
    if !common.is_empty() {
        modules.push(parse_quote!(
            mod common;
        ));
        files.types(api, "common", &common)?;
        files.add(
            "common/mod.rs",
            "What several resources have in common.",
            vec![parse_quote!(
                pub(crate) mod schemas;
            )],
        );
    }
    for resource in &api.resources {
        let name = ident(&resource.name);
        modules.push(parse_quote!(pub mod #name;));
        files.resource(api, resource)?;
    }
    let folders = std::iter::once("common").chain(api.resources.iter().map(|resource| resource.name.as_str()));
    let all = folders.filter_map(|folder| {
        let owned = api.types.iter().filter(|ty| ty.resource.as_deref().unwrap_or("common") == folder);
        let names: Vec<_> = owned.map(|ty| ident(&ty.name)).collect();
        let folder = ident(folder);
        (!names.is_empty()).then(|| parse_quote!(pub use super::#folder::schemas::{#(#names),*};))
    });
    let (minor, major) = (ident(names::MINOR_UNITS), ident(names::MAJOR_UNITS));
    let all = all.chain([parse_quote!(pub use crate::runtime::{#major, #minor};)]);
    files.add("types.rs", "The types of requests and responses.", all.collect());
    files.add("client.rs", "The resources, as methods of the client.", resources::client(api));
    files.add("operations.rs", "The operations, as data.", resources::operations(api));
    if let Some(items) = resources::error(api) {
        modules.push(of_the_client(parse_quote!(
            mod error;
        )));
        files.add("error.rs", "The documented form of an error.", items);
    }
    let others: [Item; 3] = [
        of_the_client(parse_quote!(
            mod client;
        )),
        of_the_client(parse_quote!(
            pub mod operations;
        )),
        parse_quote!(
            pub mod types;
        ),
    ];
    modules.extend(others);
    modules.sort_by_key(|item| if let Item::Mod(module) = item { module.ident.to_string() } else { String::new() });
    files.add("mod.rs", "Everything generated from the OpenAPI document.", modules);
    files.files.insert("effects.md".into(), resources::effects(api, header));
    Ok(files.files)
}

/// The contract tests.
pub fn contract(api: &Api, header: &str) -> String {
    let doc = "Each operation, called through the client with the document's examples, and the list of all types.";
    source(header, doc, tests::tests(api))
}

struct Folder<'a> {
    header: &'a str,
    files: Files,
}

impl Folder<'_> {
    fn add(&mut self, path: impl Into<PathBuf>, doc: &str, items: Vec<Item>) {
        self.files.insert(path.into(), source(self.header, doc, items));
    }

    /// The folder of a resource: its handle, its requests, its types.
    fn resource(&mut self, api: &Api, resource: &crate::model::Resource) -> Result<(), Diagnostic> {
        let folder = &resource.name;
        let mut declared: Vec<Item> = Vec::new();
        let mut exported: Vec<Item> = Vec::new();
        for operation in resource.operations.iter().filter(|operation| requests::has_request(operation)) {
            let (module, name) = (ident(&operation.name), ident(&names::request(&operation.name)));
            declared.push(of_the_client(parse_quote!(mod #module;)));
            exported.push(of_the_client(parse_quote!(pub use #module::#name;)));
            let request = requests::request(api, resource, operation);
            let items: Vec<_> = uses(&request).into_iter().chain(request).collect();
            self.add(format!("{folder}/{}.rs", operation.name), "", items);
        }
        let types: Vec<_> = api.types.iter().filter(|ty| ty.resource.as_ref() == Some(&resource.name)).collect();
        if !types.is_empty() {
            declared.push(parse_quote!(
                pub(crate) mod schemas;
            ));
            self.types(api, folder, &types)?;
        }
        let handle = resources::handle(api, resource)?;
        let handle = uses(&handle).into_iter().chain(handle).map(of_the_client);
        let items: Vec<_> = declared.into_iter().chain(exported).chain(handle).collect();
        self.add(format!("{folder}/mod.rs"), &resource.doc, items);
        Ok(())
    }

    /// The types of one folder, each in a file.
    fn types(&mut self, api: &Api, folder: &str, types: &[&Type]) -> Result<(), Diagnostic> {
        let (mut declared, mut exported) = (Vec::new(), Vec::new());
        for ty in types {
            let items = types::items(api, ty)?;
            let others = names_in(&items, |name| *name != ty.name && (api.ty(name).is_some() || is_money(name)));
            let import: Option<Item> =
                (!others.is_empty()).then(|| parse_quote!(use crate::generated::types::{#(#others),*};));
            let items: Vec<_> = import.into_iter().chain(items).collect();
            self.add(format!("{folder}/schemas/{}.rs", names::module(&ty.name)), "", items);
            let (module, name) = (ident(&names::module(&ty.name)), ident(&ty.name));
            declared.push(parse_quote!(mod #module;));
            exported.push(parse_quote!(pub use #module::#name;));
        }
        let index: Vec<Item> = declared.into_iter().chain(exported).collect();
        self.add(format!("{folder}/schemas/mod.rs"), "", index);
        Ok(())
    }
}

fn is_money(name: &str) -> bool {
    [names::MINOR_UNITS, names::MAJOR_UNITS].contains(&name)
}

/// The item, only with the feature `client`: types are there without it.
fn of_the_client(mut item: Item) -> Item {
    let feature: Attribute = parse_quote!(#[cfg(feature = "client")]);
    match &mut item {
        Item::Impl(syn::ItemImpl { attrs, .. })
        | Item::Mod(syn::ItemMod { attrs, .. })
        | Item::Struct(syn::ItemStruct { attrs, .. })
        | Item::Use(syn::ItemUse { attrs, .. }) => attrs.push(feature),
        _ => {}
    }
    item
}

/// What the items of a resource's file use.
fn uses(items: &[Item]) -> Vec<Item> {
    let siblings = names_in(items, |name| names::SIBLINGS.contains(&name.as_str()));
    let runtime = names_in(items, |name| names::RUNTIME.contains(&name.as_str()));
    let mut uses = Vec::new();
    if !siblings.is_empty() {
        uses.push(parse_quote!(use crate::generated::{#(#siblings),*};));
    }
    uses.push(parse_quote!(use crate::runtime::{#(#runtime),*};));
    uses
}

/// The names that the items use, of those that are wanted, in order.
fn names_in(items: &[Item], is_wanted: impl Fn(&String) -> bool) -> Vec<Ident> {
    struct Identifiers(BTreeSet<String>);
    impl Visit<'_> for Identifiers {
        // `std::fmt::Display` uses no name but `std`, and a variable may have the name of a module.
        fn visit_path(&mut self, path: &syn::Path) {
            let first = path.segments.first().map(|segment| segment.ident.to_string());
            self.0.extend(first.filter(|name| path.segments.len() > 1 || name.starts_with(char::is_uppercase)));
            visit_path(self, path);
        }

        fn visit_macro(&mut self, mac: &syn::Macro) {
            let text = mac.tokens.to_string();
            let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
            self.0.extend(words.map(str::to_owned));
        }
    }
    let mut found = Identifiers(BTreeSet::new());
    for item in items {
        found.visit_item(item);
    }
    found.0.iter().filter(|name| is_wanted(name)).map(|name| ident(name)).collect()
}

/// A source file: header, module doc, and the items with a blank line between those that are not one-liners.
fn source(header: &str, doc: &str, items: Vec<Item>) -> String {
    let mut out = format!("// {header}\n\n");
    if !doc.is_empty() {
        out += &format!("//! {doc}\n\n");
    }
    // A dependent compiles what it calls, and nothing else of the many small functions.
    let inline: Attribute = parse_quote!(#[inline]);
    let mut previous = None;
    for mut item in items {
        if let Item::Impl(block) = &mut item {
            for item in &mut block.items {
                if let ImplItem::Fn(method) = item {
                    method.attrs.push(inline.clone());
                }
            }
        }
        let kind = std::mem::discriminant(&item);
        let line = matches!(item, Item::Use(_) | Item::Mod(_));
        if previous.is_some_and(|previous| previous != kind || !line) {
            out.push('\n');
        }
        previous = Some(kind);
        out += &prettyplease::unparse(&File { shebang: None, frontmatter: None, attrs: Vec::new(), items: vec![item] });
    }
    apart(&out)
}

/// A blank line after each method but the last, which neither prettyplease nor rustfmt puts there.
fn apart(source: &str) -> String {
    let mut out = String::new();
    let mut lines = source.lines().peekable();
    while let Some(line) = lines.next() {
        out += line;
        out.push('\n');
        if line == "    }" && lines.peek().is_some_and(|next| *next != "}") {
            out.push('\n');
        }
    }
    out
}
