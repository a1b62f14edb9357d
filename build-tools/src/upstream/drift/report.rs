//! Prints differences: for people, by resource and operation, and as JSON.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::compare::Difference;
use super::{Drift, Found};
use crate::diagnostic::Diagnostics;
use crate::markdown::shown;

impl Drift {
    /// For people. The differences come first, what we lack last.
    pub fn render(&self) -> String {
        let (file, version, operations) = &self.document;
        let mut text = format!("{file}: OpenAPI {version}, {}\n", count(*operations, "operation"));
        let mut counts: BTreeMap<&Difference, usize> = BTreeMap::new();
        for found in &self.found {
            *counts.entry(&found.difference).or_default() += 1;
        }
        let (often, single): (Vec<_>, Vec<_>) = self.found.iter().partition(|found| counts[&found.difference] > 2);
        for (resource, all) in grouped(&single, |found| found.resource.clone()) {
            text += &format!("\n{resource}\n");
            for (operation, all) in grouped(&all, |found| found.operation.clone()) {
                let title = all.first().map_or("", |found| found.title.as_str());
                text += &format!("  {title} ({operation})\n");
                text.extend(all.iter().map(|found| format!("    {}\n", line(&found.difference))));
            }
        }
        if !often.is_empty() {
            text += "\nin several operations\n";
            for (line, all) in grouped(&often, |found| line(&found.difference)) {
                let operations: Vec<_> = all.iter().map(|found| found.operation.as_str()).collect();
                text += &format!("  {line}\n    {}\n", operations.join(", "));
            }
        }
        text += &format!("\n{}; {} accepted\n", count(self.found.len(), "difference"), self.accepted);
        if !self.lacking.is_empty() {
            text += &format!("\nOnly there, {}:\n", count(self.lacking.len(), "operation"));
            for (tag, title, id) in &self.lacking {
                text += &format!("  {tag}: {title} ({id})\n");
            }
        }
        shown(&text)
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        let (file, version, count) = &self.document;
        let found = self.found.iter().map(|found| {
            json!({
                "resource": found.resource,
                "operation": found.operation,
                "request": found.title,
                "at": found.difference.at,
                "difference": found.difference.what,
                "consequence": found.difference.consequence.as_str(),
            })
        });
        let lacking = self.lacking.iter().map(|(tag, title, id)| json!({ "tag": tag, "request": title, "id": id }));
        json!({
            "document": { "file": file, "openapi": version, "operations": count },
            "differences": found.collect::<Vec<_>>(),
            "accepted": self.accepted,
            "entries": self.entries.as_ref().map(Diagnostics::to_json),
            "lacking": lacking.collect::<Vec<_>>(),
        })
    }
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn line(difference: &Difference) -> String {
    format!("{:<17}  {}  ·  {}", difference.consequence.as_str(), difference.at, difference.what)
}

/// Those with the same key together, where the first of them is.
fn grouped<'a>(all: &[&'a Found], key: impl Fn(&Found) -> String) -> Vec<(String, Vec<&'a Found>)> {
    let mut groups: Vec<(String, Vec<&Found>)> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for found in all {
        let key = key(found);
        let at = *known.entry(key.clone()).or_insert(groups.len());
        if at == groups.len() {
            groups.push((key, Vec::new()));
        }
        groups[at].1.push(found);
    }
    groups
}
