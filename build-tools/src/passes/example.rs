//! The example of an operation: the call with the document's own examples, as Rust that is compiled with the docs.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Attribute, Block, Ident, Item, ItemStruct, Stmt, Type, parse_quote};

use super::Mismatch;
use super::builders::Field;
use super::structs::wire_name;
use super::types::SchemaType;
use crate::document::{Document, Kind, Operation, PathItem, Schema};

const PASS: &str = "example";

/// The doc comment of an operation's example.
pub fn doc(
    document: &Document,
    types: &[SchemaType],
    item: &PathItem,
    operation: &Operation,
    fields: &[Field],
) -> Result<Vec<Attribute>, Mismatch> {
    let id = format_ident!("{}", operation.id());
    let mut writer = Writer { document, types, names: BTreeSet::new() };
    let mut arguments = Vec::new();
    for field in fields.iter().filter(|field| !field.optional) {
        let example = json(document, item, operation, &field.name.to_string())?;
        arguments.push(writer.argument(&field.ty, example)?);
    }
    let names = writer.names;
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
    let uses = if names.is_empty() {
        String::new()
    } else {
        let names = names.iter();
        code(&[parse_quote!(use prolific_sdk::types::{#(#names),*};)]) + "\n"
    };
    let frame = "# async fn example(client: prolific_sdk::Client) -> Result<(), prolific_sdk::Error> {";
    let doc = format!("# Examples\n\n```no_run\n{frame}\n{uses}{}# Ok(())\n# }}\n```\n\n", code(&block.stmts))
        .lines()
        .map(|line| if line.is_empty() { String::new() } else { format!(" {line}") })
        .map(|line| parse_quote!(#[doc = #line]))
        .collect();
    Ok(doc)
}

/// Statements as text.
fn code(statements: &[Stmt]) -> String {
    let text = prettyplease::unparse(&parse_quote!(fn example() { #(#statements)* }));
    // Without the function's own lines.
    let lines = text.lines().filter_map(|line| line.strip_prefix("    "));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The example of a parameter, or of the body, as JSON.
pub fn json<'a>(
    document: &'a Document,
    item: &'a PathItem,
    operation: &'a Operation,
    name: &str,
) -> Result<&'a Value, Mismatch> {
    let parameters = item.parameters_of(operation);
    let mut parameters = parameters.filter_map(|parameter| document.parameter(&parameter.value));
    let parameter = parameters.find(|parameter| parameter.name.as_ref().is_some_and(|known| known.value == name));
    let body = operation.request_body.as_ref().and_then(|body| body.value.content.iter().next());
    let example =
        parameter.map_or_else(|| body.and_then(|(_, media)| media.value.example.as_ref()), |p| p.example.as_ref());
    let example = example.map(|example| &example.value);
    example.ok_or_else(|| Mismatch::new(PASS, format!("`{name}` of `{}` has no example", operation.id())))
}

/// Writes values as Rust.
struct Writer<'a> {
    document: &'a Document,
    types: &'a [SchemaType],
    /// The types that are used.
    names: BTreeSet<Ident>,
}

impl Writer<'_> {
    /// As an argument of this type.
    fn argument(&mut self, ty: &Type, value: &Value) -> Result<TokenStream, Mismatch> {
        let name = match ty {
            Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
            _ => None,
        };
        let schema = name.and_then(|name| Some((self.document.components.schemas.get(&name)?, name)));
        match schema {
            Some((schema, name)) => self.of_schema(&name, &schema.value, value),
            None => plain(value),
        }
    }

    fn of_schema(&mut self, name: &str, schema: &Schema, value: &Value) -> Result<TokenStream, Mismatch> {
        let item = self.types.iter().find(|ty| ty.name == name).and_then(|ty| ty.items.first());
        match item {
            Some(Item::Enum(item)) if !schema.variants.is_empty() => {
                let position = schema.variants.iter().position(|variant| Some(&*variant.value) == value.as_str());
                let variant = position.and_then(|position| item.variants.get(position));
                let variant = variant.ok_or_else(|| Mismatch::new(PASS, format!("{value} is no value of `{name}`")))?;
                let (ident, variant) = (&item.ident, &variant.ident);
                self.names.insert(ident.clone());
                Ok(quote!(#ident::#variant))
            }
            Some(Item::Struct(item)) if schema.kind.as_ref().is_some_and(|kind| kind.value == Kind::Object) => {
                self.object(item, schema, value)
            }
            _ => plain(value),
        }
    }

    /// A call of the constructor that takes what the value has, and of a setter for each of the rest.
    fn object(&mut self, item: &ItemStruct, schema: &Schema, value: &Value) -> Result<TokenStream, Mismatch> {
        let name = &item.ident;
        self.names.insert(name.clone());
        let chosen = schema.exactly_one_of.iter().find(|alternative| value.get(&alternative.property.value).is_some());
        let constructor = format_ident!("{}", chosen.map_or("new", |alternative| &alternative.constructor.value));
        let (mut arguments, mut setters) = (Vec::new(), TokenStream::new());
        let mut left = value.as_object().ok_or_else(|| unknown(value))?.clone();
        // What is null is not set.
        left.retain(|_, given| !given.is_null());
        // In the order of the fields, which is that of the constructor's arguments.
        for field in &item.fields {
            let property = wire_name(field);
            let given = left.remove(&property);
            let (Some(given), Some(part)) = (&given, schema.properties.get(&property)) else { continue };
            let target = Document::target_name(&part.value);
            let target = target.and_then(|name| Some((name, self.document.resolve(&part.value)?)));
            let given = match target {
                Some((name, schema)) => self.of_schema(name, schema, given)?,
                None => plain(given)?,
            };
            let mut taken = schema.required.iter().chain(&schema.constructor_takes);
            if taken.any(|name| name.value == property)
                || chosen.is_some_and(|alternative| alternative.property.value == property)
            {
                arguments.push(given);
            } else {
                let setter = &field.ident;
                setters.extend(quote!(.#setter(#given)));
            }
        }
        if let Some(property) = left.keys().next() {
            return Err(Mismatch::new(PASS, format!("`{name}` has no field `{property}`")));
        }
        Ok(quote!(#name::#constructor(#(#arguments),*) #setters))
    }
}

/// A text, a number, a truth value, or a list of them.
fn plain(value: &Value) -> Result<TokenStream, Mismatch> {
    match value {
        // Of an empty list, the type of the items has to be said.
        Value::Array(items) if items.is_empty() => Ok(quote!([""; 0])),
        Value::Array(items) => {
            let items = items.iter().map(plain).collect::<Result<Vec<_>, _>>()?;
            Ok(quote!([#(#items),*]))
        }
        Value::String(text) => Ok(quote!(#text)),
        Value::Bool(truth) => Ok(quote!(#truth)),
        Value::Number(number) => number.to_string().parse().map_err(|_| unknown(value)),
        Value::Null | Value::Object(_) => Err(unknown(value)),
    }
}

fn unknown(value: &Value) -> Mismatch {
    Mismatch::new(PASS, format!("{value} as a value without a type of its own"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn plain_values_are_written_as_rust_and_others_are_refused() {
        for (value, expected) in [
            (json!("a"), "\"a\""),
            (json!(-1), "- 1"),
            (json!(1.5), "1.5"),
            (json!(true), "true"),
            (json!(["a", "b"]), "[\"a\" , \"b\"]"),
            (json!([]), "[\"\" ; 0]"),
        ] {
            assert_eq!(plain(&value).unwrap().to_string(), expected);
        }
        for value in [json!(null), json!({"a": 1}), json!([null])] {
            assert!(plain(&value).is_err(), "{value}");
        }
    }

    #[test]
    fn an_object_is_written_in_the_order_of_its_fields_and_what_is_no_field_is_refused() {
        let document = crate::load::document(include_str!("../../tests/fixture/openapi.yaml")).unwrap();
        let schema = "{required: [name], properties: {name: {type: string}, type: {type: string}}}";
        let schema: Schema = serde_saphyr::from_str(schema).unwrap();
        let mut writer = Writer { document: &document, types: &[], names: BTreeSet::new() };
        let item = parse_quote!(
            struct Shelf {
                #[serde(rename = "type")]
                type_: Option<String>,
                name: String,
            }
        );
        let mut written =
            |value| writer.object(&item, &schema, &value).map(|tokens| tokens.to_string().replace(' ', ""));
        assert_eq!(written(json!({"type": "t", "name": "n"})).unwrap(), r#"Shelf::new("n").type_("t")"#);
        assert_eq!(written(json!({"type": null, "name": "n"})).unwrap(), r#"Shelf::new("n")"#);
        assert!(written(json!({"name": "n", "nmae": "n"})).is_err());
        assert!(written(json!("n")).is_err());
    }
}
