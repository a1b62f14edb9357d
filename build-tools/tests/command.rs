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
    assert_eq!(code, Some(1));
    assert!(printed.contains("error[operation-id]") && printed.contains("openapi/prolific.yaml:22:"), "{printed}");
    assert_eq!(fs::read_to_string(root.join("sdk/src/generated/shelves/mod.rs")).unwrap(), client);
}

#[test]
fn a_missing_document_is_an_error_with_its_path() {
    let root = workspace();
    fs::remove_file(root.path().join("openapi/prolific.yaml")).unwrap();
    let (code, printed) = codegen(root.path(), &["--check"]);
    assert_eq!(code, Some(1));
    assert!(printed.contains("error[file]") && printed.contains("openapi/prolific.yaml"), "{printed}");
    assert!(printed.contains("help: ") && !printed.contains("panicked"), "{printed}");
}
