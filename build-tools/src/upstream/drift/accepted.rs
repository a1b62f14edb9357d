//! The differences that somebody has looked at and accepted: `openapi/accepted-differences.toml`.

use std::path::Path;

use serde::Deserialize;
use time::{Date, Month};
use toml::value::Datetime;
use wildmatch::WildMatch;

use crate::diagnostic::{Diagnostic, Diagnostics, Text};

/// Where the file is, from the root of the workspace.
pub const FILE: &str = "openapi/accepted-differences.toml";
const RULE: &str = "accepted-difference";

/// The accepted differences. By default, none.
#[derive(Debug, Default)]
pub struct Accepted {
    pub(crate) text: Text,
    entries: Vec<Entry>,
}

/// An accepted difference, or several of a kind.
#[derive(Debug)]
pub struct Entry {
    /// Of the `operationId`.
    operations: WildMatch,
    at: WildMatch,
    difference: WildMatch,
    /// What the version of the vendor's document starts with.
    document: String,
    expires: Option<Date>,
    /// Where it starts in the text, in bytes.
    start: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    accepted: Vec<toml::Spanned<Given>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    operations: String,
    at: String,
    difference: String,
    document: String,
    reason: String,
    source: String,
    date: Datetime,
    expires: Option<Datetime>,
}

impl Accepted {
    /// Reads the file of the workspace at `root`. Without one, nothing is accepted.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or an entry is not complete.
    pub fn read(root: &Path) -> Result<Self, Diagnostics> {
        let path = root.join(FILE);
        let text = if path.exists() { std::fs::read_to_string(path) } else { Ok(String::new()) };
        let fail = |text: &str, start: usize, message: String| {
            let text = Text { path: FILE.to_owned(), text: text.to_owned() };
            let help = "write an entry as openapi/README.md shows it";
            let finding = Diagnostic::new(RULE, text.place(0, start), message, help);
            Diagnostics::new(vec![text], vec![finding])
        };
        let text = text.map_err(|error| fail("", 0, format!("the file cannot be read: {error}")))?;
        let document: Document = toml::from_str(&text)
            .map_err(|error| fail(&text, error.span().map_or(0, |span| span.start), error.message().to_owned()))?;
        let mut entries = Vec::new();
        for given in document.accepted {
            let start = given.span().start;
            let entry = entry(given.into_inner(), start).map_err(|message| fail(&text, start, message))?;
            entries.push(entry);
        }
        Ok(Self { text: Text { path: FILE.to_owned(), text }, entries })
    }

    /// Those that apply to a document of the vendor, by their indices.
    pub fn of<'a>(&'a self, version: &'a str) -> impl Iterator<Item = (usize, &'a Entry)> {
        self.entries.iter().enumerate().filter(|(_, entry)| version.starts_with(&entry.document))
    }

    /// A finding about an entry.
    pub fn finding(&self, entry: &Entry, message: String, help: &str) -> Diagnostic {
        Diagnostic::new(RULE, self.text.place(0, entry.start), message, help)
    }
}

impl Entry {
    /// Whether it is about this difference.
    pub fn matches(&self, operation: &str, at: &str, difference: &str) -> bool {
        self.operations.matches(operation) && self.at.matches(at) && self.difference.matches(difference)
    }

    /// The day after which it has to be looked at again, if that has come.
    pub fn expired(&self, today: Date) -> Option<Date> {
        self.expires.filter(|expires| *expires < today)
    }

    /// In one line.
    pub fn title(&self) -> String {
        format!("{} · {} · {}", self.operations, self.at, self.difference)
    }
}

fn entry(given: Given, start: usize) -> Result<Entry, String> {
    for (key, text) in [
        ("operations", &given.operations),
        ("at", &given.at),
        ("difference", &given.difference),
        ("reason", &given.reason),
        ("source", &given.source),
    ] {
        if text.trim().is_empty() {
            return Err(format!("`{key}` is empty"));
        }
    }
    if !matches!(given.document.as_str(), "3" | "3.0" | "3.1") {
        return Err("`document` is the OpenAPI version of the vendor's document: \"3.0\", \"3.1\", or \"3\" for both"
            .to_owned());
    }
    date(given.date)?;
    Ok(Entry {
        operations: WildMatch::new(&given.operations),
        at: WildMatch::new(&given.at),
        difference: WildMatch::new(&given.difference),
        document: given.document,
        expires: given.expires.map(date).transpose()?,
        start,
    })
}

fn date(given: Datetime) -> Result<Date, String> {
    let wrong = || format!("`{given}` is not a date such as 2026-11-24");
    let day = given.date.filter(|_| given.time.is_none()).ok_or_else(wrong)?;
    let month = Month::try_from(day.month).map_err(|_| wrong())?;
    Date::from_calendar_date(i32::from(day.year), month, day.day).map_err(|_| wrong())
}
