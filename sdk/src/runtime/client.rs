//! The client: what all calls share. `config` builds it; generated code adds the operations.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderMap;

use super::credential::Credential;
use super::hook::Hook;
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
/// without one they panic.
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
    /// For calls that only read.
    pub(super) reads: Transport,
    /// For all others.
    pub(super) writes: Transport,
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

/// What can differ between them.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) credential: Credential,
    pub(super) timeout: Duration,
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
