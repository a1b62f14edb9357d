//! `cargo codegen`, as a process: what it prints, what it writes, and how it ends.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// A workspace with the fixture as its document, and an `sdk` that does not compile.
fn workspace() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for folder in ["build-tools", "openapi", "sdk/src"] {
        fs::create_dir_all(root.path().join(folder)).unwrap();
    }
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture/openapi.yaml");
    fs::copy(fixture, root.path().join("openapi/prolific.yaml")).unwrap();
    fs::write(root.path().join("sdk/src/lib.rs"), "this is not Rust").unwrap();
    root
}

fn codegen(root: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_build-tools"))
        .args(arguments)
        .env("CARGO_MANIFEST_DIR", root.join("build-tools"))
        .output()
        .unwrap();
    (status.code(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
}

#[test]
fn check_reports_what_is_stale_missing_or_stray_and_writes_nothing() {
    let root = workspace();
    let root = root.path();
    assert_eq!(codegen(root, &[]).0, Some(0));
    assert_eq!(codegen(root, &["--check"]).0, Some(0));

    let generated = root.join("sdk/src/generated");
    let stale = generated.join("shelves/mod.rs");
    fs::write(&stale, fs::read_to_string(&stale).unwrap().replace("fn list_books", "fn edited_by_hand")).unwrap();
    fs::remove_file(generated.join("shelves/schemas/book.rs")).unwrap();
    fs::write(generated.join("shelves/stray.rs"), "// left behind\n").unwrap();
    let (code, printed) = codegen(root, &["--check"]);
    assert_eq!(code, Some(1), "{printed}");
    for part in [
        "--- a/sdk/src/generated/shelves/mod.rs\n+++ b/sdk/src/generated/shelves/mod.rs\n@@",
        "-    pub fn edited_by_hand(",
        "+    pub fn list_books(",
        "--- /dev/null\n+++ b/sdk/src/generated/shelves/schemas/book.rs",
        "--- a/sdk/src/generated/shelves/stray.rs\n+++ /dev/null",
        "Run `cargo codegen` to update them.",
    ] {
        assert!(printed.contains(part), "no {part:?} in {printed}");
    }
    assert!(!generated.join("shelves/schemas/book.rs").exists() && generated.join("shelves/stray.rs").exists());

    let (code, printed) = codegen(root, &[]);
    assert_eq!(code, Some(0));
    assert!(printed.ends_with(", 3 changed\n"), "{printed}");
    assert_eq!(codegen(root, &["--check"]).0, Some(0));
}

#[test]
fn a_defect_in_the_document_changes_no_file() {
    let root = workspace();
    let root = root.path();
    assert_eq!(codegen(root, &[]).0, Some(0));
    let client = fs::read_to_string(root.join("sdk/src/generated/shelves/mod.rs")).unwrap();
    let document = root.join("openapi/prolific.yaml");
    fs::write(
        &document,
        fs::read_to_string(&document).unwrap().replace("operationId: shelves_list_books", "operationId: ''"),
    )
    .unwrap();
    let (code, printed) = codegen(root, &[]);
    assert_eq!(code, Some(2));
    assert!(printed.contains("error[operation-id]") && printed.contains("openapi/prolific.yaml:22:"), "{printed}");
    assert_eq!(fs::read_to_string(root.join("sdk/src/generated/shelves/mod.rs")).unwrap(), client);
}

#[test]
fn a_missing_document_is_an_error_with_its_path() {
    let root = workspace();
    fs::remove_file(root.path().join("openapi/prolific.yaml")).unwrap();
    let (code, printed) = codegen(root.path(), &["--check"]);
    assert_eq!(code, Some(2));
    assert!(printed.contains("error[file]") && printed.contains("openapi/prolific.yaml"), "{printed}");
    assert!(printed.contains("help: ") && !printed.contains("panicked"), "{printed}");
}

/// A workspace whose document has defects that do not depend on each other: of the grammar, and of two rules.
fn defective() -> tempfile::TempDir {
    let root = workspace();
    let path = root.path().join("openapi/prolific.yaml");
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replace("summary: List books", "summary: 5").replace("    Book:\n", "    book:\n");
    let text = text.replace("description: A language.", "description: <b>A language.</b>");
    fs::write(&path, text + "extra: 100%\n").unwrap();
    root
}

#[test]
fn lint_reports_all_findings_at_once_in_the_order_of_the_text() {
    let root = defective();
    let (code, printed) = codegen(root.path(), &["lint"]);
    assert_eq!(code, Some(1), "{printed}");
    insta::assert_snapshot!(printed, @"
    error[value]: expected a string, found a number
      --> openapi/prolific.yaml:24:16
       |
    24 |       summary: 5
       |                ^
       |
       = note: A value has the type that its key asks for. An unquoted `3`, `true` or `null` is not a text.
       = help: put it in quotes

    error[markup]: the text is more than plain Markdown: it has HTML
       --> openapi/prolific.yaml:132:20
        |
    132 |       description: <b>A language.</b>
        |                    ^^^^^^^^^^^^^^^^^^
        |
        = note: Texts are plain Markdown, without links, tags, tables and code blocks. They become doc comments, in which a code block is a program that `cargo test` runs, and a link is trusted.
        = help: write paragraphs and lists of one level; put symbols in backticks

    error[schema-name]: the schema name `book` is not in PascalCase
       --> openapi/prolific.yaml:155:5
        |
    155 |     book:
        |     ^^^^
        |
        = note: The name of a component schema is in PascalCase and is not taken: it becomes the name of a Rust type and of its module.
        = help: rename it to `Book`: it becomes the name of the Rust type

    error[unknown-key]: unknown key `extra`, expected one of openapi, info, servers, externalDocs, tags, security, x-common-responses, paths, x-webhooks, components
       --> openapi/prolific.yaml:198:1
        |
    198 | extra: 100%
        | ^^^^^
        |
        = note: Only what the generator understands may be written. It would drop anything else without a word.
        = help: openapi/README.md lists what may be written

    4 findings
    ");
}

#[test]
fn lint_reports_to_programs_and_to_github() {
    let root = defective();
    let (code, printed) = codegen(root.path(), &["lint", "--format", "github"]);
    assert_eq!(code, Some(1), "{printed}");
    insta::assert_snapshot!(printed, @"
    ::error file=openapi/prolific.yaml,line=24,col=16,title=value::expected a string, found a number%0Aput it in quotes
    ::error file=openapi/prolific.yaml,line=132,col=20,title=markup::the text is more than plain Markdown: it has HTML%0Awrite paragraphs and lists of one level; put symbols in backticks
    ::error file=openapi/prolific.yaml,line=155,col=5,title=schema-name::the schema name `book` is not in PascalCase%0Arename it to `Book`: it becomes the name of the Rust type
    ::error file=openapi/prolific.yaml,line=198,col=1,title=unknown-key::unknown key `extra`, expected one of openapi, info, servers, externalDocs, tags, security, x-common-responses, paths, x-webhooks, components%0Aopenapi/README.md lists what may be written
    ");
    let (code, printed) = codegen(root.path(), &["lint", "--format", "json"]);
    assert_eq!(code, Some(1), "{printed}");
    let report: serde_json::Value = serde_json::from_str(&printed).unwrap();
    insta::assert_snapshot!(report["counts"], @r#"{"markup":1,"schema-name":1,"unknown-key":1,"value":1}"#);
    insta::assert_snapshot!(format!("{:#}", report["findings"][0]), @r#"
    {
      "column": 16,
      "file": "openapi/prolific.yaml",
      "help": "put it in quotes",
      "line": 24,
      "message": "expected a string, found a number",
      "rule": "value",
      "why": "A value has the type that its key asks for. An unquoted `3`, `true` or `null` is not a text."
    }
    "#);
    let sound = workspace();
    assert_eq!(codegen(sound.path(), &["lint"]), (Some(0), "No findings.\n".to_owned()));
    assert_eq!(codegen(sound.path(), &["lint", "--format", "github"]), (Some(0), String::new()));
    let (code, printed) = codegen(sound.path(), &["lint", "--format", "json"]);
    assert_eq!(
        (code, serde_json::from_str(&printed).unwrap()),
        (Some(0), serde_json::json!({ "findings": [], "counts": {} }))
    );
}

#[test]
fn lint_of_a_file_reports_only_what_is_in_it() {
    let root = defective();
    fs::write(root.path().join("openapi/other.yaml"), "openapi: 3.0.3\n").unwrap();
    let file = root.path().join("openapi/other.yaml");
    let (code, printed) = codegen(root.path(), &["lint", file.to_str().unwrap()]);
    assert_eq!(code, Some(1));
    assert!(printed.contains("error[fragment]") && printed.matches("error[").count() == 1, "{printed}");
}

#[test]
fn what_is_no_document_of_ours_is_called_what_it_is() {
    let root = workspace();
    for (text, code, said) in [
        ("", 1, "the file is empty"),
        ("swagger: '2.0'\ninfo: {}\n", 1, "this is a Swagger document"),
        ("openapi: 3.1.0\n", 1, "OpenAPI 3.1.0 is not supported"),
        ("[1, 2]", 1, "this is not an OpenAPI document"),
        (&"a: b\n".repeat(10 << 20), 2, "it is larger than 16 MB"),
    ] {
        let file = root.path().join("foreign.yaml");
        fs::write(&file, text).unwrap();
        let (found, printed) = codegen(root.path(), &["lint", file.to_str().unwrap()]);
        assert!(found == Some(code) && printed.contains(said) && printed.contains("help: "), "{found:?} {printed}");
    }
}

#[test]
fn explain_prints_the_page_of_a_rule() {
    let root = workspace();
    let (code, printed) = codegen(root.path(), &["lint", "--explain", "nullable"]);
    assert_eq!(code, Some(0));
    insta::assert_snapshot!(printed, @"
    nullable

    `nullable` stands next to the `type` of a property. OpenAPI 3.0 ignores it without a type, a nullable reference is an `anyOf`,
    and only a field can be an `Option`.
    ");
    let (code, printed) = codegen(root.path(), &["lint", "--explain", "nulable"]);
    assert!(code == Some(2) && printed.contains("there is no rule `nulable`"), "{printed}");
}

#[test]
fn there_are_colours_only_where_they_are_wanted() {
    let root = defective();
    let lint = |variable: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_build-tools"));
        command.arg("lint").env("CARGO_MANIFEST_DIR", root.path().join("build-tools")).env(variable, "1");
        command.output().unwrap().stdout
    };
    assert!(!lint("UNRELATED").contains(&0x1b));
    assert!(lint("CLICOLOR_FORCE").contains(&0x1b));
}
