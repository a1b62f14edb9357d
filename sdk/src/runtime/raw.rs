//! Calls of operations that the document does not describe: the same client, token, retries and errors, without the
//! types.

use std::fmt;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::call::Call;
use super::client::Client;
use super::error::Error;
use super::error_body::ErrorBody;
use super::operation::Operation;
use super::pagination::{Page, Pages, Paging};
use super::response::Response;
use super::retry::RetryPolicy;

/// A call to any endpoint of the API, which has not been sent yet. Returned by [`Client::call`](crate::Client::call).
///
/// ```no_run
/// # async fn example(client: prolific_sdk::Client) -> Result<(), prolific_sdk::Error> {
/// use prolific_sdk::Operation;
///
/// const STUDY: Operation = Operation::new("study", "GET", "/api/v1/studies/{id}/");
///
/// let study: serde_json::Value = client.call(&STUDY).path("id", "60d9aadeb86739de712faee0").send().await?;
/// println!("{}", study["name"]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "nothing is sent before `send` is called and awaited"]
pub struct RawCall(Call<()>);

impl RawCall {
    pub(crate) fn new(client: &Client, operation: &'static Operation, error_body: &'static ErrorBody) -> Self {
        Self(Call::new(client, operation, error_body))
    }

    /// Sets a path parameter, which is in braces in the operation's path.
    pub fn path(self, name: &'static str, value: impl Into<String>) -> Self {
        Self(self.0.with(|request| request.path(name, value.into())))
    }

    /// Adds a parameter to the query.
    pub fn query(self, name: &'static str, value: impl Into<String>) -> Self {
        Self(self.0.with(|request| request.query(name, value.into())))
    }

    /// Sets the body, serialized as JSON. `NaN` and infinity are written as `null`.
    pub fn json(self, body: &impl Serialize) -> Self {
        Self(self.0.with(|request| request.json(body)))
    }

    /// Sets the body to these bytes, with this content type.
    pub fn body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self(self.0.with(|request| request.bytes(content_type, body.into())))
    }

    /// The time limit of this call, instead of the client's. See [`Call::timeout`](crate::Call::timeout).
    pub fn timeout(self, timeout: Duration) -> Self {
        Self(self.0.timeout(timeout))
    }

    /// The retry policy of this call, instead of the client's.
    pub fn retry_policy(self, policy: RetryPolicy) -> Self {
        Self(self.0.retry_policy(policy))
    }

    /// Sends this header with the request. A header that authenticates, routes or frames the request, such as
    /// `Authorization`, `Host` or `Content-Length`, makes the call fail before anything is sent.
    pub fn header(self, name: &str, value: &str) -> Self {
        Self(self.0.header(name, value))
    }

    /// Sends the request, and reads the body of the response as JSON. Use `()` for a response without a body.
    ///
    /// # Errors
    ///
    /// Before anything is sent, with the kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest): when the
    /// operation's method is not GET, HEAD, POST, PUT, PATCH or DELETE; when its path has a query or would be sent as
    /// another path; when a parameter of the path is missing, unknown, given twice, or would change the path; when the
    /// body cannot be written; and when a header cannot be sent. Other failures are the same as for any call.
    pub async fn send<T: DeserializeOwned>(self) -> Result<T, Error> {
        self.send_with_response().await.map(Response::into_body)
    }

    /// Like [`send`](Self::send), but returns the whole response: the status, the headers, the body and the attempts.
    ///
    /// # Errors
    ///
    /// As for [`send`](Self::send).
    pub async fn send_with_response<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        self.0.responding().send_with_response().await
    }

    /// Sends the request and returns the raw bytes of the response body, whatever its content type.
    ///
    /// # Errors
    ///
    /// As for [`send`](Self::send).
    pub async fn send_bytes(self) -> Result<Response<Vec<u8>>, Error> {
        Ok(self.0.reply().await?.bytes())
    }

    /// Reads a list page by page. `paging` says which query parameter asks for the next page.
    pub fn pages<P: Page>(self, paging: Paging) -> Pages<P> {
        Pages::new(self.0.responding(), paging)
    }
}

/// Leaves the values out: they may be personal.
impl fmt::Debug for RawCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawCall").field("operation", &self.0.operation().id).finish_non_exhaustive()
    }
}
