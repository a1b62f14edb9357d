//! A path is made of plain segments and parameters, and names exactly the path parameters that are declared. Two paths
//! differ in more than a last slash.

use std::collections::BTreeSet;

use super::rule::{Lint, Report, Rule};
use crate::source::document::{text, without_names};

pub(super) const RULE: Rule = Rule { name: "path", check };

fn check(lint: &Lint<'_>, report: &mut Report<'_>) {
    let mut shapes = BTreeSet::new();
    for endpoint in lint.document.endpoints() {
        let path = endpoint.path;
        let segments: Vec<_> = path.split('/').collect();
        if !shapes.insert((without_names(path).trim_end_matches('/').to_owned(), endpoint.method)) {
            let help = "two paths that differ only in the names of their parameters, or in a last slash, are one path";
            report.add(path, "this path and method are already defined", help);
        }
        let is_plain = |segment: &&str| {
            let inner = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(segment);
            let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.~".contains(c);
            inner.chars().all(allowed) && !matches!(inner, "." | "..")
        };
        if !segments.iter().all(is_plain) || path.contains("//") || path.contains("{}") {
            let help = "a segment is plain text, or a parameter in braces";
            report.add(path, "the path has a character or a brace out of place", help);
        }
        if !path.starts_with('/') {
            report.add(path, "the path does not start with a slash", "write the whole path, after the host");
        }
        let mut named: Vec<_> = path.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
        let mut declared: Vec<_> = lint
            .parameters(&endpoint)
            .filter(|(_, parameter)| text(parameter.location.as_ref()) == "path")
            .map(|(_, parameter)| text(parameter.name.as_ref()))
            .collect();
        named.sort_unstable();
        declared.sort_unstable();
        if named != declared {
            report.add(
                path,
                format!("the path names the parameters {named:?}, and the operation declares {declared:?}"),
                "declare each `{name}` of the path once with `in: path`, and no other",
            );
        }
    }
}
