//! The requests that a sandbox received and the responses that it sent, for assertions. Knows no operation, and keeps
//! no token.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};

/// A request that a sandbox received, and the response that it sent. Returned by
/// [`Sandbox::requests`](crate::Sandbox::requests).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The method, such as `GET`.
    pub method: String,
    /// The path as it was sent, percent-encoding included.
    pub path: String,
    /// The query, decoded, in the order in which it was sent.
    pub query: Vec<(String, String)>,
    /// The headers in the order in which they were sent, with names in lower case. The value of `authorization` is
    /// hidden except for the scheme, as in `Token [hidden]`.
    pub headers: Vec<(String, String)>,
    /// The body. Empty if it was too large or was cut off.
    pub body: Vec<u8>,
    /// The status of the response. `None` if no response was sent, because of a [`Fault`](crate::Fault).
    pub status: Option<u16>,
    /// The body of the response. Only the part that was sent, if a [`Fault`](crate::Fault) cut it off; for a `HEAD`
    /// request, the body that was left out.
    pub response_body: Vec<u8>,
}

impl RecordedRequest {
    /// Returns the first header of this name. Names are in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    /// The memory that it takes, about.
    fn size(&self) -> usize {
        let pairs = self.query.iter().chain(&self.headers);
        let pairs: usize = pairs.map(|(name, value)| size_of::<(String, String)>() + name.len() + value.len()).sum();
        size_of::<Self>() + self.method.len() + self.path.len() + pairs + self.body.len() + self.response_body.len()
    }

    pub(crate) fn new(head: &Parts, body: Vec<u8>, status: Option<StatusCode>, response_body: &[u8]) -> Self {
        let query = form_urlencoded::parse(head.uri.query().unwrap_or_default().as_bytes());
        Self {
            method: head.method.to_string(),
            path: head.uri.path().to_owned(),
            query: query.into_owned().collect(),
            headers: head.headers.iter().map(|(name, value)| (name.to_string(), visible(name, value))).collect(),
            body,
            status: status.map(|status| status.as_u16()),
            response_body: response_body.to_vec(),
        }
    }
}

/// Shows the bodies as text.
impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, path, query, headers, body, status, response_body } = self;
        f.debug_struct("RecordedRequest")
            .field("method", method)
            .field("path", path)
            .field("query", query)
            .field("headers", headers)
            .field("body", &String::from_utf8_lossy(body))
            .field("status", status)
            .field("response_body", &String::from_utf8_lossy(response_body))
            .finish()
    }
}

/// The value of a header, with secrets hidden.
fn visible(name: &HeaderName, value: &HeaderValue) -> String {
    let text = String::from_utf8_lossy(value.as_bytes());
    match text.split_once(' ') {
        _ if name != AUTHORIZATION => text.into_owned(),
        Some((scheme, _)) => format!("{scheme} [hidden]"),
        None => "[hidden]".to_owned(),
    }
}

/// How much is recorded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) requests: usize,
    pub(crate) bytes: usize,
}

impl Default for Limit {
    fn default() -> Self {
        Self { requests: 10_000, bytes: 128 << 20 }
    }
}

/// The last requests. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Entries>>);

#[derive(Debug, Default)]
struct Entries {
    limit: Limit,
    /// Each with its size.
    kept: VecDeque<(usize, RecordedRequest)>,
    bytes: usize,
    dropped: u64,
}

impl Log {
    pub(crate) fn new(limit: Limit) -> Self {
        Self(Arc::new(Mutex::new(Entries { limit, ..Entries::default() })))
    }

    /// Drops the oldest requests that are over the limit. The last one is kept however large it is, if any may be.
    pub(crate) fn push(&self, request: RecordedRequest) {
        let mut entries = self.lock();
        let size = request.size();
        entries.bytes += size;
        entries.kept.push_back((size, request));
        let Limit { requests, bytes } = entries.limit;
        while entries.kept.len() > requests || (entries.bytes > bytes && entries.kept.len() > 1) {
            let Some((size, _)) = entries.kept.pop_front() else { break };
            entries.bytes -= size;
            entries.dropped += 1;
        }
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.lock().kept.iter().map(|(_, request)| request.clone()).collect()
    }

    /// Views the last requests, the newest first, each with its number from the beginning. Also returns how many there
    /// were in all.
    pub(crate) fn last<T>(&self, count: usize, view: impl Fn(u64, &RecordedRequest) -> T) -> (Vec<T>, u64) {
        let entries = self.lock();
        let total = entries.dropped + entries.kept.len() as u64;
        let numbered = (1..=total).rev().zip(entries.kept.iter().rev());
        (numbered.take(count).map(|(number, (_, request))| view(number, request)).collect(), total)
    }

    /// Forgets all requests, as if there had been none.
    pub(crate) fn clear(&self) {
        let mut entries = self.lock();
        *entries = Entries { limit: entries.limit, ..Entries::default() };
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.lock().dropped
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
