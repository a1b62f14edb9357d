//! Whether a request comes from Prolific: its signature, and its age.

use std::fmt;
use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::event::{Event, VerifyError};

const SIGNATURE: &str = "X-Prolific-Request-Signature";
const TIMESTAMP: &str = "X-Prolific-Request-Timestamp";
const EVENT_ID: &str = "X-Event-ID";
const OCCURRED_AT: &str = "X-Timestamp";

/// What other services with such a signature use.
const DEFAULT_TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// The length of a SHA-256, and what base64 needs beyond it: it is written in groups of three bytes.
const LENGTH: usize = 32 + 1;

/// Ids are remembered, so their length is limited. Prolific's other ids have 24 bytes.
const LONGEST_ID: usize = 256;

/// Checks that a request comes from Prolific, by its signature: HMAC-SHA256 over the timestamp and the body, with the
/// secret of the workspace as the key.
///
/// ```
/// use prolific_sdk::types::WebhookPayload;
/// use prolific_sdk::webhooks::Verifier;
///
/// // Once, with the secret from `client.webhooks().list_secrets(..)`:
/// let verifier = Verifier::new("example-signing-secret");
/// # let verifier = verifier.tolerance(None);
///
/// // For each request, with its headers and the bytes of its body:
/// let headers = [
///     ("X-Prolific-Request-Signature", "WOqY8V/o7DTp5iBidhanQ4hVjYHbropfQX8xvdO/eAM="),
///     ("X-Prolific-Request-Timestamp", "1760000000"),
///     ("X-Event-ID", "6571c1024a9b2d3e8f106a24"),
/// ];
/// let body = br#"{"resource_id":"60d9aadeb86739de712faee0","event_type":"study.status.change","status":"PAUSED"}"#;
/// let event = verifier.verify(headers, body)?;
/// match event.payload {
///     WebhookPayload::StudyStatusChange(change) => println!("{} is {:?}", change.resource_id, change.status),
///     _ => {}
/// }
/// # Ok::<(), prolific_sdk::webhooks::VerifyError>(())
/// ```
///
/// Verify the bytes as they arrived. JSON that was parsed and written again has other bytes, and another signature.
///
/// Signatures are compared in constant time, never shown by `Debug`, and the keys made from them are overwritten in memory
/// when the verifier is dropped.
#[derive(Clone)]
pub struct Verifier {
    /// One for each secret, keyed.
    keys: Vec<Hmac<Sha256>>,
    tolerance: Option<Duration>,
}

impl Verifier {
    /// A verifier with the secret of a workspace, as the service returns it: it is used as a text, even if it looks like
    /// base64. With a blank secret, which anybody could guess, every request is rejected.
    pub fn new(secret: impl AsRef<str>) -> Self {
        Self { keys: Vec::new(), tolerance: Some(DEFAULT_TOLERANCE) }.and_secret(secret)
    }

    /// Accepts requests that are signed with this secret as well. Use it while a secret is replaced, and for a URL that
    /// several workspaces share.
    #[must_use = "the verifier is returned"]
    pub fn and_secret(mut self, secret: impl AsRef<str>) -> Self {
        let secret = secret.as_ref();
        if !secret.trim().is_empty() {
            // A key can have any length.
            self.keys.extend(Hmac::new_from_slice(secret.as_bytes()));
        }
        self
    }

    /// How far the timestamp of a request may be from the present, in the past and in the future. Defaults to five
    /// minutes; `None` accepts any time.
    ///
    /// The limit is for requests that somebody has recorded and sends again. Prolific documents none. Five minutes are
    /// customary: enough for clocks that differ, and for a slow network. It is not documented whether a retry is signed
    /// anew. If retries kept the timestamp of the first attempt, all but the first few would be rejected with
    /// [`OutsideTolerance`](VerifyError::OutsideTolerance), as they come within 24 hours. If you see that, set 25 hours,
    /// and keep the ids of events for longer than that with [`Seen`](super::Seen).
    #[must_use = "the verifier is returned"]
    pub fn tolerance(mut self, tolerance: impl Into<Option<Duration>>) -> Self {
        self.tolerance = tolerance.into();
        self
    }

    /// Verifies a request, and reads its event. `body` is the body as it arrived. `headers` are all headers, as pairs of a
    /// name and a value: a `&HeaderMap` of any version of the crate `http`, `headers.iter()` elsewhere, or a map of texts.
    /// Of a header that is there twice, both must be among them.
    ///
    /// ```
    /// # use prolific_sdk::webhooks::{VerifyError, Verifier};
    /// # use std::collections::HashMap;
    /// // For axum, `headers: HeaderMap` and `body: Bytes`: `verifier.verify(&headers, &body)`.
    /// // For AWS Lambda and others:
    /// fn handle(verifier: &Verifier, headers: &HashMap<String, String>, body: &str) -> u16 {
    ///     match verifier.verify(headers, body) {
    ///         Ok(_event) => 204,
    ///         Err(_) => 401,
    ///     }
    /// }
    /// # assert_eq!(handle(&Verifier::new("s"), &HashMap::new(), ""), 401);
    /// ```
    ///
    /// # Errors
    ///
    /// When the request is not from Prolific as far as can be seen, or is too old, or is not JSON. [`VerifyError`] says
    /// which check failed.
    pub fn verify<N: AsRef<str>, V: AsRef<[u8]>>(
        &self,
        headers: impl IntoIterator<Item = (N, V)>,
        body: impl AsRef<[u8]>,
    ) -> Result<Event, VerifyError> {
        self.verify_at(headers, body, SystemTime::now())
    }

    /// Like [`verify`](Self::verify), for a request that arrived at the time `now`: one that waited in a queue, or one of
    /// a test.
    ///
    /// # Errors
    ///
    /// As of [`verify`](Self::verify).
    pub fn verify_at<N: AsRef<str>, V: AsRef<[u8]>>(
        &self,
        headers: impl IntoIterator<Item = (N, V)>,
        body: impl AsRef<[u8]>,
        now: SystemTime,
    ) -> Result<Event, VerifyError> {
        let [mut signature, mut timestamp, mut id, mut occurred_at] = [const { None }; 4];
        for (name, value) in headers {
            for (wanted, found) in [
                (SIGNATURE, &mut signature),
                (TIMESTAMP, &mut timestamp),
                (EVENT_ID, &mut id),
                (OCCURRED_AT, &mut occurred_at),
            ] {
                if name.as_ref().eq_ignore_ascii_case(wanted) && found.replace(value.as_ref().to_vec()).is_some() {
                    return Err(VerifyError::RepeatedHeader { name: wanted });
                }
            }
        }
        let signature = signature.ok_or(VerifyError::MissingHeader { name: SIGNATURE })?;
        let timestamp = timestamp.ok_or(VerifyError::MissingHeader { name: TIMESTAMP })?;
        let id = id.ok_or(VerifyError::MissingHeader { name: EVENT_ID })?;
        let sent_at = unix_time(&timestamp).ok_or(VerifyError::InvalidHeader { name: TIMESTAMP })?;
        let id = event_id(id).ok_or(VerifyError::InvalidHeader { name: EVENT_ID })?;
        self.check(&signature, &timestamp, body.as_ref())?;
        let distance = now.duration_since(sent_at).unwrap_or_else(|ahead| ahead.duration());
        if self.tolerance.is_some_and(|tolerance| distance > tolerance) {
            return Err(VerifyError::OutsideTolerance);
        }
        // Nothing separates the timestamp from the body in what is signed. A number and an object can only be divided in
        // one place; digits of another body could be taken for the end of another timestamp.
        let is_object = body.as_ref().trim_ascii_start().starts_with(b"{");
        let payload = serde_json::from_slice(body.as_ref()).ok().filter(|_| is_object);
        let payload = payload.ok_or(VerifyError::InvalidBody)?;
        Ok(Event { id, sent_at, occurred_at: occurred_at.and_then(|text| unix_time(&text)), payload })
    }

    /// Whether one of the secrets made this signature.
    fn check(&self, signature: &[u8], timestamp: &[u8], body: &[u8]) -> Result<(), VerifyError> {
        if self.keys.is_empty() {
            return Err(VerifyError::NoSecret);
        }
        let mut given = [0; LENGTH];
        // Strict: of the texts that a lax reader would take for the same bytes, one is accepted.
        let length = STANDARD.decode_slice(signature, &mut given).map_err(|_| VerifyError::InvalidSignature)?;
        let is_of = |key: &Hmac<Sha256>| {
            let signed = key.clone().chain_update(timestamp).chain_update(body);
            // In constant time.
            signed.verify_slice(&given[..length]).is_ok()
        };
        if self.keys.iter().any(is_of) { Ok(()) } else { Err(VerifyError::InvalidSignature) }
    }
}

/// Says how many secrets there are, and nothing of them.
impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secrets = format_args!("[{} hidden]", self.keys.len()).to_string();
        f.debug_struct("Verifier").field("secrets", &secrets).field("tolerance", &self.tolerance).finish()
    }
}

/// A number of seconds since 1970, in decimal digits. It may have a fraction, which is ignored: whether Prolific writes
/// one is not documented.
fn unix_time(text: &[u8]) -> Option<SystemTime> {
    let text = std::str::from_utf8(text).ok()?;
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    if !is_number(seconds) || !is_number(fraction) {
        return None;
    }
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds.parse().ok()?))
}

fn event_id(text: Vec<u8>) -> Option<String> {
    String::from_utf8(text).ok().filter(|id| !id.trim().is_empty() && id.len() <= LONGEST_ID)
}
