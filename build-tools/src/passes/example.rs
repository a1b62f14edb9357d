//! The example of an operation: the call with the document's own examples, as Rust that is compiled with the docs.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Attribute, Block, Item, Stmt, Type, parse_quote};

use super::builders::Field;
use super::types::SchemaType;
use crate::document::{Document, Kind, Operation, PathItem, Schema};

/// The doc comment of an operation's example.
pub fn doc(
    document: &Document,
    types: &[SchemaType],
    item: &PathItem,
    operation: &Operation,
    fields: &[Field],
) -> Vec<Attribute> {
    let id = format_ident!("{}", operation.id());
    let mut names = Vec::new();
    let arguments = fields.iter().filter(|field| !field.optional).map(|field| {
        let example = json(document, item, operation, &field.name.to_string());
        of_type(document, types, &field.ty, &example, &mut names)
    });
    let arguments: Vec<_> = arguments.collect();
    let call = quote!(client.#id(#(#arguments),*));
    let has_answer = operation.responses.iter().all(|(status, _)| status.value != "204");
    let block: Block = if operation.pagination.is_some() {
        parse_quote!({
            let mut items = #call.stream();
            while let Some(item) = items.next().await {
                let item = item?;
                println!("{item:?}");
            }
        })
    } else if has_answer {
        parse_quote!({
            let answer = #call.send().await?;
            println!("{:?}", answer.into_inner());
        })
    } else {
        parse_quote!({ #call.send().await?; })
    };
    let uses =
        if names.is_empty() { String::new() } else { code(&[parse_quote!(use prolific_sdk::types::{#(#names),*};)]) };
    let frame = "# async fn example(client: prolific_sdk::Client) -> Result<(), prolific_sdk::Error> {";
    let separate = if names.is_empty() { "" } else { "\n" };
    format!("# Examples\n\n```no_run\n{frame}\n{uses}{separate}{}# Ok(())\n# }}\n```\n\n", code(&block.stmts))
        .lines()
        .map(|line| if line.is_empty() { String::new() } else { format!(" {line}") })
        .map(|line| parse_quote!(#[doc = #line]))
        .collect()
}

/// Statements as text.
fn code(statements: &[Stmt]) -> String {
    let text = prettyplease::unparse(&parse_quote!(fn example() { #(#statements)* }));
    // Without the function's own lines.
    let lines = text.lines().filter_map(|line| line.strip_prefix("    "));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The example of a parameter, or of the body, as JSON.
pub fn json(document: &Document, item: &PathItem, operation: &Operation, name: &str) -> Value {
    let parameters = item.parameters_of(operation);
    let mut parameters = parameters.filter_map(|parameter| document.parameter(&parameter.value));
    let parameter = parameters.find(|parameter| parameter.name.as_ref().is_some_and(|known| known.value == name));
    let body = operation.request_body.as_ref().and_then(|body| body.value.content.iter().next());
    let example =
        parameter.map_or_else(|| body.and_then(|(_, media)| media.value.example.as_ref()), |p| p.example.as_ref());
    example.map_or(Value::Null, |example| example.value.clone())
}

/// The value, as an argument of this type. The names of the types that it takes are added to `names`.
fn of_type(
    document: &Document,
    types: &[SchemaType],
    ty: &Type,
    value: &Value,
    names: &mut Vec<syn::Ident>,
) -> TokenStream {
    let name = match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        _ => None,
    };
    let schema = name.and_then(|name| document.components.schemas.get(&name.to_string()));
    match (name, schema) {
        (Some(name), Some(schema)) => of_schema(document, types, &name.to_string(), &schema.value, value, names),
        _ => plain(value),
    }
}

fn of_schema(
    document: &Document,
    types: &[SchemaType],
    name: &str,
    schema: &Schema,
    value: &Value,
    names: &mut Vec<syn::Ident>,
) -> TokenStream {
    let ident = format_ident!("{name}");
    if !schema.variants.is_empty() {
        let position = schema.variants.iter().position(|variant| Some(variant.value.as_str()) == value.as_str());
        let items = types.iter().find(|ty| ty.name == name).map(|ty| &ty.items[..]);
        let variant = match (items, position) {
            (Some([Item::Enum(item), ..]), Some(position)) => item.variants.get(position),
            _ => None,
        };
        let variant = variant.map(|variant| &variant.ident);
        add(names, ident.clone());
        return quote!(#ident::#variant);
    }
    if schema.kind.as_ref().is_none_or(|kind| kind.value != Kind::Object) {
        return plain(value);
    }
    add(names, ident.clone());
    let chosen = schema.exactly_one_of.iter().find(|alternative| value.get(&alternative.property.value).is_some());
    let constructor = format_ident!("{}", chosen.map_or("new", |alternative| &alternative.constructor.value));
    let is_argument = |property: &str| {
        schema.required.iter().chain(&schema.constructor_takes).any(|name| name.value == property)
            || chosen.is_some_and(|alternative| alternative.property.value == property)
    };
    let (mut arguments, mut setters) = (Vec::new(), TokenStream::new());
    for (property, part) in schema.properties.iter() {
        let Some(given) = value.get(&property.value) else { continue };
        let target = Document::target_name(&part.value);
        let resolved = target.and_then(|name| Some((name, document.resolve(&part.value)?)));
        let given = match resolved {
            Some((name, schema)) => of_schema(document, types, name, schema, given, names),
            None => plain(given),
        };
        if is_argument(&property.value) {
            arguments.push(given);
        } else {
            let setter = format_ident!("{}", property.value);
            setters.extend(quote!(.#setter(#given)));
        }
    }
    quote!(#ident::#constructor(#(#arguments),*) #setters)
}

fn add(names: &mut Vec<syn::Ident>, name: syn::Ident) {
    if !names.contains(&name) {
        names.push(name);
        names.sort();
    }
}

/// A text, a number, a truth value, or a list of them.
fn plain(value: &Value) -> TokenStream {
    match value {
        // Of an empty list, the type of the items has to be said.
        Value::Array(items) if items.is_empty() => quote!([""; 0]),
        Value::Array(items) => {
            let items = items.iter().map(plain);
            quote!([#(#items),*])
        }
        Value::String(text) => quote!(#text),
        other => other.to_string().parse().unwrap_or_default(),
    }
}
