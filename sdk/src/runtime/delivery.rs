//! Whether a request reached the service: what the transport's errors prove, and the body that knows whether it was
//! taken. Decides nothing.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::outcome::{Delivery, ErrorKind, Phase};

/// Why an attempt got no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// There was no request to send.
    Invalid,
    /// There was no connection, or it was closed before anything was written. `permanent` if that will not pass by
    /// itself.
    Connect { permanent: bool },
    /// Connecting took too long.
    ConnectTimeout,
    /// The connection broke, or what came was not HTTP.
    Interrupted,
    /// No response began in time.
    ResponseTimeout,
}

impl Failure {
    pub(super) fn kind(self) -> ErrorKind {
        match self {
            Self::Invalid => ErrorKind::InvalidRequest,
            Self::Connect { .. } => ErrorKind::Connect,
            Self::ConnectTimeout => ErrorKind::Timeout(Phase::Connect),
            Self::Interrupted => ErrorKind::Interrupted,
            Self::ResponseTimeout => ErrorKind::Timeout(Phase::Response),
        }
    }

    pub(super) fn delivery(self) -> Delivery {
        match self {
            Self::Invalid | Self::Connect { .. } | Self::ConnectTimeout => Delivery::NotSent,
            Self::Interrupted | Self::ResponseTimeout => Delivery::Unknown,
        }
    }
}

/// Tracks the body of one attempt.
///
/// The transport reads the body in its own task, possibly at the moment the attempt is abandoned. Both sides therefore
/// change the state in one step: what has been withdrawn is not handed out any more, and it is known whether anything
/// was handed out before.
#[derive(Debug)]
pub(super) struct BodyHandle(Option<Arc<AtomicU8>>);

/// Nothing was handed out.
const OPEN: u8 = 0;
/// Some or all of it was handed out.
const TAKEN: u8 = 1;
/// Nothing is handed out any more.
const WITHDRAWN: u8 = 2;

/// How much is handed out at once. A body that is given up half-way does not go on to the end.
const PIECE: usize = 64 * 1024;

/// Puts a tracked body into the request, which the transport cannot send twice by itself. An empty one is none.
pub(super) fn track(request: &mut reqwest::Request, body: Bytes) -> BodyHandle {
    if body.is_empty() {
        return BodyHandle(None);
    }
    let (tracked, handle) = TrackedBody::new(body);
    *request.body_mut() = Some(reqwest::Body::wrap(tracked));
    handle
}

impl BodyHandle {
    /// Withdraws what is left of the body. `true` proves that nothing of it was handed out, so that the service cannot
    /// have the request, now or later. `false` proves nothing; a request without a body always gives `false`.
    pub(super) fn withdraw(&self) -> bool {
        self.0.as_ref().is_some_and(|state| state.swap(WITHDRAWN, Ordering::AcqRel) == OPEN)
    }
}

/// An attempt that is dropped hands nothing out any more.
impl Drop for BodyHandle {
    fn drop(&mut self) {
        self.withdraw();
    }
}

/// A body that is handed out once, unless it has been withdrawn.
struct TrackedBody {
    left: Bytes,
    state: Arc<AtomicU8>,
}

impl TrackedBody {
    fn new(bytes: Bytes) -> (Self, BodyHandle) {
        let state = Arc::new(AtomicU8::new(OPEN));
        (Self { left: bytes, state: Arc::clone(&state) }, BodyHandle(Some(state)))
    }
}

impl Body for TrackedBody {
    type Data = Bytes;
    type Error = Withdrawn;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Withdrawn>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        if self.state.compare_exchange(OPEN, TAKEN, Ordering::AcqRel, Ordering::Acquire) == Err(WITHDRAWN) {
            return Poll::Ready(Some(Err(Withdrawn)));
        }
        let piece = self.left.len().min(PIECE);
        Poll::Ready(Some(Ok(Frame::data(self.left.split_to(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    /// Exact, so that the request has a `content-length`.
    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.len() as u64)
    }
}

/// The attempt was given up before its body was sent.
#[derive(Debug)]
struct Withdrawn;

impl fmt::Display for Withdrawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the attempt was abandoned before its body was sent")
    }
}

impl StdError for Withdrawn {}

/// What a deadline proves that was reached before a response began. Withdraws the body.
pub(super) fn timed_out(handle: &BodyHandle) -> Failure {
    if handle.withdraw() { Failure::ConnectTimeout } else { Failure::ResponseTimeout }
}

/// What is known of an attempt that was moved to another runtime before a response began. Withdraws the body.
pub(super) fn moved(handle: &BodyHandle) -> Failure {
    if handle.withdraw() { Failure::Connect { permanent: false } } else { Failure::Interrupted }
}

/// What the transport's error proves of an attempt that got no response. Redirects are off and nothing below sends
/// again, so a failure to connect is one of the only connection. Withdraws the body.
pub(super) fn classify(error: &reqwest::Error, handle: &BodyHandle) -> Failure {
    let unsent = handle.withdraw();
    if error.is_builder() {
        return Failure::Invalid;
    }
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => Failure::ConnectTimeout,
        (true, false) => Failure::Connect { permanent: is_permanent(error) },
        (false, true) if unsent => Failure::ConnectTimeout,
        (false, true) => Failure::ResponseTimeout,
        (false, false) if unsent || was_handed_back(error) => Failure::Connect { permanent: false },
        (false, false) => Failure::Interrupted,
    }
}

/// Whether the transport gave the request back: it says so only of one that it has not begun to write.
fn was_handed_back(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| cause.downcast_ref().is_some_and(hyper::Error::is_canceled))
}

/// Whether a failure to connect will not pass by itself: a certificate that is not trusted, or a proxy that requires
/// authentication. The transports report this only in their error texts.
fn is_permanent(error: &reqwest::Error) -> bool {
    // Not in the first text: that has the URL.
    causes(error).skip(1).any(|cause| {
        let text = cause.to_string();
        text.contains("certificate") || text.contains("proxy auth")
    })
}

fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&cause| cause.source())
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    /// Whether the transport gets the bytes when it asks for them.
    fn is_handed_out(body: &mut TrackedBody) -> bool {
        match Pin::new(body).poll_frame(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Some(frame)) => frame.is_ok(),
            other => panic!("{other:?}"),
        }
    }

    fn tracked() -> (TrackedBody, BodyHandle) {
        TrackedBody::new(Bytes::from_static(b"body"))
    }

    #[test]
    fn a_body_that_was_withdrawn_is_not_handed_out_and_one_that_was_handed_out_is_not_unsent() {
        let (mut body, handle) = tracked();
        assert!(handle.withdraw());
        assert!(!is_handed_out(&mut body));

        let (mut body, handle) = tracked();
        assert!(is_handed_out(&mut body));
        assert!(!handle.withdraw());
    }

    #[test]
    fn a_large_body_that_is_given_up_half_way_does_not_go_on() {
        let (mut body, handle) = TrackedBody::new(vec![0; 3 * PIECE + 1].into());
        assert_eq!(body.size_hint().exact(), Some(3 * PIECE as u64 + 1));
        assert!(is_handed_out(&mut body) && is_handed_out(&mut body));
        assert_eq!(body.size_hint().exact(), Some(PIECE as u64 + 1));
        assert!(!handle.withdraw(), "a part of it was sent");
        assert!(!is_handed_out(&mut body));
    }

    #[test]
    fn a_body_arrives_in_full() {
        let bytes: Vec<_> = (0..=u8::MAX).cycle().take(2 * PIECE).collect();
        let (mut body, _handle) = TrackedBody::new(bytes.clone().into());
        let mut read = Vec::new();
        while let Poll::Ready(Some(frame)) = Pin::new(&mut body).poll_frame(&mut Context::from_waker(Waker::noop())) {
            read.extend_from_slice(&frame.unwrap().into_data().unwrap());
        }
        assert_eq!(read, bytes);
        assert!(body.is_end_stream());
    }

    #[test]
    fn a_body_is_not_handed_out_once_its_attempt_is_dropped() {
        let (mut body, handle) = tracked();
        drop(handle);
        assert!(!is_handed_out(&mut body));
    }

    /// The transport's thread and ours at the same time.
    #[test]
    fn however_the_two_sides_meet_one_of_them_wins() {
        for _ in 0..1000 {
            let (mut body, handle) = tracked();
            let transport = std::thread::spawn(move || is_handed_out(&mut body));
            let withdrawn = handle.withdraw();
            assert_ne!(transport.join().unwrap(), withdrawn);
        }
    }

    #[test]
    fn without_a_body_nothing_is_proved() {
        let request = || reqwest::Request::new(reqwest::Method::DELETE, "http://127.0.0.1".parse().unwrap());
        assert!(!track(&mut request(), Bytes::new()).withdraw());
        assert!(track(&mut request(), Bytes::from_static(b"body")).withdraw());
    }
}
