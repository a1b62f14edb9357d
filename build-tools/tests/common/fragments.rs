//! A small workspace for tests that change a copy of its fragments. It does not grow with the API.

use std::fs;
use std::path::{Path, PathBuf};

/// Where its fragments are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture/workspace")
}

/// Copies the fragments into a folder.
pub fn copy(to: &Path) {
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

/// The document for other tools that is generated from them.
#[allow(dead_code, reason = "not every test needs it")]
pub fn bundle() -> serde_json::Value {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("openapi")).unwrap();
    copy(&root.path().join("openapi"));
    let generated = build_tools::generate(root.path()).unwrap();
    serde_json::from_str(&generated.files[Path::new("sdk/sandbox/openapi.json")]).unwrap()
}
