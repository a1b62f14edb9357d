//! Puts the fragments of a document together: one tree with the paths and components of all, in which every `$ref` leads
//! into the tree itself. Knows where a fragment may refer to, and nothing else of what it says.

use std::collections::BTreeSet;

use super::folder::{Folder, LIST, ROOT, name_of};
use super::grammar::check_keys;
use super::node::{self, Data, Node, entries};
use crate::diagnostic::{Diagnostic, Place};

/// What references need to know of a file.
struct File<'a> {
    name: &'a str,
    /// Its components, each as the part of a reference after `#/components/`. `None` if it could not be read.
    components: Option<BTreeSet<String>>,
}

/// The tree of the whole document. Findings are added to `found`; what they are about may be missing from the tree.
pub fn merge(folder: &Folder, found: &mut Vec<Diagnostic>) -> Option<Node> {
    let parse = |file: usize, found: &mut Vec<Diagnostic>| {
        let root = node::parse(&folder.texts.get(file)?.text, file);
        let root = root.and_then(|root| check_version(&root).map(|()| root));
        root.map_err(|finding| found.push(finding)).ok()
    };
    let root = parse(0, found)?;
    let mut listed = listed(folder, &root, found);
    // All of them, so that all findings are reported.
    let fragments: Vec<_> = listed.iter().map(|file| parse(*file, found)).collect();
    for fragment in fragments.iter().flatten() {
        let fits = check_keys(fragment, &["openapi", "info", "tags", "paths", "x-webhooks", "components"], found);
        if let Some(info) = fits.and_then(|()| fragment.get("info")) {
            check_keys(info, &["title", "version", "description"], found);
        }
    }
    listed.insert(0, 0);
    let mut roots: Vec<_> = std::iter::once(Some(root)).chain(fragments).collect();
    let names = listed.iter().filter_map(|file| folder.texts.get(*file)).map(name_of);
    let files = roots.iter().zip(names).map(|(root, name)| File { name, components: root.as_ref().map(components) });
    let files: Vec<_> = files.collect();
    for (at, root) in roots.iter_mut().enumerate() {
        if let Some(root) = root {
            refer(&mut root.value, &Scope { files: &files, at }, found);
        }
    }
    let mut roots = roots.into_iter().flatten();
    let mut whole = roots.next()?;
    if let Data::Map(entries) = &mut whole.value {
        entries.retain(|(key, _)| key.value != LIST);
    }
    for mut fragment in roots {
        if let Data::Map(entries) = &mut fragment.value {
            entries.retain(|(key, _)| !matches!(key.value.as_str(), "openapi" | "info"));
        }
        join(&mut whole, fragment, "", folder, found);
    }
    Some(whole)
}

/// A document of another version is reported as such, and not by its unknown keys.
fn check_version(root: &Node) -> Result<(), Diagnostic> {
    const RULE: &str = "openapi-version";
    const HELP: &str = "write it in OpenAPI 3.0.3, or compare it with `cargo codegen drift --upstream FILE`";
    let Some(version) = root.get("openapi") else {
        let (place, message) = match (&root.value, root.get("swagger")) {
            (Data::Null, _) => (root, "the file is empty"),
            (_, Some(swagger)) => (swagger, "this is a Swagger document, the form before OpenAPI 3.0"),
            _ => (root, "this is not an OpenAPI document: the key `openapi` is missing"),
        };
        return Err(Diagnostic::new(RULE, place, message, HELP));
    };
    match &version.value {
        Data::Text(text) if matches!(text.as_str(), "3.0.0" | "3.0.1" | "3.0.2" | "3.0.3" | "3.0.4") => Ok(()),
        Data::Text(text) => Err(Diagnostic::new(RULE, version, format!("OpenAPI {text} is not supported"), HELP)),
        other => {
            Err(Diagnostic::new(RULE, version, format!("the version must be a string, found {}", other.kind()), HELP))
        }
    }
}

fn components(root: &Node) -> BTreeSet<String> {
    let kinds = root.get("components").map(entries).unwrap_or_default().iter();
    let all = kinds.flat_map(|(kind, names)| entries(names).iter().map(move |(name, _)| (kind, name)));
    all.map(|(kind, name)| format!("{}/{}", kind.value, name.value)).collect()
}

/// The indices of the fragments, in the order of the list.
fn listed(folder: &Folder, root: &Node, found: &mut Vec<Diagnostic>) -> Vec<usize> {
    const RULE: &str = "fragment";
    let mut files: Vec<usize> = Vec::new();
    let list = root.get(LIST);
    let items = match list.map(|list| &list.value) {
        Some(Data::List(items)) => items.as_slice(),
        None => &[],
        Some(other) => {
            let message = format!("expected a list of files, found {}", other.kind());
            let place = list.map_or(root.place, |list| list.place);
            found.push(Diagnostic::new(RULE, place, message, "list the names of the fragments"));
            return files;
        }
    };
    for item in items {
        let name = match &item.value {
            Data::Text(name) => name.as_str(),
            other => other.kind(),
        };
        match folder.find(name) {
            Some(0) | None => {
                let message = format!("there is no fragment `{name}` beside this file");
                let help = "write the name of a YAML file of this folder, without a path";
                found.push(Diagnostic::new(RULE, item, message, help));
            }
            Some(file) if files.contains(&file) => {
                found.push(Diagnostic::new(RULE, item, format!("`{name}` is listed twice"), "remove one of the two"));
            }
            Some(file) => files.push(file),
        }
    }
    for (file, text) in folder.texts.iter().enumerate().skip(1).filter(|(file, _)| !files.contains(file)) {
        let message = format!("{ROOT} does not list this file, so that nothing in it would be generated");
        let help = format!("add `{}` to `{LIST}` there, or move the file to another folder", name_of(text));
        found.push(Diagnostic::new(RULE, Place::whole(file), message, help));
    }
    files
}

/// Where a reference is written.
struct Scope<'a> {
    /// The root, then the fragments in the order of the list.
    files: &'a [File<'a>],
    /// Which of them it is written in.
    at: usize,
}

impl Scope<'_> {
    /// What a reference is in the whole document. An error says why it is none, and what to do.
    fn target(&self, reference: &str) -> Result<String, (String, String)> {
        // What leads nowhere has a rule of its own.
        let Some((name, component)) = reference.split_once("#/components/") else { return Ok(reference.to_owned()) };
        let here = &self.files[self.at];
        let name = if name.is_empty() { here.name } else { name };
        let Some(index) = self.files.iter().position(|file| file.name == name) else {
            let help = format!("refer to a file that the root lists in `{LIST}`, by its name");
            return Err((format!("`{name}` is not a file of this document"), help));
        };
        // The root refers to any file, a fragment to those before it in the list: there are no circles.
        if self.at > 0 && index > self.at {
            let help = "move what both need to a file that stands before both";
            return Err((format!("`{name}` stands after this file in the list of fragments"), help.to_owned()));
        }
        let path = format!("#/components/{component}");
        // What could not be read may define anything.
        let defines = |file: &File<'_>| file.components.as_ref().is_some_and(|all| all.contains(component));
        if self.files[index].components.as_ref().is_some_and(|all| !all.contains(component))
            && let Some(other) = self.files.iter().find(|file| defines(file))
        {
            let other = if other.name == here.name { "" } else { other.name };
            return Err((format!("`{name}` does not define this component"), format!("write `{other}{path}`")));
        }
        Ok(path)
    }
}

/// Makes the references of a file refer to the whole document.
fn refer(value: &mut Data, scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    match value {
        Data::List(items) => items.iter_mut().for_each(|item| refer(&mut item.value, scope, found)),
        Data::Map(entries) => {
            for (key, value) in entries {
                match (key.value.as_str(), &mut value.value) {
                    // Data, whatever is in it.
                    ("example", _) => {}
                    // Its keys are names.
                    ("properties", Data::Map(properties)) => {
                        for (_, property) in properties {
                            refer(&mut property.value, scope, found);
                        }
                    }
                    ("mapping", Data::Map(targets)) => {
                        for (_, target) in targets {
                            follow(target, scope, found);
                        }
                    }
                    ("$ref", _) => follow(value, scope, found),
                    (_, inner) => refer(inner, scope, found),
                }
            }
        }
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) => {}
    }
}

/// Makes a reference refer to the whole document.
fn follow(node: &mut Node, scope: &Scope<'_>, found: &mut Vec<Diagnostic>) {
    if let Data::Text(reference) = &mut node.value {
        match scope.target(reference) {
            Ok(target) => *reference = target,
            Err((message, help)) => found.push(Diagnostic::new("reference", node.place, message, help)),
        }
    }
}

/// Adds a fragment to the whole: its lists to the lists, and its mappings to the mappings. `path` is where both stand.
fn join(whole: &mut Node, new: Node, path: &str, folder: &Folder, found: &mut Vec<Diagnostic>) {
    match (&mut whole.value, new.value) {
        (Data::List(all), Data::List(items)) => all.extend(items),
        (Data::Map(all), Data::Map(entries)) => {
            for (key, value) in entries {
                let known = all.iter_mut().find(|(known, _)| known.value == key.value);
                match known {
                    None => all.push((key, value)),
                    // The document, the components, and each kind of them are mappings of names.
                    Some((_, known)) if matches!(path, "" | "components") => {
                        let path = if path.is_empty() { key.value } else { "names".to_owned() };
                        join(known, value, &path, folder, found);
                    }
                    Some((first, _)) => {
                        let other = folder.texts.get(first.place.file).map_or("", name_of);
                        let message = format!("`{}` is in {other} too", key.value);
                        found.push(Diagnostic::new("duplicate-key", &key, message, "remove or rename one of the two"));
                    }
                }
            }
        }
        (known, other) => {
            let message = format!("expected {}, found {}", known.kind(), other.kind());
            found.push(Diagnostic::new("value", new.place, message, "openapi/README.md shows the form"));
        }
    }
}
