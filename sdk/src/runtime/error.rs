//! What is known of a call that failed. Shows nothing of the token or of the bodies by itself.

use std::fmt;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use super::body::{ERROR_LIMIT, Received};
use super::delivery::Failure;
use super::error_body::ErrorBody;
use super::operation::Operation;
use super::outcome::{Attempt, BoxError, Delivery, Effect, ErrorKind, Phase};
use super::retry::{self, RetryStopReason};
use super::stay::Moved;

/// The error of a call: what happened, whether the request reached the service, and whether it took effect.
///
/// `Display` is one line for people. `Display` and `Debug` never show the token, ids or bodies. The only exception is
/// the service's error title and code, if they are short and repeat nothing from the request. [`body`](Self::body),
/// [`message`](Self::message) and [`api_error`](Self::api_error) return the rest.
///
/// See [When a call fails](crate::guide::when_a_call_fails) for what to do.
///
/// ```no_run
/// # async fn example(client: prolific_sdk::Client) -> Result<(), prolific_sdk::Error> {
/// use prolific_sdk::Effect;
///
/// match client.users().me().send().await {
///     Ok(user) => println!("the token works, for {}", user.id),
///     Err(error) if error.is_unauthorized() => println!("the token does not work: {error}"),
///     Err(error) if error.effect() == Effect::Unknown => println!("look before you try again: {error}"),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
pub struct Error(Box<Inner>);

struct Inner {
    operation: &'static Operation,
    /// Of the last attempt.
    failed: Failed,
    attempts: Vec<Attempt>,
    stop_reason: RetryStopReason,
    /// Where the service's own words are in the body, and those of them that can be shown.
    words: Option<(&'static ErrorBody, Option<String>)>,
}

/// What came of an attempt that failed.
#[derive(Debug)]
pub(super) enum Failed {
    /// No response began to arrive.
    NoResponse { failure: Failure, source: BoxError },
    /// A response that is not a success, or a success that cannot be used.
    Response { why: Unusable, received: Received<Bytes>, truncated: bool, source: Option<BoxError> },
}

/// Why a response is not what the caller gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unusable {
    Rejected,
    ServerError,
    UnexpectedStatus,
    /// Its body is not the documented JSON or text.
    NotTheForm,
    BrokenOff,
    TooLarge,
    TimedOut,
    /// It is about another resource.
    OfAnother,
    /// It ends a list too early, or the list goes on for too long.
    IncompleteList,
}

impl Unusable {
    pub(super) fn kind(self) -> ErrorKind {
        match self {
            Self::Rejected => ErrorKind::Rejected,
            Self::ServerError => ErrorKind::ServerError,
            Self::UnexpectedStatus => ErrorKind::UnexpectedStatus,
            Self::NotTheForm => ErrorKind::Decode,
            Self::BrokenOff => ErrorKind::IncompleteBody,
            Self::TooLarge => ErrorKind::BodyTooLarge,
            Self::TimedOut => ErrorKind::Timeout(Phase::Body),
            Self::OfAnother => ErrorKind::WrongResource,
            Self::IncompleteList => ErrorKind::IncompleteList,
        }
    }
}

impl Failed {
    pub(super) fn kind(&self) -> ErrorKind {
        match self {
            Self::NoResponse { failure, .. } => failure.kind(),
            Self::Response { why, .. } => why.kind(),
        }
    }

    pub(super) fn delivery(&self) -> Delivery {
        match self {
            Self::NoResponse { failure, .. } => failure.delivery(),
            Self::Response { .. } => Delivery::Responded,
        }
    }

    pub(super) fn received(&self) -> Option<&Received<Bytes>> {
        match self {
            Self::NoResponse { .. } => None,
            Self::Response { received, .. } => Some(received),
        }
    }

    pub(super) fn status(&self) -> Option<StatusCode> {
        self.received().map(|received| received.status)
    }

    /// Whether a retry cannot perform the operation twice, so long after it was first sent, and may help.
    pub(super) fn is_retryable(&self, operation: &Operation, after: Duration) -> bool {
        let permanent = matches!(self, Self::NoResponse { failure: Failure::Connect { permanent: true }, .. });
        retry::is_retryable(operation, after, self.kind(), self.status(), permanent)
    }
}

impl Error {
    /// What happened.
    pub fn kind(&self) -> ErrorKind {
        self.0.failed.kind()
    }

    /// The operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.0.operation
    }

    /// Whether the request reached the service, across all attempts.
    pub fn delivery(&self) -> Delivery {
        self.0.attempts.iter().map(|attempt| attempt.delivery).max().unwrap_or(Delivery::NotSent)
    }

    /// Whether the call changed anything at the service, across all attempts.
    pub fn effect(&self) -> Effect {
        self.0.attempts.iter().map(|attempt| attempt.effect(self.0.operation)).max().unwrap_or(Effect::NotApplied)
    }

    /// Whether the call changed something at the service, or may have: the [`effect`](Self::effect) is not
    /// [`Effect::NotApplied`].
    pub fn may_have_taken_effect(&self) -> bool {
        self.effect() != Effect::NotApplied
    }

    /// Whether the same call can safely be made again and might succeed. This is what a
    /// [`RetryPolicy`](crate::RetryPolicy) retries, as long as attempts, time and budget are left. `false` where only
    /// the service's memory of the call would make it safe, since that ends.
    pub fn is_safe_to_retry(&self) -> bool {
        self.0.failed.is_retryable(self.0.operation, Duration::MAX)
    }

    /// Why it was not retried, or not retried again.
    pub fn stop_reason(&self) -> RetryStopReason {
        self.0.stop_reason
    }

    /// The attempts, in order. Empty if none was made: the request was invalid, or the timeout was zero.
    pub fn attempts(&self) -> &[Attempt] {
        &self.0.attempts
    }

    /// Whether the status is 404: there is no such resource, or the token's account has no access to it.
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// Whether the token is not valid, or its account has no access: status 401 or 403.
    pub fn is_unauthorized(&self) -> bool {
        matches!(self.status(), Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN))
    }

    /// Whether the service rejected the call because of too many requests: status 429.
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Whether a time limit of the client was reached: the kind is [`ErrorKind::Timeout`].
    pub fn is_timeout(&self) -> bool {
        matches!(self.kind(), ErrorKind::Timeout(_))
    }

    /// The status, if a response began to arrive.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.failed.status()
    }

    /// The headers of the response. Empty if no response arrived.
    pub fn headers(&self) -> &HeaderMap {
        static NONE: LazyLock<HeaderMap> = LazyLock::new(HeaderMap::new);
        self.0.failed.received().map_or_else(|| &*NONE, |received| &received.headers)
    }

    /// How long the service asks to wait, counted from the response: `Retry-After` in seconds or as a date, or
    /// `retry-after-ms`. A date is compared with the response's `Date` header, or with the local clock if there is none.
    pub fn retry_after(&self) -> Option<Duration> {
        retry::retry_after(self.headers(), SystemTime::now)
    }

    /// The body of the response as received, up to 64 KiB. Empty if there was none, and for
    /// [`ErrorKind::IncompleteList`], whose page was read already.
    pub fn body(&self) -> &[u8] {
        self.0.failed.received().map_or(&[], |received| &received.body)
    }

    /// Whether [`body`](Self::body) is only the beginning of the response's body.
    pub fn body_truncated(&self) -> bool {
        matches!(self.0.failed, Failed::Response { truncated: true, .. })
    }

    /// The service's error message: the title and details from the body of an error response. `None` if no response
    /// arrived, or if its body is not in the documented format. May repeat values from the request.
    pub fn message(&self) -> Option<String> {
        self.0.words.as_ref()?.0.message(self.error_body()?)
    }

    /// The service's error code, from the body of an error response. No list of codes is published.
    pub fn code(&self) -> Option<i64> {
        self.0.words.as_ref()?.0.code(self.error_body()?)
    }

    /// The body of an error response, if it can be read as `T` and has something of it: all its fields may be
    /// optional, so that any other object would be read as well.
    pub(crate) fn decode_body<T: DeserializeOwned + Default + PartialEq>(&self) -> Option<T> {
        let value: T = serde_json::from_slice(self.error_body()?).ok()?;
        (value != T::default()).then_some(value)
    }

    fn error_body(&self) -> Option<&[u8]> {
        let status = self.status()?;
        (status.is_client_error() || status.is_server_error()).then(|| self.body())
    }

    /// Of a call whose last attempt failed in this way.
    pub(super) fn new(
        operation: &'static Operation,
        mut failed: Failed,
        attempts: Vec<Attempt>,
        stop_reason: RetryStopReason,
    ) -> Self {
        if let Failed::Response { received, truncated, .. } = &mut failed
            && received.body.len() > ERROR_LIMIT
        {
            // Drop the rest of a large body instead of keeping it in memory.
            received.body = Bytes::copy_from_slice(&received.body[..ERROR_LIMIT]);
            *truncated = true;
        }
        Self(Box::new(Inner { operation, failed, attempts, stop_reason, words: None }))
    }

    /// Of a response that turns out to be no success.
    pub(super) fn of_success(
        operation: &'static Operation,
        why: Unusable,
        received: Received<Bytes>,
        attempts: Vec<Attempt>,
        source: Option<BoxError>,
    ) -> Self {
        let failed = Failed::Response { why, received, truncated: false, source };
        Self::new(operation, failed, attempts, RetryStopReason::NotRetryable)
    }

    /// The same error, with the service's own words, of which `summary` chooses what can be shown.
    pub(super) fn explained(
        mut self,
        error_body: &'static ErrorBody,
        summary: impl FnOnce(&[u8]) -> Option<String>,
    ) -> Self {
        let summary = self.error_body().and_then(summary);
        self.0.words = Some((error_body, summary));
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = self.0.operation;
        let name = if operation.summary.is_empty() { operation.id } else { operation.summary };
        write!(f, "{name}: ")?;
        let is_moved = std::error::Error::source(self).and_then(|source| source.downcast_ref::<Moved>()).is_some();
        f.write_str(match self.kind() {
            _ if is_moved => Moved::TEXT,
            ErrorKind::InvalidRequest => "the request was not sent",
            ErrorKind::Connect => "could not reach the service",
            ErrorKind::Interrupted => "the connection broke before a response arrived, or what arrived is not HTTP",
            ErrorKind::Timeout(_) if self.0.attempts.is_empty() => "no time left to send the request",
            ErrorKind::Timeout(Phase::Connect) => "connecting timed out",
            ErrorKind::Timeout(Phase::Response) => "no response arrived in time",
            ErrorKind::Timeout(Phase::Body) => "the response body did not arrive in time",
            ErrorKind::Rejected => "rejected by the service",
            ErrorKind::ServerError => "server error",
            ErrorKind::UnexpectedStatus => "unexpected status",
            ErrorKind::Decode => "the response is not in the documented form",
            ErrorKind::IncompleteBody => "the response was cut off",
            ErrorKind::BodyTooLarge => "the response is too large",
            ErrorKind::WrongResource => "the response is about another resource",
            ErrorKind::IncompleteList => {
                "the list is incomplete: a page has no list, adds nothing new, or exceeds the page limit"
            }
        })?;
        if self.kind() == ErrorKind::InvalidRequest {
            let reason = std::error::Error::source(self).and_then(|source| source.downcast_ref::<Reason>());
            // Others may repeat a value.
            write!(f, ": {}", reason.map_or("the HTTP client does not accept it", |Reason(reason)| reason))?;
        }
        let status = self.status().map(|status| match status.canonical_reason() {
            Some(reason) => format!("status {} {reason}", status.as_u16()),
            None => format!("status {}", status.as_u16()),
        });
        let summary = self.0.words.as_ref().and_then(|(_, summary)| summary.as_ref());
        let details: Vec<_> = status.iter().chain(summary).map(String::as_str).collect();
        if !details.is_empty() {
            write!(f, " ({})", details.join(", "))?;
        }
        if self.0.attempts.len() > 1 {
            write!(f, " after {} attempts", self.0.attempts.len())?;
        }
        f.write_str(match self.effect() {
            Effect::NotApplied if operation.safe => "",
            Effect::NotApplied => "; nothing was changed",
            Effect::Unknown if operation.idempotent => "; it may have taken effect",
            Effect::Unknown if operation.spends => {
                "; it may have taken effect and spent money: check before you send it again"
            }
            Effect::Unknown => "; it may have taken effect: check before you send it again",
            Effect::Applied if operation.spends => "; it took effect and spent money: do not send it again",
            Effect::Applied => "; it took effect: do not send it again",
        })?;
        if self.is_unauthorized() {
            return f.write_str("; check the token, and what its account has access to");
        }
        match self.retry_after().filter(|_| self.is_safe_to_retry()) {
            Some(wait) if wait > DAY => f.write_str("; it can be retried in more than a day"),
            Some(wait) => write!(f, "; it can be retried in {} s", wait.as_millis().div_ceil(1000)),
            None if self.is_safe_to_retry() => f.write_str("; it can be retried"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // First the sentence: a `main` that returns the error prints this.
        write!(f, "{self} ")?;
        f.debug_struct("Error")
            .field("operation", &self.0.operation.id)
            .field("kind", &self.kind())
            .field("delivery", &self.delivery())
            .field("effect", &self.effect())
            .field("status", &self.status())
            .field("body_length", &self.body().len())
            .field("attempts", &self.0.attempts)
            .field("stop_reason", &self.0.stop_reason)
            .field("source", &std::error::Error::source(self))
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.failed {
            Failed::NoResponse { source, .. } => Some(&**source),
            Failed::Response { source, .. } => source.as_ref().map(|source| &**source as _),
        }
    }
}

/// Longer waits are printed as "more than a day".
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Why a request was not sent, or a text cannot be used, in words of this crate, which can be shown.
#[derive(Debug)]
pub(super) struct Reason(pub(super) &'static str);

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Reason {}

/// Where a body stops being the documented JSON. The parser's own text would repeat values from the body.
#[derive(Debug)]
pub(super) struct NotTheForm {
    category: serde_json::error::Category,
    line: usize,
    column: usize,
}

impl NotTheForm {
    pub(super) fn new(error: &serde_json::Error) -> Self {
        Self { category: error.classify(), line: error.line(), column: error.column() }
    }
}

impl fmt::Display for NotTheForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.category {
            serde_json::error::Category::Data => "JSON that does not match the documented schema",
            serde_json::error::Category::Eof => "the JSON ends early",
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => "not JSON",
        };
        write!(f, "{what}, at line {} column {}", self.line, self.column)
    }
}

impl std::error::Error for NotTheForm {}
