//! Compiles an SDK that is generated from a document, and programs with it. Calls rustc itself, with the dependencies
//! that the workspace has compiled already. Must not know what a change means.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use build_tools::{Folder, module};
use serde_json::Value;

use crate::architecture::cargo;
use crate::document::root;

const PROGRAMS: [(&str, &str); 3] = [
    ("calls", include_str!("programs/calls.rs")),
    ("reads", include_str!("programs/reads.rs")),
    ("enums", include_str!("programs/enums.rs")),
];

pub struct Compiler {
    /// The libraries that the SDK names, by their names in Rust.
    libraries: BTreeMap<String, PathBuf>,
    /// Where those are that they depend on.
    libraries_folder: PathBuf,
    folder: PathBuf,
}

impl Compiler {
    pub fn new() -> Self {
        // As the tests are built, so that there is nothing left to compile.
        const BUILD: [&str; 4] = ["build", "--workspace", "--examples", "--quiet"];
        let messages = cargo(&[&BUILD[..], &["--message-format", "json"]].concat());
        let messages = messages.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        // A package may be built several times, with other features for a build script.
        let key = |id: &Value, features: &Value| format!("{id} {features}");
        let mut built: BTreeMap<String, PathBuf> = BTreeMap::new();
        for message in messages.filter(|message| message["reason"] == "compiler-artifact") {
            let is_library = |path: &&str| [".rlib", ".so", ".dylib", ".dll"].iter().any(|end| path.ends_with(end));
            let mut files = message["filenames"].as_array().unwrap().iter().filter_map(Value::as_str);
            if let Some(file) = files.find(is_library) {
                built.insert(key(&message["package_id"], &message["features"]), file.into());
            }
        }
        // Which of them the SDK is built with.
        let graph = Command::new(env!("CARGO"))
            .args(BUILD)
            .args(["-Z", "unstable-options", "--unit-graph"])
            .env("RUSTC_BOOTSTRAP", "1")
            .current_dir(root())
            .output()
            .unwrap();
        let graph: Value = serde_json::from_slice(&graph.stdout).unwrap();
        let units = graph["units"].as_array().unwrap();
        let is_sdk = |unit: &&Value| unit["target"]["name"] == "prolific_sdk" && unit["mode"] == "build";
        let dependencies = units.iter().find(is_sdk).unwrap()["dependencies"].as_array().unwrap();
        let libraries: BTreeMap<_, _> = dependencies
            .iter()
            .map(|dependency| {
                let unit = &units[usize::try_from(dependency["index"].as_u64().unwrap()).unwrap()];
                let file = built[&key(&unit["pkg_id"], &unit["features"])].clone();
                (dependency["extern_crate_name"].as_str().unwrap().to_owned(), file)
            })
            .collect();
        let libraries_folder = libraries["serde_json"].parent().unwrap().to_owned();
        let folder = libraries_folder.join("../verdicts");
        fs::create_dir_all(&folder).unwrap();
        Self { libraries, libraries_folder, folder }
    }

    /// Where there is room for files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A compiler of this crate, before the file.
    fn command(&self, program: &str, name: &str, out: &Path) -> Command {
        let mut command = Command::new(program);
        command.args(["--edition", "2024", "--crate-type", "lib", "--cap-lints", "allow", "--crate-name", name]);
        command.arg("-L").arg(format!("dependency={}", self.libraries_folder.display())).arg("--out-dir").arg(out);
        command.current_dir(root());
        command
    }

    fn of_sdk(&self, program: &str, out: &Path) -> Command {
        let mut command = self.command(program, "prolific_sdk", out);
        command.args([
            "--cfg",
            "feature=\"default\"",
            "--cfg",
            "feature=\"client\"",
            "--cfg",
            "feature=\"rustls\"",
            "--cfg",
            "feature=\"schemars\"",
        ]);
        command.env("CARGO_PKG_VERSION", env!("CARGO_PKG_VERSION"));
        command.env("CARGO_PKG_NAME", "prolific-sdk");
        for (name, path) in &self.libraries {
            command.arg("--extern").arg(format!("{name}={}", path.display()));
        }
        command
    }

    /// The SDK as it is generated from this document, in a folder. The file that it is compiled from.
    pub fn sdk(&self, folder: &Path, document: &Folder) -> PathBuf {
        copy(&root().join("sdk/src"), &folder.join("src"));
        fs::copy(root().join("sdk/README.md"), folder.join("README.md")).unwrap();
        fs::remove_dir_all(folder.join("src/generated")).unwrap();
        for (path, text) in module(document, "a change").unwrap_or_else(|found| panic!("{found}")) {
            let path = folder.join("src/generated").join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        // Hand-written code that names an operation changes with it.
        let without = |file: &str, words: &str| {
            let path = folder.join("src").join(file);
            let text = fs::read_to_string(&path).unwrap();
            let lines: Vec<_> = text.lines().filter(|line| !line.contains(words)).collect();
            assert!(lines.len() < text.lines().count(), "{file} does not contain {words}");
            fs::write(path, lines.join("\n")).unwrap();
        };
        without("lib.rs", "pub use ext::");
        without("ext/mod.rs", "checked_create");
        let source = folder.join("src/lib.rs");
        let output = self.of_sdk("rustc", folder).arg("--emit=metadata").arg(&source).output().unwrap();
        assert!(output.status.success(), "the SDK does not compile: {}", errors(&output));
        source
    }

    /// The programs that do not compile with the SDK in this folder, each with its first errors.
    pub fn broken(&self, folder: &Path, with_enum: bool) -> Vec<(&'static str, String)> {
        let programs = PROGRAMS.into_iter().filter(|(name, _)| with_enum || *name != "enums");
        let compiled = programs.map(|(name, text)| {
            let source = folder.join(format!("{name}.rs"));
            fs::write(&source, text).unwrap();
            let mut command = self.command("rustc", name, folder);
            let sdk = folder.join("libprolific_sdk.rmeta");
            command.arg("--emit=metadata").arg("--extern").arg(format!("prolific_sdk={}", sdk.display())).arg(source);
            (name, command.output().unwrap())
        });
        let broken = compiled.filter(|(_, output)| !output.status.success());
        broken.map(|(name, output)| (name, errors(&output))).collect()
    }

    /// The lines of the public API, derived traits included.
    pub fn listing(&self, folder: &Path, sdk: &Path) -> BTreeSet<String> {
        let mut command = self.of_sdk("rustdoc", folder);
        command.args(["-Z", "unstable-options", "--output-format", "json"]).arg(sdk).env("RUSTC_BOOTSTRAP", "1");
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", errors(&output));
        let api = public_api::Builder::from_rustdoc_json(folder.join("prolific_sdk.json"));
        let api = api.omit_blanket_impls(true).omit_auto_trait_impls(true).build().unwrap();
        api.items().map(|item| with_self(&item.to_string())).collect()
    }
}

/// A line of the listing, in which the type of a method is `Self` in its arguments: a derived trait and a hand-written
/// one differ in that alone.
fn with_self(line: &str) -> String {
    let parts = line.split_once('(').and_then(|(path, arguments)| Some((path, path.rsplit_once("::")?.0, arguments)));
    match parts {
        Some((path, owner, arguments)) => {
            let owner = owner.trim_start_matches("pub fn ");
            format!("{path}({}", arguments.replace(&format!("&{owner})"), "&Self)"))
        }
        None => line.to_owned(),
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, target).unwrap();
        }
    }
}

/// The first lines of what a compiler says.
fn errors(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    text.lines().filter(|line| line.starts_with("error")).take(3).collect::<Vec<_>>().join("; ")
}
