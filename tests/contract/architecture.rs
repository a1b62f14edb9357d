//! The invariants of the workspace, as the map in the README states them.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::document::{document, operations, root, schema_names};

/// The `.rs` files in a folder and its folders.
pub fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, found);
            } else {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    found.sort();
    let sources = found.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    sources.map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// In a folder or a file called `generated`.
fn is_generated(path: &Path) -> bool {
    path.with_extension("").components().any(|part| part.as_os_str() == "generated")
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        !text[..at].ends_with(is_part) && !text[at + word.len()..].starts_with(is_part)
    })
}

/// What a command of cargo prints.
pub fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A package of the workspace and the names of its dependencies: of all kinds, or normal and build only.
fn dependencies(package: &str, with_dev: bool) -> Vec<String> {
    let metadata = cargo(&["metadata", "--no-deps", "--offline", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|candidate| candidate["name"] == package).unwrap();
    let dependencies = package["dependencies"].as_array().unwrap().iter();
    let wanted = dependencies.filter(|dependency| with_dev || dependency["kind"] != "dev");
    wanted.map(|dependency| dependency["name"].as_str().unwrap().to_owned()).collect()
}

const OURS: [&str; 4] = ["prolific-sdk", "prolific-sandbox", "build-tools", "contract-tests"];

#[test]
fn the_document_is_the_only_place_that_knows_an_operation() {
    let document = document();
    let operations = operations(&document);
    let mut words: Vec<_> =
        operations.iter().map(|(_, _, operation)| operation["operationId"].as_str().unwrap()).collect();
    words.extend(schema_names(&document));
    let mut files = [sources("build-tools/src"), sources("sdk/src")].concat();
    // The one exception: what no description of an API can say.
    files.retain(|(path, _)| !is_generated(path) && !path.starts_with(root().join("sdk/src/ext")));
    assert!(files.len() > 20 && words.len() > 10);
    for (path, text) in files {
        // An example in the docs may show one.
        let code = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
        for (number, line) in code {
            let place = format!("{}:{}", path.display(), number + 1);
            for word in &words {
                assert!(!has_word(line, word), "{place} names `{word}`: describe it in openapi/ only");
            }
            for (operation_path, _, _) in &operations {
                assert!(!line.contains(operation_path), "{place} contains `{operation_path}`");
            }
        }
    }
}

#[test]
fn each_fragment_has_a_page_of_evidence_and_each_page_a_fragment() {
    let names = |folder: &str, extension: &str| -> BTreeSet<String> {
        let paths = std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
        let paths = paths.filter(|path| path.extension().is_some_and(|found| found == extension));
        paths.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    };
    let (mut fragments, mut pages) = (names("openapi", "yaml"), names("openapi/evidence", "md"));
    assert!(fragments.remove("prolific") && pages.remove("README"));
    assert_eq!(fragments, pages);
}

/// What a dependent compiles with the SDK may not need a newer compiler than the SDK says.
#[test]
fn no_dependency_of_the_sdk_needs_a_newer_compiler_than_is_stated() {
    // Those of other platforms need not be there.
    let about = cargo(&["-vV"]);
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let metadata = cargo(&["metadata", "--locked", "--format-version", "1", "--filter-platform", host]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let by_id = |list: &'_ [Value], id: &Value| list.iter().find(|item| item["id"] == *id).unwrap().clone();
    let version = |package: &Value| -> Option<Vec<u32>> {
        Some(package["rust_version"].as_str()?.split('.').take(2).map(|part| part.parse().unwrap()).collect())
    };
    let sdk = packages.iter().find(|package| package["name"] == "prolific-sdk").unwrap();
    let stated = version(sdk).unwrap();
    let (mut open, mut seen) = (vec![sdk["id"].clone()], std::collections::HashSet::new());
    while let Some(id) = open.pop() {
        let package = by_id(packages, &id);
        assert!(
            version(&package).is_none_or(|needed| needed <= stated),
            "{} needs more than {stated:?}",
            package["id"]
        );
        for dependency in by_id(nodes, &id)["deps"].as_array().unwrap() {
            let kinds = dependency["dep_kinds"].as_array().unwrap();
            if kinds.iter().any(|kind| kind["kind"] != "dev") && seen.insert(dependency["pkg"].to_string()) {
                open.push(dependency["pkg"].clone());
            }
        }
    }
    assert!(seen.len() > 50, "{} dependencies", seen.len());
}

#[test]
fn the_runtime_does_not_know_the_generated_code() {
    for (path, text) in sources("sdk/src/runtime") {
        for line in code(&text).filter(|line| line.contains("crate::")) {
            assert!(line.contains("crate::runtime::"), "{}: {line}", path.display());
        }
    }
}

#[test]
fn generated_code_reaches_hand_written_code_through_the_runtime_only() {
    for (path, text) in sources("sdk/src/generated") {
        for line in code(&text) {
            for (at, _) in line.match_indices("crate::") {
                let inside = ["crate::runtime::", "crate::generated::"].iter().any(|name| line[at..].starts_with(name));
                assert!(inside, "{}: {line}", path.display());
            }
        }
    }
}

/// The lines that are no comment.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim_start().starts_with("//"))
}

#[test]
fn the_sandbox_shares_no_code_with_what_it_judges() {
    let dependencies = dependencies("prolific-sandbox", true);
    assert!(!dependencies.iter().any(|name| OURS.contains(&name.as_str())), "{dependencies:?}");
}

#[test]
fn the_build_tool_builds_while_the_rest_does_not() {
    let dependencies = dependencies("build-tools", true);
    assert!(!dependencies.iter().any(|name| OURS.contains(&name.as_str())), "{dependencies:?}");
}

#[test]
fn dependents_of_the_sdk_never_run_the_generator() {
    assert!(!root().join("sdk/build.rs").exists());
    let dependencies = dependencies("prolific-sdk", false);
    let of_the_generator = ["progenitor", "progenitor-client", "typify", "syn", "quote", "proc-macro2", "build-tools"];
    assert!(!dependencies.iter().any(|name| of_the_generator.contains(&name.as_str())), "{dependencies:?}");
    assert!(!sources("sdk/src").iter().any(|(_, text)| text.contains("generate_api!")));
}

#[test]
fn nothing_depends_on_the_tests() {
    for package in ["prolific-sdk", "prolific-sandbox", "build-tools"] {
        assert!(!dependencies(package, true).contains(&"contract-tests".to_owned()), "{package}");
    }
    for (path, text) in [sources("sdk"), sources("build-tools")].concat() {
        assert!(!text.contains("../tests/src") && !text.contains("../tests/contract"), "{}", path.display());
    }
}

#[test]
fn generated_files_carry_the_header_and_no_other_file_does() {
    let header = |text: &str| text.lines().next().is_some_and(|line| line.contains("Generated by `cargo codegen`"));
    for (path, text) in [sources("sdk"), sources("build-tools"), sources("tests")].concat() {
        let generated = is_generated(&path);
        assert_eq!(header(&text), generated, "{}", path.display());
    }
    let bundle = fs::read_to_string(root().join("sdk/sandbox/openapi.json")).unwrap();
    assert!(bundle.starts_with("{\n  \"x-generated\": \"Generated by `cargo codegen`"));
    assert!(!fs::read_to_string(root().join("openapi/prolific.yaml")).unwrap().contains("Generated by"));
}

#[test]
fn every_hand_written_file_says_what_it_is() {
    for (path, text) in
        [sources("build-tools"), sources("sdk/src/runtime"), sources("sdk/sandbox"), sources("tests")].concat()
    {
        let generated = is_generated(&path) || path.components().any(|part| part.as_os_str() == "compile_fail");
        assert!(generated || text.starts_with("//!"), "{} does not open with `//!`", path.display());
    }
}
