//! Files form layers: no file uses, by whatever way round, a file that uses it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

use crate::architecture::sources;
use crate::document::root;

/// A path of modules below a folder, which is itself the empty path.
type Module = Vec<String>;

/// The module of a file in this folder: `retry/tests.rs` is `retry::tests`, and so is `retry/tests/mod.rs`.
fn module_of(file: &Path, folder: &Path) -> Module {
    let place = file.strip_prefix(folder).unwrap().with_extension("");
    let mut module: Module = place.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    module.pop_if(|last| matches!(last.as_str(), "mod" | "lib" | "main"));
    module
}

/// Finds the files of a folder that one of them names in a path, in a `use` or elsewhere.
struct Uses<'a> {
    files: &'a BTreeSet<Module>,
    /// What `crate::` has to be followed by to lead into the folder.
    prefix: &'a [&'a str],
    /// The module of the code that is being looked at, which may be inline in the file.
    here: Module,
    found: BTreeSet<Module>,
}

impl Uses<'_> {
    fn path(&mut self, segments: &[String]) {
        let target = match segments.first().map(String::as_str) {
            Some("crate") => {
                let inside = segments[1..].iter().map(String::as_str).take(self.prefix.len());
                if !inside.eq(self.prefix.iter().copied()) {
                    return;
                }
                segments[1 + self.prefix.len()..].to_vec()
            }
            Some("self" | "super") => {
                let mut base = self.here.clone();
                let ups = segments.iter().take_while(|segment| matches!(segment.as_str(), "self" | "super"));
                for _ in ups.clone().filter(|segment| *segment == "super") {
                    if base.pop().is_none() {
                        return;
                    }
                }
                [&base[..], &segments[ups.count()..]].concat()
            }
            _ => [&self.here[..], segments].concat(),
        };
        // The longest path that is a file: what follows is what the file defines.
        let file = (0..=target.len()).rev().map(|length| &target[..length]).find(|path| self.files.contains(*path));
        // A name without a module is a name of this file, or of another crate.
        let is_relative = !matches!(segments.first().map(String::as_str), Some("crate" | "self" | "super"));
        match file {
            Some(file) if is_relative && file.len() <= self.here.len() => {}
            Some(file) => drop(self.found.insert(file.to_vec())),
            None => {}
        }
    }

    fn tree(&mut self, tree: &syn::UseTree, before: &[String]) {
        let with = |name: String| [before, &[name]].concat();
        match tree {
            syn::UseTree::Path(path) => self.tree(&path.tree, &with(path.ident.to_string())),
            syn::UseTree::Name(name) => self.path(&with(name.ident.to_string())),
            syn::UseTree::Rename(name) => self.path(&with(name.ident.to_string())),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(tree, before)),
            syn::UseTree::Glob(_) => self.path(before),
        }
    }
}

impl<'ast> Visit<'ast> for Uses<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.tree(&item.tree, &[]);
    }

    /// `pub(super)` uses nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.path(&path.segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>());
        visit::visit_path(self, path);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.here.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.here.pop();
    }
}

/// For each file of a folder, the files of the folder that it uses.
fn uses(sources: &[(PathBuf, String)], folder: &Path, prefix: &[&str]) -> BTreeMap<Module, BTreeSet<Module>> {
    let files: BTreeSet<_> = sources.iter().map(|(path, _)| module_of(path, folder)).collect();
    let mut all = BTreeMap::new();
    for (path, text) in sources {
        let here = module_of(path, folder);
        let mut uses = Uses { files: &files, prefix, here: here.clone(), found: BTreeSet::new() };
        uses.visit_file(&syn::parse_file(text).unwrap());
        uses.found.remove(&here);
        all.insert(here, uses.found);
    }
    all
}

/// The files that are left when those that use no other are taken away, again and again.
fn circles(mut all: BTreeMap<Module, BTreeSet<Module>>) -> Vec<String> {
    loop {
        let left: BTreeSet<_> = all.keys().cloned().collect();
        let before = all.len();
        all.retain(|_, used| used.iter().any(|module| left.contains(module)));
        if all.len() == before {
            break;
        }
    }
    let left: BTreeSet<_> = all.keys().cloned().collect();
    let name = |module: &Module| if module.is_empty() { "the root".to_owned() } else { module.join("::") };
    all.iter()
        .map(|(file, used)| {
            let in_circle: Vec<_> = used.intersection(&left).map(name).collect();
            format!("{} uses {}", name(file), in_circle.join(", "))
        })
        .collect()
}

#[test]
fn no_folder_has_a_circle_of_files() {
    for (folder, prefix) in [("sdk/src/runtime", &["runtime"][..]), ("build-tools/src", &[]), ("sdk/sandbox/src", &[])]
    {
        let uses = uses(&sources(folder), &root().join(folder), prefix);
        let count = uses.values().map(BTreeSet::len).sum::<usize>();
        assert!(uses.len() > 10 && count > uses.len(), "{folder}: {count} uses");
        let circles = circles(uses);
        assert!(circles.is_empty(), "{folder}:\n{}", circles.join("\n"));
    }
}

/// The opener of `runtime/mod.rs` lists its files in the order of their layers.
#[test]
fn a_file_of_the_runtime_uses_only_files_that_its_list_has_before_it() {
    let folder = "sdk/src/runtime";
    let files = sources(folder);
    let (_, text) = files.iter().find(|(path, _)| path.ends_with("runtime/mod.rs")).unwrap();
    let opener: Vec<_> = text.lines().map_while(|line| line.strip_prefix("//!")).collect();
    let opener = opener.join("");
    let (list, _) = opener.split_once("A file imports only").expect("the opener says what the list is");
    let listed: Vec<_> = list.split('`').skip(1).step_by(2).filter(|name| *name != "generated").collect();
    let uses = uses(&files, &root().join(folder), &["runtime"]);
    let named: BTreeSet<_> = uses.keys().filter_map(|module| module.first()).map(String::as_str).collect();
    assert_eq!(listed.iter().copied().collect::<BTreeSet<_>>(), named, "the list has each file");
    let layer = |module: &Module| listed.iter().position(|name| *name == module[0]).unwrap();
    for (file, used) in uses.iter().filter(|(file, _)| !file.is_empty()) {
        for other in used.iter().filter(|other| other[0] != file[0]) {
            assert!(layer(other) < layer(file), "{} uses {}", file.join("::"), other.join("::"));
        }
    }
}

#[test]
fn a_circle_is_found_whatever_way_it_is_written() {
    let circles = |files: &[(&str, &str)]| {
        let sources: Vec<_> =
            files.iter().map(|(name, text)| (PathBuf::from("/src").join(name), (*text).to_owned())).collect();
        circles(uses(&sources, Path::new("/src"), &["inside"]))
    };
    let b = ("b.rs", "use crate::inside::a::A;");
    for a in [
        "use super::b::B;",
        "use crate::inside::{c::C, b::{self, B as D}};",
        "fn f() { crate::inside::b::f(); }",
        "struct S(Vec<super::b::B>);",
        "mod tests { use super::super::b::*; }",
    ] {
        assert_eq!(circles(&[("a.rs", a), b, ("c.rs", "")]), ["a uses b", "b uses a"], "{a}");
    }
    let parent = ("mod.rs", "mod a; pub use a::A;");
    assert_eq!(circles(&[parent, ("a.rs", "use super::B;")]), ["the root uses a", "a uses the root"]);
    assert_eq!(circles(&[parent, ("a.rs", "use crate::outside::b; use std::fmt; fn f() { g(); }"), b]), [""; 0]);
}
