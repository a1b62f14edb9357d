//! Prints differences: for people, by resource and operation, and as JSON.

use serde_json::{Value, json};

use super::compare::Difference;
use super::{Drift, Found};
use crate::diagnostic::Diagnostics;
use crate::markdown::is_allowed;

impl Drift {
    /// For people. The differences come first, what we lack last.
    pub fn render(&self) -> String {
        let (file, version, operations) = &self.document;
        let mut text = format!("{file}: OpenAPI {version}, {}\n", count(*operations, "operation"));
        let (often, single): (Vec<_>, Vec<_>) = self.found.iter().partition(|found| self.same(found).count() > 2);
        for resource in in_order(single.iter().map(|found| found.resource.as_str())) {
            text += &format!("\n{resource}\n");
            let of_resource: Vec<_> = single.iter().filter(|found| found.resource == resource).collect();
            for operation in in_order(of_resource.iter().map(|found| found.operation.as_str())) {
                let mut all = of_resource.iter().filter(|found| found.operation == operation).peekable();
                let title = all.peek().map_or("", |found| found.title.as_str());
                text += &format!("  {title} ({operation})\n");
                text.extend(all.map(|found| format!("    {}\n", line(&found.difference))));
            }
        }
        if !often.is_empty() {
            text += "\nin several operations\n";
            for line in in_order(often.iter().map(|found| line(&found.difference))) {
                text += &format!("  {line}\n");
                let of_line = often.iter().filter(|found| self::line(&found.difference) == line);
                let operations: Vec<_> = of_line.map(|found| found.operation.as_str()).collect();
                text += &format!("    {}\n", operations.join(", "));
            }
        }
        text += &format!("\n{}; {} accepted\n", count(self.found.len(), "difference"), self.accepted);
        if !self.lacking.is_empty() {
            text += &format!("\nOnly there, {}:\n", count(self.lacking.len(), "operation"));
            for (tag, title, id) in &self.lacking {
                text += &format!("  {tag}: {title} ({id})\n");
            }
        }
        // What is in the vendor's document is shown, and does nothing else.
        text.chars().map(|c| if c == '\n' || is_allowed(c) { c } else { '\u{fffd}' }).collect()
    }

    /// The same difference in whatever operation.
    fn same<'a>(&'a self, found: &'a Found) -> impl Iterator<Item = &'a Found> {
        self.found.iter().filter(|other| other.difference == found.difference)
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

/// Each once, where it comes first.
fn in_order<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut found = Vec::new();
    for one in all {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}
