//! The receiver's side of webhooks: which requests are accepted, and that each event is handled once.

use std::time::{Duration, SystemTime};

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use prolific_sdk::webhooks::{Event, Verifier, VerifyError};

mod accepted;
mod payloads;
mod seen;
mod subscribe;
mod vectors;

/// A request to a receiver, as bytes.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub signature: Vec<u8>,
    pub timestamp: Vec<u8>,
    pub body: Vec<u8>,
}

impl Delivery {
    /// Signed by another implementation than the SDK's.
    pub fn signed(secret: &str, timestamp: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let signature = STANDARD.encode(hmac::sign(&key, &[timestamp.as_bytes(), &body].concat()));
        Self { signature: signature.into(), timestamp: timestamp.into(), body }
    }

    pub fn headers(&self) -> [(&'static str, &[u8]); 3] {
        [
            ("x-prolific-request-signature", &self.signature),
            ("x-prolific-request-timestamp", &self.timestamp),
            ("x-event-id", b"e1"),
        ]
    }

    /// What the verifier says at this time.
    pub fn verified(&self, verifier: &Verifier, seconds: u64) -> Result<Event, VerifyError> {
        verifier.verify_at(self.headers(), &self.body, at(seconds))
    }
}

pub fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}
