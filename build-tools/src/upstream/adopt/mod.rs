//! The first draft of a fragment from the vendor's document, reduced to our grammar: its facts, and none of its texts.
//!
//! `reader` has the vendor's schemas as `shape`s, following `references` and putting an `all_of` together; `ours` says what
//! our folder has. `operations` with their `parameters` and `bodies`, and `schemas` with `choices`, make of both the `model` of a draft, with
//! names by `naming`, texts by `samples`, and several schemas as one by `unions`; its `components` are settled by `tags`,
//! cleared by `prune` and get their `paging` and `example`s, and `write` puts all into `yaml`. `notes` keeps what was decided
//! and what is not in the draft; `report` tries all operations. No file knows any word of a particular API.

mod all_of;
mod bodies;
mod choices;
mod components;
mod example;
mod model;
mod naming;
pub mod notes;
mod operations;
mod ours;
mod paging;
mod parameters;
mod prune;
mod reader;
mod references;
pub mod report;
mod samples;
mod schemas;
mod shape;
mod tags;
mod unions;
mod write;
mod yaml;

use std::collections::BTreeSet;
use std::fmt;

use super::vendor::{Operation, Vendor};
use crate::markdown::shown;
use crate::names;
use crate::source::folder::{Folder, name_of};
use model::Fragment;
use notes::{Decision, Dropped};
use operations::Operations;
use ours::{Files, Ours};
use schemas::Schemas;

/// A draft.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The fragment, with what was decided and dropped as comments.
    pub text: String,
    /// How many operations it has.
    pub operations: usize,
    /// What was decided, in the order of the decisions.
    pub decisions: Vec<Decision>,
    /// What is not in it.
    pub dropped: Vec<Dropped>,
}

/// Operations that the vendor's document does not have, each with those that have a similar name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown(pub Vec<(String, Vec<String>)>);

impl std::error::Error for Unknown {}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, (name, near)) in self.0.iter().enumerate() {
            let line = if number == 0 { "" } else { "\n" };
            write!(f, "{line}the vendor's document has no operation `{}`", name.escape_debug())?;
            match near.as_slice() {
                [] => write!(f, ": give its operationId, or `METHOD /path`")?,
                near => write!(f, ": did you mean `{}`?", shown(&near.join("`, `")))?,
            }
        }
        Ok(())
    }
}

/// Drafts operations, which are named by the vendor's `operationId` or as `METHOD /path`.
///
/// # Errors
///
/// When the vendor's document has no operation of a name.
pub fn adopt(vendor: &Vendor, ours: &Folder, operations: &[String]) -> Result<Draft, Unknown> {
    let all = vendor.operations();
    let (mut found, mut unknown, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for name in operations {
        match all.iter().find(|operation| is_named(operation, name)) {
            Some(operation) if seen.insert(operation.title()) => found.push(*operation),
            Some(_) => {}
            None => unknown.push((name.clone(), near(&all, name))),
        }
    }
    if !unknown.is_empty() {
        return Err(Unknown(unknown));
    }
    let files = Files::read(ours);
    Ok(draft(vendor, &Ours::new(&files), &found))
}

fn is_named(operation: &Operation<'_>, name: &str) -> bool {
    let given = name.split_once(' ').map(|(method, path)| (method.to_lowercase(), path.trim()));
    operation.text("operationId") == Some(name)
        || given.is_some_and(|(method, path)| method == operation.method && path == operation.path.value)
}

/// The names that differ least from one.
fn near(all: &[Operation<'_>], name: &str) -> Vec<String> {
    const MOST: usize = 3;
    // What is longer is no slip of the pen.
    let name: String = name.chars().take(200).collect();
    let is_title = name.contains(' ');
    let names = all.iter().map(|operation| match operation.text("operationId") {
        Some(id) if !is_title => id.to_owned(),
        _ => operation.title(),
    });
    let mut scored: Vec<_> = names
        .map(|known| (strsim::normalized_damerau_levenshtein(&known.to_lowercase(), &name.to_lowercase()), known))
        .collect();
    scored.retain(|(score, _)| *score > 0.6);
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    scored.into_iter().take(MOST).map(|(_, known)| known).collect()
}

/// Drafts operations of the vendor's document.
fn draft(vendor: &Vendor, ours: &Ours<'_>, given: &[Operation<'_>]) -> Draft {
    let mut schemas = Schemas::new(vendor, ours);
    for body in given.iter().filter_map(|operation| operation.node.get("requestBody")) {
        schemas.send(body);
    }
    let mut operations = Operations::new(schemas);
    let mut fragment = Fragment::default();
    for operation in given {
        fragment.operations.extend(operations.draft(operation));
        operations.schemas.finish();
    }
    fragment.components = std::mem::take(&mut operations.schemas.components.all);
    let mut notes = operations.schemas.notes;
    tags::settle(&mut fragment.components);
    prune::prune(&mut fragment, &mut notes);
    for at in 0..fragment.operations.len() {
        let operation = &fragment.operations[at];
        match paging::find(operation, &fragment.components, ours) {
            paging::Found::None => {}
            paging::Found::Paging(found) => {
                let text = format!("`{}` is read page by page: check `x-pagination`", operation.id);
                notes.decide(text, None);
                fragment.operations[at].paging = Some(found);
            }
            paging::Found::Dropped(why) => {
                let message = format!("`{}` has pages, {why}: that cannot be described", operation.id);
                let place = given.iter().find(|one| one.path.value == operation.path).map(|one| one.path.place);
                let place = place.unwrap_or(vendor.root.place);
                let comment = notes.drop(Dropped::new("paging", place, message));
                fragment.operations[at].comments.push(comment);
            }
        }
    }
    let tags: BTreeSet<_> = fragment.operations.iter().map(|operation| operation.tag.clone()).collect();
    fragment.title = tags.first().map_or_else(String::new, |tag| samples::words(tag));
    fragment.tags = tags.into_iter().filter(|tag| !ours.tags.contains_key(&names::resource(tag))).collect();
    let examples = example::Examples::new(&fragment.components, ours);
    let writer = write::Writer { fragment: &fragment, ours, examples };
    let body = yaml::write(&writer.document(&mut notes)).unwrap_or_else(|error| {
        notes.drop(Dropped::new("yaml", vendor.root.place, format!("the draft cannot be written: {error}")));
        String::new()
    });
    let (decisions, dropped) = (notes.decisions(), notes.dropped);
    let text = head(vendor, &decisions, &dropped) + &body;
    Draft { text, operations: fragment.operations.len(), decisions, dropped }
}

/// The comment at the head of a draft.
fn head(vendor: &Vendor, decisions: &[Decision], dropped: &[Dropped]) -> String {
    let file = vendor.folder.texts.first().map_or("", name_of);
    let mut text = yaml::comment_lines(
        &format!(
            "A draft from {file} (OpenAPI {}), whose lines are named. Write the texts, look at what is below, and remove this comment.",
            vendor.version
        ),
        0,
    );
    if !decisions.is_empty() {
        text += "#\n# Decided:\n";
    }
    for decision in decisions {
        let lines = notes::lines(&decision.places);
        let lines = if lines.is_empty() { lines } else { format!(" ({lines})") };
        text += &yaml::comment_lines(&format!("- {}{lines}", decision.text), 0);
    }
    if !dropped.is_empty() {
        text += "#\n# Not in the draft, since the grammar cannot say it:\n";
    }
    for one in dropped {
        text += &yaml::comment_lines(&format!("- {} (line {})", one.message, one.place.line), 0);
    }
    text
}
