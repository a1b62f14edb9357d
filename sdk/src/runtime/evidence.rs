//! Whether a request left this machine: what the transport's errors prove, and the body that knows whether it was taken.
//! Decides nothing.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::error::{Kind, Phase};

/// What has become of the body of one attempt.
///
/// The transport takes the body on a task of its own, and so may do it just while the attempt is given up. Both sides
/// therefore change the state in one step: what has been withdrawn is not handed out any more, and it is known whether
/// anything was handed out before.
#[derive(Debug)]
pub(super) struct Ticket(Option<Arc<AtomicU8>>);

/// Nothing was handed out.
const OPEN: u8 = 0;
/// Some or all of it was handed out.
const TAKEN: u8 = 1;
/// Nothing is handed out any more.
const WITHDRAWN: u8 = 2;

/// How much is handed out at once. A body that is given up half-way does not go on to the end.
const PIECE: usize = 64 * 1024;

/// Puts a body into the request that tells whether it is taken, and that the transport cannot send twice by itself. `None`
/// if the request's own does not lie in memory in one piece.
pub(super) fn watch(request: &mut reqwest::Request) -> Option<Ticket> {
    let Some(body) = request.body_mut() else { return Some(Ticket(None)) };
    if body.is_end_stream() {
        return Some(Ticket(None));
    }
    // The piece is there at once, and handed over without a copy.
    let frame = Pin::new(&mut *body).poll_frame(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready(Some(Ok(frame))) = frame else { return None };
    let bytes = frame.into_data().ok().filter(|_| body.is_end_stream())?;
    let (probe, ticket) = Probe::body(bytes);
    *body = probe;
    Some(ticket)
}

impl Ticket {
    /// Withdraws what is left of the body. `true` proves that nothing of it was handed out, so that the service cannot have
    /// the request, now or later. `false` proves nothing; so it is for a request without a body.
    fn withdraw(&self) -> bool {
        self.0.as_ref().is_some_and(|state| state.swap(WITHDRAWN, Ordering::AcqRel) == OPEN)
    }
}

/// An attempt that is dropped hands nothing out any more.
impl Drop for Ticket {
    fn drop(&mut self) {
        self.withdraw();
    }
}

/// A body that is handed out once, unless it has been withdrawn.
struct Probe {
    left: Bytes,
    state: Arc<AtomicU8>,
}

impl Probe {
    fn body(bytes: Bytes) -> (reqwest::Body, Ticket) {
        let state = Arc::new(AtomicU8::new(OPEN));
        let probe = Self { left: bytes, state: Arc::clone(&state) };
        (reqwest::Body::wrap(probe), Ticket(Some(state)))
    }
}

impl Body for Probe {
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
        f.write_str("the attempt was given up before its body was sent")
    }
}

impl StdError for Withdrawn {}

/// What the transport's error proves of an attempt that got no answer. Redirects are off and nothing below sends again, so
/// a failure to connect is one of the only connection.
pub(super) fn kind(error: &reqwest::Error, ticket: &Ticket) -> Kind {
    let unsent = ticket.withdraw();
    if error.is_builder() {
        // A URL can turn out to be too long only here.
        return Kind::Input;
    }
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => Kind::Timeout(Phase::Connect),
        (true, false) => Kind::Connect,
        (false, true) if unsent => Kind::Timeout(Phase::Connect),
        (false, true) => Kind::Timeout(Phase::Head),
        (false, false) if unsent || was_handed_back(error) => Kind::NotDelivered,
        (false, false) => Kind::Interrupted,
    }
}

/// Whether the transport gave the request back: it says so only of one that it has not begun to write.
fn was_handed_back(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| cause.downcast_ref().is_some_and(hyper::Error::is_canceled))
}

/// Whether a failure to connect will not pass by itself: a certificate that is not trusted, or a proxy that wants to know
/// who asks. The transports say it in words only.
pub(super) fn is_lasting(error: &reqwest::Error) -> bool {
    // Not in the first text: that has the URL.
    error.is_connect()
        && causes(error).skip(1).any(|cause| {
            let text = cause.to_string();
            text.contains("certificate") || text.contains("proxy auth")
        })
}

fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&cause| cause.source())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt() -> (reqwest::Body, Ticket) {
        Probe::body(Bytes::from_static(b"body"))
    }

    /// Whether the transport gets the bytes when it asks for them.
    fn is_handed_out(body: &mut reqwest::Body) -> bool {
        match Pin::new(body).poll_frame(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Some(frame)) => frame.is_ok(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_body_that_was_withdrawn_is_not_handed_out_and_one_that_was_handed_out_is_not_unsent() {
        let (mut body, ticket) = attempt();
        assert!(ticket.withdraw());
        assert!(!is_handed_out(&mut body));

        let (mut body, ticket) = attempt();
        assert!(is_handed_out(&mut body));
        assert!(!ticket.withdraw());
    }

    #[test]
    fn a_large_body_that_is_given_up_half_way_does_not_go_on() {
        let (mut body, ticket) = Probe::body(vec![0; 3 * PIECE + 1].into());
        assert_eq!(body.size_hint().exact(), Some(3 * PIECE as u64 + 1));
        assert!(is_handed_out(&mut body) && is_handed_out(&mut body));
        assert_eq!(body.size_hint().exact(), Some(PIECE as u64 + 1));
        assert!(!ticket.withdraw(), "a part of it was sent");
        assert!(!is_handed_out(&mut body));
    }

    #[test]
    fn a_body_arrives_in_full() {
        let bytes: Vec<_> = (0..=u8::MAX).cycle().take(2 * PIECE).collect();
        let (mut body, _ticket) = Probe::body(bytes.clone().into());
        let mut read = Vec::new();
        while let Poll::Ready(Some(frame)) = Pin::new(&mut body).poll_frame(&mut Context::from_waker(Waker::noop())) {
            read.extend_from_slice(&frame.unwrap().into_data().unwrap());
        }
        assert_eq!(read, bytes);
        assert!(body.is_end_stream());
    }

    #[test]
    fn a_body_is_not_handed_out_once_its_attempt_is_dropped() {
        let (mut body, ticket) = attempt();
        drop(ticket);
        assert!(!is_handed_out(&mut body));
    }

    /// The transport's thread and ours at the same time.
    #[test]
    fn however_the_two_sides_meet_one_of_them_wins() {
        for _ in 0..1000 {
            let (mut body, ticket) = attempt();
            let transport = std::thread::spawn(move || is_handed_out(&mut body));
            let withdrawn = ticket.withdraw();
            assert_ne!(transport.join().unwrap(), withdrawn);
        }
    }

    #[test]
    fn without_a_body_nothing_is_proved() {
        let url = "http://127.0.0.1".parse().unwrap();
        let mut request = reqwest::Request::new(reqwest::Method::DELETE, url);
        assert!(!watch(&mut request).unwrap().withdraw());
        *request.body_mut() = Some(Bytes::new().into());
        assert!(!watch(&mut request).unwrap().withdraw());
        *request.body_mut() = Some("body".into());
        assert!(watch(&mut request).unwrap().withdraw());
    }
}
