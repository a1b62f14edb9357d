//! The client: what all calls share. The operations are added to it by generated code.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::config::{ClientBuilder, ConfigError};
use super::credential::Credential;
use super::retry::{Budget, RetryPolicy};

/// A client of the API. Each operation is a method; the table at the start of this documentation lists them.
///
/// Calls are made on a [tokio](https://docs.rs/tokio) runtime, with its input and output and its time enabled, as
/// `#[tokio::main]` does; elsewhere they panic. A client is not bound to one runtime.
///
/// Cloning is cheap, and clones share their connections and their budget for retries: make one client and clone it where
/// it is needed.
#[derive(Clone)]
pub struct Client {
    pub(super) shared: Arc<Shared>,
    pub(super) settings: Settings,
}

/// What clones have in common.
pub(super) struct Shared {
    pub(super) http: reqwest::Client,
    /// The same, but for keeping connections.
    pub(super) unpooled: reqwest::Client,
    /// Without a slash at its end.
    pub(super) base_url: String,
    pub(super) credential: Credential,
    pub(super) budget: Budget,
}

/// What can differ between clones.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub(super) timeout: Duration,
    pub(super) attempt_timeout: Duration,
    pub(super) connect_timeout: Duration,
    pub(super) retry_policy: RetryPolicy,
}

impl Client {
    /// A client from the environment: the API token from `PROLIFIC_TOKEN`, and the base URL from `PROLIFIC_URL`, which
    /// defaults to `https://api.prolific.com`. Everything else has the defaults of [`ClientBuilder`].
    ///
    /// ```no_run
    /// let client = prolific_sdk::Client::from_env()?;
    /// # Ok::<(), prolific_sdk::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When a variable is missing or unusable; the error says which, and what to do.
    pub fn from_env() -> Result<Self, ConfigError> {
        ClientBuilder::from_env()?.build()
    }

    /// Settings for a client, with a default for all but the token.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// The same client with another policy for retries: for some calls, or for one.
    ///
    /// ```
    /// # fn once(client: &prolific_sdk::Client) {
    /// use prolific_sdk::RetryPolicy;
    ///
    /// let once = client.with_retry_policy(RetryPolicy::never());
    /// # }
    /// ```
    #[must_use = "the client itself stays as it is"]
    pub fn with_retry_policy(&self, policy: RetryPolicy) -> Self {
        Self { settings: Settings { retry_policy: policy, ..self.settings }, ..self.clone() }
    }

    /// The same client with another [`timeout`](ClientBuilder::timeout) of a call, over all its attempts and the waits
    /// between them. With a timeout of zero, calls fail without sending anything; with one that is shorter than
    /// [`connect_timeout`](ClientBuilder::connect_timeout), a call is not sent a second time.
    #[must_use = "the client itself stays as it is"]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        Self { settings: Settings { timeout, ..self.settings }, ..self.clone() }
    }

    /// Where the service is that this client calls, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.shared.base_url
    }

    /// For generated code, which starts requests with it.
    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.shared.http
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}
