//! One fault: what goes wrong, and for which requests. Knows the operation ids of the document, but neither other
//! faults nor how a fault is carried out.

use std::fmt::Display;
use std::time::Duration;

use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, TRANSFER_ENCODING};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::document::Document;

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
#[derive(Debug, Clone)]
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
        match StatusCode::from_u16(status) {
            Ok(code) if (200..600).contains(&status) => {
                Self::new(Effect::Replace(Replacement { status: code, headers: HeaderMap::new(), body: None }), false)
            }
            _ => invalid(format_args!("{status} is not the status of a complete response: use one from 200 to 599")),
        }
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
    pub fn performed(mut self) -> Self {
        if matches!(self.effect, Effect::CloseUnread) {
            invalid("close_unread reads no request, so none can be performed: use Fault::reset().performed()");
        }
        self.performed = true;
        self
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
    pub fn retry_after(mut self, delay: Duration) -> Self {
        let seconds = delay.as_secs().saturating_add(u64::from(delay.subsec_nanos() > 0));
        self.replacement("retry_after").headers.insert(RETRY_AFTER, seconds.into());
        self
    }

    /// Adds a header to the response. It replaces a default header of the same name.
    ///
    /// # Panics
    ///
    /// If the fault is not a [`status`](Self::status), if the name or the value is not valid in HTTP, or if the header
    /// is `content-length` or `transfer-encoding`, which always match the body.
    #[track_caller]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let Ok(header_name) = HeaderName::from_bytes(name.as_bytes()) else {
            invalid(format_args!("{name:?} is not the name of a header: use letters, digits and hyphens"));
        };
        if header_name == CONTENT_LENGTH || header_name == TRANSFER_ENCODING {
            invalid(format_args!("{name} always matches the body: use Fault::cut_body() for a body that does not"));
        }
        let value = header_value(value);
        self.replacement("header").headers.append(header_name, value);
        self
    }

    /// Sets the body of the response and its `Content-Type`.
    ///
    /// # Panics
    ///
    /// If the fault is not a [`status`](Self::status), if the content type is not a valid header value, or if the
    /// status is 204 or 304, which have no body in HTTP.
    #[track_caller]
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let content_type = header_value(content_type);
        let replacement = self.replacement("body");
        let status = replacement.status;
        if status == StatusCode::NO_CONTENT || status == StatusCode::NOT_MODIFIED {
            invalid(format_args!("a response with status {} has no body: use another status", status.as_u16()));
        }
        replacement.headers.insert(CONTENT_TYPE, content_type);
        replacement.body = Some(body.into());
        self
    }

    /// Restricts the fault to one operation, given by its `operationId` in the OpenAPI document.
    ///
    /// # Panics
    ///
    /// If the document has no such operation, or if the fault is [`close_unread`](Self::close_unread), because a
    /// request that is not read has no known operation.
    #[track_caller]
    pub fn on(mut self, operation_id: &str) -> Self {
        if matches!(self.effect, Effect::CloseUnread) {
            invalid("close_unread reads no request, so its operation is not known: remove `on`, or use Fault::reset()");
        }
        let document = match Document::embedded() {
            Ok(document) => document,
            Err(problem) => invalid(problem),
        };
        let ids: Vec<_> = document.operation_ids().collect();
        if !ids.contains(&operation_id) {
            invalid(format_args!("no operation has the id {operation_id:?}: use one of {}", ids.join(", ")));
        }
        self.operation = Some(operation_id.to_owned());
        self
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
        if nth == 0 {
            invalid("requests are counted from 1: use nth(1) for the next one");
        }
        self.select(Selection::Nth(nth))
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
        self.select(Selection::Every)
    }

    #[track_caller]
    fn select(mut self, selection: Selection) -> Self {
        if let (Some(Selection::Nth(_)), Selection::Every) | (Some(Selection::Every), Selection::Nth(_)) =
            (self.selection, selection)
        {
            invalid("a fault applies to the nth request or to every one: use `nth` or `every`, not both");
        }
        self.selection = Some(selection);
        self
    }

    /// The response of the fault, which `method` changes.
    #[track_caller]
    fn replacement(&mut self, method: &str) -> &mut Replacement {
        match &mut self.effect {
            Effect::Replace(replacement) => replacement,
            _ => invalid(format_args!("`{method}` can only be used with Fault::status()")),
        }
    }
}

#[track_caller]
fn header_value(value: &str) -> HeaderValue {
    let Ok(value) = HeaderValue::from_str(value) else {
        invalid(format_args!("{value:?} is not the value of a header: leave out line breaks and control characters"));
    };
    value
}

/// Panics: a fault that cannot work would let a test pass without testing anything.
#[track_caller]
#[expect(clippy::panic, reason = "a test could ignore an error")]
fn invalid(problem: impl Display) -> ! {
    panic!("{problem}")
}
