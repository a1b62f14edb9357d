//! Examples in doc comments, made of the examples of the document, and compiled with the docs.

use quote::quote;
use syn::{Attribute, Block, Stmt, parse_quote};

use super::docs::verbatim;
use super::rust::{constructor_of, ident, value};
use crate::diagnostic::Diagnostic;
use crate::model::{Api, Body, Constructor, Object, Operation, Resource, Ty, Type};
use crate::names;

/// Of an operation: how it is called, and what comes back.
pub fn operation(api: &Api, resource: &Resource, operation: &Operation) -> Result<Vec<Attribute>, Diagnostic> {
    let (handle, name) = (ident(&resource.name), ident(&operation.name));
    let mut used = Vec::new();
    let arguments = operation.inputs().map(|input| value(api, input.ty, input.example, &mut used));
    let arguments = arguments.collect::<Result<Vec<_>, _>>()?;
    let call = quote!(client.#handle().#name(#(#arguments),*));
    let page = operation.pagination.as_ref().and_then(|given| api.ty(&given.page)?.page());
    let block: Block = match (page, &operation.output) {
        (Some(page), _) => {
            let (item, (key, is_optional)) = (ident(&names::module(&page.item)), &page.key);
            let key = ident(key);
            let or_blank = is_optional.then(|| quote!(.unwrap_or_default()));
            parse_quote!({
                let mut items = #call.stream();
                while let Some(#item) = items.try_next().await? {
                    println!("{}", #item.#key #or_blank);
                }
            })
        }
        (None, Some(Ty::Named(output))) => {
            let output = ident(&names::module(output));
            parse_quote!({ let #output = #call.send().await?; })
        }
        _ => parse_quote!({ #call.send().await?; }),
    };
    let before = "# async fn example(client: prolific_sdk::Client) -> Result<(), prolific_sdk::Error> {\n";
    Ok(example("no_run", before, &used, &block.stmts, "# Ok(())\n# }\n"))
}

/// Of a constructor: the body of an operation, if this makes it.
pub fn constructor(
    api: &Api,
    ty: &Type,
    object: &Object,
    constructor: &Constructor,
) -> Result<Vec<Attribute>, Diagnostic> {
    let operations = api.resources.iter().flat_map(|resource| &resource.operations);
    let bodies = operations.filter_map(|operation| operation.body.as_ref());
    let mut bodies = bodies.filter(|body| matches!(&body.ty, Ty::Named(name) if *name == ty.name));
    let makes = |body: &&Body| constructor_of(object, &body.example).is_some_and(|made| made.name == constructor.name);
    let Some(body) = bodies.find(makes) else { return Ok(Vec::new()) };
    let mut used = Vec::new();
    let (name, made) = (ident("body"), value(api, &body.ty, &body.example, &mut used)?);
    Ok(example("", "", &used, &[parse_quote!(let #name = #made;)], ""))
}

/// Statements that use these types, between lines that are not shown.
fn example(mark: &str, before: &str, used: &[String], statements: &[Stmt], after: &str) -> Vec<Attribute> {
    let mut used: Vec<_> = used.iter().map(|name| ident(name)).collect();
    used.sort();
    used.dedup();
    let import = if used.is_empty() {
        String::new()
    } else {
        code(&[parse_quote!(use prolific_sdk::types::{#(#used),*};)]) + "\n"
    };
    let text = format!("\n# Examples\n\n```{mark}\n{before}{import}{}{after}```\n", code(statements));
    verbatim(text.lines())
}

/// Statements as text.
fn code(statements: &[Stmt]) -> String {
    let text = prettyplease::unparse(&parse_quote!(fn example() { #(#statements)* }));
    // Without the function's own lines.
    let lines = text.lines().filter_map(|line| line.strip_prefix("    "));
    lines.flat_map(|line| [line, "\n"]).collect()
}
