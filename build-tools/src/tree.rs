//! Writes the generated files, or compares them with those that are there. Knows folders and texts only.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use similar::TextDiff;

/// The files that belong in the tree, and the managed folders, which contain nothing else.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// Paths relative to the root of the workspace, and texts.
    pub files: BTreeMap<PathBuf, String>,
    /// Folders in which any other file is a stray.
    pub managed: Vec<PathBuf>,
}

/// A file that is not as it should be: its text now and then, of which one may be missing.
#[derive(Debug)]
struct Change {
    path: PathBuf,
    found: Option<String>,
    wanted: Option<String>,
}

/// Writes what differs and removes strays. Returns the paths that were changed.
pub fn write(root: &Path, tree: &Tree) -> io::Result<Vec<PathBuf>> {
    let mut changed = Vec::new();
    for change in changes(root, tree)? {
        let path = root.join(&change.path);
        match change.wanted {
            Some(text) => {
                if let Some(folder) = path.parent() {
                    fs::create_dir_all(folder).map_err(|error| at(folder, &error))?;
                }
                if path.is_symlink() {
                    fs::remove_file(&path).map_err(|error| at(&path, &error))?;
                }
                fs::write(&path, text).map_err(|error| at(&path, &error))?;
            }
            None => fs::remove_file(&path).map_err(|error| at(&path, &error))?,
        }
        changed.push(change.path);
    }
    for folder in &tree.managed {
        remove_empty_folders(&root.join(folder))?;
    }
    Ok(changed)
}

fn remove_empty_folders(folder: &Path) -> io::Result<()> {
    let entries = fs::read_dir(folder).map_err(|error| at(folder, &error))?;
    for folder in entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir() && !path.is_symlink()) {
        remove_empty_folders(&folder)?;
        if fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_none()) {
            fs::remove_dir(&folder).map_err(|error| at(&folder, &error))?;
        }
    }
    Ok(())
}

/// A unified diff from what is there to what should be; `None` when the tree is fresh.
pub fn diff(root: &Path, tree: &Tree) -> io::Result<Option<String>> {
    let changes = changes(root, tree)?;
    let mut out = String::new();
    for Change { path, found, wanted } in &changes {
        let name = |sign: &str, text: &Option<String>| match text {
            Some(_) => format!("{sign}/{}", path.display()),
            None => "/dev/null".to_owned(),
        };
        // Written here and not by the library, which leaves it out for a file that is empty.
        out += &format!("--- {}\n+++ {}\n", name("a", found), name("b", wanted));
        let (found, wanted) = (found.as_deref().unwrap_or_default(), wanted.as_deref().unwrap_or_default());
        out += &TextDiff::from_lines(found, wanted).unified_diff().to_string();
    }
    Ok((!changes.is_empty()).then_some(out))
}

fn changes(root: &Path, tree: &Tree) -> io::Result<Vec<Change>> {
    let mut changes = Vec::new();
    for (path, wanted) in &tree.files {
        let found = read(&root.join(path))?;
        if found.as_ref() != Some(wanted) {
            changes.push(Change { path: path.clone(), found, wanted: Some(wanted.clone()) });
        }
    }
    for folder in &tree.managed {
        for path in files_below(&root.join(folder))? {
            let path = path.strip_prefix(root).unwrap_or(&path).to_owned();
            if !tree.files.contains_key(&path) {
                let found = Some(read(&root.join(&path))?.unwrap_or_default());
                changes.push(Change { path, found, wanted: None });
            }
        }
    }
    Ok(changes)
}

/// The text of a file, or where a link leads; `None` if there is neither.
fn read(path: &Path) -> io::Result<Option<String>> {
    if let Ok(target) = fs::read_link(path) {
        return Ok(Some(format!("a link to {}\n", target.display())));
    }
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(path, &error)),
    }
}

/// The error with the path that it is about.
fn at(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(
        error.kind(),
        format!("{}: {error}; move the file out of the way and run the command again", path.display()),
    )
}

/// The files in a folder and its folders, sorted; none if there is no folder.
pub fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(files),
        entries => entries.map_err(|error| at(folder, &error))?,
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            files.extend(files_below(&entry.path())?);
        } else {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}
