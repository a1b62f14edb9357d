//! What is known of a call and of its attempts, in values that anyone may look at.

use std::time::Duration;

use reqwest::StatusCode;

use super::operation::Operation;

/// An error of any type, as a cause.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What happened. See [`Error::kind`](crate::Error::kind).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request is invalid: an id is blank, for example. Nothing was sent.
    InvalidRequest,
    /// No connection was made, or it closed before any of the request was written. Nothing was sent.
    Connect,
    /// The connection broke before a response arrived, or what arrived was not HTTP, or the call was moved to another
    /// runtime. The service may have received the request.
    Interrupted,
    /// A time limit was reached, in the given phase.
    Timeout(Phase),
    /// The service rejected the request: a status from 400 to 499, other than 408.
    Rejected,
    /// The service failed to handle the request: a status of 500 or more, or 408.
    ServerError,
    /// The status is neither an error nor the documented success: a redirect, for example.
    UnexpectedStatus,
    /// The status is the documented success, but the body is not the documented JSON or text.
    Decode,
    /// The status is the documented success, and the body broke off.
    IncompleteBody,
    /// The status is the documented success, and the body is larger than 32 MiB, or has more than 1,000,000 JSON values,
    /// where an object counts as six. What is nested deeply counts several times.
    BodyTooLarge,
    /// The response carries the id of another resource than the one that was asked for. Something between the client and
    /// the service mixed responses up.
    WrongResource,
    /// Items of a list may be missing. A page has no list, or has nothing new but says that more pages follow, or exceeds
    /// the page limit of a call that reads a list for itself.
    IncompleteList,
}

/// The part of a call in which a time limit was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// While connecting: nothing was sent.
    Connect,
    /// While sending the request, or waiting for the response to begin.
    Response,
    /// While receiving the response's body.
    Body,
}

/// Whether a request reached the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Delivery {
    /// The request provably did not reach the service: it was not sent.
    NotSent,
    /// It was sent, at least in part, and no response came back.
    Unknown,
    /// The request reached the service: a response began to arrive.
    Responded,
}

/// Whether a call changed anything at the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// The call changed nothing: nothing was sent, or the service rejected the request, or the operation only reads.
    /// The documentation does not say whether a rejected request (4xx other than 408) can be partly performed; the SDK
    /// assumes that it changed nothing.
    NotApplied,
    /// The client cannot tell.
    Unknown,
    /// The call took effect. Sending it again may perform it a second time.
    Applied,
}

/// One attempt at sending a call's request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// Whether the request reached the service.
    pub delivery: Delivery,
    /// The status, if a response began to arrive.
    pub status: Option<StatusCode>,
    /// The time from the start of the attempt to its end.
    pub elapsed: Duration,
    /// The pause before the attempt.
    pub waited: Duration,
}

impl Attempt {
    /// The effect of this attempt alone.
    pub(super) fn effect(&self, operation: &Operation) -> Effect {
        match (self.delivery, self.status) {
            _ if operation.safe => Effect::NotApplied,
            (Delivery::NotSent, _) => Effect::NotApplied,
            (_, Some(status)) if operation.is_success(status) => Effect::Applied,
            (_, Some(StatusCode::REQUEST_TIMEOUT)) => Effect::Unknown,
            (_, Some(status)) if status.is_client_error() => Effect::NotApplied,
            _ => Effect::Unknown,
        }
    }
}
