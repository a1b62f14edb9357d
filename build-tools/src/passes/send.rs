//! The body of `send`: progenitor's method, statement by statement, over our runtime. Every statement is known; one that is
//! not is an error.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit_mut::{VisitMut, visit_expr_call_mut, visit_expr_mut};
use syn::{Arm, Expr, Ident, ImplItemFn, Stmt, Token, Type, parse_quote};

use super::Mismatch;
use super::arguments::inner;
use super::builders::{Field, constant};
use super::docs::attributes_for;

const PASS: &str = "send";

/// `send`, from the body of progenitor's method. Its ten statements are known one by one: those of its hooks and of the
/// header `api-version`, which the API does not document, go; the others are kept over our names.
pub(super) fn send(method: &ImplItemFn, fields: &[Field], doc: &str) -> Result<TokenStream, Mismatch> {
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
    let request = request_of(request, fields)?;
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
            let Self { client, #(#names),* } = &self;
            let url = #url;
            let request = || #request;
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
        // `encode_path(&id.to_string())`
        let value = match &argument {
            Expr::Call(call) if is(&call.func, &quote!(encode_path)) => match call.args.first() {
                Some(Expr::Reference(reference)) => match &*reference.expr {
                    Expr::MethodCall(text) if text.method == "to_string" => Some(&text.receiver),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        };
        let value = value.ok_or_else(unknown)?;
        segments.push(quote!(path_segment(&operations::#operation, &#value)?));
    }
    Ok(quote!(format!(#template, #base #(, #segments)*)))
}

/// The request without the header map, unbuilt: the runtime builds it for each attempt, and tells a failure like any other.
fn request_of(statement: &Stmt, fields: &[Field]) -> Result<TokenStream, Mismatch> {
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
    Ids(fields).visit_expr_mut(&mut chain);
    Ok(chain.to_token_stream())
}

/// `self.client` and `self.baseurl` of progenitor's client are methods of ours; `progenitor_client` is our runtime.
struct OverClient;

impl VisitMut for OverClient {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if is(expression, &quote!(self.client)) {
            *expression = parse_quote!(client.http());
        } else if is(expression, &quote!(self.baseurl)) {
            *expression = parse_quote!(client.base_url());
        } else if is(expression, &quote!(url)) {
            // The request is made for each attempt.
            *expression = parse_quote!(&url);
            return;
        } else if is(expression, &quote!(progenitor_client::QueryParam::new)) {
            *expression = parse_quote!(QueryParam::new);
        }
        visit_expr_mut(self, expression);
    }
}

/// A query parameter that is an id is one that may not be empty.
struct Ids<'a>(&'a [Field]);

impl VisitMut for Ids<'_> {
    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        let is_id = |argument: &Expr| {
            self.0.iter().filter(|field| field.is_id).any(|Field { name, .. }| is(argument, &quote!(&#name)))
        };
        if is(&call.func, &quote!(QueryParam::new)) && call.args.iter().any(is_id) {
            *call.func = parse_quote!(QueryParam::id);
        }
        visit_expr_call_mut(self, call);
    }
}

/// `T` and `E` of `Result<ResponseValue<T>, Error<E>>`.
pub(super) fn output_of(method: &ImplItemFn) -> Result<(Type, Type), Mismatch> {
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
