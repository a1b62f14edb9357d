//! The requests that a sandbox received and the responses that it sent, for assertions. Knows no operation, and keeps
//! no token.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};

/// A request that a sandbox received, and the response that it sent. Returned by
/// [`Sandbox::requests`](crate::Sandbox::requests).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// Its number among the requests of the sandbox, from 1. Numbers go on when the record is cleared.
    pub number: u64,
    /// The id of the operation in the OpenAPI document. `None` if the document has none with the method and the path.
    pub operation_id: Option<String>,
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
    /// The [`Fault`](crate::Fault) that applied to it, as a text.
    pub fault: Option<String>,
    /// The time from the head of the request to the response, without the delay of a [`Fault`](crate::Fault).
    pub duration: Duration,
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
            number: 0,
            operation_id: None,
            fault: None,
            duration: Duration::ZERO,
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
        let Self { number, operation_id, method, path, query, headers, body, status, response_body, fault, duration } =
            self;
        f.debug_struct("RecordedRequest")
            .field("number", number)
            .field("operation_id", operation_id)
            .field("method", method)
            .field("path", path)
            .field("query", query)
            .field("headers", headers)
            .field("body", &String::from_utf8_lossy(body))
            .field("status", status)
            .field("response_body", &String::from_utf8_lossy(response_body))
            .field("fault", fault)
            .field("duration", duration)
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

/// Is told of each request.
#[derive(Clone, Default)]
pub(crate) struct Observer(Option<Arc<Observe>>);

/// What is done with a request that was recorded.
type Observe = dyn Fn(&RecordedRequest) + Send + Sync;

impl Observer {
    pub(crate) fn new(tell: impl Fn(&RecordedRequest) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(tell)))
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Observer").field(&self.0.is_some()).finish()
    }
}

/// The last requests. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log {
    entries: Arc<Mutex<Entries>>,
    observer: Observer,
}

#[derive(Debug, Default)]
struct Entries {
    limit: Limit,
    /// Each with its size.
    kept: VecDeque<(usize, RecordedRequest)>,
    bytes: usize,
    dropped: u64,
    /// The number of the last request.
    last: u64,
}

impl Log {
    pub(crate) fn new(limit: Limit, observer: Observer) -> Self {
        Self { entries: Arc::new(Mutex::new(Entries { limit, ..Entries::default() })), observer }
    }

    /// Drops the oldest requests that are over the limit. The last one is kept however large it is, if any may be.
    pub(crate) fn push(&self, mut request: RecordedRequest) {
        request.number = {
            let mut entries = self.lock();
            entries.last += 1;
            entries.last
        };
        if let Some(tell) = &self.observer.0 {
            tell(&request);
        }
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

    /// Those that are selected: the last ones, up to so many, in their order.
    pub(crate) fn select(&self, limit: usize, selected: impl Fn(&RecordedRequest) -> bool) -> Vec<RecordedRequest> {
        let entries = self.lock();
        let kept = entries.kept.iter().rev().map(|(_, request)| request).filter(|request| selected(request));
        let mut found: Vec<_> = kept.take(limit).cloned().collect();
        found.reverse();
        found
    }

    /// The number of the last request, recorded or not; 0 if there was none.
    pub(crate) fn last(&self) -> u64 {
        self.lock().last
    }

    pub(crate) fn clear(&self) {
        let mut entries = self.lock();
        entries.kept.clear();
        (entries.bytes, entries.dropped) = (0, 0);
    }

    /// Views the last requests, the newest first, and says how many there were in all.
    pub(crate) fn newest<T>(&self, count: usize, view: impl Fn(&RecordedRequest) -> T) -> (Vec<T>, u64) {
        let entries = self.lock();
        let newest = entries.kept.iter().rev().take(count).map(|(_, request)| view(request));
        (newest.collect(), entries.dropped + entries.kept.len() as u64)
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.lock().dropped
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
