//! One fault: what goes wrong, and for which requests. Knows the operation ids of the document, but neither other
//! faults nor how a fault is carried out.

use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};

mod checked;
mod json;
mod text;

/// A way for a call to fail. Pass it to [`Sandbox::inject`](crate::Sandbox::inject); by default it applies to the next
/// request.
///
/// ```
/// use std::time::Duration;
///
/// use prolific_sandbox::{Fault, Sandbox};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let sandbox = Sandbox::start().await?;
/// sandbox.inject(Fault::status(429).retry_after(Duration::from_secs(1)));
/// sandbox.inject(Fault::lost_response().on("participant_groups_create"));
/// // The next request gets a 429. The next create after it is performed, but its response is lost.
/// # Ok(())
/// # }
/// ```
///
/// | Fault | Is the request performed? | What the client sees |
/// |---|---|---|
/// | [`status`](Self::status) | no | a response of your choice |
/// | [`lost_response`](Self::lost_response) | yes | the connection closes, without a response |
/// | [`reset`](Self::reset) | no | the connection is reset, without a response |
/// | [`close_unread`](Self::close_unread) | no | a new connection closes before the request is read |
/// | [`cut_body`](Self::cut_body) | yes | the connection closes in the middle of the body |
/// | [`stalled_body`](Self::stalled_body) | yes | the body stops in the middle, and the connection stays open |
/// | [`delay`](Self::delay) | yes | the usual response, later |
///
/// With [`performed`](Self::performed) the request is performed in spite of the fault, and [`delayed`](Self::delayed)
/// makes any fault slow. A performed request still goes through the usual checks, so an invalid one changes nothing.
///
/// # Which requests a fault applies to
///
/// By default, a fault applies to the next request, whatever its path and whether or not its token is valid.
/// [`on`](Self::on) restricts it to one operation, [`nth`](Self::nth) selects a later request, and
/// [`every`](Self::every) makes it apply until it is removed.
///
/// Several faults can wait at the same time. At most one applies to each request: the first injected one that is due.
/// The others keep waiting, so injecting the same fault twice affects two requests. A fault that is injected after one
/// with [`every`](Self::every) gets only the requests that the earlier one does not match.
///
/// The fault is chosen when the request has been read to its end, which also decides the order of concurrent requests.
///
/// # What is recorded
///
/// Requests are [recorded](crate::Sandbox::requests) with the status and the body that were sent. The status is `None`
/// if no response was sent. A connection that [`close_unread`](Self::close_unread) closes leaves no record.
///
/// # As text and as JSON
///
/// A fault can be written as a short text: what goes wrong and then, after colons, in any order, the operation, `every`
/// or `nth=N`, `performed`, `delay=SECONDS` and `retry-after=SECONDS`. What goes wrong is a status or one of
/// `lost-response`, `reset`, `close-unread`, `cut-body`, `stalled-body` and `delay`. Headers and a body are possible
/// only in JSON, of which the document of the control API has the form, with serde or as a text that begins with `{`.
///
/// ```
/// use prolific_sandbox::Fault;
///
/// let fault: Fault = "429:retry-after=1:participant_groups_list".parse()?;
/// let same: Fault = r#"{"status": 429, "retry_after": 1, "operation": "participant_groups_list"}"#.parse()?;
/// assert_eq!(fault.to_string(), same.to_string());
/// # Ok::<(), prolific_sandbox::InvalidFault>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "json::Form", into = "json::Form")]
#[must_use = "a fault has no effect until it is injected"]
pub struct Fault {
    pub(crate) effect: Effect,
    pub(crate) performed: bool,
    pub(crate) delay: Duration,
    /// The id of the only operation that the fault applies to.
    pub(crate) operation: Option<String>,
    /// `None` for the next request.
    pub(crate) selection: Option<Selection>,
}

/// A text or a JSON value that describes no [`Fault`]. The text says why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidFault(pub(crate) String);

impl std::fmt::Display for InvalidFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidFault {}

/// What happens to the response.
#[derive(Debug, Clone)]
pub(crate) enum Effect {
    /// It is sent as usual.
    Keep,
    /// Another one is sent.
    Replace(Replacement),
    /// The connection is closed instead.
    Close,
    /// The connection is reset instead.
    Reset,
    /// The connection is closed before a request is read.
    CloseUnread,
    /// The connection is closed in the middle of the body.
    CutBody,
    /// It stops in the middle of the body.
    StallBody,
}

/// A response that is sent in place of the usual one.
#[derive(Debug, Clone)]
pub(crate) struct Replacement {
    pub(crate) status: StatusCode,
    /// They override the default headers.
    pub(crate) headers: HeaderMap,
    /// `None` for the default body of the status.
    pub(crate) body: Option<Vec<u8>>,
}

/// Which of the matching requests a fault applies to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Selection {
    /// Counted from 1.
    Nth(usize),
    Every,
}

impl Fault {
    fn new(effect: Effect, performed: bool) -> Self {
        Self { effect, performed, delay: Duration::ZERO, operation: None, selection: None }
    }

    /// Sends a response with this status instead of the usual one. The request is not performed.
    ///
    /// The default body is an error in the documented form for 400 to 599, and empty below 400. [`body`](Self::body)
    /// sets another.
    ///
    /// # Panics
    ///
    /// If the status is not in the range 200 to 599.
    #[track_caller]
    pub fn status(status: u16) -> Self {
        valid(Self::checked_status(status))
    }

    /// Performs the request, and closes the connection without a response.
    pub fn lost_response() -> Self {
        Self::new(Effect::Close, true)
    }

    /// Reads the request, but does not perform it, and resets the connection (TCP `RST`) without a response.
    pub fn reset() -> Self {
        Self::new(Effect::Reset, false)
    }

    /// Closes the next connection as soon as it is accepted, before a request is read from it.
    ///
    /// This fault applies to new connections, not to requests: a client that reuses an open connection is not affected.
    /// The client always sees an orderly end of the connection and never a reset, however much it sends.
    pub fn close_unread() -> Self {
        Self::new(Effect::CloseUnread, false)
    }

    /// Performs the request, and closes the connection in the middle of the body: the client gets the status, the
    /// headers with the full `content-length`, and the first half of the body.
    ///
    /// If the response has no body, none of it is sent, as with [`lost_response`](Self::lost_response).
    pub fn cut_body() -> Self {
        Self::new(Effect::CutBody, true)
    }

    /// Performs the request, and stops in the middle of the body: the client gets the status, the headers with the full
    /// `content-length`, and the first half of the body. The connection stays open until the client closes it.
    ///
    /// If the response has no body, none of it is sent, and the client waits for the status.
    pub fn stalled_body() -> Self {
        Self::new(Effect::StallBody, true)
    }

    /// Performs the request, and sends the usual response after this delay.
    pub fn delay(delay: Duration) -> Self {
        Self::new(Effect::Keep, true).delayed(delay)
    }

    /// Performs the request in spite of the fault. `Fault::status(502).performed()` simulates a gateway that returns an
    /// error although the service completes the request.
    ///
    /// # Panics
    ///
    /// With [`close_unread`](Self::close_unread), because a request that is not read cannot be performed.
    #[track_caller]
    pub fn performed(self) -> Self {
        valid(self.checked_performed())
    }

    /// Delays what the client sees. The request is recorded, and performed if the fault allows it, before the delay.
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Sets the `Retry-After` header of the response, in seconds, rounded up.
    ///
    /// # Panics
    ///
    /// If the fault is not a [`status`](Self::status).
    #[track_caller]
    pub fn retry_after(self, delay: Duration) -> Self {
        valid(self.checked_retry_after(delay))
    }

    /// Adds a header to the response. It replaces a default header of the same name.
    ///
    /// # Panics
    ///
    /// If the fault is not a [`status`](Self::status), if the name or the value is not valid in HTTP, or if the header
    /// is `content-length` or `transfer-encoding`, which always match the body.
    #[track_caller]
    pub fn header(self, name: &str, value: &str) -> Self {
        valid(self.checked_header(name, value))
    }

    /// Sets the body of the response and its `Content-Type`.
    ///
    /// # Panics
    ///
    /// If the fault is not a [`status`](Self::status), if the content type is not a valid header value, or if the
    /// status is 204 or 304, which have no body in HTTP.
    #[track_caller]
    pub fn body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        valid(self.checked_body(content_type, body.into()))
    }

    /// Restricts the fault to one operation, given by its `operationId` in the OpenAPI document.
    ///
    /// # Panics
    ///
    /// If the document has no such operation, or if the fault is [`close_unread`](Self::close_unread), because a
    /// request that is not read has no known operation.
    #[track_caller]
    pub fn on(self, operation_id: &str) -> Self {
        valid(self.checked_on(operation_id))
    }

    /// Applies the fault to the nth request after the injection; `nth(1)` is the next one. With [`on`](Self::on), only
    /// requests of the operation count.
    ///
    /// Requests count even if another fault applies to them. If another fault applies to the nth one, this fault
    /// applies to the next one that is free.
    ///
    /// # Panics
    ///
    /// If `nth` is 0, or if the fault applies to [`every`](Self::every) request.
    #[track_caller]
    pub fn nth(self, nth: usize) -> Self {
        valid(self.checked_nth(nth))
    }

    /// Applies the fault to every request, until it is removed by
    /// [`InjectedFault::remove`](crate::InjectedFault::remove) or
    /// [`Sandbox::clear_faults`](crate::Sandbox::clear_faults). With [`on`](Self::on), to every request of the
    /// operation.
    ///
    /// # Panics
    ///
    /// If the fault applies to the [`nth`](Self::nth) request.
    #[track_caller]
    pub fn every(self) -> Self {
        valid(self.checked_every())
    }
}

/// Panics: a fault that cannot work would let a test pass without testing anything.
#[track_caller]
#[expect(clippy::panic, reason = "a test could ignore an error")]
fn valid(given: Result<Fault, String>) -> Fault {
    match given {
        Ok(fault) => fault,
        Err(problem) => panic!("{problem}"),
    }
}
