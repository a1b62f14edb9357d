//! Whether a request left this machine: what the transport's errors prove, and the body that knows whether it was taken.
//! Decides nothing.

use std::convert::Infallible;
use std::error::Error as StdError;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::error::{Kind, Phase};

/// A request's body, to be sent any number of times. The transport cannot send a [`Probe`] twice by itself.
#[derive(Debug)]
pub(super) struct Payload(Option<Bytes>);

/// Whether the body of one attempt was taken. A body that was not taken cannot have reached the service, so that the
/// request cannot have been complete there. `None` where there is no body to tell it by.
#[derive(Debug)]
pub(super) struct Taken(Option<Arc<AtomicBool>>);

impl Payload {
    /// Takes the body out of a request.
    pub(super) async fn of(request: &mut reqwest::Request) -> Self {
        let Some(mut body) = request.body_mut().take() else { return Self(None) };
        // It is in memory as one piece, which this hands over without a copy.
        let frame = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
        Self(frame.and_then(Result::ok).and_then(|frame| frame.into_data().ok()))
    }

    /// The body for one attempt, and what tells of it.
    pub(super) fn probe(&self) -> (Option<reqwest::Body>, Taken) {
        let Some(bytes) = self.0.clone().filter(|bytes| !bytes.is_empty()) else { return (None, Taken(None)) };
        let taken = Arc::new(AtomicBool::new(false));
        let probe = Probe { bytes: Some(bytes), taken: Arc::clone(&taken) };
        (Some(reqwest::Body::wrap(probe)), Taken(Some(taken)))
    }
}

/// A body in one piece that says when it is taken.
struct Probe {
    bytes: Option<Bytes>,
    taken: Arc<AtomicBool>,
}

impl Body for Probe {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.taken.store(true, Ordering::Release);
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    /// Exact, so that the request has a `content-length`.
    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

/// What the transport's error proves of an attempt that got no answer. Redirects are off and nothing below sends again, so
/// a failure to connect is one of the only connection.
pub(super) fn kind(error: &reqwest::Error, Taken(taken): &Taken) -> Kind {
    let untouched = taken.as_ref().is_some_and(|taken| !taken.load(Ordering::Acquire));
    if error.is_builder() {
        // A URL can turn out to be too long only here.
        return Kind::Input;
    }
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => Kind::Timeout(Phase::Connect),
        (true, false) => Kind::Connect,
        (false, true) if untouched => Kind::Timeout(Phase::Connect),
        (false, true) => Kind::Timeout(Phase::Head),
        (false, false) if untouched || was_handed_back(error) => Kind::NotDelivered,
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
    error.is_connect()
        && causes(error).any(|cause| {
            let text = cause.to_string();
            text.contains("certificate") || text.contains("proxy auth")
        })
}

fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&cause| cause.source())
}
