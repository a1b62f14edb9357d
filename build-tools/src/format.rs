//! Formats a tree of Rust files with one run of rustfmt. Knows files, not what is in them.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Output};

use crate::diagnostic::Diagnostic;
use crate::emit::Files;

/// Formats the files. `roots` are those that no other one declares as a module.
pub fn format(files: &mut Files, roots: &[&Path]) -> Result<(), Diagnostic> {
    let failed = |error: io::Error| {
        Diagnostic::whole(
            "format",
            format!("the generated files cannot be formatted: {error}"),
            "check that the temporary folder is writable",
        )
    };
    let folder = tempfile::tempdir().map_err(failed)?;
    for (path, text) in files.iter() {
        let path = folder.path().join(path);
        path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text)).map_err(failed)?;
    }
    let Output { status, stderr, .. } = Command::new("rustfmt")
        .arg("--config-path")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../rustfmt.toml"))
        .args(roots.iter().map(|root| folder.path().join(root)))
        .output()
        .map_err(|error| {
            let help = "`rustup component add rustfmt` installs it for this toolchain";
            Diagnostic::whole("rustfmt", format!("rustfmt does not start: {error}"), help)
        })?;
    if !status.success() {
        let message = format!("the generated code is not valid Rust: {}", String::from_utf8_lossy(&stderr));
        return Err(Diagnostic::whole("rustfmt", message, "this is a bug in build-tools"));
    }
    for (path, text) in files.iter_mut() {
        *text = fs::read_to_string(folder.path().join(path)).map_err(failed)?;
    }
    Ok(())
}
