//! The fragments of the workspace, for tests that change a copy of them.

use std::fs;
use std::path::Path;

/// Copies the fragments into a folder.
pub fn copy(to: &Path) {
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}
