//! The earlier state: a revision of git, a folder, or a file. Must not know what is compared.

use std::io::{Error, ErrorKind};
use std::path::Path;
use std::process::Command;

use crate::diagnostic::{Diagnostic, Diagnostics, Text};
use crate::source::folder::{FOLDER, Folder};

/// Reads an earlier state of the document. What exists as a path, from where the program is started, is a folder or a
/// file; anything else is a revision of the repository that `root` is in, whose folder `openapi` is read.
///
/// # Errors
///
/// When it is none of them, or a file cannot be read.
pub fn base(root: &Path, base: &str) -> Result<Folder, Diagnostics> {
    let path = Path::new(base);
    if path.is_dir() {
        return Folder::read(path, base.trim_end_matches('/'));
    }
    if path.is_file() {
        return Folder::of_file(path);
    }
    revision(root, base).map_err(|(message, help)| {
        let texts = vec![Text { path: base.to_owned(), text: String::new() }];
        Diagnostics::new(texts, vec![Diagnostic::whole("base", message, help)])
    })?
}

/// The last tag, if there is one, and otherwise the last commit.
pub fn default_base(root: &Path) -> String {
    let tag = git(root, &["describe", "--tags", "--abbrev=0"]);
    tag.map_or_else(|_| "HEAD".to_owned(), |tag| tag.trim().to_owned())
}

/// The version of the crates in a revision; `None` if the base is none, or has none.
pub fn version(root: &Path, base: &str) -> Option<String> {
    let commit = commit(root, base).ok()?;
    version_of(&git(root, &["cat-file", "blob", &format!("{commit}:./Cargo.toml")]).ok()?)
}

/// The version that a manifest gives to the crates of its workspace.
pub fn version_of(manifest: &str) -> Option<String> {
    let manifest: toml::Table = toml::from_str(manifest).ok()?;
    Some(manifest.get("workspace")?.get("package")?.get("version")?.as_str()?.to_owned())
}

/// A message, and what to do.
type Problem = (String, &'static str);

const OTHERWISE: &str = "give a tag, a commit, a folder or a file";

fn revision(root: &Path, base: &str) -> Result<Result<Folder, Diagnostics>, Problem> {
    let problem = |error: Error| {
        if error.kind() == ErrorKind::NotFound {
            let message = "`git` cannot be started, and there is no such file";
            return (message.to_owned(), "install git, or give a folder or a file");
        }
        // Of an unknown revision, git says nothing.
        let why = error.to_string();
        let why = if why.is_empty() { why } else { format!(": {why}") };
        (format!("`{base}` is neither a file nor a revision of the repository{why}"), OTHERWISE)
    };
    let commit = commit(root, base).map_err(problem)?;
    let folder = format!("./{FOLDER}");
    let list = git(root, &["ls-tree", "--name-only", "-z", &commit, "--", &format!("{folder}/")]).map_err(problem)?;
    let names: Vec<_> = list
        .split('\0')
        .filter_map(|path| path.rsplit('/').next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    if names.is_empty() {
        return Err((format!("the revision `{base}` has no folder `{FOLDER}`"), OTHERWISE));
    }
    let read = |name: &str| git(root, &["cat-file", "blob", &format!("{commit}:{folder}/{name}")]);
    Ok(Folder::of_names(names, &format!("{base}:{FOLDER}"), read))
}

/// The id of the commit that a revision is.
fn commit(root: &Path, revision: &str) -> Result<String, Error> {
    let revision = format!("{revision}^{{commit}}");
    let id = git(root, &["rev-parse", "--verify", "--quiet", "--end-of-options", &revision])?;
    Ok(id.trim().to_owned())
}

/// What a command of git prints. Each argument that is not ours stands behind what ends the options, or within another
/// one.
fn git(root: &Path, arguments: &[&str]) -> Result<String, Error> {
    let output = Command::new("git").arg("-C").arg(root).args(arguments).output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Error::other(said.trim().trim_start_matches("fatal: ").to_owned()));
    }
    String::from_utf8(output.stdout).map_err(|error| Error::new(ErrorKind::InvalidData, error))
}
