//! `openapi/commands.md` shows what the commands print: each is run, in the order of the page, and compared.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "common/fragments.rs"]
mod fragments;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

const PAGE: &str = include_str!("../../openapi/commands.md");

/// A workspace under version control, and a vendor's document that says a little more than ours: `upstream.json`.
fn workspace() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for folder in ["openapi", "build-tools", "bin"] {
        fs::create_dir(root.path().join(folder)).unwrap();
    }
    fragments::copy(&root.path().join("openapi"));
    // Of our own making, so nothing is accepted.
    fs::write(root.path().join("openapi/accepted-differences.toml"), "").unwrap();
    fs::copy(ours.join("Cargo.toml"), root.path().join("Cargo.toml")).unwrap();
    fs::write(root.path().join("upstream.json"), vendor().to_string()).unwrap();
    let cargo = format!("#!/bin/sh\nshift\nexec {} \"$@\"\n", env!("CARGO_BIN_EXE_build-tools"));
    fs::write(root.path().join("bin/cargo"), cargo).unwrap();
    fs::set_permissions(root.path().join("bin/cargo"), fs::Permissions::from_mode(0o755)).unwrap();
    for command in [
        "cargo codegen",
        "git init --quiet && git add . && git -c user.name=A -c user.email=a@example.org commit --quiet --message First",
    ] {
        assert_eq!(run(root.path(), command).1, Some(0));
    }
    root
}

fn vendor() -> Value {
    let mut vendor = fragments::bundle();
    vendor["components"]["schemas"]["Workspace"]["properties"]["colour"] = json!({ "type": "string" });
    vendor["components"]["schemas"]["CreateParticipantGroup"]["required"] = json!(["name", "description"]);
    vendor["paths"]["/api/v1/workspaces/{workspace_id}/balance/"] = json!({ "get": {
        "operationId": "get-workspace-balance",
        "tags": ["workspaces"],
        "parameters": [{ "name": "workspace_id", "in": "path", "required": true, "schema": { "type": "string" } }],
        "responses": { "200": { "description": "Fine.", "content": { "application/json": { "schema": {
            "type": "object",
            "required": ["total_balance"],
            "properties": {
                "total_balance": { "type": "integer", "description": "Text of the vendor." },
                "currency_code": { "type": "string", "enum": ["GBP", "USD"] },
            },
        } } } } },
    } });
    vendor
}

/// What a command prints, on both streams, and how it ends.
fn run(root: &Path, command: &str) -> (String, Option<i32>) {
    let path = format!("{}:{}", root.join("bin").display(), std::env::var("PATH").unwrap());
    let output = Command::new("sh")
        .args(["-c", &format!("{{ {command}; }} 2>&1")])
        .current_dir(root)
        .env("PATH", path)
        .env("CARGO_MANIFEST_DIR", root.join("build-tools"))
        .output()
        .unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.code())
}

/// The page with what the commands really print. One line `...` stands for lines that are left out.
#[test]
fn the_page_shows_what_the_commands_print() {
    let root = workspace();
    let mut real = String::new();
    let mut lines = PAGE.lines().peekable();
    let mut in_console = false;
    while let Some(line) = lines.next() {
        real += &format!("{line}\n");
        in_console = if line.starts_with("```") { line == "```console" } else { in_console };
        let Some(command) = line.strip_prefix("$ ").filter(|_| in_console) else { continue };
        let (printed, _) = run(root.path(), command);
        let mut shown = Vec::new();
        while let Some(line) = lines.next_if(|line| !line.starts_with("$ ") && !line.starts_with("```")) {
            shown.push(line);
        }
        let printed: Vec<_> = printed.lines().map(str::trim_end).collect();
        for line in fit(&shown, &printed) {
            real += &format!("{line}\n");
        }
    }
    if std::env::var_os("UPDATE_PAGE").is_some() {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/commands.md"), &real).unwrap();
    }
    let diff =
        similar::TextDiff::from_lines(PAGE, &real).unified_diff().header("the page", "what is printed").to_string();
    assert!(diff.is_empty(), "{diff}\nIf this is as it should be: UPDATE_PAGE=1 cargo test -p build-tools --test page");
}

/// What is shown, if what is printed fits it; otherwise what is printed.
fn fit<'a>(shown: &[&'a str], printed: &[&'a str]) -> Vec<&'a str> {
    // The first part is at the start, and the last at the end.
    let parts: Vec<_> = shown.split(|line| *line == "...").collect();
    let fits = match parts.as_slice() {
        [all] => *all == printed,
        [first, last] => {
            printed.starts_with(first)
                && printed[first.len()..].ends_with(last)
                && printed.len() > first.len() + last.len()
        }
        _ => false,
    };
    if fits { shown.to_vec() } else { printed.to_vec() }
}
