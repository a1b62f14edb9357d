//! What is made of progenitor's output. Each pass says what it expects to find; finding less or more is an error, so
//! that no pass goes dead, or goes wrong, when progenitor changes.

pub mod arguments;
pub mod builders;
pub mod docs;
pub mod enums;
pub mod example;
pub mod pages;
pub mod paths;
pub mod send;
pub mod structs;
pub mod types;

use crate::diagnostic::Diagnostic;

/// A pass met output that it was not written for.
#[derive(Debug)]
pub struct Mismatch {
    pass: &'static str,
    found: String,
}

impl Mismatch {
    /// In the pass of this name, with what was found.
    pub fn new(pass: &'static str, found: impl Into<String>) -> Self {
        Self { pass, found: found.into() }
    }
}

impl From<Mismatch> for Diagnostic {
    fn from(mismatch: Mismatch) -> Self {
        Self::whole(
            "pass",
            format!("the pass `{}` met output that it does not know: {}", mismatch.pass, mismatch.found),
            "progenitor's output has changed, or the document uses what the pass was not written for: adapt the pass",
        )
    }
}
