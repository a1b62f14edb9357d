//! What the vendor's document says otherwise than ours: `facts` and `shape` put both in one form, `compare` finds the
//! differences, `accepted` has those that are known, and `report` prints the rest.

pub mod accepted;
mod compare;
mod facts;
mod report;
mod shape;

use std::collections::{BTreeMap, BTreeSet};

use time::Date;

use super::vendor::Vendor;
use crate::diagnostic::Diagnostics;
use accepted::Accepted;
use compare::{Consequence, Difference};

/// How our document and the vendor's differ.
#[derive(Debug)]
pub struct Drift {
    /// What the vendor's document is: its file, its version, its number of operations.
    document: (String, String, usize),
    /// Those that are not accepted, the most consequential first in each resource.
    found: Vec<Found>,
    /// How many are accepted.
    accepted: usize,
    /// The operations that the vendor has and we lack: tag, method and path, `operationId`.
    lacking: Vec<(String, String, String)>,
    /// What is wrong with the accepted differences.
    pub entries: Option<Diagnostics>,
}

/// A difference, with the operation that it is in.
#[derive(Debug)]
struct Found {
    resource: String,
    operation: String,
    title: String,
    difference: Difference,
}

impl Drift {
    /// Whether there is anything to do.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty() && self.entries.is_none()
    }
}

/// Compares our document with the vendor's. `today` decides what has expired.
pub fn drift(ours: &Vendor, theirs: &Vendor, accepted: &Accepted, today: Date) -> Drift {
    let there: BTreeMap<_, _> = theirs.operations().into_iter().map(|operation| (operation.key(), operation)).collect();
    let mut all = Vec::new();
    let mut covered = BTreeSet::new();
    for operation in ours.operations() {
        let key = operation.key();
        let differences = match there.get(&key) {
            Some(other) => compare::compare(&facts::facts(ours, &operation), &facts::facts(theirs, other)),
            None => vec![Difference {
                at: "operation".to_owned(),
                what: "only here".to_owned(),
                consequence: Consequence::Calls,
            }],
        };
        covered.insert(key);
        all.extend(differences.into_iter().map(|difference| Found {
            resource: operation.tag().unwrap_or_default().to_owned(),
            operation: operation.text("operationId").unwrap_or_default().to_owned(),
            title: operation.title(),
            difference,
        }));
    }
    let mut used = BTreeSet::new();
    let count = all.len();
    all.retain(|found| {
        let Difference { at, what, .. } = &found.difference;
        let matching = accepted.of(&theirs.version).filter(|(_, entry)| entry.matches(&found.operation, at, what));
        let matching: Vec<_> = matching.map(|(index, _)| index).collect();
        used.extend(matching.iter().copied());
        matching.is_empty()
    });
    all.sort_by_key(|found| found.difference.consequence);
    let lacking = there.iter().filter(|(key, _)| !covered.contains(*key)).map(|(_, operation)| {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        (text(operation.tag()), operation.title(), text(operation.text("operationId")))
    });
    let mut lacking: Vec<_> = lacking.collect();
    lacking.sort();
    let name = theirs.folder.texts.first().map(|text| text.path.clone()).unwrap_or_default();
    Drift {
        document: (name, theirs.version.clone(), there.len()),
        accepted: count - all.len(),
        found: all,
        lacking,
        entries: entries(accepted, &theirs.version, &used, today),
    }
}

/// The accepted differences that are none any more, or have expired.
fn entries(accepted: &Accepted, version: &str, used: &BTreeSet<usize>, today: Date) -> Option<Diagnostics> {
    let findings = accepted.of(version).filter_map(|(index, entry)| {
        if !used.contains(&index) {
            let message = format!("this difference no longer exists: {}", entry.title());
            return Some(accepted.finding(entry, message, "remove the entry; if it was misspelt, correct it"));
        }
        let expired = entry.expired(today)?;
        let message = format!("this difference was accepted until {expired}: {}", entry.title());
        Some(accepted.finding(entry, message, "look at it again, then remove the entry or give it a new date"))
    });
    let findings: Vec<_> = findings.collect();
    (!findings.is_empty()).then(|| Diagnostics::new(vec![accepted.text.clone()], findings))
}
