//! The names in a draft, made of the vendor's: of operations, types and ids. Knows no document.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToKebabCase, ToPascalCase, ToSnakeCase};

use crate::names::{self, Use};

/// Words that say in which role a type stands, and not what it is.
const ROLES: &[&str] = &[
    "base", "body", "clone", "create", "created", "current", "data", "delete", "detail", "details", "full", "get",
    "in", "info", "input", "item", "items", "list", "new", "out", "output", "request", "response", "result", "results",
    "short", "summary", "update", "updated",
];

/// One of what a plural names.
pub(super) fn singular(word: &str) -> String {
    let ends = |end: &str| word.strip_suffix(end).filter(|rest| rest.len() > 1);
    let hissing = ends("es").filter(|rest| ["ch", "sh", "ss", "x"].iter().any(|end| rest.ends_with(end)));
    match (ends("ies"), hissing, ends("s")) {
        (Some(rest), _, _) => format!("{rest}y"),
        (None, Some(rest), _) => rest.to_owned(),
        (None, None, Some(rest)) if !rest.ends_with(['s', 'u', 'i']) => rest.to_owned(),
        _ => word.to_owned(),
    }
}

/// The tag of our documents for a tag of the vendor's.
pub(super) fn tag(given: &str) -> String {
    given.to_kebab_case()
}

/// The id of the vendor's operation without what only repeats its tag, in `snake_case`.
pub(super) fn vendor_method(id: &str, tag: &str) -> String {
    let (id, resource) = (id.to_snake_case(), names::resource(tag));
    let rest = id.strip_prefix(&resource).and_then(|rest| rest.strip_prefix('_'));
    rest.filter(|rest| !rest.is_empty()).unwrap_or(&id).to_owned()
}

/// What an operation does.
pub(super) struct Call<'a> {
    /// Without what repeats its tag.
    pub(super) id: &'a str,
    pub(super) resource: &'a str,
    /// In lower case.
    pub(super) method: &'a str,
    pub(super) path: &'a str,
}

/// The method of an operation: the vendor's words without those of the resource, and `list` for a `get` of several.
pub(super) fn method(call: &Call<'_>, taken: &BTreeSet<(String, String)>) -> String {
    let mut candidates = Vec::new();
    if !call.id.is_empty() {
        candidates.push(short(call));
        candidates.push(call.id.to_owned());
    }
    let last = call.path.split('/').rfind(|part| !part.is_empty()).unwrap_or_default();
    candidates.push(format!("{} {last}", call.method).to_snake_case());
    candidates.push(format!("{} {}", call.method, call.path).to_snake_case());
    candidates.push(call.method.to_owned());
    let is_free = |name: &String| {
        let request = names::request(name);
        names::is_snake_case(name)
            && !names::is_taken(name, Use::Method)
            && request != names::handle(call.resource)
            && !taken.contains(&(call.resource.to_owned(), request))
    };
    let numbered = (2..=taken.len() + 3).map(|number| format!("{}_{number}", call.method)).collect::<Vec<_>>();
    candidates.into_iter().chain(numbered).find(is_free).unwrap_or_else(|| call.method.to_owned())
}

fn short(call: &Call<'_>) -> String {
    let words: Vec<&str> = call.id.split('_').collect();
    let resource: Vec<&str> = call.resource.split('_').collect();
    let one: Vec<String> = resource.iter().map(|word| singular(word)).collect();
    for at in 0..words.len() {
        let Some(part) = words.get(at..at + resource.len()) else { break };
        if part.iter().zip(&one).all(|(word, one)| singular(word) == *one) {
            let rest = [&words[..at], &words[at + resource.len()..]].concat();
            let is_of_several = part == resource.as_slice() && one != resource;
            return match rest[..] {
                ["get"] if is_of_several && call.method == "get" => "list".to_owned(),
                [] => call.method.to_owned(),
                _ => rest.join("_"),
            };
        }
    }
    call.id.to_owned()
}

/// The variants of an enum's values that have no name of their own, or not the one that says what they are.
pub(super) fn variants(values: &[String]) -> Vec<(&str, String)> {
    let mut used = BTreeSet::new();
    let mut found = Vec::new();
    for (at, value) in values.iter().enumerate() {
        let plain = names::variant(value);
        // A sign in front of what a list is ordered by.
        let reversed = value.strip_prefix('-').map(|rest| format!("{}Descending", names::variant(rest)));
        let others = [format!("{plain}Value"), format!("Value{plain}"), format!("Value{}", at + 1)];
        let numbered = (2..).map(|number| format!("Value{}Number{number}", at + 1));
        let others = others.into_iter().chain(numbered).map(|name| name.to_pascal_case());
        let candidates = reversed.into_iter().chain([plain.clone(), plain.to_pascal_case()]).chain(others);
        let is_free =
            |name: &String| names::is_pascal_case(name) && !names::is_taken(name, Use::Variant) && !used.contains(name);
        let name = candidates.into_iter().find(is_free).unwrap_or_default();
        if name != plain {
            found.push((value.as_str(), name.clone()));
        }
        used.insert(name);
    }
    found
}

/// The names of types, each of them once.
#[derive(Debug, Default)]
pub(super) struct Types {
    /// By their modules.
    used: BTreeSet<String>,
    /// The next number for a name that is taken.
    next: BTreeMap<String, usize>,
}

impl Types {
    /// The first of the candidates that can be the name of another type, or one of them with a number.
    pub(super) fn take(&mut self, candidates: &[String], is_ours: impl Fn(&str) -> bool) -> String {
        let names: Vec<_> = candidates.iter().map(|name| name.to_pascal_case()).collect();
        let fits = |name: &String, used: &BTreeSet<String>| {
            let module = names::module(name);
            names::is_pascal_case(name)
                && names::is_snake_case(&module)
                && !names::is_taken(name, Use::Schema)
                && !is_ours(name)
                && !used.contains(&module)
        };
        let plain = |name: &&String| names::is_pascal_case(name) && name.len() < 200;
        let base = names.iter().find(plain).cloned().unwrap_or_else(|| "Schema".to_owned());
        let mut name = names.iter().filter(plain).find(|name| fits(name, &self.used)).cloned();
        while name.is_none() {
            let number = self.next.entry(base.clone()).or_insert(1);
            *number += 1;
            name = Some(format!("{base}{number}")).filter(|name| fits(name, &self.used) || *number > 100_000);
        }
        let name = name.unwrap_or(base);
        self.used.insert(names::module(&name));
        name
    }
}

/// What a type is about: its name without the words for its role and its resource.
pub(super) fn entity(owner: &str, resource: &str) -> String {
    let owner = owner.to_snake_case();
    let owner = owner.strip_prefix(&format!("{resource}_")).unwrap_or(&owner);
    let words = owner.split('_').map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()));
    let mut words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    while words.len() > 1 && words.last().is_some_and(|last| ROLES.contains(last)) {
        words.pop();
    }
    while words.len() > 1 && words.first().is_some_and(|first| ROLES.contains(first)) {
        words.remove(0);
    }
    let last = words.pop().map(singular);
    let words = words.into_iter().map(str::to_owned).chain(last);
    words.collect::<Vec<_>>().join("_").to_pascal_case()
}
