//! The files of a document: the root and the fragments beside it. Reads them, and knows nothing of what is in them.

use std::fs;
use std::io::{Error, ErrorKind, Read};
use std::path::Path;

use crate::diagnostic::{Diagnostic, Diagnostics, Place, Text};

/// Where the files of the document are, from the root of the workspace.
pub const FOLDER: &str = "openapi";
/// The name of the root, which lists the fragments.
pub const ROOT: &str = "prolific.yaml";
/// The key of the root that lists the fragments.
pub const LIST: &str = "x-fragments";
/// More than any description of an API has; what is larger is something else.
const MOST_BYTES: u64 = 16 << 20;

/// The files of a document.
#[derive(Clone, Debug)]
pub struct Folder {
    /// The root, then the others in the order of their names.
    pub(crate) texts: Vec<Text>,
}

impl Folder {
    /// A document of one file. `path` is what it is called in diagnostics.
    pub fn of_one(path: &Path, text: &str) -> Self {
        Self { texts: vec![Text { path: path.display().to_string(), text: text.to_owned() }] }
    }

    /// A single file.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn of_file(path: &Path) -> Result<Self, Diagnostics> {
        Self::load(vec![path.display().to_string()], |_| read(path))
    }

    /// All files of a folder. `shown` is what the folder is called in diagnostics.
    ///
    /// # Errors
    ///
    /// When the folder has no root, or a file cannot be read.
    pub fn read(folder: &Path, shown: &str) -> Result<Self, Diagnostics> {
        let names = fs::read_dir(folder).and_then(|entries| {
            entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned())).collect()
        });
        match names {
            Ok(names) => Self::of_names(names, shown, |name| read_regular(&folder.join(name))),
            Err(error) => Self::load(vec![shown.to_owned()], |_| Err(Error::new(error.kind(), error.to_string()))),
        }
    }

    /// The files with these names, as far as they are YAML. `shown` is what their folder is called in diagnostics.
    ///
    /// # Errors
    ///
    /// When there is no root among them, or one cannot be read.
    pub fn of_names(
        mut names: Vec<String>,
        shown: &str,
        read: impl Fn(&str) -> Result<String, Error>,
    ) -> Result<Self, Diagnostics> {
        names.retain(|name| is_yaml(name) && name != ROOT);
        names.sort();
        names.insert(0, ROOT.to_owned());
        let paths = names.iter().map(|name| format!("{shown}/{name}")).collect();
        Self::load(paths, |index| read(&names[index]))
    }

    fn load(paths: Vec<String>, read: impl Fn(usize) -> Result<String, Error>) -> Result<Self, Diagnostics> {
        let mut found = Vec::new();
        let mut texts = Vec::new();
        for (file, path) in paths.into_iter().enumerate() {
            let text = read(file).unwrap_or_else(|error| {
                let help = match error.kind() {
                    ErrorKind::InvalidData => "save it as UTF-8",
                    ErrorKind::FileTooLarge => "descriptions of APIs are far smaller: this seems to be something else",
                    _ => "restore it from version control, or correct the path",
                };
                let message = format!("the OpenAPI document cannot be read: {error}");
                found.push(Diagnostic::new("file", Place::whole(file), message, help));
                String::new()
            });
            texts.push(Text { path, text });
        }
        if found.is_empty() { Ok(Self { texts }) } else { Err(Diagnostics::new(texts, found)) }
    }

    /// The index of the file with this name.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.texts.iter().position(|text| name_of(text) == name)
    }
}

fn is_yaml(name: &str) -> bool {
    let extension = Path::new(name).extension();
    extension.is_some_and(|extension| extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml"))
}

/// The last part of a path.
pub(crate) fn name_of(text: &Text) -> &str {
    text.path.rsplit('/').next().unwrap_or_default()
}

/// A file of a folder that somebody else may have filled: nothing that never ends, or waits for someone to write.
fn read_regular(path: &Path) -> Result<String, Error> {
    if fs::metadata(path)?.is_file() { read(path) } else { Err(Error::other("it is not a regular file")) }
}

fn read(path: &Path) -> Result<String, Error> {
    let mut text = String::new();
    // What has no length, such as a pipe, is read no further either.
    fs::File::open(path)?.take(MOST_BYTES + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MOST_BYTES {
        let message = format!("it is larger than {} MB", MOST_BYTES >> 20);
        return Err(Error::new(ErrorKind::FileTooLarge, message));
    }
    Ok(text)
}
