//! From the model to files of Rust, not formatted yet. Knows the layout of the generated folder. Never reads the document.

mod docs;
mod operations;
mod requests;
mod rust;
mod tests;
mod types;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use quote::ToTokens;
use syn::visit::{Visit, visit_ident};
use syn::{Ident, Item, parse_quote};

use crate::diagnostic::Diagnostic;
use crate::model::Api;
use crate::names;
use rust::ident;

/// Paths and texts.
pub type Files = BTreeMap<PathBuf, String>;

/// What a builder may use of the runtime.
const RUNTIME: &[&str] =
    &["Client", "Error", "Items", "PageState", "Pages", "QueryParam", "ResponseValue", "fingerprint", "path_segment"];

/// The files of the generated module, relative to its folder. `header` says where they come from.
pub fn module(api: &Api, header: &str) -> Result<Files, Diagnostic> {
    let mut files = Files::new();
    let mut add = |path: String, doc: &str, items: &[Item]| -> Result<(), Diagnostic> {
        files.insert(PathBuf::from(path), source(header, doc, items)?);
        Ok(())
    };
    for ty in &api.types {
        let items = types::items(api, ty);
        let others = names_in(&items, api.types.iter().map(|ty| ty.name.as_str()).filter(|other| *other != ty.name));
        let import: Option<Item> = (!others.is_empty()).then(|| parse_quote!(use super::{#(#others),*};));
        let items: Vec<_> = import.into_iter().chain(items).collect();
        add(format!("types/{}.rs", names::module(&ty.name)), "", &items)?;
    }
    let modules = api.types.iter().map(|ty| (names::module(&ty.name), ty.name.clone()));
    add("types/mod.rs".into(), "What requests are made of and answers carry.", &index(modules))?;

    let mut methods = Vec::new();
    for operation in &api.operations {
        let builder = requests::builder(api, operation);
        let runtime = names_in(&builder, RUNTIME.iter().copied());
        let siblings = names_in(&builder, ["operations", "types"].into_iter());
        let mut items: Vec<Item> =
            vec![parse_quote!(use super::super::{#(#siblings),*};), parse_quote!(use crate::runtime::{#(#runtime),*};)];
        items.extend(builder);
        add(format!("builder/{}.rs", operation.id), "", &items)?;
        methods.push(requests::method(api, operation)?);
    }
    let modules = api.operations.iter().map(|operation| (operation.id.clone(), names::builder(&operation.id)));
    add("builder/mod.rs".into(), "A builder for each operation, made by the client's methods.", &index(modules))?;

    let mut items: Vec<Item> = vec![
        parse_quote!(
            use super::{builder, types};
        ),
        operations::client_uses(api),
        parse_quote!(impl Client { #(#methods)* }),
    ];
    items.extend(operations::refusal(api));
    add("client.rs".into(), "The operations, as methods of the client.", &items)?;
    add("operations.rs".into(), "The operations, as data.", &operations::table(api))?;
    let modules: [Item; 4] = [
        parse_quote!(
            pub mod builder;
        ),
        parse_quote!(
            mod client;
        ),
        parse_quote!(
            pub mod operations;
        ),
        parse_quote!(
            pub mod types;
        ),
    ];
    add("mod.rs".into(), "Everything that is derived from the OpenAPI document.", &modules)?;
    files.insert("operations.md".into(), format!("<!-- {header} -->\n\n{}", operations::markdown(api)));
    Ok(files)
}

/// The contract tests.
pub fn contract(api: &Api, header: &str) -> Result<String, Diagnostic> {
    let doc = "Each operation, called through the client with the document's examples.";
    source(header, doc, &tests::tests(api))
}

/// `mod` and `pub use` for each file of a folder.
fn index(modules: impl Iterator<Item = (String, String)>) -> Vec<Item> {
    let (mut declared, mut exported) = (Vec::new(), Vec::new());
    for (module, name) in modules {
        let (module, name) = (ident(&module), ident(&name));
        declared.push(parse_quote!(mod #module;));
        exported.push(parse_quote!(pub use #module::#name;));
    }
    // rustfmt sorts what stands together.
    declared.into_iter().chain(exported).collect()
}

/// Those of the names that stand in the items, in order.
fn names_in<'a>(items: &[Item], names: impl Iterator<Item = &'a str>) -> Vec<Ident> {
    struct Identifiers(BTreeSet<String>);
    impl Visit<'_> for Identifiers {
        fn visit_ident(&mut self, ident: &Ident) {
            self.0.insert(ident.to_string());
            visit_ident(self, ident);
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
    let names: BTreeSet<_> = names.filter(|name| found.0.contains(*name)).collect();
    names.into_iter().map(ident).collect()
}

/// A source file: header, module doc, and the items with a blank line between those that are not one-liners.
fn source(header: &str, doc: &str, items: &[Item]) -> Result<String, Diagnostic> {
    let mut out = format!("// {header}\n\n");
    if !doc.is_empty() {
        out += &format!("//! {doc}\n\n");
    }
    let mut previous = None;
    for item in items {
        let kind = std::mem::discriminant(item);
        let line = matches!(item, Item::Use(_) | Item::Mod(_));
        if previous.is_some_and(|previous| previous != kind || !line) {
            out.push('\n');
        }
        previous = Some(kind);
        let file: syn::File = syn::parse2(item.to_token_stream()).map_err(|error| {
            let help = "this is a defect of build-tools";
            Diagnostic::whole("render", format!("the generated code is not Rust: {error}"), help)
        })?;
        out += &prettyplease::unparse(&file);
    }
    Ok(apart(&out))
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
