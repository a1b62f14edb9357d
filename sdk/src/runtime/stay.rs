//! Keeps a future on the runtime that it was made for: its timers and its connection belong to that one, and would
//! never wake it on another.

use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use tokio::runtime::{Handle, Id};
use tokio::time::{Instant, sleep_until};

/// The future was moved to another runtime before it was ready.
#[derive(Debug)]
pub(super) struct Moved;

impl Moved {
    pub(super) const TEXT: &str = "the call was moved to another runtime before it had ended";
}

impl fmt::Display for Moved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::TEXT)
    }
}

impl std::error::Error for Moved {}

/// What the future comes to, or that it is polled on another runtime than this one.
pub(super) async fn stay<F: Future>(home: Id, future: F) -> Result<F::Output, Moved> {
    let mut future = pin!(future);
    // What leads to the first poll has not waited since it was last known to be there.
    let mut has_waited = false;
    poll_fn(|context| {
        if std::mem::replace(&mut has_waited, true) && Handle::current().id() != home {
            return Poll::Ready(Err(Moved));
        }
        future.as_mut().poll(context).map(Ok)
    })
    .await
}

/// Waits, on whatever runtime.
pub(super) async fn wait_until(time: Instant) {
    while stay(Handle::current().id(), sleep_until(time)).await.is_err() {}
}
