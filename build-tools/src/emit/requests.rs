//! The method of a handle for each operation, and the request type of an operation with optional parameters.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ImplItemFn, Item, parse_quote};

use super::docs::doc;
use super::example;
use super::rust::{Argument, argument, ident, is_object, is_text, ty};
use crate::diagnostic::Diagnostic;
use crate::model::{Api, Body, Location, Operation, PagingBy, Parameter, Resource, Ty};
use crate::names;

fn types() -> TokenStream {
    quote!(types::)
}

/// What the operation responds with.
fn output(operation: &Operation) -> TokenStream {
    operation.output.as_ref().map_or_else(|| quote!(()), |output| ty(output, &types()))
}

/// Whether the operation has a request type of its own.
pub fn has_request(operation: &Operation) -> bool {
    operation.parameters.iter().any(|parameter| !parameter.required)
}

/// The method of the handle.
pub fn method(api: &Api, resource: &Resource, operation: &Operation) -> Result<ImplItemFn, Diagnostic> {
    let (name, constant) = (ident(&operation.name), ident(&names::constant(&operation.id)));
    let declared = operation.inputs().map(|input| {
        let name = ident(input.name);
        let Argument { declared, .. } = argument(api, &name, input.ty, &types());
        quote!(#name: #declared)
    });
    let required = operation.parameters.iter().filter(|parameter| parameter.required);
    let parameters = required.map(|parameter| given(api, parameter));
    let body = operation.body.iter().map(|body| sent(api, body));
    let new = ident(if operation.response_type.is_some() { "of_text" } else { "new" });
    let call =
        quote!(Call::#new(&self.client, &operations::#constant, &operations::ERROR_BODY) #(#parameters)* #(#body)*);
    let (returned, made) = if has_request(operation) {
        let request = ident(&names::request(&operation.name));
        (quote!(#request), quote!(#request::new(#call)))
    } else {
        let output = output(operation);
        (quote!(Call<#output>), call)
    };
    let docs = doc(&operation_doc(operation));
    let example = example::operation(api, resource, operation)?;
    let errors = doc(&errors_doc(api, operation));
    let aliases = aliases(operation);
    Ok(parse_quote! {
        #(#docs)*
        #(#example)*
        ///
        #(#errors)*
        #(#[doc(alias = #aliases)])*
        pub fn #name(&self, #(#declared),*) -> #returned {
            #made
        }
    })
}

/// How a parameter is given to the call.
fn given(api: &Api, parameter: &Parameter) -> TokenStream {
    let (wire, name, commas) = (&parameter.wire, ident(&parameter.name), parameter.commas);
    let converted = ty(&parameter.ty, &types());
    let is_id = |ty: &Ty| is_text(api, ty) && *ty != Ty::Text;
    let required = parameter.required.then(|| quote!(.query_required(#wire)));
    let value = if is_text(api, &parameter.ty) { quote!(Into::<#converted>::into(#name)) } else { quote!(#name) };
    match (parameter.location, &parameter.ty) {
        (Location::Path, given) if is_text(api, given) => quote!(.path(#wire, #value)),
        (Location::Path, _) => quote!(.path(#wire, #value.to_string())),
        (Location::Query, Ty::List(item)) => {
            let converted = ty(item, &types());
            let items = if is_text(api, item) {
                quote!(#name.into_iter().map(Into::<#converted>::into))
            } else {
                quote!(#name)
            };
            let method = ident(if is_id(item) { "query_ids" } else { "query_list" });
            quote!(.#method(#wire, #commas, #items) #required)
        }
        (Location::Query, given) if is_object(api, given) => quote!(.query_object(#wire, #name) #required),
        (Location::Query, given) if is_id(given) => quote!(.query_id(#wire, #value)),
        (Location::Query, _) => quote!(.query(#wire, #value)),
    }
}

/// How the body is given to the call.
fn sent(api: &Api, body: &Body) -> TokenStream {
    if let Some(content_type) = &body.content_type {
        return quote!(.text(#content_type, body));
    }
    let (name, ty) = (ident("body"), ty(&body.ty, &types()));
    let Argument { converted, .. } = argument(api, &name, &body.ty, &types());
    let is_converted = name != converted.to_string();
    let ty = is_converted.then(|| quote!(::<#ty>));
    quote!(.json #ty (#converted))
}

/// Whether a parameter may have nothing to send: it is a list or an object.
fn may_be_empty(api: &Api, parameter: &Parameter) -> bool {
    matches!(parameter.ty, Ty::List(_)) || is_object(api, &parameter.ty)
}

/// What one may search the docs for: the words of the summary, with blanks and with underscores between them.
fn aliases(operation: &Operation) -> Vec<String> {
    let words = operation.summary.to_lowercase();
    let words: Vec<_> = words.split(|c: char| !c.is_alphanumeric()).collect();
    let words: Vec<_> = words.into_iter().filter(|word| !matches!(*word, "" | "a" | "an" | "the")).collect();
    let both = if words.len() > 1 { vec![words.join(" "), words.join("_")] } else { Vec::new() };
    // rustdoc wants no alias that is the name itself.
    both.into_iter().filter(|alias| *alias != operation.name).collect()
}

fn operation_doc(operation: &Operation) -> String {
    let Operation { doc, method, path, page, effect, .. } = operation;
    let repeat = match (effect.safe, operation.idempotent, effect.deduplicated) {
        (true, ..) => "It is read-only.".to_owned(),
        (_, true, _) => {
            "It is idempotent, so it is retried even after an attempt that may have taken effect.".to_owned()
        }
        (_, false, Some(seconds)) => format!(
            "The service recognises repetitions for {seconds} seconds, so it is retried in half that time, even after an \
             attempt that may have taken effect."
        ),
        (_, false, None) => "It is not idempotent, so a call that may have taken effect is never retried.".to_owned(),
    };
    let facts = [
        ("If it is performed again", Some(&effect.repeat).filter(|text| !text.is_empty())),
        ("Spends money", effect.spends.as_ref()),
        ("Cannot be undone", effect.irreversible.as_ref()),
        ("Freezes", effect.freezes.as_ref()),
    ];
    let facts = facts.into_iter().filter_map(|(title, text)| Some(format!("- **{title}**: {}", text?)));
    let facts: Vec<_> = facts.collect();
    let sends = format!("Sends `{method} {path}`, documented on the page [{}]({}). {repeat}", page.title, page.url);
    format!("{doc}\n\n{sends}\n\n{}", facts.join("\n")).trim_end().to_owned()
}

fn errors_doc(api: &Api, operation: &Operation) -> String {
    let required = operation.parameters.iter().filter(|parameter| parameter.required && may_be_empty(api, parameter));
    let empty = required.map(|parameter| format!("`{}`", parameter.name)).collect::<Vec<_>>().join(" or ");
    let empty =
        if empty.is_empty() { empty } else { format!(" An empty {empty} is an error before anything is sent.") };
    let errors: Vec<_> = operation.errors.iter().map(|error| format!("- `{}`: {}", error.status, error.doc)).collect();
    let special = if errors.is_empty() {
        String::new()
    } else {
        format!("\n\nThis operation also documents these error responses:\n\n{}", errors.join("\n"))
    };
    format!(
        "# Errors\n\nSending the call can fail with an [`Error`](crate::Error), whose documentation lists the \
         documented error responses.{empty}{special}"
    )
}

/// The request type of an operation with optional parameters, and its impl.
pub fn request(api: &Api, resource: &Resource, operation: &Operation) -> Vec<Item> {
    let name = ident(&names::request(&operation.name));
    let handle = names::handle(&resource.name);
    let docs = doc(&format!(
        "A call that has not been sent yet. Returned by [`{handle}::{0}`](super::{handle}::{0}).",
        operation.name
    ));
    let output = output(operation);
    let setters = operation.parameters.iter().filter(|parameter| !parameter.required);
    let setters = setters.map(|parameter| setter(api, parameter));
    let pages = operation.pagination.as_ref().map(|given| {
        let (parameter, from) = (
            &given.parameter,
            format!(
                "Reads the list page by page, from `{}` if it is set. Each page is \
             requested when it is needed.",
                names::parameter(&given.parameter)
            ),
        );
        let from = doc(&from);
        let by = match given.by {
            PagingBy::Offset => quote!(Paging::Offset(#parameter)),
            PagingBy::Page => quote!(Paging::Page(#parameter)),
        };
        let item = api.ty(&given.page).and_then(|page| page.page()).map(|page| ident(&page.item));
        quote! {
            #(#from)*
            pub fn pages(self) -> Pages<#output> {
                Pages::new(self.0, #by)
            }

            /// Reads the list item by item, across all pages. Each page is requested when its first item is needed.
            pub fn stream(self) -> Items<types::#item> {
                self.pages().items()
            }
        }
    });
    vec![
        parse_quote! {
            #(#docs)*
            #[derive(Clone, Debug)]
            #[must_use = "nothing is sent before `send` is called and awaited"]
            pub struct #name(Call<#output>);
        },
        parse_quote! {
            impl #name {
                pub(super) fn new(call: Call<#output>) -> Self {
                    Self(call)
                }

                #(#setters)*

                /// The time limit of this call, including all attempts and the waits between them, instead of the
                /// client's.
                pub fn timeout(self, timeout: std::time::Duration) -> Self {
                    Self(self.0.timeout(timeout))
                }

                /// The retry policy of this call, instead of the client's.
                pub fn retry_policy(self, policy: RetryPolicy) -> Self {
                    Self(self.0.retry_policy(policy))
                }

                /// Sends this header with the request. See [`Call::header`].
                pub fn header(self, name: &str, value: &str) -> Self {
                    Self(self.0.header(name, value))
                }

                /// Sends the request, and returns the body of the response.
                ///
                /// # Errors
                ///
                /// Every failure is an [`Error`], which says what happened and whether it took effect.
                pub async fn send(self) -> Result<#output, Error> {
                    self.0.send().await
                }

                /// Sends the request, and returns the body of the response with the status, the headers and the
                /// attempts.
                ///
                /// # Errors
                ///
                /// Every failure is an [`Error`], which says what happened and whether it took effect.
                pub async fn send_with_response(self) -> Result<Response<#output>, Error> {
                    self.0.send_with_response().await
                }

                #pages
            }
        },
    ]
}

fn setter(api: &Api, parameter: &Parameter) -> TokenStream {
    let name = ident(&parameter.name);
    let (mut omitted, mut commas) = ("Omitted by default.", "");
    if may_be_empty(api, parameter) {
        omitted = "Omitted by default, and if it is empty.";
    }
    if parameter.commas && matches!(&parameter.ty, Ty::List(item) if !matches!(**item, Ty::Number(_) | Ty::Bool)) {
        commas = " The items are sent with commas between them: one that contains a comma is an error before anything \
                  is sent.";
    }
    let docs = doc(&format!("{}\n\n{omitted}{commas}", parameter.doc));
    let Argument { declared, .. } = argument(api, &name, &parameter.ty, &types());
    let given = given(api, parameter);
    quote! {
        #(#docs)*
        pub fn #name(self, #name: #declared) -> Self {
            Self(self.0 #given)
        }
    }
}

/// The call of an operation with its examples, optional parameters included, for its test.
pub fn test_call(resource: &Resource, operation: &Operation) -> TokenStream {
    let (handle, name) = (ident(&resource.name), ident(&operation.name));
    let example = |given: &Ty, value: &serde_json::Value| {
        let (ty, json) = (ty(given, &types()), value.to_string());
        quote!(example::<#ty>(#json))
    };
    let required = operation.inputs().map(|input| example(input.ty, input.example));
    let setters = operation.parameters.iter().filter(|parameter| !parameter.required).map(|parameter| {
        let (name, example) = (ident(&parameter.name), example(&parameter.ty, &parameter.example));
        quote!(.#name(#example))
    });
    quote!(#handle().#name(#(#required),*) #(#setters)* .send_with_response())
}
