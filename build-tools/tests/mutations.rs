//! Whatever a document has become by mistake: it is accepted, or every finding has a place; nothing panics, nothing takes
//! for ever. More of them: `MUTATIONS=20000 cargo test --release --package build-tools --test mutations`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "common/fragments.rs"]
mod fragments;
#[path = "common/tree.rs"]
mod tree;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use build_tools::Folder;
use build_tools::upstream::drift::accepted::Accepted;
use build_tools::upstream::drift::drift;
use build_tools::upstream::vendor::Vendor;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::{Map, Value, json};
use time::Date;

use tree::paths;

const FIXTURE: &str = include_str!("fixture/openapi.yaml");

/// A document that is not accepted has findings, each with its place.
fn assert_ends_well(folder: &Folder) {
    let Err(found) = build_tools::module(folder, "") else { return };
    assert!(!found.list.is_empty());
    for finding in &found.list {
        assert!(!finding.place.is_whole(), "{finding:?} has no place");
        assert!(!matches!(finding.rule, "progenitor" | "render" | "format"), "no rule forbids it: {finding:?}");
    }
    let shown = found.to_string();
    assert!(shown.contains(".yaml:") && shown.contains("help: "), "{shown}");
}

fn of_text(text: &str) -> Folder {
    Folder::of_one(Path::new("openapi.yaml"), text)
}

/// A mistake in a tree of values.
#[derive(Clone, Debug)]
enum Mistake {
    /// A value is lost.
    Drop(Index),
    /// A value stands in the place of another.
    Copy(Index, Index),
    /// A value is another one.
    Retype(Index, Value),
    /// A key has another name.
    Rename(Index, String),
    /// A value is in a list or a mapping of its own.
    Wrap(Index, bool),
}

/// The mapping or list that holds the value at a path, and its key there.
fn holder<'a>(root: &'a mut Value, path: &str) -> (&'a mut Value, String) {
    let (before, last) = path.rsplit_once('/').unwrap();
    (root.pointer_mut(before).unwrap(), last.replace("~1", "/").replace("~0", "~"))
}

fn make(root: &mut Value, mistake: &Mistake) {
    let all = paths(root);
    if all.is_empty() {
        return;
    }
    match mistake {
        Mistake::Drop(at) => match holder(root, &all[at.index(all.len())]) {
            (Value::Object(fields), key) => drop(fields.remove(&key)),
            (Value::Array(items), key) => drop(items.remove(key.parse().unwrap())),
            _ => {}
        },
        Mistake::Copy(from, to) => {
            let value = root.pointer(&all[from.index(all.len())]).unwrap().clone();
            *root.pointer_mut(&all[to.index(all.len())]).unwrap() = value;
        }
        Mistake::Retype(at, value) => *root.pointer_mut(&all[at.index(all.len())]).unwrap() = value.clone(),
        Mistake::Rename(at, name) => {
            if let (Value::Object(fields), key) = holder(root, &all[at.index(all.len())])
                && let Some(value) = fields.remove(&key)
            {
                fields.insert(name.clone(), value);
            }
        }
        Mistake::Wrap(at, in_list) => {
            let value = root.pointer_mut(&all[at.index(all.len())]).unwrap();
            *value =
                if *in_list { json!([value]) } else { Value::Object(Map::from_iter([("type".into(), value.take())])) };
        }
    }
}

fn mistake() -> impl Strategy<Value = Mistake> {
    let value = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(json!(u64::MAX)),
        Just(json!("")),
        "[a-zA-Z_/{}$#. \u{e9}]{1,12}".prop_map(Value::from),
        prop_oneof![Just("object"), Just("array"), Just("string"), Just("integer"), Just("null")].prop_map(Value::from),
        prop_oneof![Just(json!([])), Just(json!({})), Just(json!({ "$ref": "#/components/schemas/Book" }))],
    ];
    let name = prop_oneof![
        "[a-z_]{1,8}",
        prop_oneof![
            Just("nullable"),
            Just("items"),
            Just("allOf"),
            Just("$ref"),
            Just("enum"),
            Just("404"),
            Just("type")
        ]
        .prop_map(str::to_owned),
    ];
    prop_oneof![
        any::<Index>().prop_map(Mistake::Drop),
        any::<(Index, Index)>().prop_map(|(from, to)| Mistake::Copy(from, to)),
        (any::<Index>(), value).prop_map(|(at, value)| Mistake::Retype(at, value)),
        (any::<Index>(), name).prop_map(|(at, name)| Mistake::Rename(at, name)),
        any::<(Index, bool)>().prop_map(|(at, in_list)| Mistake::Wrap(at, in_list)),
    ]
}

/// Makes mistakes in a value, a few hundred times or as often as `MUTATIONS` says.
fn mutate(value: &Value, check: impl Fn(&str)) {
    let more = std::env::var("MUTATIONS").ok().map(|text| text.parse().expect("MUTATIONS is a number"));
    let seed = if more.is_some() { RngSeed::Random } else { RngSeed::Fixed(11) };
    let config = Config { cases: more.unwrap_or(200), rng_seed: seed, failure_persistence: None, ..Config::default() };
    let strategy = proptest::collection::vec(mistake(), 1..4);
    let result = TestRunner::new(config).run(&strategy, |mistakes| {
        let mut document = value.clone();
        for mistake in &mistakes {
            make(&mut document, mistake);
        }
        // JSON is YAML.
        check(&serde_json::to_string_pretty(&document).unwrap());
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn a_document_with_mistakes_ends_well() {
    mutate(&serde_saphyr::from_str(FIXTURE).unwrap(), |text| assert_ends_well(&of_text(text)));
}

/// Fragments: their names, and their texts.
fn fragments() -> BTreeMap<String, String> {
    let folder = std::fs::read_dir(fragments::folder()).unwrap();
    let files = folder.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "yaml"));
    files.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), read(&path))).collect()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn folder(files: &BTreeMap<String, String>) -> Folder {
    Folder::of_names(files.keys().cloned().collect(), "openapi", |name| Ok(files[name].clone())).unwrap()
}

#[test]
fn a_fragment_with_every_form_and_mistakes_ends_well() {
    let forms = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture/forms.yaml"));
    let root = format!("{FIXTURE}x-fragments: [forms.yaml]\n");
    mutate(&serde_saphyr::from_str(&forms).unwrap(), |text| {
        let files = [("prolific.yaml", root.as_str()), ("forms.yaml", text)];
        let files = files.map(|(name, text)| (name.to_owned(), text.to_owned())).into();
        let result = build_tools::module(&folder(&files), "");
        assert!(result.is_ok() || !result.unwrap_err().list.is_empty());
    });
}

#[test]
fn a_fragment_with_mistakes_ends_well() {
    let files = fragments();
    let all: BTreeMap<&String, Value> =
        files.iter().map(|(name, text)| (name, serde_saphyr::from_str(text).unwrap())).collect();
    mutate(&serde_json::to_value(all).unwrap(), |text| {
        let all: Value = serde_json::from_str(text).unwrap();
        let Some(all) = all.as_object() else { return };
        let files = all.iter().map(|(name, value)| (name.clone(), value.to_string())).collect::<BTreeMap<_, _>>();
        if files.contains_key("prolific.yaml") {
            let result = build_tools::lint(&folder(&files));
            assert!(result.is_ok() || !result.unwrap_err().list.is_empty());
        }
    });
}

/// The vendor's document in place of the bundle: `VENDOR=openapi.yaml`.
#[test]
fn a_vendors_document_with_mistakes_ends_well() {
    let bundle = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sdk/sandbox/openapi.json");
    let path = std::env::var_os("VENDOR").map_or(bundle, PathBuf::from);
    let ours = build_tools::expanded(folder(&fragments())).unwrap();
    mutate(&serde_saphyr::from_str(&read(&path)).unwrap(), |text| match Vendor::parse(of_text(text)) {
        Ok(theirs) => {
            let drift = drift(&ours, &theirs, &Accepted::default(), Date::MIN);
            assert!(!drift.render().is_empty() && drift.to_json()["document"].is_object());
        }
        Err(found) => assert!(found.list.iter().all(|finding| !finding.place.is_whole()), "{found}"),
    });
}

/// What is hard to read as YAML.
#[test]
fn a_text_that_is_hard_to_read_ends_well() {
    let laugh = |n: usize| format!("a{n}: &a{n} [{}]", format!("*a{},", n - 1).repeat(10));
    let laughs = (1..30).map(laugh).collect::<Vec<_>>().join("\n");
    for text in [
        format!("\u{feff}{FIXTURE}"),
        FIXTURE.replace('\n', "\r\n"),
        FIXTURE.replace("  ", "\t"),
        format!("{FIXTURE}\n---\n{FIXTURE}"),
        format!("a0: &a0 lol\n{laughs}"),
        format!("{FIXTURE}\nx: {}", "[".repeat(10_000)),
        format!("{FIXTURE}\nx: {}{}", "{a: ".repeat(10_000), "}".repeat(10_000)),
        FIXTURE.replace("example: 5\n", "example: 1e999\n"),
        FIXTURE.replace("example: 5\n", &format!("example: {}\n", "9".repeat(10_000))),
        FIXTURE.replace("title: Shelves", &format!("title: {}", "x".repeat(1_000_000))),
        FIXTURE.replace("description: A book.", "description: !!binary aGVsbG8="),
        FIXTURE.replace("description: A book.", "description: *nowhere"),
        "a: &a [*a]".to_owned(),
        "? {a: b}\n: c".to_owned(),
    ] {
        // With the stack of a main thread.
        let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(move || assert_ends_well(&of_text(&text)));
        thread.unwrap().join().unwrap();
    }
}
