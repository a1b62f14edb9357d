//! What a verified request says, and why a request is not verified.

use std::fmt;
use std::time::SystemTime;

use crate::generated::types::WebhookPayload;

/// An event that Prolific sent. Only [`Verifier`](super::Verifier) returns one.
///
/// `Debug` hides the ids of participants, but not in the JSON of an event that is not documented.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// The event's id, from the header `X-Event-ID`. Every delivery of the event has the same one.
    ///
    /// It is not signed. It tells repeated deliveries apart from new events, and proves nothing.
    pub id: String,
    /// When the request was signed, from the header `X-Prolific-Request-Timestamp`, which is part of what is signed.
    pub sent_at: SystemTime,
    /// When the event occurred, in seconds, from the header `X-Timestamp`, which is not signed. `None` if the header is
    /// missing or is not a time.
    pub occurred_at: Option<SystemTime>,
    /// What happened. An event of a type that is not documented is
    /// [`WebhookPayload::Other`](crate::types::WebhookPayload::Other), with its JSON.
    pub payload: WebhookPayload,
}

/// Why a request is not accepted. Respond with a status such as 401 and nothing else: the sender of a forged request has
/// no use for the reason, but your log has.
///
/// It repeats nothing of the request or of the secrets.
///
/// ```
/// use prolific_sdk::webhooks::VerifyError;
///
/// /// Whether to look at the clock and at the secrets: the request may be genuine.
/// fn may_be_our_fault(error: VerifyError) -> bool {
///     matches!(error, VerifyError::NoSecret | VerifyError::InvalidSignature | VerifyError::OutsideTolerance)
/// }
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum VerifyError {
    /// The verifier has no secret: the one that it was given is blank.
    NoSecret,
    /// A header that every delivery has is missing.
    MissingHeader {
        /// The name of the header.
        name: &'static str,
    },
    /// A header is there more than once, and it is not known which one counts.
    RepeatedHeader {
        /// The name of the header.
        name: &'static str,
    },
    /// A header cannot be read: the timestamp is not a number of seconds since 1970, or the id is blank or longer than 256
    /// bytes.
    InvalidHeader {
        /// The name of the header.
        name: &'static str,
    },
    /// The signature is not that of this body and this timestamp, with any of the secrets.
    InvalidSignature,
    /// The signature is valid, but the timestamp is further from the present than the
    /// [`tolerance`](super::Verifier::tolerance), in the past or in the future. Either an old request is repeated, or one
    /// of the clocks is wrong.
    OutsideTolerance,
    /// The signature is valid, but the body is not a JSON object.
    InvalidBody,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSecret => f.write_str("there is no secret to verify with"),
            Self::MissingHeader { name } => write!(f, "the header {name} is missing"),
            Self::RepeatedHeader { name } => write!(f, "the header {name} is repeated"),
            Self::InvalidHeader { name } => write!(f, "the header {name} cannot be read"),
            Self::InvalidSignature => f.write_str("the signature does not match"),
            Self::OutsideTolerance => f.write_str("the timestamp is too far from the present"),
            Self::InvalidBody => f.write_str("the body is not a JSON object"),
        }
    }
}

impl std::error::Error for VerifyError {}
