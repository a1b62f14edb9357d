//! Runs progenitor, and reads what it decides: the Rust type of each schema and property, the variants of enums and
//! unions, the arguments and the result of each operation. The only file that knows progenitor. What it emits and this
//! file does not know is an error.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use quote::ToTokens;
use syn::{Attribute, Fields, FnArg, GenericArgument, ImplItem, Item, LitStr, Pat, PathArguments, ReturnType, Type};

use crate::diagnostic::Diagnostic;
use crate::model::Ty;

/// What progenitor decides.
#[derive(Debug)]
pub(super) struct Decisions {
    /// By the name of the schema.
    pub(super) shapes: BTreeMap<String, Shape>,
    /// By `operationId`.
    pub(super) signatures: BTreeMap<String, Signature>,
}

/// The form of a type.
#[derive(Debug)]
pub(super) enum Shape {
    /// The types of the fields, by the names of the properties.
    Struct(BTreeMap<String, Ty>),
    /// A type around another one.
    Newtype(Ty),
    /// An enum of texts: the variant of each.
    Enum(BTreeMap<String, String>),
    /// A union whose value shows which alternative it is: the variants and their types, in the order of the schema.
    Untagged(Vec<(String, Ty)>),
}

/// The arguments and the result of an operation.
#[derive(Debug)]
pub(super) struct Signature {
    /// In the order in which they are taken; a body has the name `body`.
    pub(super) arguments: Vec<(String, Ty)>,
    /// `None` where the response has no body.
    pub(super) output: Option<Ty>,
}

/// Reads what progenitor makes of the document.
pub(super) fn decisions(spec: &OpenAPI) -> Result<Decisions, Diagnostic> {
    let file = run(spec)?;
    let mut decisions = Decisions { shapes: BTreeMap::new(), signatures: BTreeMap::new() };
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                for item in module.content.into_iter().flat_map(|(_, items)| items) {
                    decisions.take_type(item)?;
                }
            }
            Item::Impl(block) if block.trait_.is_none() => {
                for item in block.items {
                    match item {
                        ImplItem::Fn(method) if method.sig.asyncness.is_some() => {
                            decisions.signatures.insert(method.sig.ident.to_string(), signature(&method.sig)?);
                        }
                        // The constructors of its client.
                        ImplItem::Fn(method) if method.sig.receiver().is_none() => {}
                        other => return Err(unknown("an item of its client", &other)),
                    }
                }
            }
            // Its client, and what that needs.
            Item::Use(_) | Item::Struct(_) | Item::Impl(_) | Item::Const(_) | Item::Mod(_) => {}
            other => return Err(unknown("an item", &other)),
        }
    }
    decisions.check()?;
    Ok(decisions)
}

fn run(spec: &OpenAPI) -> Result<syn::File, Diagnostic> {
    let failed = |message: String| {
        Diagnostic::whole(
            "progenitor",
            format!("progenitor cannot use the document: {message}"),
            "the lint rules accepted something that progenitor does not support: report this as a bug, with the \
             document",
        )
    };
    let mut settings = GenerationSettings::default();
    // The plainest output: a method for each operation.
    settings.with_interface(InterfaceStyle::Positional);
    // The rules are meant to leave nothing to panic on. Should something be left, it becomes an error; the panic hook
    // has printed it by then, which helps to report it.
    let generated = catch_unwind(AssertUnwindSafe(|| Generator::new(&settings).generate_tokens(spec)));
    let tokens = generated
        .map_err(|panic| {
            let text = panic.downcast_ref::<String>().cloned();
            failed(text.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap_or_default())
        })?
        .map_err(|error| failed(error.to_string()))?;
    syn::parse2(tokens).map_err(|error| failed(error.to_string()))
}

fn unknown(what: &str, tokens: &impl ToTokens) -> Diagnostic {
    let mut found = tokens.to_token_stream().to_string();
    if let Some((end, _)) = found.char_indices().nth(200) {
        found.replace_range(end.., " ...");
    }
    Diagnostic::whole(
        "progenitor",
        format!("progenitor emitted {what} that build-tools does not recognise: {found}"),
        "its output has changed, or the document uses something new: extend `lower/progenitor.rs`",
    )
}

impl Decisions {
    /// Every type that is named has a form.
    fn check(&self) -> Result<(), Diagnostic> {
        let of_shapes = self.shapes.values().flat_map(|shape| match shape {
            Shape::Struct(fields) => fields.values().collect(),
            Shape::Newtype(ty) => vec![ty],
            Shape::Enum(_) => Vec::new(),
            Shape::Untagged(variants) => variants.iter().map(|(_, ty)| ty).collect(),
        });
        let of_signatures = self
            .signatures
            .values()
            .flat_map(|signature| signature.arguments.iter().map(|(_, ty)| ty).chain(&signature.output));
        for mut ty in of_shapes.chain(of_signatures) {
            while let Ty::List(inner) | Ty::Map(inner) = ty {
                ty = inner;
            }
            if let Ty::Named(name) = ty
                && !self.shapes.contains_key(name)
            {
                return Err(gap(&format!("no type `{name}`")));
            }
        }
        Ok(())
    }

    fn take_type(&mut self, item: Item) -> Result<(), Diagnostic> {
        let (name, shape) = match item {
            Item::Struct(item) => {
                let attributes = Serde::of(&item.attrs)?;
                if attributes != Serde::default() && attributes != (Serde { transparent: true, ..Serde::default() }) {
                    return Err(unknown("a representation of a struct", &item));
                }
                let shape = match &item.fields {
                    Fields::Named(fields) => {
                        let fields = fields.named.iter().map(|field| {
                            let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                            let wire = Serde::of(&field.attrs)?.rename.unwrap_or(name);
                            Ok((wire, ty(&field.ty)?))
                        });
                        Shape::Struct(fields.collect::<Result<_, Diagnostic>>()?)
                    }
                    Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Shape::Newtype(ty(&fields.unnamed[0].ty)?),
                    _ => return Err(unknown("a struct", &item)),
                };
                (item.ident, shape)
            }
            Item::Enum(item) => {
                let attributes = Serde::of(&item.attrs)?;
                let mut variants = item.variants.iter();
                let shape = if attributes == Serde::default() && variants.all(|variant| variant.fields.is_empty()) {
                    let variants = item.variants.iter().map(|variant| {
                        let name = variant.ident.to_string();
                        Ok((Serde::of(&variant.attrs)?.rename.unwrap_or_else(|| name.clone()), name))
                    });
                    Shape::Enum(variants.collect::<Result<_, Diagnostic>>()?)
                } else if attributes == (Serde { untagged: true, ..Serde::default() }) {
                    let variants = item.variants.iter().map(|variant| match &variant.fields {
                        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                            Ok((variant.ident.to_string(), ty(&fields.unnamed[0].ty)?))
                        }
                        _ => Err(unknown("a variant", &variant)),
                    });
                    Shape::Untagged(variants.collect::<Result<_, Diagnostic>>()?)
                } else {
                    return Err(unknown("a representation of an enum", &item));
                };
                (item.ident, shape)
            }
            // Conversions and defaults, which the model's types have in their own form.
            Item::Impl(block) if block.trait_.is_some() => return Ok(()),
            // Of a type around another one.
            Item::Impl(block) if block.items.iter().all(|item| matches!(item, ImplItem::Fn(_))) => return Ok(()),
            Item::Mod(module) if module.ident == "error" => return Ok(()),
            other => return Err(unknown("an item among the types", &other)),
        };
        self.shapes.insert(name.to_string(), shape);
        Ok(())
    }
}

/// What an item's `#[serde(...)]` says, where it decides something.
#[derive(Debug, Default, PartialEq, Eq)]
struct Serde {
    rename: Option<String>,
    transparent: bool,
    untagged: bool,
}

impl Serde {
    fn of(attributes: &[Attribute]) -> Result<Self, Diagnostic> {
        let mut serde = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
            let read = attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("rename") {
                    serde.rename = Some(meta.value()?.parse::<LitStr>()?.value());
                } else if meta.path.is_ident("transparent") {
                    serde.transparent = true;
                } else if meta.path.is_ident("untagged") {
                    serde.untagged = true;
                } else {
                    return Err(meta.error("not known"));
                }
                Ok(())
            });
            read.map_err(|_| unknown("an attribute", attribute))?;
        }
        Ok(serde)
    }
}

fn signature(signature: &syn::Signature) -> Result<Signature, Diagnostic> {
    let mut arguments = Vec::new();
    for input in &signature.inputs {
        let FnArg::Typed(input) = input else { continue };
        let Pat::Ident(name) = &*input.pat else { return Err(unknown("an argument", input)) };
        arguments.push((name.ident.to_string(), ty(&input.ty)?));
    }
    // `Result<ResponseValue<T>, Error<E>>`
    let ReturnType::Type(_, result) = &signature.output else { return Err(unknown("a method", signature)) };
    let value = generic(result, "Result").and_then(|value| generic(value, "ResponseValue"));
    let output = match value.ok_or_else(|| unknown("a result", signature))? {
        Type::Tuple(unit) if unit.elems.is_empty() => None,
        other => Some(ty(other)?),
    };
    Ok(Signature { arguments, output })
}

/// `T` of `Wrapper<T, ...>`.
fn generic<'a>(given: &'a Type, wrapper: &str) -> Option<&'a Type> {
    let Type::Path(path) = given else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == wrapper)?;
    arguments(&last.arguments).next()
}

fn arguments(given: &PathArguments) -> impl Iterator<Item = &Type> {
    let arguments = match given {
        PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
        _ => None,
    };
    arguments.into_iter().flatten().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

fn ty(given: &Type) -> Result<Ty, Diagnostic> {
    let path = match given {
        Type::Reference(reference) => return ty(&reference.elem),
        Type::Path(path) if path.qself.is_none() => &path.path,
        other => return Err(unknown("a type", other)),
    };
    let names: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let generics = path.segments.last().map(|segment| arguments(&segment.arguments).map(ty)).into_iter().flatten();
    let generics = generics.collect::<Result<Vec<_>, _>>()?;
    Ok(match (names.as_slice(), generics.as_slice()) {
        (["std", "string", "String"] | ["str"], []) => Ty::Text,
        (["bool"], []) => Ty::Bool,
        ([number @ ("i64" | "u64" | "f64")], []) => Ty::Number((*number).to_owned()),
        (["serde_json", "Value"], []) => Ty::Json,
        (["std", "vec", "Vec"], [item]) => Ty::List(Box::new(item.clone())),
        (["serde_json", "Map"] | ["std", "collections", "HashMap"], [Ty::Text, value]) => {
            Ty::Map(Box::new(value.clone()))
        }
        ([name] | ["types", name], []) => Ty::Named((*name).to_owned()),
        _ => return Err(unknown("a type", given)),
    })
}

/// progenitor's output does not match the document.
pub(super) fn gap(what: &str) -> Diagnostic {
    Diagnostic::whole(
        "progenitor",
        format!("progenitor's output does not match the document: {what}"),
        "the document uses something new: add a rule, or extend `lower`",
    )
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn the_types_that_progenitor_uses_are_known_and_others_are_not() {
        for (given, expected) in [
            (parse_quote!(::std::string::String), Ty::Text),
            (parse_quote!(&'a str), Ty::Text),
            (parse_quote!(&'a types::BookId), Ty::Named("BookId".into())),
            (parse_quote!(::std::vec::Vec<i64>), Ty::List(Box::new(Ty::Number("i64".into())))),
            (parse_quote!(::serde_json::Map<::std::string::String, ::serde_json::Value>), Ty::Map(Box::new(Ty::Json))),
        ] {
            let given: Type = given;
            assert_eq!(ty(&given).unwrap(), expected);
        }
        let others: [Type; 5] = [
            parse_quote!(::std::option::Option<bool>),
            parse_quote!(::chrono::DateTime<::chrono::offset::Utc>),
            parse_quote!(::std::boxed::Box<types::Book>),
            parse_quote!((bool, bool)),
            parse_quote!(::std::num::NonZeroU64),
        ];
        for given in others {
            assert!(ty(&given).is_err(), "{}", given.to_token_stream());
        }
    }

    #[test]
    fn a_type_that_is_named_and_has_no_form_is_an_error() {
        let decisions = |shapes: &[&str], named: &str| {
            let signature =
                Signature { arguments: Vec::new(), output: Some(Ty::List(Box::new(Ty::Named(named.into())))) };
            Decisions {
                shapes: shapes.iter().map(|name| ((*name).to_owned(), Shape::Newtype(Ty::Text))).collect(),
                signatures: [("list".to_owned(), signature)].into(),
            }
        };
        assert!(decisions(&["Book"], "Book").check().is_ok());
        for name in ["i32", "ByteStream", "Author"] {
            assert!(decisions(&["Book"], name).check().is_err(), "{name}");
        }
    }

    #[test]
    fn items_and_attributes_that_are_not_known_are_errors() {
        let items: [Item; 6] = [
            parse_quote!(
                fn something() {}
            ),
            parse_quote!(
                #[serde(deny_unknown_fields)]
                struct Book {}
            ),
            parse_quote!(
                struct Book {
                    #[serde(flatten)]
                    rest: ::std::string::String,
                }
            ),
            parse_quote!(
                #[serde(tag = "kind")]
                enum Book {
                    Paper,
                }
            ),
            parse_quote!(
                enum Book {
                    Paper { pages: i64 },
                }
            ),
            parse_quote!(
                type Book = i64;
            ),
        ];
        for item in items {
            let mut decisions = Decisions { shapes: BTreeMap::new(), signatures: BTreeMap::new() };
            let text = item.to_token_stream().to_string();
            assert!(decisions.take_type(item).is_err(), "{text}");
        }
    }
}
