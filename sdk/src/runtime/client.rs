//! The client: what all calls share. `config` builds it; generated code adds the operations.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderMap;
use tokio::runtime;
use tokio::time::Instant;

use super::credential::Credential;
use super::hook::Hook;
use super::operation::Operation;
use super::retry::{Budget, RetryPolicy};

/// A client of the API. Create one with [`Client::from_env`] or [`Client::builder`]. Each resource of the API is a
/// method that returns a handle, and each operation is a method of that handle.
///
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// // The token from PROLIFIC_TOKEN.
/// let client = prolific_sdk::Client::from_env()?;
/// let user = client.users().me().send().await?;
/// println!("the token belongs to {}", user.id);
/// # Ok(())
/// # }
/// ```
///
/// Cloning is cheap, and clones share their connections and their retry budget: make one client, and clone it where it
/// is needed.
///
/// Calls need a [tokio](https://docs.rs/tokio) runtime with I/O and time enabled, such as the one of `#[tokio::main]`;
/// without one they panic. A client can be used from several runtimes. It keeps connections for the first one that makes
/// a call, even after that one has ended; from the others, each call opens its own. A call that is moved to another
/// runtime before it has ended fails there as if its connection had broken, or is retried where that is safe.
#[derive(Clone)]
pub struct Client {
    pub(super) inner: Arc<Inner>,
}

#[derive(Clone)]
pub(super) struct Inner {
    pub(super) shared: Arc<Shared>,
    pub(super) settings: Settings,
}

/// What all clients have in common that are made from one.
pub(super) struct Shared {
    /// For calls that only read. It keeps its connections.
    pub(super) reads: Transport,
    /// For all others, if these reuse connections in a burst.
    pub(super) bursts: Option<Transport>,
    /// Keeps no connection.
    pub(super) fresh: Transport,
    /// The runtime that kept connections belong to: the first that makes a call.
    pub(super) home: OnceLock<runtime::Id>,
    /// Whether a response was found to belong to another request. No connection is kept after that.
    pub(super) is_mixed_up: AtomicBool,
    pub(super) base: Url,
    /// Without a slash at its end.
    pub(super) base_url: String,
    pub(super) budget: Budget,
}

pub(super) struct Transport {
    pub(super) client: reqwest::Client,
    /// Whether connections are kept after a response.
    pub(super) keeps: bool,
}

impl Shared {
    /// What an attempt is sent with. A connection that another runtime drives stands still with it, and a retry does not
    /// trust what an earlier attempt may have left behind: both have one of their own.
    pub(super) fn transport(&self, operation: &Operation, attempt: u32, here: runtime::Id) -> &Transport {
        let kept = if operation.safe { Some(&self.reads) } else { self.bursts.as_ref() };
        let is_home = *self.home.get_or_init(|| here) == here;
        let is_mixed_up = self.is_mixed_up.load(Ordering::Relaxed);
        kept.filter(|_| is_home && !is_mixed_up && attempt == 1).unwrap_or(&self.fresh)
    }
}

/// What can differ between them.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) credential: Credential,
    pub(super) timeout: Duration,
    /// When each call has to have ended.
    pub(super) until: Option<Instant>,
    pub(super) attempt_timeout: Duration,
    pub(super) connect_timeout: Duration,
    pub(super) retry_policy: RetryPolicy,
    pub(super) headers: HeaderMap,
    pub(super) hooks: Vec<Arc<dyn Hook>>,
}

impl Client {
    pub(super) fn new(shared: Shared, settings: Settings) -> Self {
        Self { inner: Arc::new(Inner { shared: Arc::new(shared), settings }) }
    }

    /// The same client with another [`timeout`](crate::ClientBuilder::timeout) for a call. To set it for one call, use
    /// [`Call::timeout`](crate::Call::timeout).
    #[must_use = "the client itself stays as it is"]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        self.with(|settings| settings.timeout = timeout)
    }

    /// The same client with another retry policy. To set it for one call, use
    /// [`Call::retry_policy`](crate::Call::retry_policy).
    #[must_use = "the client itself stays as it is"]
    pub fn with_retry_policy(&self, policy: RetryPolicy) -> Self {
        self.with(|settings| settings.retry_policy = policy)
    }

    /// The same client, whose calls end at this time at the latest, given its timeout.
    pub(crate) fn until(&self, time: impl FnOnce(Duration) -> Option<Instant>) -> Self {
        self.with(|settings| settings.until = time(settings.timeout))
    }

    pub(super) fn with(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let mut inner = Inner::clone(&self.inner);
        change(&mut inner.settings);
        Self { inner: Arc::new(inner) }
    }

    /// The base URL of the service that this client calls, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.inner.shared.base_url
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}
