//! What a dependent of the SDK builds and runs with it, with default features on this platform: build scripts, procedural
//! macros, and what is read from the environment. A list that changes is to be read before it is accepted. The lists are
//! those of Linux.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::architecture::cargo;

/// The packages by name, as cargo describes them: of these kinds of dependencies of the SDK.
fn packages(kinds: &str) -> BTreeMap<String, Value> {
    let tree = cargo(&["tree", "--package", "prolific-sdk", "--edges", kinds, "--prefix", "none", "--locked"]);
    // `name v1.2.3`, and more.
    let wanted: BTreeSet<(&str, &str)> = tree
        .lines()
        .filter_map(|line| line.split_once(" v"))
        .map(|(name, rest)| (name, rest.split(' ').next().unwrap()))
        .collect();
    let metadata: Value = serde_json::from_str(&cargo(&["metadata", "--locked", "--format-version", "1"])).unwrap();
    let all = metadata["packages"].as_array().unwrap().iter();
    let text = |package: &Value, key: &str| package[key].as_str().unwrap().to_owned();
    let found = all.filter(|package| {
        wanted.iter().any(|(name, version)| package["name"] == *name && package["version"] == *version)
    });
    let found: BTreeMap<_, _> = found.map(|package| (text(package, "name"), package.clone())).collect();
    assert!(found.len() > 80 && found.contains_key("reqwest"), "{}", found.len());
    found
}

fn with_target(packages: &BTreeMap<String, Value>, kind: &str) -> Vec<String> {
    let has = |package: &Value| {
        let targets = package["targets"].as_array().unwrap().iter();
        targets.flat_map(|target| target["kind"].as_array().unwrap()).any(|known| known == kind)
    };
    packages.iter().filter(|(_, package)| has(package)).map(|(name, _)| name.clone()).collect()
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "the list is that of Linux")]
fn a_dependent_runs_these_build_scripts_and_procedural_macros() {
    let packages = packages("normal,build");
    insta::assert_snapshot!(with_target(&packages, "custom-build").join(" "), @"aws-lc-rs aws-lc-sys httparse icu_normalizer_data icu_properties_data libc proc-macro2 quote rustls serde serde_core serde_json zmij");
    insta::assert_snapshot!(with_target(&packages, "proc-macro").join(" "), @"displaydoc serde_derive yoke-derive zerofrom-derive zerovec-derive");
}

/// What is compiled, or might be.
fn code_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !matches!(name.as_str(), "tests" | "test" | "tool") {
                code_files(&path, found);
            }
        } else if matches!(path.extension().and_then(|extension| extension.to_str()), Some("rs" | "c")) {
            found.push(path);
        }
    }
}

/// The guide "Authentication" has a table of what decides something. The others: `libc` only declares the function;
/// `once_cell`, `tower` and `rustls` read theirs in examples and in what the SDK does not use; `tokio` reads the number
/// of threads of a runtime, which the caller makes.
#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "the list is that of Linux")]
fn these_packages_read_the_environment() {
    let mut readers = BTreeSet::new();
    for (name, package) in packages("normal") {
        let mut files = Vec::new();
        let folder = Path::new(package["manifest_path"].as_str().unwrap()).parent().unwrap();
        // What a package compiles of C stands beside its `src`.
        let folder = if name.ends_with("-sys") { folder.to_owned() } else { folder.join("src") };
        code_files(&folder, &mut files);
        let reads = |path: &PathBuf| {
            let text = String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
            ["env::var(", "env::var_os(", "env::vars", " var_os(", "getenv("].iter().any(|call| text.contains(call))
        };
        if files.iter().any(reads) {
            readers.insert(name);
        }
    }
    insta::assert_snapshot!(readers.into_iter().collect::<Vec<_>>().join(" "), @"aws-lc-sys hyper-util libc once_cell openssl-probe prolific-sdk reqwest rustls rustls-native-certs tokio tower");
}
