//! Operations: progenitor's method for each becomes a method of the client that takes what is required, and a builder
//! with a setter for each optional parameter and `send`. What `send` does is progenitor's code, over our runtime.

use heck::{ToPascalCase, ToShoutySnakeCase};
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit_mut::{VisitMut, visit_expr_mut, visit_type_mut};
use syn::{Arm, Expr, FnArg, Ident, ImplItemFn, Item, Pat, Stmt, Token, Type, parse_quote};

use super::Mismatch;
use super::arguments::{Argument, argument, inner};
use super::docs::attributes_for;
use super::pages;
use super::paths::Paths;
use super::types::SchemaType;
use crate::document::{Document, Operation, PathItem};

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
        let id = operation.value.operation_id.as_ref().map_or("", |id| &id.value);
        let method = methods.iter().find(|method| method.sig.ident == id);
        let mut method = method.ok_or_else(|| Mismatch::new(PASS, format!("no method `{id}`")))?.clone();
        Paths.visit_impl_item_fn_mut(&mut method);
        let fields = fields(document, item, &operation.value, &method)?;
        let send = send(&method, &fields, &format!("Sends the request, `{http_method} {}`.", path.value))?;
        let pages = operation.value.pagination.as_ref();
        let pages =
            pages.map(|pages| pages::methods(types, pages, &constant(id), &output_of(&method)?.0)).transpose()?;
        calls.push(Call {
            id: id.to_owned(),
            method: client_method(document, &operation.value, id, &format!("{http_method} {}", path.value), &fields),
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
    let parameters =
        || item.parameters.iter().chain(&operation.parameters).filter_map(|p| document.parameter(&p.value));
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
        fields.push(Field {
            name: name.ident.clone(),
            optional: optional.is_some(),
            ty: optional.unwrap_or(ty),
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

fn client_method(document: &Document, operation: &Operation, id: &str, request: &str, fields: &[Field]) -> ImplItemFn {
    let name = format_ident!("{id}");
    let builder = format_ident!("{}", id.to_pascal_case());
    let required: Vec<_> = fields.iter().filter(|field| !field.optional).collect();
    let arguments: Vec<_> = required.iter().map(|field| argument(document, &field.name, &field.ty)).collect();
    let declared =
        required.iter().zip(&arguments).map(|(Field { name, .. }, Argument { declared, .. })| quote!(#name: #declared));
    let converted = arguments.iter().map(|argument| &argument.converted);
    let doc = attributes_for(&operation_doc(document, operation, request));
    parse_quote! {
        #(#doc)*
        pub fn #name(&self, #(#declared),*) -> builder::#builder<'_> {
            builder::#builder::new(self, #(#converted),*)
        }
    }
}

fn operation_doc(document: &Document, operation: &Operation, request: &str) -> String {
    let text = |text: &Option<serde_saphyr::Spanned<String>>| {
        text.as_ref().map_or_else(String::new, |text| text.value.clone())
    };
    let page = operation.external_docs.as_ref();
    let page = page.map_or_else(String::new, |docs| format!("[{}]({})", docs.description, docs.url.value));
    let refusals = operation.responses.iter().filter(|(status, _)| status.value.starts_with('4'));
    let refusals: String = refusals
        .filter_map(|(status, response)| {
            Some(format!("- `{}`: {}\n", status.value, text(&document.response(response)?.description)))
        })
        .collect();
    format!(
        "{}.\n\n{}\n\nThe request is `{request}`; Prolific's documentation: {page}. Nothing is sent before `send` is \
         called on the builder and awaited.\n\n# Errors\n\n`send` fails when no usable answer arrives, and when the \
         service refuses. The documented refusals are:\n\n{refusals}",
        text(&operation.summary).trim_end_matches('.'),
        text(&operation.description),
    )
}

fn builder(document: &Document, id: &str, fields: &[Field], send: &TokenStream) -> Vec<Item> {
    let name = format_ident!("{}", id.to_pascal_case());
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
    let setters = fields.iter().filter(|field| field.optional).map(|field| {
        let name = &field.name;
        let doc = attributes_for(&format!(
            "Sets `{name}`, which is left out of the request otherwise. {}",
            field.description
        ));
        let Argument { declared, converted } = argument(document, name, &field.ty);
        quote! {
            #(#doc)*
            pub fn #name(mut self, #name: #declared) -> Self {
                self.#name = Some(#converted);
                self
            }
        }
    });
    vec![
        parse_quote! {
            #(#doc)*
            #[derive(Clone, Debug)]
            #[must_use = "nothing is sent before `send` is called and awaited"]
            pub struct #name<'a> { client: &'a Client, #(#names: #types,)* }
        },
        parse_quote! {
            impl<'a> #name<'a> {
                pub(crate) fn new(client: &'a Client, #(#required),*) -> Self {
                    Self { client, #(#given,)* #(#unset: None,)* }
                }
                #(#setters)*
                #send
            }
        },
    ]
}

/// The name of the operation's entry in the table of operations.
fn constant(id: &str) -> Ident {
    format_ident!("{}", id.to_shouty_snake_case())
}

/// `send`, from the body of progenitor's method. Its ten statements are known one by one: those of its hooks and of the
/// header `api-version`, which the API does not document, go; the others are kept over our names.
fn send(method: &ImplItemFn, fields: &[Field], doc: &str) -> Result<TokenStream, Mismatch> {
    let name = method.sig.ident.to_string();
    let count = method.block.stmts.len();
    let [url, headers, append, request, info, pre, result, post, response, answer] =
        <&[Stmt; 10]>::try_from(method.block.stmts.as_slice())
            .map_err(|_| Mismatch::new(PASS, format!("`{name}` has {count} statements, not ten")))?;
    expect(headers, &quote!(let mut header_map = reqwest::header::HeaderMap::with_capacity(1usize);))?;
    expect(
        append,
        &quote!(header_map.append(
            reqwest::header::HeaderName::from_static("api-version"),
            reqwest::header::HeaderValue::from_static(Self::api_version())
        );),
    )?;
    expect(info, &quote!(let info = OperationInfo { operation_id: #name };))?;
    expect(pre, &quote!(self.pre(&mut request, &info).await?;))?;
    expect(result, &quote!(let result = self.exec(request, &info).await;))?;
    expect(post, &quote!(self.post(&result, &info).await?;))?;
    expect(response, &quote!(let response = result?;))?;

    let operation = constant(&name);
    let url = url_of(url, &operation)?;
    let request = request_of(request)?;
    let (output, refusal) = output_of(method)?;
    let answer = answer_of(answer, &refusal)?;
    let doc = attributes_for(doc);
    let names = fields.iter().map(|field| &field.name);
    Ok(quote! {
        #(#doc)*
        ///
        /// # Errors
        ///
        /// When no usable answer arrives, and when the service refuses; the error says which, and what is known of the
        /// request's effect.
        pub async fn send(self) -> Result<ResponseValue<#output>, Error> {
            let Self { client, #(#names),* } = self;
            let url = #url;
            let request = #request;
            let response = client.execute(&operations::#operation, request).await?;
            #answer
        }
    })
}

/// Compares without regard to commas, which come and go with formatting.
fn is(found: &impl ToTokens, expected: &TokenStream) -> bool {
    let plain = |tokens: TokenStream| tokens.to_string().replace([' ', ','], "");
    plain(found.to_token_stream()) == plain(expected.clone())
}

fn expect(found: &impl ToTokens, expected: &TokenStream) -> Result<(), Mismatch> {
    if is(found, expected) {
        return Ok(());
    }
    Err(Mismatch::new(PASS, format!("expected `{expected}`, found `{}`", found.to_token_stream())))
}

fn init(statement: &Stmt) -> Option<&Expr> {
    match statement {
        Stmt::Local(local) => local.init.as_ref().map(|init| &*init.expr),
        _ => None,
    }
}

/// `format!(..)` over the client's base URL, with each path parameter checked before it becomes a segment.
fn url_of(statement: &Stmt, operation: &Ident) -> Result<TokenStream, Mismatch> {
    let unknown = || Mismatch::new(PASS, format!("the URL is built anew: {}", statement.to_token_stream()));
    let Some(Expr::Macro(format)) = init(statement) else {
        return Err(unknown());
    };
    let arguments = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(format.mac.tokens.clone());
    let mut arguments = arguments.map_err(|_| unknown())?.into_iter();
    let (Some(template), Some(mut base)) = (arguments.next(), arguments.next()) else {
        return Err(unknown());
    };
    OverClient.visit_expr_mut(&mut base);
    let mut segments = Vec::new();
    for argument in arguments {
        match argument {
            Expr::Call(call) if is(&call.func, &quote!(encode_path)) => {
                let value = &call.args;
                segments.push(quote!(path_segment(&operations::#operation, #value)?));
            }
            _ => return Err(unknown()),
        }
    }
    Ok(quote!(format!(#template, #base #(, #segments)*)))
}

/// The request without the header map, unbuilt: the runtime builds it, where a failure is told like any other.
fn request_of(statement: &Stmt) -> Result<TokenStream, Mismatch> {
    let unknown = || Mismatch::new(PASS, format!("the request is built anew: {}", statement.to_token_stream()));
    let Some(Expr::Try(built)) = init(statement) else {
        return Err(unknown());
    };
    let Expr::MethodCall(last) = &*built.expr else {
        return Err(unknown());
    };
    let Expr::MethodCall(headers) = &*last.receiver else {
        return Err(unknown());
    };
    if last.method != "build" || !is(&headers.args, &quote!(header_map)) {
        return Err(unknown());
    }
    let mut chain = (*headers.receiver).clone();
    OverClient.visit_expr_mut(&mut chain);
    Ok(chain.to_token_stream())
}

/// `self.client` and `self.baseurl` of progenitor's client are fields of ours; `progenitor_client` is our runtime.
struct OverClient;

impl VisitMut for OverClient {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if is(expression, &quote!(self.client)) {
            *expression = parse_quote!(client.http);
        } else if is(expression, &quote!(self.baseurl)) {
            *expression = parse_quote!(client.base_url);
        } else if is(expression, &quote!(progenitor_client::QueryParam::new)) {
            *expression = parse_quote!(QueryParam::new);
        }
        visit_expr_mut(self, expression);
    }
}

/// `T` and `E` of `Result<ResponseValue<T>, Error<E>>`.
fn output_of(method: &ImplItemFn) -> Result<(Type, Type), Mismatch> {
    let unknown = || Mismatch::new(PASS, format!("`{}` returns something else", method.sig.to_token_stream()));
    let syn::ReturnType::Type(_, result) = &method.sig.output else {
        return Err(unknown());
    };
    let Type::Path(path) = &**result else {
        return Err(unknown());
    };
    let Some(syn::PathArguments::AngleBracketed(arguments)) = path.path.segments.last().map(|last| &last.arguments)
    else {
        return Err(unknown());
    };
    let mut types = arguments.args.iter().filter_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    let value = types.next().and_then(|ty| inner(ty, "ResponseValue"));
    let error = types.next().and_then(|ty| inner(ty, "Error"));
    Ok((value.ok_or_else(unknown)?.clone(), error.ok_or_else(unknown)?.clone()))
}

/// The match on the status: success, the documented refusals in one arm, anything else.
fn answer_of(statement: &Stmt, refusal: &Type) -> Result<TokenStream, Mismatch> {
    let Stmt::Expr(Expr::Match(answer), None) = statement else {
        return Err(Mismatch::new(PASS, format!("no match on the status: {}", statement.to_token_stream())));
    };
    expect(&answer.expr, &quote!(response.status().as_u16()))?;
    let mut successes = Vec::new();
    let mut refusals = Vec::new();
    let mut others = 0;
    for Arm { pat, body, .. } in &answer.arms {
        let body = match &**body {
            Expr::Block(block) => block.block.stmts.iter().map(ToTokens::to_token_stream).collect(),
            other => other.to_token_stream(),
        };
        if is(&body, &quote!(ResponseValue::from_response(response).await)) {
            successes.push(quote!(#pat => ResponseValue::from_response(response)));
        } else if is(&body, &quote!(Ok(ResponseValue::empty(response)))) {
            successes.push(quote!(#pat => Ok(ResponseValue::empty(response))));
        } else if is(&body, &quote!(Err(Error::ErrorResponse(ResponseValue::from_response(response).await?)))) {
            refusals.push(pat);
        } else if is(&body, &quote!(Err(Error::UnexpectedResponse(response)))) && is(pat, &quote!(_)) {
            others += 1;
        } else {
            return Err(Mismatch::new(PASS, format!("an arm that is not known: {} => {body}", pat.to_token_stream())));
        }
    }
    if successes.len() != 1 || others != 1 {
        return Err(Mismatch::new(PASS, format!("{} arms of success, {others} of the rest", successes.len())));
    }
    let refused = (!refusals.is_empty()).then(|| quote!(#(#refusals)|* => Err(Error::rejected::<#refusal>(response)),));
    Ok(quote! {
        match response.status().as_u16() {
            #(#successes,)*
            #refused
            _ => Err(Error::unexpected(response)),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// progenitor's method, as the pass knows it.
    fn method() -> ImplItemFn {
        parse_quote! {
            pub async fn list_books<'a>(&'a self) -> Result<ResponseValue<types::BookList>, Error<types::Refusal>> {
                let url = format!("{}/books/", self.baseurl,);
                let mut header_map = reqwest::header::HeaderMap::with_capacity(1usize);
                header_map.append(
                    reqwest::header::HeaderName::from_static("api-version"),
                    reqwest::header::HeaderValue::from_static(Self::api_version()),
                );
                #[allow(unused_mut)]
                let mut request = self.client.get(url).headers(header_map).build()?;
                let info = OperationInfo { operation_id: "list_books", };
                self.pre(&mut request, &info).await?;
                let result = self.exec(request, &info).await;
                self.post(&result, &info).await?;
                let response = result?;
                match response.status().as_u16() {
                    200u16 => ResponseValue::from_response(response).await,
                    404u16 => Err(Error::ErrorResponse(ResponseValue::from_response(response).await?)),
                    _ => Err(Error::UnexpectedResponse(response)),
                }
            }
        }
    }

    #[test]
    fn the_known_method_is_taken() {
        assert!(send(&method(), &[], "doc").is_ok());
    }

    #[test]
    fn a_statement_that_is_missing_or_changed_is_an_error() {
        let known = method();
        for at in 0..known.block.stmts.len() {
            let mut missing = known.clone();
            missing.block.stmts.remove(at);
            assert!(send(&missing, &[], "doc").is_err(), "without statement {at}");
            let mut changed = known.clone();
            changed.block.stmts[at] = parse_quote!(let something = new(););
            assert!(send(&changed, &[], "doc").is_err(), "with another statement {at}");
        }
        let mut longer = known;
        longer.block.stmts.insert(0, parse_quote!(let something = new();));
        assert!(send(&longer, &[], "doc").is_err());
    }

    #[test]
    fn an_arm_that_is_missing_or_changed_is_an_error() {
        let arms = |change: &dyn Fn(&mut Vec<Arm>)| {
            let mut method = method();
            if let Some(Stmt::Expr(Expr::Match(answer), None)) = method.block.stmts.last_mut() {
                change(&mut answer.arms);
            }
            send(&method, &[], "doc")
        };
        assert!(arms(&|_| {}).is_ok());
        assert!(arms(&|arms| drop(arms.remove(0))).is_err(), "no success");
        assert!(arms(&|arms| drop(arms.pop())).is_err(), "no arm for the rest");
        assert!(arms(&|arms| arms.insert(0, parse_quote!(101u16 => upgrade(response),))).is_err(), "an unknown arm");
    }
}
