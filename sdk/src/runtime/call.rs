//! A call of a generated operation: its request, and the type of its response.

use std::fmt;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::client::Client;
use super::error::Error;
use super::error_body::ErrorBody;
use super::operation::Operation;
use super::request::Request;
use super::response::{Reply, Response};
use super::retry::RetryPolicy;

/// A call that has not been sent yet, whose response is a `T`. Returned by the methods of the resource handles.
///
/// ```no_run
/// # async fn example(client: prolific_sdk::Client) -> Result<(), prolific_sdk::Error> {
/// use std::time::Duration;
///
/// let user = client.users().me().timeout(Duration::from_secs(5)).send().await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until `send` is called and awaited"]
pub struct Call<T> {
    client: Client,
    request: Request,
    error_body: &'static ErrorBody,
    decode: fn(Reply) -> Result<Response<T>, Error>,
}

/// For generated code.
impl<T: DeserializeOwned> Call<T> {
    /// A call whose response is JSON, or has no body.
    pub(crate) fn new(client: &Client, operation: &'static Operation, error_body: &'static ErrorBody) -> Self {
        Self { client: client.clone(), request: Request::new(operation), error_body, decode: Reply::decode }
    }
}

/// For generated code.
impl Call<String> {
    /// A call whose response is a text of the operation's `response_type`.
    #[allow(dead_code, reason = "not every document has texts")]
    pub(crate) fn of_text(client: &Client, operation: &'static Operation, error_body: &'static ErrorBody) -> Self {
        Self { decode: Reply::text, ..Self::new(client, operation, error_body) }
    }
}

/// For generated code.
#[allow(dead_code, reason = "which of these are needed, the document decides")]
impl<T> Call<T> {
    pub(crate) fn path(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.request.path(name, value.into());
        self
    }

    #[expect(clippy::needless_pass_by_value, reason = "generated code does not use the value afterwards")]
    pub(crate) fn query(mut self, name: &'static str, value: impl ToString) -> Self {
        self.request.set_query(name, value.to_string());
        self
    }

    pub(crate) fn query_id(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.request.set_query_id(name, value.into());
        self
    }

    /// A list: the parameter once for each item, or once with commas between the items.
    pub(crate) fn query_list<I: ToString>(
        mut self,
        name: &'static str,
        commas: bool,
        items: impl IntoIterator<Item = I>,
    ) -> Self {
        self.request.set_query_list(name, commas, items.into_iter().map(|item| item.to_string()).collect());
        self
    }

    /// A list of ids.
    pub(crate) fn query_ids<I: Into<String>>(
        mut self,
        name: &'static str,
        commas: bool,
        ids: impl IntoIterator<Item = I>,
    ) -> Self {
        self.request.set_query_ids(name, commas, ids.into_iter().map(Into::into).collect());
        self
    }

    /// An object of plain values.
    pub(crate) fn query_object(mut self, name: &'static str, object: impl Serialize) -> Self {
        self.request.set_query_object(name, &object);
        self
    }

    /// Something has to be sent of a list or an object.
    pub(crate) fn query_required(mut self, name: &str) -> Self {
        self.request.require_query(name);
        self
    }

    pub(crate) fn json<B: Serialize>(mut self, body: B) -> Self {
        self.request.json(&body);
        self
    }

    #[allow(dead_code, reason = "not every document has texts")]
    pub(crate) fn text(mut self, content_type: &'static str, body: impl Into<String>) -> Self {
        self.request.bytes(content_type, body.into().into_bytes());
        self
    }

    /// Changes the request in another way.
    pub(super) fn with(mut self, change: impl FnOnce(&mut Request)) -> Self {
        change(&mut self.request);
        self
    }

    /// The same call, whose response is read as another type, from JSON.
    pub(super) fn responding<U: DeserializeOwned>(self) -> Call<U> {
        Call { client: self.client, request: self.request, error_body: self.error_body, decode: Reply::decode }
    }

    pub(super) fn query_value(&self, name: &str) -> Option<&str> {
        self.request.query_value(name)
    }

    pub(super) fn operation(&self) -> &'static Operation {
        self.request.operation
    }
}

impl<T> Call<T> {
    /// The time limit of this call, including all attempts and the waits between them, instead of the client's.
    ///
    /// The client's [`connect_timeout`](crate::ClientBuilder::connect_timeout) stays as it is. With a limit that is not
    /// longer than that, a call without a body that ran out of time while connecting counts as sent.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.request.timeout = Some(timeout);
        self
    }

    /// The retry policy of this call, instead of the client's.
    pub fn retry_policy(mut self, policy: RetryPolicy) -> Self {
        self.request.retry_policy = Some(policy);
        self
    }

    /// Sends this header with the request. A header that authenticates, routes or frames the request, such as
    /// `Authorization`, `Host` or `Content-Length`, makes the call fail before anything is sent.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request.header(name, value);
        self
    }

    /// Sends the request and returns the body of the response.
    ///
    /// # Errors
    ///
    /// Every failure is an [`Error`], which says what happened and whether it took effect.
    pub async fn send(self) -> Result<T, Error> {
        Ok((self.decode)(self.reply().await?)?.into_body())
    }

    /// Sends the request and returns the response: the body with the status, the headers and the attempts.
    ///
    /// # Errors
    ///
    /// Every failure is an [`Error`], which says what happened and whether it took effect.
    pub async fn send_with_response(self) -> Result<Response<T>, Error> {
        (self.decode)(self.reply().await?)
    }

    pub(super) async fn reply(&self) -> Result<Reply, Error> {
        self.client.send(&self.request, self.error_body).await
    }
}

impl<T> Clone for Call<T> {
    fn clone(&self) -> Self {
        Self { client: self.client.clone(), request: self.request.clone(), ..*self }
    }
}

/// Leaves the values out: they may be personal.
impl<T> fmt::Debug for Call<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("operation", &self.request.operation.id).finish_non_exhaustive()
    }
}
