//! YAML that is written for people: block style, comments and blank lines between the entries. The library writes the
//! values; this file puts the comments into its lines. Knows nothing of OpenAPI, or of where the values are from.

use std::cell::RefCell;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Number;
use serde_saphyr::{DoubleQuoted, FlowMap, FlowSeq};

use crate::markdown::is_allowed;
use crate::source::node::{Data, Node};

/// Of a line with a comment.
const WIDTH: usize = 118;
/// Longer words, such as the names of a hostile document, are cut in comments.
const LONGEST_WORD: usize = 200;

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Yaml {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Yaml>),
    /// In one line.
    Flow(Vec<Yaml>),
    Map(Map),
    /// In one line.
    FlowMap(Map),
}

/// The lines of a mapping.
#[derive(Clone, Debug, Default)]
pub(super) struct Map(Vec<Line>);

#[derive(Clone, Debug)]
enum Line {
    Entry(String, Yaml),
    Comment(String),
    Blank,
}

impl Map {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Adds an entry.
    pub(super) fn with(mut self, key: &str, value: impl Into<Yaml>) -> Self {
        self.put(key, value);
        self
    }

    pub(super) fn put(&mut self, key: &str, value: impl Into<Yaml>) {
        self.0.push(Line::Entry(key.to_owned(), value.into()));
    }

    /// Adds an entry if there is a value.
    pub(super) fn put_some(&mut self, key: &str, value: Option<impl Into<Yaml>>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    pub(super) fn comment(&mut self, text: &str) {
        self.0.push(Line::Comment(text.to_owned()));
    }

    /// A blank line, but not before the first entry.
    pub(super) fn blank(&mut self) {
        if !self.0.is_empty() {
            self.0.push(Line::Blank);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.0.iter().any(|line| matches!(line, Line::Entry(..)))
    }
}

impl From<&str> for Yaml {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Yaml {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<bool> for Yaml {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<Map> for Yaml {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}

impl From<&Node> for Yaml {
    fn from(node: &Node) -> Self {
        match &node.value {
            Data::Null => Self::Null,
            Data::Bool(value) => Self::Bool(*value),
            Data::Number(number) => Self::Number(number.clone()),
            Data::Text(text) => Self::Text(text.clone()),
            Data::List(items) => Self::List(items.iter().map(Self::from).collect()),
            Data::Map(entries) => Self::Map(Map(entries
                .iter()
                .map(|(key, value)| Line::Entry(key.value.clone(), value.into()))
                .collect())),
        }
    }
}

/// The text of a document, or why the library does not write it, for which there is no known reason.
pub(super) fn write(root: &Yaml) -> Result<String, String> {
    let mut mark = "x-comment".to_owned();
    while has(root, &mark) {
        mark.push('-');
    }
    let writer = Writer { mark, comments: RefCell::default() };
    let options = serde_saphyr::ser_options! { compact_list_indent: false, prefer_block_scalars: false };
    let text = serde_saphyr::to_string_with_options(&At { value: root, writer: &writer }, options);
    let text = text.map_err(|error| error.to_string())?;
    let comments = writer.comments.take();
    let mut out = String::new();
    for line in text.lines() {
        match writer.number(line).and_then(|number| comments.get(number)) {
            Some(Some(comment)) => out += &comment_lines(comment, line.len() - line.trim_start().len()),
            Some(None) => out.push('\n'),
            // What is not shown is in double quotes, where it can be escaped.
            None => {
                for c in line.chars() {
                    if is_allowed(c) { out.push(c) } else { out += &format!("\\U{:08X}", u32::from(c)) }
                }
                out.push('\n');
            }
        }
    }
    Ok(out)
}

/// A comment as lines, whatever is in it.
pub(super) fn comment_lines(text: &str, indent: usize) -> String {
    let before = format!("{}# ", " ".repeat(indent));
    let after = if text.starts_with("- ") { format!("{before}  ") } else { before.clone() };
    let shown: String = text.chars().map(|c| if c != '\n' && is_allowed(c) { c } else { '?' }).collect();
    let words = shown.split(' ').map(|word| match word.char_indices().nth(LONGEST_WORD) {
        Some((end, _)) => format!("{}…", &word[..end]),
        None => word.to_owned(),
    });
    let options = textwrap::Options::new(WIDTH)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .initial_indent(&before)
        .subsequent_indent(&after);
    let text = words.collect::<Vec<_>>().join(" ");
    let lines: Vec<_> = textwrap::wrap(&text, options).iter().map(|line| format!("{}\n", line.trim_end())).collect();
    lines.concat()
}

/// Whether all of a text is shown in one line as what it is.
fn is_shown(text: &str) -> bool {
    text.chars().all(|c| c != '\n' && is_allowed(c))
}

/// Whether a text is anywhere in the values.
fn has(value: &Yaml, part: &str) -> bool {
    match value {
        Yaml::Null | Yaml::Bool(_) | Yaml::Number(_) => false,
        Yaml::Text(text) => text.contains(part),
        Yaml::List(items) | Yaml::Flow(items) => items.iter().any(|item| has(item, part)),
        Yaml::Map(map) | Yaml::FlowMap(map) => map.0.iter().any(|line| match line {
            Line::Entry(key, value) => key.contains(part) || has(value, part),
            Line::Comment(_) | Line::Blank => false,
        }),
    }
}

/// Writes what is no entry as an entry with a name that nothing else has.
struct Writer {
    mark: String,
    /// The comments in the order of their lines; `None` is a blank line.
    comments: RefCell<Vec<Option<String>>>,
}

impl Writer {
    fn add(&self, comment: Option<&str>) -> String {
        let mut comments = self.comments.borrow_mut();
        comments.push(comment.map(str::to_owned));
        format!("{}{}", self.mark, comments.len() - 1)
    }

    fn number(&self, line: &str) -> Option<usize> {
        let rest = line.trim_start().strip_prefix(&self.mark)?;
        rest.split(':').next()?.parse().ok()
    }
}

struct At<'a> {
    value: &'a Yaml,
    writer: &'a Writer,
}

impl<'a> At<'a> {
    fn items(&self, items: &'a [Yaml]) -> Vec<At<'a>> {
        items.iter().map(|value| At { value, writer: self.writer }).collect()
    }
}

impl Serialize for At<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Yaml::Null => serializer.serialize_unit(),
            Yaml::Bool(value) => serializer.serialize_bool(*value),
            Yaml::Number(value) => value.serialize(serializer),
            Yaml::Text(text) if !is_shown(text) => DoubleQuoted(text.as_str()).serialize(serializer),
            Yaml::Text(text) => serializer.serialize_str(text),
            Yaml::List(list) => self.items(list).serialize(serializer),
            Yaml::Flow(list) => FlowSeq(self.items(list)).serialize(serializer),
            Yaml::Map(map) => Lines { map, writer: self.writer }.serialize(serializer),
            Yaml::FlowMap(map) => FlowMap(Lines { map, writer: self.writer }).serialize(serializer),
        }
    }
}

struct Lines<'a> {
    map: &'a Map,
    writer: &'a Writer,
}

impl Serialize for Lines<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.map.0.len()))?;
        for line in &self.map.0 {
            match line {
                Line::Entry(key, value) if is_shown(key) => {
                    map.serialize_entry(key, &At { value, writer: self.writer })?;
                }
                Line::Entry(key, value) => {
                    map.serialize_entry(&DoubleQuoted(key.as_str()), &At { value, writer: self.writer })?;
                }
                Line::Comment(text) => map.serialize_entry(&self.writer.add(Some(text)), &())?,
                Line::Blank => map.serialize_entry(&self.writer.add(None), &())?,
            }
        }
        map.end()
    }
}
