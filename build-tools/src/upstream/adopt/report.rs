//! Which operations of the vendor's document can be adopted: for each, what the rules find in its draft but the texts
//! that are to be written.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{Draft, draft, ours};
use crate::diagnostic::Text;
use crate::lint;
use crate::markdown::shown;
use crate::source::folder::{Folder, LIST, ROOT, name_of};
use crate::source::node::{self, Data, Node, Spanned, entries};
use crate::upstream::vendor::Vendor;

/// The rule that finds the texts that are to be written.
const TODO: &str = "todo";

/// How an operation fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// `GET /path/`.
    pub operation: String,
    /// The vendor's `operationId`.
    pub id: String,
    /// What the rules say of its draft.
    pub state: State,
    /// What is left out of its draft, with how often.
    pub left_out: BTreeMap<&'static str, usize>,
}

/// What the rules say of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The operation is ours already.
    Ours,
    /// Only texts are to be written.
    Passes,
    /// The rules that find something else, and the kinds of what is left out and needed in a request, with how often.
    Stopped(BTreeMap<&'static str, usize>),
}

/// Drafts each operation by itself.
pub fn report(vendor: &Vendor, ours: &Folder) -> Vec<Outcome> {
    let files = ours::Files::read(ours);
    let known = ours::Ours::new(&files);
    let outcomes = vendor.operations().into_iter().map(|operation| {
        let title = operation.title();
        let id = operation.text("operationId").unwrap_or_default().to_owned();
        let is_ours = known.operations.contains_key(&operation.key());
        let draft = draft(vendor, &known, &[operation]);
        let mut left_out = BTreeMap::new();
        for dropped in &draft.dropped {
            *left_out.entry(dropped.kind).or_default() += 1;
        }
        let mut found = findings(ours, &draft);
        for dropped in draft.dropped.iter().filter(|dropped| dropped.needed) {
            *found.entry(dropped.kind).or_default() += 1;
        }
        let state = match (is_ours, found) {
            (true, _) => State::Ours,
            (false, found) if found.is_empty() && draft.operations == 1 => State::Passes,
            (false, found) if draft.operations == 1 => State::Stopped(found),
            (false, _) => State::Stopped(BTreeMap::from([("method", 1)])),
        };
        Outcome { operation: title, id, state, left_out }
    });
    outcomes.collect()
}

/// What the rules find in a draft but the texts that are to be written.
fn findings(ours: &Folder, draft: &Draft) -> BTreeMap<&'static str, usize> {
    let folder = folder_with(ours, draft);
    let file = folder.texts.len() - 1;
    let mut counts = BTreeMap::new();
    for finding in lint::read(&folder).err().unwrap_or_default() {
        if finding.place.file == file && finding.rule != TODO {
            *counts.entry(finding.rule).or_default() += 1;
        }
    }
    counts
}

/// Our folder with the draft as its last fragment.
pub fn folder_with(ours: &Folder, draft: &Draft) -> Folder {
    let mut folder = ours.clone();
    let mut name = "draft.yaml".to_owned();
    while folder.texts.iter().any(|text| name_of(text) == name) {
        name = format!("another-{name}");
    }
    if let Some(root) = folder.texts.first_mut()
        && let Ok(mut tree) = node::parse(&root.text, 0)
    {
        list(&mut tree, &name);
        // JSON is YAML.
        root.text = serde_json::to_string_pretty(&tree).unwrap_or_default();
    }
    take_out(&mut folder, draft);
    let path = folder.texts.first().map_or("", |root| root.path.as_str());
    let path = path.strip_suffix(ROOT).unwrap_or_default();
    folder.texts.push(Text { path: format!("{path}{name}"), text: draft.text.clone() });
    folder
}

/// Takes the paths out of our files that the draft has more operations of: its author will move those there.
fn take_out(folder: &mut Folder, draft: &Draft) {
    let paths = |tree: &Node| -> Vec<String> {
        tree.get("paths").map(entries).unwrap_or_default().iter().map(|(path, _)| path.value.clone()).collect()
    };
    let drafted = node::parse(&draft.text, 0).map(|tree| paths(&tree)).unwrap_or_default();
    for text in &mut folder.texts {
        let Ok(mut tree) = node::parse(&text.text, 0) else { continue };
        if paths(&tree).iter().any(|path| drafted.contains(path)) {
            if let Some(Data::Map(entries)) = tree.value.get_mut("paths") {
                entries.retain(|(path, _)| !drafted.contains(&path.value));
            }
            text.text = serde_json::to_string_pretty(&tree).unwrap_or_default();
        }
    }
}

/// Adds a fragment to the list of the root.
fn list(root: &mut Node, name: &str) {
    let place = root.place;
    let item = Spanned { value: Data::Text(name.to_owned()), place };
    match root.value.get_mut(LIST) {
        Some(Data::List(items)) => items.push(item),
        Some(other) => *other = Data::List(vec![item]),
        None => {
            if let Data::Map(entries) = &mut root.value {
                let key = Spanned { value: LIST.to_owned(), place };
                entries.push((key, Spanned { value: Data::List(vec![item]), place }));
            }
        }
    }
}

/// A line for each operation, and what stops how many.
pub fn render(outcomes: &[Outcome]) -> String {
    let mut text = String::new();
    for outcome in outcomes {
        let state = match &outcome.state {
            State::Ours => "ours".to_owned(),
            State::Passes if outcome.left_out.is_empty() => "passes".to_owned(),
            State::Passes => "passes in part".to_owned(),
            State::Stopped(rules) => format!("stopped by {}", counts(rules)),
        };
        let left_out = counts(&outcome.left_out);
        let left_out = if left_out.is_empty() { left_out } else { format!("; left out: {left_out}") };
        text += &shown(&format!("{} ({}): {state}{left_out}\n", outcome.operation, outcome.id));
    }
    let count = |fits: &dyn Fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| fits(outcome)).count();
    let passes = |outcome: &Outcome| outcome.state == State::Passes;
    text += &format!(
        "\n{} operations: {} ours, {} pass, {} pass in part, {} stopped\n",
        outcomes.len(),
        count(&|outcome| outcome.state == State::Ours),
        count(&|outcome| passes(outcome) && outcome.left_out.is_empty()),
        count(&|outcome| passes(outcome) && !outcome.left_out.is_empty()),
        count(&|outcome| matches!(outcome.state, State::Stopped(_))),
    );
    let stopped = outcomes.iter().filter_map(|outcome| match &outcome.state {
        State::Stopped(rules) => Some(rules),
        _ => None,
    });
    let left_out = outcomes.iter().map(|outcome| &outcome.left_out).filter(|kinds| !kinds.is_empty());
    text += &table("Stopped, by rule", stopped);
    text += &table("Left out, by kind", left_out);
    text
}

/// How many operations have each of the kinds, and how many no other.
fn table<'a>(title: &str, operations: impl Iterator<Item = &'a BTreeMap<&'static str, usize>>) -> String {
    let mut all: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for kinds in operations {
        for kind in kinds.keys() {
            let (with, alone) = all.entry(kind).or_default();
            *with += 1;
            *alone += usize::from(kinds.len() == 1);
        }
    }
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by_key(|(kind, counts)| (Reverse(*counts), *kind));
    let lines = all.iter().map(|(kind, (with, alone))| format!("{with:>5} {alone:>5}  {kind}\n"));
    let lines = lines.collect::<Vec<_>>().concat();
    if lines.is_empty() { lines } else { format!("\n{title} (operations, and those with nothing else):\n{lines}") }
}

fn counts(kinds: &BTreeMap<&'static str, usize>) -> String {
    kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect::<Vec<_>>().join(", ")
}
