//! The client: what all calls share. The operations are added to it by generated code.

use std::fmt;
use std::sync::Arc;

use super::config::{ClientBuilder, ConfigError};
use super::credential::Credential;

/// A client of the API. Each operation is a method; the table at the start of this documentation lists them.
///
/// Cloning is cheap, and clones share their connections: make one client and clone it where it is needed.
#[derive(Clone)]
pub struct Client {
    /// For generated code, which starts requests with it.
    pub(crate) http: reqwest::Client,
    /// For generated code, which puts the operation's path behind it. Without a slash at its end.
    pub(crate) base_url: Arc<str>,
    pub(super) credential: Credential,
}

impl Client {
    pub(super) fn new(http: reqwest::Client, base_url: &str, credential: Credential) -> Self {
        Self { http, base_url: base_url.into(), credential }
    }

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

    /// Where the service is that this client calls, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}
