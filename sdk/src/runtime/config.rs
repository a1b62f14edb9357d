//! How a client is made: where the service is, who calls, how long to wait. Knows the settings of the transport, not how
//! calls are made with it.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use std::{env, fmt};

use reqwest::header::HeaderValue;
use reqwest::{Url, redirect, retry};
use zeroize::Zeroizing;

use super::client::{Client, Settings, Shared};
use super::credential::Credential;
use super::retry::{Budget, RetryPolicy};

const DEFAULT_URL: &str = "https://api.prolific.com";
const TOKEN_VARIABLE: &str = "PROLIFIC_TOKEN";
const URL_VARIABLE: &str = "PROLIFIC_URL";
/// What every `User-Agent` ends with.
const PRODUCT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// Settings of a [`Client`]. Made by [`Client::builder`].
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
    environment_proxy: bool,
    proxy: Option<String>,
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    root_certificates: Vec<Vec<u8>>,
}

/// Leaves out the token, and the URL, which may hold a password as long as it is not checked.
impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("timeout", &self.timeout)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("retry_policy", &self.retry_policy)
            .field("user_agent", &self.user_agent)
            .field("environment_proxy", &self.environment_proxy)
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    pub(crate) fn new() -> Self {
        Self {
            token: None,
            base_url: DEFAULT_URL.to_owned(),
            timeout: Duration::from_secs(90),
            attempt_timeout: Duration::from_secs(30),
            connect_timeout: None,
            retry_policy: RetryPolicy::new(),
            user_agent: None,
            environment_proxy: false,
            proxy: None,
            #[cfg(any(feature = "rustls", feature = "native-tls"))]
            root_certificates: Vec::new(),
        }
    }

    /// Settings with the token and the base URL of the environment, as [`Client::from_env`] reads them, for those who
    /// want to set more.
    ///
    /// # Errors
    ///
    /// When a variable is not valid UTF-8. Missing and unusable values are told by [`build`](Self::build).
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

    /// The API token, made in the account settings of Prolific's web application. Required.
    ///
    /// It is sent as `Authorization: Token …`, and printed by no `Debug`, `Display` or error of this crate. The memory that
    /// holds it is overwritten when the last clone of the client is dropped; buffers of the transport, which it passes
    /// through with each request, are not.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(Zeroizing::new(token.into()));
        self
    }

    /// Where the service is. Defaults to `https://api.prolific.com`.
    ///
    /// Only `https` is accepted, since every request carries the token; plain `http` is accepted for a loopback
    /// address, where a sandbox listens. A path is kept in front of the operations' paths.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// How long a call may take, over all its attempts and the waits between them. Defaults to 90 seconds.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long one attempt may take, from connecting to the last byte of the response. Defaults to 30 seconds. What is
    /// left of [`timeout`](Self::timeout) limits it too.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// How long connecting may take, TLS included. Defaults to 5 seconds, or to half of the shorter one of
    /// [`attempt_timeout`](Self::attempt_timeout) and [`timeout`](Self::timeout), if that is less.
    ///
    /// It must be shorter than both: an attempt that ran out of time while connecting provably sent nothing, and only the
    /// shorter limit can tell that from one that was sent and not answered.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// When a call that failed is sent again. Defaults to [`RetryPolicy::new`]; [`RetryPolicy::never`] switches it off.
    pub fn retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.retry_policy = policy;
        self
    }

    /// Trusts the certificates in this PEM text as roots, beside those that the operating system trusts: for a network
    /// whose proxy opens TLS. Whoever holds the key of such a certificate can read every call, the token included. Can be
    /// called more than once.
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.root_certificates.push(pem.into());
        self
    }

    /// The name and version of the calling program, such as `cohort-service/2.1`. It is put before this crate's own in
    /// the `User-Agent` header. Not set by default.
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        self.user_agent = Some(product.into());
        self
    }

    /// Uses the proxy that `HTTPS_PROXY` and its relatives name. By default they are ignored: what stands in the
    /// environment shall not decide where a token with full permission goes. They are always ignored for a base URL of
    /// plain `http`, since a proxy would get the token unencrypted.
    pub fn environment_proxy(mut self) -> Self {
        self.environment_proxy = true;
        self
    }

    /// Uses the proxy at this URL of `http` or `https`, which may hold a user name and a password for it. It comes before
    /// [`environment_proxy`](Self::environment_proxy), and `NO_PROXY` does not apply to it.
    ///
    /// The proxy tunnels: it learns the host of the base URL, and nothing else of a call, unless it opens TLS and its
    /// certificate is trusted. It is not used for a base URL of plain `http`.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// When a setting is missing or unusable; the error says which, and what to do.
    pub fn build(self) -> Result<Client, ConfigError> {
        let token = self.token.as_ref().filter(|token| !token.is_empty()).ok_or(ConfigError::MissingToken)?;
        let credential = Credential::new(token).map_err(|reason| ConfigError::InvalidToken { reason })?;
        let url = base_url(&self.base_url)?;
        let shorter = self.timeout.min(self.attempt_timeout);
        let connect_timeout = self.connect_timeout.unwrap_or_else(|| (shorter / 2).min(Duration::from_secs(5)));
        if connect_timeout.is_zero() || connect_timeout >= shorter {
            return Err(ConfigError::InvalidTimeouts);
        }
        let user_agent = match &self.user_agent {
            Some(product) => format!("{product} {PRODUCT}"),
            None => PRODUCT.to_owned(),
        };
        let user_agent = HeaderValue::try_from(user_agent).map_err(|_| ConfigError::InvalidUserAgent)?;

        let secure = url.scheme() == "https";
        let transport = || -> Result<reqwest::ClientBuilder, ConfigError> {
            let builder = reqwest::Client::builder()
                // A redirect would turn a create into something else, or carry the token to another host.
                .redirect(redirect::Policy::none())
                .referer(false)
                // Nothing below this crate sends a request again.
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
                .timeout(self.attempt_timeout)
                .user_agent(user_agent.clone());
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
        };
        let unusable = |error: reqwest::Error| ConfigError::Transport { source: error.into() };
        Ok(Client {
            shared: Arc::new(Shared {
                http: transport()?.build().map_err(unusable)?,
                unpooled: transport()?.pool_max_idle_per_host(0).build().map_err(unusable)?,
                base_url: url.as_str().trim_end_matches('/').to_owned(),
                credential,
                budget: Budget::new(),
            }),
            settings: Settings {
                timeout: self.timeout,
                attempt_timeout: self.attempt_timeout,
                connect_timeout,
                retry_policy: self.retry_policy,
            },
        })
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
    Ok(url)
}

fn is_loopback(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Why a client could not be made. `Debug` shows the same text as `Display`, for programs whose `main` returns it.
#[non_exhaustive]
pub enum ConfigError {
    /// No token was given.
    MissingToken,
    /// The token cannot be one.
    InvalidToken {
        /// What is wrong with it, without repeating it.
        reason: &'static str,
    },
    /// The base URL cannot be used.
    InvalidUrl {
        /// What is wrong with it, without repeating it.
        reason: String,
    },
    /// The base URL would send the token unencrypted over a network.
    InsecureUrl,
    /// A timeout is zero, or the time to connect is not shorter than that of an attempt or of the call.
    InvalidTimeouts,
    /// The URL of the proxy cannot be used.
    InvalidProxy,
    /// What was given as root certificates is no PEM text with certificates.
    InvalidCertificate,
    /// The name of the calling program cannot stand in a header.
    InvalidUserAgent,
    /// The transport could not be set up, for example because one of the root certificates cannot be read, or because the
    /// system has none.
    Transport {
        /// The transport's own error.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingToken => write!(
                f,
                "no API token: make one in the account settings of Prolific's web application, and set {TOKEN_VARIABLE} to \
                 it for `from_env`, or give it to `ClientBuilder::token`"
            ),
            Self::InvalidToken { reason } => write!(f, "the API token is not usable: {reason}"),
            Self::InvalidUrl { reason } => write!(
                f,
                "the base URL is not usable: {reason}; give one like {DEFAULT_URL}, or none for the real service (unset \
                 {URL_VARIABLE}, leave out `ClientBuilder::base_url`)"
            ),
            Self::InsecureUrl => f.write_str(
                "the base URL is http, which would send the API token unencrypted: use https (plain http is accepted for a loopback address only)",
            ),
            Self::InvalidTimeouts => f.write_str(
                "timeouts must be longer than zero, and connect_timeout shorter than attempt_timeout and timeout: change one of them",
            ),
            Self::InvalidProxy => {
                f.write_str("the proxy's URL is not usable: give one of http or https, like http://proxy.example:3128")
            }
            Self::InvalidCertificate => f.write_str(
                "the root certificates are not usable: give a PEM text, with `-----BEGIN CERTIFICATE-----` in it",
            ),
            Self::InvalidUserAgent => {
                f.write_str("the user agent cannot stand in a header: give a name and version like cohort-service/2.1")
            }
            Self::Transport { .. } => f.write_str(
                "the transport could not be set up, for example because a root certificate cannot be read; its source says why",
            ),
        }
    }
}

impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)?;
        if let Self::Transport { source } = self {
            write!(f, ": {source:?}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Transport { source } => Some(&**source),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
