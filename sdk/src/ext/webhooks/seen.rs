//! From at least once to once: which events were handled.

use std::collections::{HashSet, VecDeque};
use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Remembers the events that were handled, by their ids: Prolific delivers each event at least once, so it may come
/// again, even at the same time on another connection.
///
/// [`once`](Self::once) is what a receiver calls. The other methods are for implementations: [`SeenInMemory`] for one
/// process, and [your own](crate::guide::webhooks#a-database) for a database that several share.
pub trait Seen: Sync {
    /// Why the memory cannot be asked: [`Infallible`] if it always can.
    type Error: Send;

    /// Notes that the work for an event begins, and returns [`Progress::New`], if it is neither running nor finished.
    ///
    /// Of two calls at the same time, only one may get [`Progress::New`].
    fn begin(&self, event_id: &str) -> impl Future<Output = Result<Progress, Self::Error>> + Send;

    /// Notes that the work is finished.
    fn finish(&self, event_id: &str) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// Notes that the work has failed, so that the next delivery begins it again.
    ///
    /// Also called when the future of [`once`](Self::once) is dropped, as web frameworks do when the sender hangs up.
    /// That is why it cannot wait. A database removes its note in a task, and lets notes of running work expire: nothing is
    /// called for a future that is dropped in the middle of [`begin`](Self::begin) or [`finish`](Self::finish).
    fn abandon(&self, event_id: &str);

    /// Does the work for an event, unless it was done before. Returns what the work returns, or `None` if it was done.
    ///
    /// Respond with a status from 200 to 299 to an `Ok`, and with one such as 503 to an `Err`, so that the event is
    /// delivered again.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// use prolific_sdk::webhooks::{Seen, SeenInMemory};
    ///
    /// let seen = SeenInMemory::new(100_000);
    /// let work = async || Ok::<_, std::io::Error>("approved");
    /// assert_eq!(seen.once("6571c1024a9b2d3e8f106a24", work()).await.unwrap(), Some("approved"));
    /// assert_eq!(seen.once("6571c1024a9b2d3e8f106a24", work()).await.unwrap(), None);
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the work fails, when it is running for another delivery, or when the memory cannot be asked.
    fn once<T: Send, E: Send>(
        &self,
        event_id: &str,
        work: impl Future<Output = Result<T, E>> + Send,
    ) -> impl Future<Output = Result<Option<T>, OnceError<E, Self::Error>>> + Send {
        async move {
            match self.begin(event_id).await.map_err(OnceError::Seen)? {
                Progress::New => {}
                Progress::Running => return Err(OnceError::Running),
                Progress::Finished => return Ok(None),
            }
            let unfinished = Unfinished { seen: self, event_id };
            let done = work.await.map_err(OnceError::Work)?;
            std::mem::forget(unfinished);
            self.finish(event_id).await.map_err(OnceError::Seen)?;
            Ok(Some(done))
        }
    }
}

/// Abandons the work for an event when it is dropped.
struct Unfinished<'a, S: Seen + ?Sized> {
    seen: &'a S,
    event_id: &'a str,
}

impl<S: Seen + ?Sized> Drop for Unfinished<'_, S> {
    fn drop(&mut self) {
        self.seen.abandon(self.event_id);
    }
}

/// How far the work for an event is, as [`Seen::begin`] returns it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[allow(clippy::exhaustive_enums, reason = "implementations return all of them")]
pub enum Progress {
    /// It begins now: the caller does it.
    New,
    /// It has begun for another delivery, and is not finished.
    Running,
    /// It is finished.
    Finished,
}

/// Why [`Seen::once`] did not finish.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum OnceError<E, S> {
    /// Another delivery of the event is being handled. If that fails, this one has to come again.
    Running,
    /// The work failed. The next delivery begins it again.
    Work(E),
    /// The memory could not be asked, or could not note that the work is finished.
    Seen(S),
}

impl<E: fmt::Display, S: fmt::Display> fmt::Display for OnceError<E, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Running => f.write_str("another delivery of the event is being handled"),
            Self::Work(error) => error.fmt(f),
            Self::Seen(error) => write!(f, "whether the event was handled is not known: {error}"),
        }
    }
}

impl<E: std::error::Error, S: std::error::Error> std::error::Error for OnceError<E, S> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Work(error) => error.source(),
            Self::Seen(error) => error.source(),
            Self::Running => None,
        }
    }
}

/// Remembers events in the memory of the process, up to a number of them.
///
/// What it has forgotten is handled again if it is delivered again: after a restart, and when more events have come since
/// than it keeps. Prolific repeats an event for up to 24 hours, so keep those of more than a day. An event takes about
/// 100 bytes.
#[derive(Debug)]
pub struct SeenInMemory {
    most: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    running: HashSet<String>,
    finished: HashSet<Arc<str>>,
    /// The oldest first.
    order: VecDeque<Arc<str>>,
}

impl SeenInMemory {
    /// A memory of at most this many finished events. When there are more, it forgets the oldest.
    pub fn new(most: usize) -> Self {
        Self { most, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it is locked.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen for SeenInMemory {
    type Error = Infallible;

    async fn begin(&self, event_id: &str) -> Result<Progress, Infallible> {
        let mut state = self.state();
        Ok(if state.finished.contains(event_id) {
            Progress::Finished
        } else if state.running.insert(event_id.to_owned()) {
            Progress::New
        } else {
            Progress::Running
        })
    }

    async fn finish(&self, event_id: &str) -> Result<(), Infallible> {
        let mut state = self.state();
        state.running.remove(event_id);
        let id: Arc<str> = event_id.into();
        if state.finished.insert(Arc::clone(&id)) {
            state.order.push_back(id);
        }
        if state.order.len() > self.most
            && let Some(oldest) = state.order.pop_front()
        {
            state.finished.remove(&oldest);
        }
        Ok(())
    }

    fn abandon(&self, event_id: &str) {
        self.state().running.remove(event_id);
    }
}
