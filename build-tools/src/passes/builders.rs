//! Operations: progenitor's method for each becomes a method of the client that takes what is required, and a builder
//! with a setter for each optional parameter and `send`. What `send` does is progenitor's code, over our runtime.

use heck::{ToPascalCase, ToShoutySnakeCase};
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use serde_saphyr::Spanned;
use syn::visit_mut::{VisitMut, visit_type_mut};
use syn::{Attribute, FnArg, Ident, ImplItemFn, Item, Pat, Type, parse_quote};

use super::Mismatch;
use super::arguments::{Argument, argument, inner, is_id, setter};
use super::docs::attributes_for;
use super::example;
use super::pages;
use super::paths::Paths;
use super::send::{output_of, send};
use super::types::SchemaType;
use crate::document::{Document, Operation, PathItem};

/// The name of an operation's entry in the table of operations.
pub fn constant(id: &str) -> Ident {
    format_ident!("{}", id.to_shouty_snake_case())
}

/// The name of an operation's builder.
pub fn builder_name(id: &str) -> Ident {
    format_ident!("{}", id.to_pascal_case())
}

/// What is generated for one operation.
#[derive(Debug)]
pub struct Call {
    /// Its `operationId`, the name of the client's method.
    pub id: String,
    /// The client's method.
    pub method: ImplItemFn,
    /// The builder and its impl.
    pub builder: Vec<Item>,
    /// Its arguments and setters.
    pub fields: Vec<Field>,
}

/// A parameter of progenitor's method, as a field of the builder.
#[derive(Debug)]
pub struct Field {
    /// Its name, which is that of the parameter, or `body`.
    pub name: Ident,
    /// Owned, and without `Option`.
    pub ty: Type,
    /// Whether it has a setter; it is an argument otherwise.
    pub optional: bool,
    /// Whether it is an id, which may not be empty.
    pub is_id: bool,
    description: String,
}

const PASS: &str = "builders";

/// Shapes all operations, in the document's order.
pub fn shape(document: &Document, types: &[SchemaType], methods: &[ImplItemFn]) -> Result<Vec<Call>, Mismatch> {
    let operations: Vec<_> = document.operations().collect();
    if operations.len() != methods.len() {
        return Err(Mismatch::new(PASS, format!("{} methods for {} operations", methods.len(), operations.len())));
    }
    let mut calls = Vec::new();
    for (path, item, http_method, operation) in operations {
        let id = operation.value.id();
        let method = methods.iter().find(|method| method.sig.ident == id);
        let mut method = method.ok_or_else(|| Mismatch::new(PASS, format!("no method `{id}`")))?.clone();
        Paths::default().visit_impl_item_fn_mut(&mut method);
        let fields = fields(document, item, &operation.value, &method)?;
        let send = send(&method, &fields, &format!("Sends the request, `{http_method} {}`.", path.value))?;
        let pages = operation.value.pagination.as_ref();
        let pages =
            pages.map(|pages| pages::methods(types, pages, &constant(id), &output_of(&method)?.0)).transpose()?;
        calls.push(Call {
            id: id.to_owned(),
            method: {
                let example = example::doc(document, types, item, &operation.value, &fields)?;
                let request = format!("{http_method} {}", path.value);
                client_method(document, &operation.value, id, &request, &fields, &example)
            },
            builder: builder(document, id, &fields, &quote!(#send #pages)),
            fields,
        });
    }
    Ok(calls)
}

fn fields(
    document: &Document,
    item: &PathItem,
    operation: &Operation,
    method: &ImplItemFn,
) -> Result<Vec<Field>, Mismatch> {
    let parameters = || item.parameters_of(operation).filter_map(|p| document.parameter(&p.value));
    let mut fields = Vec::new();
    for input in &method.sig.inputs {
        let FnArg::Typed(input) = input else { continue };
        let Pat::Ident(name) = &*input.pat else {
            return Err(Mismatch::new(PASS, format!("an argument without a name: {}", input.to_token_stream())));
        };
        let parameter = parameters().find(|parameter| parameter.name.as_ref().is_some_and(|n| name.ident == n.value));
        let description = match (parameter, &operation.request_body) {
            (Some(parameter), _) => parameter.description.as_ref(),
            (None, Some(body)) if name.ident == "body" => body.value.description.as_ref(),
            _ => {
                return Err(Mismatch::new(PASS, format!("an argument of no parameter: {}", input.to_token_stream())));
            }
        };
        let mut ty = (*input.ty).clone();
        Owned.visit_type_mut(&mut ty);
        let optional = inner(&ty, "Option").cloned();
        let is_optional = optional.is_some();
        let ty = optional.unwrap_or(ty);
        fields.push(Field {
            name: name.ident.clone(),
            optional: is_optional,
            is_id: is_id(document, &ty),
            ty,
            description: description.map_or_else(String::new, |text| text.value.clone()),
        });
    }
    Ok(fields)
}

/// `&'a str` to `String`, `&'a T` to `T`: the builder owns what it sends.
struct Owned;

impl VisitMut for Owned {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if let Type::Reference(reference) = ty {
            let target = (*reference.elem).clone();
            *ty = if target == parse_quote!(str) { parse_quote!(String) } else { target };
        }
        visit_type_mut(self, ty);
    }
}

fn client_method(
    document: &Document,
    operation: &Operation,
    id: &str,
    request: &str,
    fields: &[Field],
    example: &[Attribute],
) -> ImplItemFn {
    let name = format_ident!("{id}");
    let builder = builder_name(id);
    let required: Vec<_> = fields.iter().filter(|field| !field.optional).collect();
    let arguments: Vec<_> = required.iter().map(|field| argument(document, &field.name, &field.ty)).collect();
    let declared =
        required.iter().zip(&arguments).map(|(Field { name, .. }, Argument { declared, .. })| quote!(#name: #declared));
    let converted = arguments.iter().map(|argument| &argument.converted);
    let doc = attributes_for(&operation_doc(operation, request));
    let errors = attributes_for(&errors_doc(document, operation));
    let aliases = aliases(id);
    parse_quote! {
        #(#doc)*
        ///
        #(#example)*
        #(#errors)*
        #(#[doc(alias = #aliases)])*
        pub fn #name(&self, #(#declared),*) -> builder::#builder {
            builder::#builder::new(self, #(#converted),*)
        }
    }
}

/// What one may search the docs for: the words of the name, and those of the thing alone. A search for words with blanks
/// between them finds aliases and nothing else.
fn aliases(id: &str) -> Vec<String> {
    let words = id.replace('_', " ");
    let thing = words.split_once(' ').map(|(_, thing)| thing.to_owned());
    let thing = thing.filter(|thing| thing.contains(' '));
    words.contains(' ').then_some(words).into_iter().chain(thing).collect()
}

fn text(text: Option<&Spanned<String>>) -> &str {
    text.map_or("", |text| &text.value)
}

fn operation_doc(operation: &Operation, request: &str) -> String {
    let page = operation.external_docs.as_ref();
    let page = page.map_or_else(String::new, |docs| format!("[{}]({})", docs.description, docs.url.value));
    format!(
        "{}.\n\n{}\n\nThe request is `{request}`; Prolific's documentation: {page}. Nothing is sent before `send` is \
         called on the builder and awaited.",
        text(operation.summary.as_ref()).trim_end_matches('.'),
        text(operation.description.as_ref()),
    )
}

fn errors_doc(document: &Document, operation: &Operation) -> String {
    let refusals: String = operation
        .refusals()
        .filter_map(|(status, response)| {
            Some(format!("- `{}`: {}\n", status.value, text(document.response(response)?.description.as_ref())))
        })
        .collect();
    let documented = if refusals.is_empty() { "" } else { " The documented error responses are:\n\n" };
    format!(
        "# Errors\n\n`send` fails when no usable response arrives, and when the service refuses.{documented}{refusals}"
    )
}

fn builder(document: &Document, id: &str, fields: &[Field], send: &TokenStream) -> Vec<Item> {
    let name = builder_name(id);
    let doc = attributes_for(&format!("A call of [`Client::{id}`], not sent yet."));
    let names: Vec<_> = fields.iter().map(|field| &field.name).collect();
    let types: Vec<_> = fields
        .iter()
        .map(|field| {
            let ty = &field.ty;
            if field.optional { quote!(Option<#ty>) } else { ty.to_token_stream() }
        })
        .collect();
    let required = fields.iter().filter(|field| !field.optional).map(|Field { name, ty, .. }| quote!(#name: #ty));
    let unset = fields.iter().filter(|field| field.optional).map(|field| &field.name);
    let given = fields.iter().filter(|field| !field.optional).map(|field| &field.name);
    let setters = fields
        .iter()
        .filter(|field| field.optional)
        .map(|field| setter(document, &field.name, &field.ty, &field.description, &[]));
    vec![
        parse_quote! {
            #(#doc)*
            #[derive(Clone, Debug)]
            #[must_use = "nothing is sent before `send` is called and awaited"]
            pub struct #name { client: Client, #(#names: #types,)* }
        },
        parse_quote! {
            impl #name {
                pub(crate) fn new(client: &Client, #(#required),*) -> Self {
                    Self { client: client.clone(), #(#given,)* #(#unset: None,)* }
                }
                #(#setters)*
                #send
            }
        },
    ]
}
