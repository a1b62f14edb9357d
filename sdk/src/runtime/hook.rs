//! What a caller's own code may see of each attempt, and add to it.

use reqwest::header::HeaderMap;

use super::headers::{InvalidHeader, header};
use super::operation::Operation;
use super::outcome::Attempt;

/// Sees each attempt of each call before it is sent and after it has ended: for metrics, for logs, or for a header
/// such as `traceparent`. Set by [`ClientBuilder::hook`](crate::ClientBuilder::hook).
///
/// A hook sees no token, body or id, and cannot cause a retry. A hook that panics ends the call, as any panic in it
/// does.
///
/// ```
/// use prolific_sdk::{Attempt, Client, Hook, NextAttempt, Operation};
///
/// struct Trace;
///
/// impl Hook for Trace {
///     fn before_attempt(&self, attempt: &mut NextAttempt<'_>) {
///         let traceparent = format!("00-4bf92f3577b34da6a3ce929d0e0e4736-{:016x}-01", attempt.number());
///         // An error means that the name or the value cannot be sent; the attempt goes on without it.
///         let _ = attempt.header("traceparent", &traceparent);
///     }
///
///     fn after_attempt(&self, operation: &Operation, number: u32, attempt: &Attempt) {
///         println!("{} attempt {number}: {:?} in {:?}", operation.id, attempt.status, attempt.elapsed);
///     }
/// }
///
/// let client = Client::builder().token("example-token").hook(Trace).build()?;
/// # Ok::<(), prolific_sdk::ConfigError>(())
/// ```
pub trait Hook: Send + Sync + 'static {
    /// Called before each attempt is sent. Does nothing by default.
    fn before_attempt(&self, attempt: &mut NextAttempt<'_>) {
        let _ = attempt;
    }

    /// Called after each attempt, successful or not. Not called for an attempt whose call was dropped. Does nothing by
    /// default.
    fn after_attempt(&self, operation: &Operation, number: u32, attempt: &Attempt) {
        let _ = (operation, number, attempt);
    }
}

/// An attempt that is about to be sent.
#[derive(Debug)]
pub struct NextAttempt<'a> {
    pub(super) operation: &'static Operation,
    pub(super) number: u32,
    pub(super) headers: &'a mut HeaderMap,
}

impl NextAttempt<'_> {
    /// The operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The number of the attempt in its call, from 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Sets a header on this attempt, replacing any header of the same name.
    ///
    /// # Errors
    ///
    /// When HTTP does not allow the name or the value, and when the header is one that authenticates, routes or frames
    /// the request, such as `Authorization`, `Host` or `Content-Length`. The attempt is sent without it.
    pub fn header(&mut self, name: &str, value: &str) -> Result<(), InvalidHeader> {
        let (name, value) = header(name, value)?;
        self.headers.insert(name, value);
        Ok(())
    }
}
