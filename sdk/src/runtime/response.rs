//! Answers: as they arrive, and as the caller gets them.

use std::fmt;
use std::ops::Deref;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;
use tracing::Span;

use super::error::{Attempt, Error, Kind};
use super::operation::Operation;
use super::retry::Stop;
use super::send::Outcome;

/// An answer that arrived in full.
#[derive(Debug)]
pub(crate) struct Response {
    pub(super) operation: &'static Operation,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// Whether `body` is only the beginning. Never so for an answer of success.
    pub(super) truncated: bool,
    pub(super) attempts: Vec<Attempt>,
    /// Why it was not sent again.
    pub(super) stop: Stop,
    /// The span of the call, until it is known how it ended.
    pub(super) span: Span,
}

impl Response {
    /// Of the last attempt, with those before it, if its answer arrived in full.
    pub(super) fn new(
        operation: &'static Operation,
        outcome: Outcome,
        attempts: Vec<Attempt>,
        stop: Stop,
    ) -> Result<Self, Error> {
        match outcome {
            Outcome { kind: None, status: Some(status), headers, body, truncated, .. } => {
                Ok(Self { operation, status, headers, body, truncated, attempts, stop, span: Span::none() })
            }
            outcome => {
                let kind = outcome.kind.unwrap_or(Kind::Interrupted);
                Err(Error::new(operation, kind, outcome, attempts, stop))
            }
        }
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }
}

/// What a successful call answers: the value, to which it dereferences, with the status and the headers that came
/// with it.
#[derive(Clone)]
pub struct ResponseValue<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
    attempts: Vec<Attempt>,
}

impl<T> ResponseValue<T> {
    /// What was sent to get it, in order.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    /// The value alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }
}

impl<T: DeserializeOwned> ResponseValue<T> {
    /// Reads the body as JSON; one without anything as null.
    pub(super) fn from_response_or_empty(mut response: Response) -> Result<Self, Error> {
        if response.body.is_empty() {
            response.body = Bytes::from_static(b"null");
        }
        Self::from_response(response)
    }

    /// For generated code: reads the body as JSON.
    pub(crate) fn from_response(response: Response) -> Result<Self, Error> {
        match serde_json::from_slice(&response.body) {
            Ok(value) => {
                let Response { status, headers, attempts, .. } = response;
                Ok(Self { value, status, headers, attempts })
            }
            Err(error) => Err(Error::undecodable(response, &error)),
        }
    }
}

impl ResponseValue<()> {
    /// For generated code: an answer without a body.
    pub(crate) fn empty(response: Response) -> Self {
        let Response { status, headers, attempts, .. } = response;
        Self { value: (), status, headers, attempts }
    }
}

impl<T> Deref for ResponseValue<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Leaves the headers out: they may hold a cookie.
impl<T: fmt::Debug> fmt::Debug for ResponseValue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseValue")
            .field("status", &self.status)
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}
