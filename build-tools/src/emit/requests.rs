//! Operations: a method of the client that takes the required values, and a builder with a setter for each optional parameter
//! and `send`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Block, ImplItemFn, Item, Stmt, parse_quote};

use super::docs::{doc, verbatim};
use super::rust::{Argument, argument, ident, ty, value};
use crate::diagnostic::Diagnostic;
use crate::model::{Api, Location, Operation, Pagination, Ty};
use crate::names;

/// An argument or an optional parameter of an operation.
pub struct Input<'a> {
    pub name: syn::Ident,
    pub ty: &'a Ty,
    pub required: bool,
    pub example: &'a serde_json::Value,
    description: &'a str,
}

/// The inputs of an operation, in the order in which they are arguments.
pub fn inputs(operation: &Operation) -> Vec<Input<'_>> {
    let parameters = operation.parameters.iter().map(|parameter| Input {
        name: ident(&parameter.name),
        ty: &parameter.ty,
        required: parameter.required,
        example: &parameter.example,
        description: &parameter.description,
    });
    let body = operation.body.iter().map(|body| Input {
        name: ident("body"),
        ty: &body.ty,
        required: true,
        example: &body.example,
        description: &body.description,
    });
    parameters.chain(body).collect()
}

fn types() -> TokenStream {
    quote!(types::)
}

/// The method of the client.
pub fn method(api: &Api, operation: &Operation) -> Result<ImplItemFn, Diagnostic> {
    let name = ident(&operation.id);
    let builder = ident(&names::builder(&operation.id));
    let required: Vec<_> = inputs(operation).into_iter().filter(|input| input.required).collect();
    let arguments: Vec<_> = required.iter().map(|input| argument(api, &input.name, input.ty, &types())).collect();
    let declared = required.iter().zip(&arguments).map(|(Input { name, .. }, argument)| {
        let declared = &argument.declared;
        quote!(#name: #declared)
    });
    let converted = arguments.iter().map(|argument| &argument.converted);
    let docs = doc(&operation_doc(operation));
    let example = example(api, operation)?;
    let errors = doc(&errors_doc(operation));
    let aliases = aliases(&operation.id);
    Ok(parse_quote! {
        #(#docs)*
        ///
        #(#example)*
        #(#errors)*
        #(#[doc(alias = #aliases)])*
        pub fn #name(&self, #(#declared),*) -> builder::#builder {
            builder::#builder::new(self, #(#converted),*)
        }
    })
}

/// What one may search the docs for: the words of the name, and those of the thing alone. A search for words with blanks
/// between them finds aliases and nothing else.
fn aliases(id: &str) -> Vec<String> {
    let words = id.replace('_', " ");
    let thing = words.split_once(' ').map(|(_, thing)| thing.to_owned());
    let thing = thing.filter(|thing| thing.contains(' '));
    words.contains(' ').then_some(words).into_iter().chain(thing).collect()
}

fn operation_doc(Operation { summary, description, method, path, page, .. }: &Operation) -> String {
    format!(
        "{summary}.\n\n{description}\n\nThe request is `{method} {path}`; Prolific's documentation: [{}]({}). Nothing is \
         sent before `send` is called on the builder and awaited.",
        page.title, page.url
    )
}

fn errors_doc(operation: &Operation) -> String {
    let errors: Vec<_> =
        operation.errors.iter().map(|(status, description)| format!("- `{status}`: {description}")).collect();
    let errors = errors.join("\n");
    let documented = if errors.is_empty() { "" } else { " The documented error responses are:\n\n" };
    format!(
        "# Errors\n\n`send` fails when no usable response arrives, and when the service refuses.{documented}{errors}"
    )
}

/// The doc comment of the example: the call with the document's own values, which is compiled with the docs.
fn example(api: &Api, operation: &Operation) -> Result<Vec<Attribute>, Diagnostic> {
    let id = ident(&operation.id);
    let mut used = Vec::new();
    let required = inputs(operation).into_iter().filter(|input| input.required);
    let arguments = required.map(|input| value(api, input.ty, input.example, &mut used));
    let arguments = arguments.collect::<Result<Vec<_>, _>>()?;
    let call = quote!(client.#id(#(#arguments),*));
    let block: Block = if operation.pagination.is_some() {
        parse_quote!({
            let mut items = #call.stream();
            while let Some(item) = items.next().await {
                let item = item?;
                println!("{item:?}");
            }
        })
    } else if operation.output.is_some() {
        parse_quote!({
            let answer = #call.send().await?;
            println!("{:?}", answer.into_inner());
        })
    } else {
        parse_quote!({ #call.send().await?; })
    };
    used.sort();
    used.dedup();
    let used: Vec<_> = used.iter().map(|name| ident(name)).collect();
    let import = if used.is_empty() {
        String::new()
    } else {
        code(&[parse_quote!(use prolific_sdk::types::{#(#used),*};)]) + "\n"
    };
    let frame = "# async fn example(client: prolific_sdk::Client) -> Result<(), prolific_sdk::Error> {";
    let text = format!("# Examples\n\n```no_run\n{frame}\n{import}{}# Ok(())\n# }}\n```\n\n", code(&block.stmts));
    Ok(verbatim(text.lines()))
}

/// Statements as text.
fn code(statements: &[Stmt]) -> String {
    let text = prettyplease::unparse(&parse_quote!(fn example() { #(#statements)* }));
    // Without the function's own lines.
    let lines = text.lines().filter_map(|line| line.strip_prefix("    "));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The builder and its impl.
pub fn builder(api: &Api, operation: &Operation) -> Vec<Item> {
    let name = ident(&names::builder(&operation.id));
    let docs = doc(&format!("A call of [`Client::{}`], not sent yet.", operation.id));
    let inputs = inputs(operation);
    let fields = inputs.iter().map(|Input { name, ty: given, required, .. }| {
        let ty = ty(given, &types());
        if *required { quote!(#name: #ty) } else { quote!(#name: Option<#ty>) }
    });
    let required = inputs.iter().filter(|input| input.required).map(|Input { name, ty: given, .. }| {
        let ty = ty(given, &types());
        quote!(#name: #ty)
    });
    let unset = inputs.iter().filter(|input| !input.required).map(|input| &input.name);
    let given = inputs.iter().filter(|input| input.required).map(|input| &input.name);
    let setters = inputs.iter().filter(|input| !input.required).map(|input| setter(api, input));
    let send = send(operation, &inputs);
    let pages = operation.pagination.as_ref().map(|given| pages(&names::constant(&operation.id), given));
    vec![
        parse_quote! {
            #(#docs)*
            #[derive(Clone, Debug)]
            #[must_use = "nothing is sent before `send` is called and awaited"]
            pub struct #name { client: Client, #(#fields,)* }
        },
        parse_quote! {
            impl #name {
                pub(crate) fn new(client: &Client, #(#required),*) -> Self {
                    Self { client: client.clone(), #(#given,)* #(#unset: None,)* }
                }
                #(#setters)*
                #send
                #pages
            }
        },
    ]
}

fn setter(api: &Api, Input { name, ty, description, .. }: &Input<'_>) -> TokenStream {
    let docs = doc(&format!("Sets `{name}`, which is left out of the request otherwise. {description}"));
    let Argument { declared, converted } = argument(api, name, ty, &types());
    quote! {
        #(#docs)*
        pub fn #name(mut self, #name: #declared) -> Self {
            self.#name = Some(#converted);
            self
        }
    }
}

fn send(operation: &Operation, inputs: &[Input<'_>]) -> TokenStream {
    let constant = ident(&names::constant(&operation.id));
    let docs = doc(&format!("Sends the request, `{} {}`.", operation.method, operation.path));
    let names = inputs.iter().map(|input| &input.name);
    let mut template = format!("{{}}{}", operation.path);
    let (mut segments, mut query) = (Vec::new(), Vec::new());
    // In the order of the template.
    let mut in_path: Vec<_> = operation.parameters.iter().filter(|p| p.location == Location::Path).collect();
    in_path.sort_by_key(|parameter| operation.path.find(&format!("{{{}}}", parameter.name)));
    for parameter in in_path {
        template = template.replace(&format!("{{{}}}", parameter.name), "{}");
        let name = ident(&parameter.name);
        segments.push(quote!(path_segment(&operations::#constant, &#name)?));
    }
    for parameter in operation.parameters.iter().filter(|parameter| parameter.location == Location::Query) {
        let (wire, name) = (&parameter.name, ident(&parameter.name));
        let new = if parameter.is_id { quote!(id) } else { quote!(new) };
        query.push(quote!(.query(&QueryParam::#new(#wire, &#name))));
    }
    let method = ident(&operation.method.to_lowercase());
    let json = operation.body.is_some().then(|| quote!(.json(&body)));
    let output = operation.output.as_ref().map_or_else(|| quote!(()), |output| ty(output, &types()));
    let status = operation.success;
    let success = if operation.output.is_some() {
        quote!(ResponseValue::from_response(response))
    } else {
        quote!(Ok(ResponseValue::empty(response)))
    };
    let statuses: Vec<_> = operation.errors.iter().map(|(status, _)| status).collect();
    let rejected =
        (!statuses.is_empty()).then(|| quote!(#(#statuses)|* => Err(Error::rejected::<types::ApiError>(response)),));
    quote! {
        #(#docs)*
        ///
        /// # Errors
        ///
        /// When no usable answer arrives, and when the service refuses; the error says which, and what is known of the
        /// request's effect.
        pub async fn send(self) -> Result<ResponseValue<#output>, Error> {
            let Self { client, #(#names),* } = &self;
            let url = format!(#template, client.base_url() #(, #segments)*);
            let request = || client
                .http()
                .#method(&url)
                .header(reqwest::header::ACCEPT, reqwest::header::HeaderValue::from_static("application/json"))
                #json
                #(#query)*;
            let response = client.execute(&operations::#constant, request).await?;
            match response.status().as_u16() {
                #status => #success,
                #rejected
                _ => Err(Error::unexpected(response)),
            }
        }
    }
}

/// Methods that read a list over all its pages.
fn pages(constant: &str, given: &Pagination) -> TokenStream {
    let operation = ident(constant);
    let (offset, page, item) = (ident(&given.offset), ident(&given.page), ident(&given.item));
    let (items, key) = (ident(&given.items), ident(&given.key));
    // The object that holds the address decides whether the page says anything; the address, whether there is a next one.
    let mut at = quote!(Some(page));
    let (last, steps) = given.next.split_last().map_or((String::new(), &[][..]), |(last, rest)| (last.clone(), rest));
    for step in steps {
        let step = ident(step);
        at = quote!(#at.and_then(|at| at.#step.as_ref()));
    }
    let address = ident(&last);
    quote! {
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
    }
}
