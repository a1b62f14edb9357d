//! The response to a successful call: as received, and as the caller gets it.

use std::fmt;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;
use tracing::Span;

use super::body::{self, Received};
use super::error::{Error, NotTheForm, Reason, Unusable};
use super::operation::Operation;
use super::outcome::{Attempt, BoxError};
use super::telemetry;

/// The response to a successful call: its body, with the status and the headers that came with it, and the attempts
/// that it took.
///
/// ```no_run
/// # async fn example(client: prolific_sdk::Client) -> Result<(), prolific_sdk::Error> {
/// let response = client.users().me().send_with_response().await?;
/// println!("{} after {} attempts", response.status(), response.attempts().len());
/// let user = response.into_body();
/// # Ok(())
/// # }
/// ```
///
/// For tests, `Response::from(value)` makes one with status 200, no headers and no attempts.
#[derive(Clone)]
pub struct Response<T> {
    received: Received<T>,
    attempts: Vec<Attempt>,
}

impl<T> Response<T> {
    /// The status.
    pub fn status(&self) -> StatusCode {
        self.received.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.received.headers
    }

    /// The attempts that were made to get it, in order.
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    /// The body.
    pub fn body(&self) -> &T {
        &self.received.body
    }

    /// Consumes the response and returns its body.
    pub fn into_body(self) -> T {
        self.received.body
    }

    /// Turns a page that ends a list too early into an error.
    pub(super) fn into_incomplete_list(self, operation: &'static Operation) -> Error {
        let received = self.received.with_body(Bytes::new());
        Error::of_success(operation, Unusable::IncompleteList, received, self.attempts, None)
    }
}

/// Makes a response for tests: status 200, no headers, no attempts.
impl<T> From<T> for Response<T> {
    fn from(body: T) -> Self {
        let received = Received { status: StatusCode::OK, headers: HeaderMap::new(), body };
        Self { received, attempts: Vec::new() }
    }
}

/// Leaves the headers out: they may hold a cookie.
impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.received.status)
            .field("body", &self.received.body)
            .finish_non_exhaustive()
    }
}

/// A success whose body is not decoded yet, with the span of its call.
pub(crate) struct Reply {
    pub(super) operation: &'static Operation,
    pub(super) received: Received<Bytes>,
    pub(super) attempts: Vec<Attempt>,
    pub(super) span: Span,
}

impl Reply {
    /// Decodes the body. An empty one counts as null, and a type that holds nothing takes any.
    pub(super) fn decode<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        let body = &self.received.body;
        if body::is_too_much(body) {
            return Err(self.unusable(Unusable::TooLarge, None));
        }
        let read = serde_json::from_slice(if body.is_empty() { b"null" } else { body });
        let read = if size_of::<T>() == 0 { read.or_else(|_| serde_json::from_slice(b"null")) } else { read };
        match read {
            Ok(body) => Ok(Response { received: self.received.with_body(body), attempts: self.attempts }),
            Err(error) => Err(self.unusable(Unusable::NotTheForm, Some(Box::new(NotTheForm::new(&error))))),
        }
    }

    /// The body, if it is a text of the documented type.
    pub(super) fn text(self) -> Result<Response<String>, Error> {
        match body::text(&self.received, self.operation.response_type.unwrap_or_default()) {
            Ok(body) => Ok(Response { received: self.received.with_body(body), attempts: self.attempts }),
            Err(reason) => Err(self.unusable(Unusable::NotTheForm, Some(Box::new(Reason(reason))))),
        }
    }

    /// The body as it is.
    pub(super) fn bytes(self) -> Response<Vec<u8>> {
        let body = self.received.body.to_vec();
        Response { received: self.received.with_body(body), attempts: self.attempts }
    }

    fn unusable(self, why: Unusable, source: Option<BoxError>) -> Error {
        telemetry::unusable(&self.span, why.kind());
        Error::of_success(self.operation, why, self.received, self.attempts, source)
    }
}
