//! What is known of a call that failed. Built by `send` and `response`; tells nothing of the token or the body by itself.

use std::fmt;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use super::operation::Operation;
use super::response::{Response, ResponseValue};
use super::retry::{self, Stop};
use super::send::{ERROR_LIMIT, Outcome};
use super::telemetry;

/// What is known of a call that failed: what happened, whether the request was sent, and whether it took effect.
///
/// `Display` is one line for a person. It and `Debug` contain neither the token nor anything of the request's or the
/// answer's body; [`body`](Self::body) and [`api_error`](Self::api_error) give those to a program that wants them.
///
/// What to do then is on the page [When a call fails](crate::guide::when_a_call_fails).
pub struct Error(Box<Inner>);

struct Inner {
    operation: &'static Operation,
    kind: Kind,
    status: Option<StatusCode>,
    headers: HeaderMap,
    body: Bytes,
    truncated: bool,
    attempts: Vec<Attempt>,
    resendable: bool,
    stop: Stop,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The call cannot be made into a request. Nothing was sent.
    Input,
    /// No connection could be made. Nothing was sent.
    Connect,
    /// A connection was there, but the request provably did not go out over it.
    NotDelivered,
    /// The connection broke before an answer arrived, or what came over it was no answer of HTTP. The request may have been
    /// received.
    Interrupted,
    /// A time limit was reached, in the phase that is given.
    Timeout(Phase),
    /// The service refused, with a status and a body that are documented.
    Rejected,
    /// The service answered with a status that is not documented for the operation.
    Status,
    /// The answer arrived, but is not in the documented form.
    Undecodable,
    /// The answer broke off in its body.
    BodyCut,
    /// The answer's body is larger than is accepted.
    BodyTooLarge,
    /// A page of a list says that more follows, and brings nothing new: items may be missing.
    IncompleteList,
}

/// The part of a call in which a time limit was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// While connecting: nothing was sent.
    Connect,
    /// While sending, or waiting for the answer to begin.
    Head,
    /// While the answer's body arrived.
    Body,
}

/// Whether a request left this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sent {
    /// Provably not.
    No,
    /// Perhaps, in part or as a whole.
    Maybe,
    /// Yes: an answer began to arrive.
    Answered,
}

/// Whether a call changed anything at the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// It did not: nothing was sent, or the service refused. That a refusal (4xx but 408) changes nothing is a reading of
    /// the documentation, which does not say that a request could be done in part.
    None,
    /// It cannot be known from here.
    Unknown,
    /// It did: sending it again would do it a second time.
    Done,
}

/// One sending of a call's request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// Whether the request left this machine.
    pub sent: Sent,
    /// The status, if an answer began to arrive.
    pub status: Option<StatusCode>,
    /// From the start of the attempt to its end.
    pub elapsed: Duration,
    /// The pause before the attempt.
    pub waited: Duration,
}

impl Attempt {
    /// The effect of this attempt, as its status and the kind of the operation tell it.
    fn effect(&self, operation: &Operation) -> Effect {
        match (self.sent, self.status) {
            _ if operation.is_safe() => Effect::None,
            (Sent::No, _) => Effect::None,
            (_, Some(status)) if operation.is_done(status) => Effect::Done,
            (_, Some(StatusCode::REQUEST_TIMEOUT)) => Effect::Unknown,
            (_, Some(status)) if status.is_client_error() => Effect::None,
            _ => Effect::Unknown,
        }
    }
}

impl Kind {
    /// What the kind alone says about the request.
    pub(super) fn sent(self) -> Sent {
        match self {
            Self::Input | Self::Connect | Self::NotDelivered | Self::Timeout(Phase::Connect) => Sent::No,
            Self::Interrupted | Self::Timeout(_) => Sent::Maybe,
            Self::Rejected
            | Self::Status
            | Self::Undecodable
            | Self::BodyCut
            | Self::BodyTooLarge
            | Self::IncompleteList => Sent::Answered,
        }
    }
}

impl Error {
    /// What happened.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.0.operation
    }

    /// Whether the request left this machine, over all attempts.
    pub fn sent(&self) -> Sent {
        self.0.attempts.iter().map(|attempt| attempt.sent).max().unwrap_or(Sent::No)
    }

    /// Whether the call changed anything at the service, over all attempts.
    pub fn effect(&self) -> Effect {
        self.0.attempts.iter().map(|attempt| attempt.effect(self.0.operation)).max().unwrap_or(Effect::None)
    }

    /// Whether the call changed something at the service, or may have: the [`effect`](Self::effect) is not
    /// [`Effect::None`].
    pub fn may_have_taken_effect(&self) -> bool {
        self.effect() != Effect::None
    }

    /// Whether the same call can be made again without harm, and may then succeed. This is what
    /// [`RetryPolicy`](crate::RetryPolicy) sends again, as long as attempts, time and budget are left.
    pub fn is_safe_to_retry(&self) -> bool {
        self.0.resendable
    }

    /// Why it was not sent again.
    pub fn stopped_by(&self) -> Stop {
        self.0.stop
    }

    /// The status, if an answer began to arrive.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The headers of the answer; empty if none began to arrive.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// How long the service asks to wait (`Retry-After`, in seconds or as a date): from its answer on, or from now on if it
    /// gave a date and not its own time.
    pub fn retry_after(&self) -> Option<Duration> {
        retry::retry_after(&self.0.headers, SystemTime::now)
    }

    /// The answer's body as it came, or its first 64 KiB; empty if there was none.
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    /// Whether [`body`](Self::body) is only the beginning of the answer's body.
    pub fn body_truncated(&self) -> bool {
        self.0.truncated
    }

    /// What was sent, in order.
    pub fn attempts(&self) -> &[Attempt] {
        &self.0.attempts
    }

    /// The body of a refusal, if it can be read as `T`.
    pub(crate) fn parse_body<T: DeserializeOwned + Default + PartialEq>(&self) -> Option<T> {
        let refused = self.0.status.is_some_and(|status| status.is_client_error() || status.is_server_error());
        if refused { documented(&self.0.body).ok().flatten() } else { None }
    }

    /// For generated code: a documented refusal, whose body has the form `E`.
    pub(crate) fn rejected<E: DeserializeOwned + Default + PartialEq>(response: Response) -> Self {
        match documented::<E>(&response.body) {
            Ok(Some(_)) => Self::answered(response, Kind::Rejected, None),
            Ok(None) => Self::answered(response, Kind::Undecodable, None),
            Err(error) => Self::undecodable(response, &error),
        }
    }

    /// For generated code: a status that is not documented for the operation.
    pub(crate) fn unexpected(response: Response) -> Self {
        Self::answered(response, Kind::Status, None)
    }

    /// The caller's values cannot be sent.
    pub(super) fn input(operation: &'static Operation, reason: &'static str) -> Self {
        Self::new(operation, Kind::Input, Outcome::unsendable(Reason(reason)), Vec::new(), Stop::Final)
    }

    /// The answer is not the documented JSON.
    pub(super) fn undecodable(response: Response, error: &serde_json::Error) -> Self {
        Self::answered(response, Kind::Undecodable, Some(Box::new(NotTheForm::new(error))))
    }

    /// A list does not go on.
    pub(super) fn incomplete_list<P>(operation: &'static Operation, page: &ResponseValue<P>) -> Self {
        let outcome = Outcome { status: Some(page.status()), headers: page.headers().clone(), ..Outcome::default() };
        Self::new(operation, Kind::IncompleteList, outcome, page.attempts().to_vec(), Stop::Final)
    }

    fn answered(response: Response, kind: Kind, source: Option<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let Response { operation, status, headers, body, truncated, attempts, stop, span } = response;
        telemetry::unusable(&span, status, kind);
        let outcome = Outcome { status: Some(status), headers, body, truncated, source, ..Outcome::default() };
        Self::new(operation, kind, outcome, attempts, stop)
    }

    /// What came of the last attempt, with those before it.
    pub(super) fn new(
        operation: &'static Operation,
        kind: Kind,
        outcome: Outcome,
        attempts: Vec<Attempt>,
        stop: Stop,
    ) -> Self {
        let Outcome { status, headers, mut body, truncated, source, lasting, .. } = outcome;
        let resendable = retry::is_resendable(operation, Some(kind), status, lasting);
        let truncated = truncated || body.len() > ERROR_LIMIT;
        // Not the rest of a large one with it.
        if body.len() > ERROR_LIMIT {
            body = Bytes::copy_from_slice(&body[..ERROR_LIMIT]);
        }
        Self(Box::new(Inner { operation, kind, status, headers, body, truncated, attempts, resendable, stop, source }))
    }
}

/// The body in the documented form. `None` if it has nothing of it: all fields are optional, so that other JSON parses too.
fn documented<E: DeserializeOwned + Default + PartialEq>(body: &[u8]) -> Result<Option<E>, serde_json::Error> {
    let value: E = serde_json::from_slice(body)?;
    Ok((value != E::default()).then_some(value))
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.0.operation.id)?;
        let is_client_error = self.0.status.is_some_and(|status| status.is_client_error());
        match self.0.kind {
            Kind::Input => {
                let reason = self.0.source.as_ref().and_then(|source| source.downcast_ref::<Reason>());
                // Others may repeat the value.
                let Reason(reason) =
                    reason.unwrap_or(&Reason("an id is empty, a value cannot be written, or the URL is too long"));
                write!(f, "the call cannot be made into a request: {reason}")?;
            }
            Kind::Connect => f.write_str("no connection to the service could be made")?,
            Kind::NotDelivered => f.write_str("the request did not go out")?,
            Kind::Interrupted => {
                f.write_str("the connection broke, or what came over it was not HTTP, before an answer had arrived")?;
            }
            Kind::Timeout(_) if self.0.attempts.is_empty() => f.write_str("there was no time for an attempt")?,
            Kind::Timeout(Phase::Connect) => f.write_str("connecting took longer than allowed")?,
            Kind::Timeout(Phase::Head) => f.write_str("no answer arrived in the time allowed")?,
            Kind::Timeout(Phase::Body) => f.write_str("the answer did not arrive in full in the time allowed")?,
            Kind::Rejected => f.write_str("the service refused")?,
            Kind::Status if is_client_error => f.write_str("the service refused")?,
            Kind::Status if self.0.status.is_some_and(|status| status.is_server_error()) => {
                f.write_str("the service had trouble")?;
            }
            Kind::Status => f.write_str("the service answered with a status that is not documented")?,
            Kind::Undecodable if is_client_error => {
                f.write_str("the service refused, and not in the documented form")?;
            }
            Kind::Undecodable => f.write_str("the answer is not in the documented form")?,
            Kind::BodyCut => f.write_str("the answer broke off")?,
            Kind::BodyTooLarge => f.write_str("the answer is larger than is accepted")?,
            Kind::IncompleteList => {
                f.write_str("the list breaks off: a page brings nothing new and says that more follows")?;
            }
        }
        if let Some(status) = self.0.status {
            write!(f, " (status {status})")?;
        }
        if self.0.attempts.len() > 1 {
            write!(f, " after {} attempts", self.0.attempts.len())?;
        }
        f.write_str(match self.effect() {
            Effect::None if self.0.operation.is_safe() => "",
            Effect::None => "; nothing was changed",
            Effect::Unknown if self.0.operation.idempotent => "; whether it took effect is not known",
            Effect::Unknown => "; whether it took effect is not known: look before you send it again",
            Effect::Done => "; it took effect: do not send it again",
        })?;
        match self.retry_after() {
            _ if matches!(self.status(), Some(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)) => {
                f.write_str("; check the token, and what it may see")
            }
            Some(wait) if self.is_safe_to_retry() && wait > DAY => {
                f.write_str("; it can be sent again in more than a day")
            }
            Some(wait) if self.is_safe_to_retry() => {
                write!(f, "; it can be sent again in {} s", wait.as_millis().div_ceil(1000))
            }
            None if self.is_safe_to_retry() => f.write_str("; it can be sent again"),
            _ if self.0.kind == Kind::Rejected => f.write_str("; `api_error` has the service's words"),
            _ if is_client_error && !self.0.body.is_empty() => f.write_str("; `body` has the service's words"),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // First the sentence: a `main` that returns the error prints this.
        write!(f, "{self} ")?;
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("sent", &self.sent())
            .field("effect", &self.effect())
            .field("status", &self.0.status)
            .field("body_length", &self.0.body.len())
            .field("attempts", &self.0.attempts)
            .field("stopped_by", &self.0.stop)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| &**source as _)
    }
}

/// Longer waits are not worth their number.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Why a call cannot be made into a request, in words of this crate, which can be printed.
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
struct NotTheForm {
    category: serde_json::error::Category,
    line: usize,
    column: usize,
}

impl NotTheForm {
    fn new(error: &serde_json::Error) -> Self {
        Self { category: error.classify(), line: error.line(), column: error.column() }
    }
}

impl fmt::Display for NotTheForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.category {
            serde_json::error::Category::Data => "another JSON than documented",
            serde_json::error::Category::Eof => "the JSON ends early",
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => "no JSON",
        };
        write!(f, "{what}, at line {} column {}", self.line, self.column)
    }
}

impl std::error::Error for NotTheForm {}
