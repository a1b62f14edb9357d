//! Why a client could not be built. Repeats no setting, since one may hold a secret.

use std::fmt;

use super::headers::InvalidHeader;
use super::outcome::BoxError;

pub(super) const DEFAULT_URL: &str = "https://api.prolific.com";
pub(super) const TOKEN_VARIABLE: &str = "PROLIFIC_TOKEN";
pub(super) const URL_VARIABLE: &str = "PROLIFIC_URL";

/// Why a client could not be built. `Debug` shows the same text as `Display`, for programs whose `main` returns it.
#[non_exhaustive]
pub enum ConfigError {
    /// No token was given.
    MissingToken,
    /// The text cannot be a token.
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
    /// The base URL is https, and the crate was built without TLS: neither the feature `rustls` nor `native-tls` is
    /// enabled.
    NoTls,
    /// A timeout is zero, or the time limit for connecting is not shorter than that of an attempt and of the call.
    InvalidTimeouts,
    /// The URL of the proxy cannot be used.
    InvalidProxy,
    /// The root certificates are not valid PEM, or contain no certificate.
    InvalidCertificate,
    /// The name of the calling program cannot be sent in a header.
    InvalidUserAgent,
    /// A default header cannot be sent.
    InvalidHeader {
        /// What is wrong with it, without repeating it.
        invalid: InvalidHeader,
    },
    /// The transport could not be set up, for example because a root certificate cannot be read, or because the system
    /// has none.
    Transport {
        /// The transport's own error.
        source: BoxError,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingToken => write!(
                f,
                "no API token: create one in the account settings of Prolific's web application, and set \
                 {TOKEN_VARIABLE} to it, or give it to the client's builder"
            ),
            Self::InvalidToken { reason } => write!(f, "the API token is not usable: {reason}"),
            Self::InvalidUrl { reason } => write!(
                f,
                "the base URL is not usable: {reason}. Use a URL such as {DEFAULT_URL}, or leave {URL_VARIABLE} \
                 unset to call the real service"
            ),
            Self::InsecureUrl => f.write_str(
                "the base URL is http, which would send the API token unencrypted: use https (plain http is \
                 accepted for a loopback address only)",
            ),
            Self::NoTls => f.write_str(
                "the base URL is https, and this program was built without TLS: enable the feature `rustls` or \
                 `native-tls` of prolific-sdk",
            ),
            Self::InvalidTimeouts => f.write_str(
                "the timeouts do not fit together: the time limit for connecting must be greater than zero, and shorter \
                 than that of an attempt and that of a call",
            ),
            Self::InvalidProxy => {
                f.write_str("the proxy's URL is not usable: give an http or https URL, like http://proxy.example:3128")
            }
            Self::InvalidCertificate => f.write_str(
                "the root certificates are not usable: provide PEM data that contains `-----BEGIN CERTIFICATE-----`",
            ),
            Self::InvalidUserAgent => f.write_str(
                "the user agent cannot be sent in a header: give a name and version like cohort-service/2.1",
            ),
            Self::InvalidHeader { invalid } => write!(f, "a default header cannot be sent: {invalid}"),
            Self::Transport { .. } => {
                f.write_str("the transport could not be set up, for example because a root certificate cannot be read")
            }
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
            Self::InvalidHeader { invalid } => Some(invalid),
            _ => None,
        }
    }
}
