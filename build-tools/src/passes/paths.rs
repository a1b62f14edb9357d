//! Paths: `::std::option::Option` reads `Option`. Only names of Rust's prelude are shortened, and the rule `schema-name`
//! keeps schemas from taking them.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit_mut::{VisitMut, visit_attribute_mut, visit_path_mut};
use syn::{Attribute, LitStr, Meta, Path};

const PRELUDE: &[&str] = &[
    "std::convert::From",
    "std::convert::Into",
    "std::convert::TryFrom",
    "std::convert::TryInto",
    "std::default::Default",
    "std::option::Option",
    "std::result::Result",
    "std::string::String",
    "std::vec::Vec",
];

/// Shortens the paths of everything inside, those in attributes included.
#[derive(Default)]
pub struct Paths {
    /// How many paths were found and shortened.
    pub shortened: usize,
}

impl VisitMut for Paths {
    fn visit_path_mut(&mut self, path: &mut Path) {
        self.shortened += usize::from(shorten(path));
        visit_path_mut(self, path);
    }

    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        if let Meta::List(list) = &mut attribute.meta {
            list.tokens = in_tokens(list.tokens.clone());
        }
        visit_attribute_mut(self, attribute);
    }
}

/// A name of the prelude becomes that name; any other path loses its leading colons. Says whether there was anything to do.
fn shorten(path: &mut Path) -> bool {
    if path.leading_colon.take().is_none() {
        return false;
    }
    let names: Vec<_> = path.segments.iter().take(3).map(|segment| segment.ident.to_string()).collect();
    if PRELUDE.contains(&names.join("::").as_str()) {
        path.segments = std::mem::take(&mut path.segments).into_iter().skip(2).collect();
    }
    true
}

/// Shortens paths in the tokens of an attribute, where they stand bare (`derive`) or in a text (`serde`).
fn in_tokens(tokens: TokenStream) -> TokenStream {
    let mut at_start = true;
    let kept = tokens.into_iter().filter_map(|token| match &token {
        // Colons at the start of an element are those of an absolute path.
        TokenTree::Punct(colon) if colon.as_char() == ':' && at_start => None,
        TokenTree::Punct(punct) => {
            at_start = punct.as_char() == ',';
            Some(token)
        }
        _ => {
            at_start = false;
            Some(in_token(token))
        }
    });
    kept.collect()
}

fn in_token(token: TokenTree) -> TokenTree {
    match token {
        TokenTree::Group(group) => Group::new(group.delimiter(), in_tokens(group.stream())).into(),
        TokenTree::Literal(literal) => {
            let text = syn::parse2::<LitStr>(TokenTree::from(literal.clone()).into()).map(|text| text.value());
            match text.as_deref().ok().filter(|text| text.starts_with("::")).map(syn::parse_str::<Path>) {
                Some(Ok(mut path)) => {
                    shorten(&mut path);
                    let text = path.to_token_stream().to_string().replace(' ', "");
                    proc_macro2::Literal::string(&text).into()
                }
                _ => literal.into(),
            }
        }
        other => other,
    }
}
