//! What is known of an operation without sending it. The table of operations is generated.

use std::time::Duration;

use reqwest::StatusCode;

/// An operation of the API. [`operations`](crate::operations) lists those that this crate has methods for;
/// [`Operation::new`] makes another one, for [`Client::call`](crate::Client::call).
///
/// ```
/// use prolific_sdk::Operation;
///
/// const TRANSITION: Operation = Operation::new("transition_study", "POST", "/api/v1/studies/{id}/transition/");
/// assert!(!TRANSITION.idempotent, "a POST is not retried after a failure that leaves its effect unknown");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(clippy::struct_excessive_bools, reason = "they are facts, in any combination")]
pub struct Operation {
    /// Its `operationId` in the OpenAPI document: the resource, and the method of its handle.
    pub id: &'static str,
    /// The HTTP method, in capitals.
    pub method: &'static str,
    /// The path under the base URL. Path parameters are in braces.
    pub path: &'static str,
    /// Whether it only reads, so that sending it any number of times does no harm.
    pub safe: bool,
    /// Whether performing it twice has the same result as performing it once, so that it may be retried after a failure
    /// that leaves its effect unknown. HTTP defines GET, HEAD, PUT and DELETE as idempotent; the OpenAPI document can
    /// override this for an operation.
    pub idempotent: bool,
    /// For how long the service recognises a repetition and does not perform it. The call is retried for half that time,
    /// even after a failure that leaves its effect unknown.
    pub deduplicated: Option<Duration>,
    /// Whether it spends money.
    pub spends: bool,
    /// Whether its effect cannot be undone.
    pub irreversible: bool,
    /// The documented success statuses. Empty if none is documented; then any status from 200 to 299 is a success.
    pub success: &'static [u16],
    /// The property of the response that repeats the last parameter of the path: the id of the resource that was asked
    /// for. A response with another id is an error. `None` for an operation that does not get one resource by its id.
    pub response_id: Option<&'static str>,
    /// The media type of the response if it is a text, such as `text/csv`. `None` for JSON, and for a response without a
    /// body.
    pub response_type: Option<&'static str>,
    /// One line on what it does; empty for one that [`Operation::new`] made, as is `documentation`.
    pub summary: &'static str,
    /// The page of Prolific's documentation that describes it.
    pub documentation: &'static str,
}

impl Operation {
    /// Describes an operation that this crate has no method for: `id` is a name for errors and traces, `method` is in
    /// uppercase, and `path` is relative to the base URL, with parameters in braces. Whether it counts as
    /// [`idempotent`](Self#structfield.idempotent) follows from the method.
    pub const fn new(id: &'static str, method: &'static str, path: &'static str) -> Self {
        let idempotent = matches!(method.as_bytes(), b"GET" | b"HEAD" | b"PUT" | b"DELETE");
        let safe = matches!(method.as_bytes(), b"GET" | b"HEAD");
        Self {
            id,
            method,
            path,
            safe,
            idempotent,
            deduplicated: None,
            spends: false,
            irreversible: false,
            success: &[],
            response_id: None,
            response_type: None,
            summary: "",
            documentation: "",
        }
    }

    /// The same operation, declared idempotent or not.
    #[must_use]
    pub const fn idempotent(mut self, idempotent: bool) -> Self {
        self.idempotent = idempotent;
        self
    }

    /// Whether it may be retried, so long after it was first sent, though it may have taken effect.
    pub(super) fn is_repeatable(&self, after: Duration) -> bool {
        self.idempotent || self.deduplicated.is_some_and(|window| after < window / 2)
    }

    /// Whether the status says that it was performed.
    pub(super) fn is_success(&self, status: StatusCode) -> bool {
        status.is_success() && (self.success.is_empty() || self.success.contains(&status.as_u16()))
    }
}
