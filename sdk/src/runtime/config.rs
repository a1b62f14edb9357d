//! How a client is made: where the service is, who calls, how long to wait. Knows the settings of the transport, not
//! how calls are sent with it.

use std::net::IpAddr;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use std::{env, fmt};

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Url, redirect, retry};
use zeroize::Zeroizing;

use super::client::{Client, Settings, Shared, Transport};
use super::config_error::{ConfigError, DEFAULT_URL, TOKEN_VARIABLE, URL_VARIABLE};
use super::credential::Credential;
use super::headers::header;
use super::hook::Hook;
use super::retry::{Budget, RetryPolicy};

/// What every `User-Agent` ends with.
const PRODUCT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
/// How long a connection may be idle between two calls that change something, where such connections are reused.
const BURST: Duration = Duration::from_secs(1);

/// Settings for a [`Client`]: all but the token have a default. Returned by [`Client::builder`].
///
/// ```
/// use std::time::Duration;
///
/// let client = prolific_sdk::Client::builder()
///     .token("example-token")
///     .user_agent("cohort-service/2.1")
///     .timeout(Duration::from_secs(20))
///     .build()?;
/// # Ok::<(), prolific_sdk::ConfigError>(())
/// ```
#[derive(Clone)]
#[must_use = "a client is made by `build`"]
pub struct ClientBuilder {
    token: Option<Zeroizing<String>>,
    base_url: String,
    timeout: Duration,
    attempt_timeout: Duration,
    connect_timeout: Option<Duration>,
    retry_policy: RetryPolicy,
    user_agent: Option<String>,
    headers: Vec<(String, String)>,
    hooks: Vec<Arc<dyn Hook>>,
    reuse_write_connections: bool,
    environment_proxy: bool,
    proxy: Option<String>,
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    root_certificates: Vec<Vec<u8>>,
}

/// Leaves out the token and the headers, and the URL, which may hold a password as long as it is not checked.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("timeout", &self.timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("retry_policy", &self.retry_policy)
            .field("user_agent", &self.user_agent)
            .field("reuse_write_connections", &self.reuse_write_connections)
            .field("environment_proxy", &self.environment_proxy)
            .finish_non_exhaustive()
    }
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
    /// When `PROLIFIC_TOKEN` is missing, or a variable has an unusable value. The error says which, and how to fix it.
    pub fn from_env() -> Result<Self, ConfigError> {
        ClientBuilder::from_env()?.build()
    }

    /// Settings for a client, with a default for all but the token.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// A client for another account, with this token. It shares the connections and the retry budget of this client.
    ///
    /// # Errors
    ///
    /// When the text cannot be a token.
    pub fn with_token(&self, token: impl Into<String>) -> Result<Self, ConfigError> {
        let credential = credential(&Zeroizing::new(token.into()))?;
        Ok(self.with(|settings| settings.credential = credential))
    }
}

fn credential(token: &str) -> Result<Credential, ConfigError> {
    if token.is_empty() {
        return Err(ConfigError::MissingToken);
    }
    Credential::new(token).map_err(|reason| ConfigError::InvalidToken { reason })
}

impl ClientBuilder {
    fn new() -> Self {
        Self {
            token: None,
            base_url: DEFAULT_URL.to_owned(),
            timeout: Duration::from_secs(90),
            attempt_timeout: Duration::from_secs(30),
            connect_timeout: None,
            retry_policy: RetryPolicy::new(),
            user_agent: None,
            headers: Vec::new(),
            hooks: Vec::new(),
            reuse_write_connections: false,
            environment_proxy: false,
            proxy: None,
            #[cfg(any(feature = "rustls", feature = "native-tls"))]
            root_certificates: Vec::new(),
        }
    }

    /// A builder with the token and the base URL from the environment, like [`Client::from_env`], for changing other
    /// settings.
    ///
    /// # Errors
    ///
    /// When a variable is not valid UTF-8. Missing and unusable values are reported by [`build`](Self::build).
    pub fn from_env() -> Result<Self, ConfigError> {
        let read = |name| match env::var(name) {
            Ok(value) => Ok(Some(value)),
            Err(env::VarError::NotPresent) => Ok(None),
            Err(env::VarError::NotUnicode(_)) => Err("it is not valid UTF-8: set the variable again"),
        };
        let mut builder = Self::new();
        builder.token =
            read(TOKEN_VARIABLE).map_err(|reason| ConfigError::InvalidToken { reason })?.map(Zeroizing::new);
        // A variable that is set but empty is an error like any other bad URL. Taken as unset, a script that lost its
        // sandbox's address would talk to the real service.
        if let Some(url) = read(URL_VARIABLE).map_err(|reason| ConfigError::InvalidUrl { reason: reason.into() })? {
            builder.base_url = url;
        }
        Ok(builder)
    }

    /// The API token, created in the account settings of Prolific's web application. Required.
    ///
    /// It is sent as `Authorization: Token …`, and never shown by `Debug`, `Display` or the errors of this crate. The
    /// memory that holds it is overwritten when the last clone of the client is dropped. The transport's buffers,
    /// which it passes through with each request, are not.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(Zeroizing::new(token.into()));
        self
    }

    /// The base URL of the service. Defaults to `https://api.prolific.com`.
    ///
    /// Only `https` is accepted, since every request carries the token. Plain `http` is accepted for a loopback address,
    /// where a sandbox listens. If the URL has a path, it is put before the paths of the operations.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// The time limit of a call, including all attempts and the waits between them. Defaults to 90 seconds.
    ///
    /// Must be longer than [`connect_timeout`](Self::connect_timeout).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The time limit of one attempt, from connecting to the last byte of the response. Defaults to 30 seconds. It is
    /// also limited by what is left of [`timeout`](Self::timeout).
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// The time limit for connecting, TLS included. Defaults to 5 seconds, or to half of the shorter of
    /// [`attempt_timeout`](Self::attempt_timeout) and [`timeout`](Self::timeout), if that is less.
    ///
    /// It must be shorter than both: an attempt that ran out of time while connecting provably sent nothing, and only a
    /// shorter limit can tell that from one that was sent and got no response.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// When a failed call is retried. Defaults to [`RetryPolicy::new`]; [`RetryPolicy::never`] switches retries off.
    pub fn retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.retry_policy = policy;
        self
    }

    /// Trusts the certificates in this PEM text as roots, in addition to those that the operating system trusts. Use
    /// it on a network whose proxy decrypts TLS. Whoever holds the key of such a certificate can read every call, the
    /// token included. Can be called several times: each call adds certificates.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// The name and version of the calling program, such as `cohort-service/2.1`. They come before this crate's own in
    /// the `User-Agent` header. Not set by default.
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        self.user_agent = Some(product.into());
        self
    }

    /// Sends this header with every request. A header that authenticates, routes or frames a request, such as
    /// `Authorization`, `Host` or `Content-Length`, is rejected by [`build`](Self::build). To send a header with one
    /// call, use [`Call::header`](crate::Call::header).
    pub fn default_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Adds a hook, which sees each attempt of each call and may add headers. Hooks run in the order in which they were
    /// added.
    pub fn hook(mut self, hook: impl Hook) -> Self {
        self.hooks.push(Arc::new(hook));
        self
    }

    /// Reuses connections for calls that change something, if their last response ended less than a second ago.
    /// Intended for bulk jobs.
    ///
    /// By default each such call opens its own connection, which takes three round trips over TLS instead of one.
    /// Reuse makes outcomes less certain. A service may close a connection just when the next request goes out on it,
    /// and then nobody knows whether the request arrived: the effect is [`Unknown`](crate::Effect::Unknown) more
    /// often. And if something between the client and the service sends an extra response, the next call on that
    /// connection mistakes it for its own.
    pub fn reuse_write_connections(mut self) -> Self {
        self.reuse_write_connections = true;
        self
    }

    /// Uses the proxy set in `HTTPS_PROXY` or a similar environment variable. By default they are ignored, so that the
    /// environment does not decide where a token with full permission goes. They are always ignored for a base URL of
    /// plain `http`, where a proxy would get the token unencrypted.
    pub fn environment_proxy(mut self) -> Self {
        self.environment_proxy = true;
        self
    }

    /// Uses the proxy at this `http` or `https` URL, which may hold a user name and a password for it. It takes
    /// precedence over [`environment_proxy`](Self::environment_proxy), and `NO_PROXY` does not apply to it.
    ///
    /// The proxy tunnels: it learns the host of the base URL, and nothing else of a call, unless it decrypts TLS and
    /// its certificate is trusted. It is not used for a base URL of plain `http`.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// Builds the client, without sending anything.
    ///
    /// # Errors
    ///
    /// When a setting is missing or unusable. The error says which, and what to do.
    pub fn build(self) -> Result<Client, ConfigError> {
        let credential = credential(self.token.as_ref().map_or("", |token| token.as_str()))?;
        let base = base_url(&self.base_url)?;
        let shorter = self.timeout.min(self.attempt_timeout);
        let connect_timeout = self.connect_timeout.unwrap_or_else(|| (shorter / 2).min(Duration::from_secs(5)));
        if connect_timeout.is_zero() || connect_timeout >= shorter {
            return Err(ConfigError::InvalidTimeouts);
        }
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let (name, value) = header(name, value).map_err(|invalid| ConfigError::InvalidHeader { invalid })?;
            headers.insert(name, value);
        }
        let transport = |keeps, keep: fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder| {
            let built = keep(self.transport(&base, connect_timeout)?).build();
            let client = built.map_err(|error| ConfigError::Transport { source: error.into() })?;
            Ok(Transport { client, keeps })
        };
        let bursts = self.reuse_write_connections.then(|| transport(true, |builder| builder.pool_idle_timeout(BURST)));
        let shared = Shared {
            reads: transport(true, |builder| builder)?,
            bursts: bursts.transpose()?,
            // A service may close a kept connection just when it is used, and then it is not known whether the request
            // arrived.
            fresh: transport(false, |builder| builder.pool_max_idle_per_host(0))?,
            home: OnceLock::new(),
            is_mixed_up: AtomicBool::new(false),
            base_url: base.as_str().trim_end_matches('/').to_owned(),
            base,
            budget: Budget::new(),
        };
        let settings = Settings {
            credential,
            timeout: self.timeout,
            until: None,
            attempt_timeout: self.attempt_timeout,
            connect_timeout,
            retry_policy: self.retry_policy,
            headers,
            hooks: self.hooks,
        };
        Ok(Client::new(shared, settings))
    }

    /// The settings of the transport. The time limits of attempts and calls are not among them: `send` keeps those.
    fn transport(&self, base: &Url, connect_timeout: Duration) -> Result<reqwest::ClientBuilder, ConfigError> {
        let user_agent = match &self.user_agent {
            Some(product) => format!("{product} {PRODUCT}"),
            None => PRODUCT.to_owned(),
        };
        let secure = base.scheme() == "https";
        let builder = reqwest::Client::builder()
            // A redirect would turn a create into something else, or carry the token to another host.
            .redirect(redirect::Policy::none())
            .referer(false)
            // Nothing below this crate retries.
            .retry(retry::never())
            // Cargo unites features: another crate in the build could switch these on, or another TLS below.
            .http1_only()
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .no_hickory_dns()
            .https_only(secure)
            .connect_timeout(connect_timeout)
            .user_agent(HeaderValue::try_from(user_agent).map_err(|_| ConfigError::InvalidUserAgent)?);
        #[cfg(feature = "native-tls")]
        let builder = builder.tls_backend_native();
        #[cfg(all(feature = "rustls", not(feature = "native-tls")))]
        let builder = builder.tls_backend_rustls();
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        let builder = self.root_certificates.iter().try_fold(builder, |builder, pem| {
            let certificates = reqwest::Certificate::from_pem_bundle(pem);
            let certificates = certificates.ok().filter(|list| !list.is_empty());
            Ok(builder.tls_certs_merge(certificates.ok_or(ConfigError::InvalidCertificate)?))
        })?;
        // Plain http is for a loopback address, and nothing leads away from it: no certificate is needed, and reading
        // those of the system takes time.
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        let builder = if secure { builder } else { builder.tls_certs_only([]) };
        let builder = if self.environment_proxy && secure { builder } else { builder.no_proxy() };
        let Some(proxy) = &self.proxy else { return Ok(builder) };
        let proxy = Url::parse(proxy).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        // For https alone, which it tunnels.
        let proxy = reqwest::Proxy::https(proxy.ok_or(ConfigError::InvalidProxy)?);
        Ok(builder.proxy(proxy.map_err(|_| ConfigError::InvalidProxy)?))
    }
}

/// Checks the base URL. The URL is not part of an error: it may hold a password.
fn base_url(text: &str) -> Result<Url, ConfigError> {
    let invalid = |reason: &str| ConfigError::InvalidUrl { reason: reason.to_owned() };
    if !text.contains("://") {
        return Err(invalid("it does not start with https://"));
    }
    let url = Url::parse(text).map_err(|error| invalid(&error.to_string()))?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(invalid("its scheme is not https"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("it contains a user name or a password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(invalid("it contains a query or a fragment"));
    }
    if url.scheme() == "http" && !url.host_str().is_some_and(is_loopback) {
        return Err(ConfigError::InsecureUrl);
    }
    if url.scheme() == "https" && cfg!(not(any(feature = "rustls", feature = "native-tls"))) {
        return Err(ConfigError::NoTls);
    }
    Ok(url)
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests;
