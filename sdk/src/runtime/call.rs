//! Calls of operations that the document does not describe: the same transport, credential, retries and errors, without
//! the types.

use std::fmt;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::client::Client;
use super::error::Error;
use super::operation::Operation;
use super::request::path_segment;
use super::response::ResponseValue;

/// A call of [`Client::call`], not sent yet.
#[derive(Clone)]
#[must_use = "nothing is sent before `send` is called and awaited"]
pub struct Call {
    client: Client,
    operation: &'static Operation,
    path: Vec<(&'static str, String)>,
    query: Vec<(&'static str, String)>,
    /// `None` if it could not be written. The reason may repeat what is in it, and so is not kept.
    body: Option<Bytes>,
}

impl Client {
    /// Calls an operation of the API that this crate has no method for, with the same token, retries, limits and errors.
    ///
    /// ```no_run
    /// # async fn publish(client: prolific_sdk::Client) -> Result<(), prolific_sdk::Error> {
    /// use std::collections::HashMap;
    /// use prolific_sdk::Operation;
    ///
    /// /// Not idempotent, as it is a `POST`: it is sent again only if it provably was not sent, or was refused with 429.
    /// const TRANSITION: Operation = Operation::new("transition_study", "POST", "/api/v1/studies/{id}/transition/");
    ///
    /// let study = client
    ///     .call(&TRANSITION)
    ///     .path("id", "60d9aadeb86739de712faee0")
    ///     .json(&HashMap::from([("action", "PUBLISH")]))
    ///     .send::<HashMap<String, serde_json::Value>>()
    ///     .await?;
    /// println!("{:?}", study.get("status"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn call(&self, operation: &'static Operation) -> Call {
        Call { client: self.clone(), operation, path: Vec::new(), query: Vec::new(), body: Some(Bytes::new()) }
    }
}

impl Call {
    /// The value of a parameter that stands in braces in the path.
    pub fn path(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.path.push((name, value.into()));
        self
    }

    /// Adds a parameter to the query.
    pub fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// The body, as JSON. As `serde_json` has it, a number that is none (NaN, infinity) is written as null.
    pub fn json(mut self, body: &impl Serialize) -> Self {
        self.body = serde_json::to_vec(body).ok().map(Bytes::from);
        self
    }

    /// Sends the request, and reads the answer as JSON. Use `()` for one without a body.
    ///
    /// # Errors
    ///
    /// When the operation has another method than GET, HEAD, POST, PUT, PATCH or DELETE, or a path that has a query or
    /// would be sent as another one; when a parameter of the path is missing, unknown, given twice or would change the
    /// path; when the body cannot be written; when no usable answer arrives; and when the status is not one of success:
    /// that is of kind [`Kind::Status`](crate::Kind::Status), as no status is documented here.
    pub async fn send<T: DeserializeOwned>(self) -> Result<ResponseValue<T>, Error> {
        let Self { client, operation, path, query, body } = self;
        let method = method(operation)?;
        let url = url(operation, client.base_url(), &fill(operation, path)?)?;
        let body = body.ok_or_else(|| Error::input(operation, "the body cannot be written as JSON"))?;
        let json = HeaderValue::from_static("application/json");
        let request = || {
            let mut request = client.http().request(method.clone(), url.clone()).header(ACCEPT, &json);
            if !query.is_empty() {
                request = request.query(&query);
            }
            if !body.is_empty() {
                request = request.header(CONTENT_TYPE, &json).body(body.clone());
            }
            request
        };
        let response = client.execute(operation, request).await?;
        if response.status().is_success() {
            ResponseValue::from_response_or_empty(response)
        } else {
            Err(Error::unexpected(response))
        }
    }
}

fn method(operation: &'static Operation) -> Result<Method, Error> {
    match operation.method {
        "GET" => Ok(Method::GET),
        "HEAD" => Ok(Method::HEAD),
        "POST" => Ok(Method::POST),
        "PUT" => Ok(Method::PUT),
        "PATCH" => Ok(Method::PATCH),
        "DELETE" => Ok(Method::DELETE),
        _ => Err(Error::input(operation, "the operation's method is not one of an API, in capitals")),
    }
}

/// The path under the base URL. One that would be sent as another is refused: with a dot segment, a query or a blank.
fn url(operation: &'static Operation, base_url: &str, path: &str) -> Result<Url, Error> {
    let text = format!("{base_url}{path}");
    let url = Url::parse(&text).ok().filter(|url| {
        path.starts_with('/') && url.as_str() == text && url.query().is_none() && url.fragment().is_none()
    });
    let reason =
        "the operation's path does not begin with a slash, has a query or a fragment, or would be sent as another path";
    url.ok_or_else(|| Error::input(operation, reason))
}

/// The operation's path with a value for each of its parameters.
fn fill(operation: &'static Operation, values: Vec<(&'static str, String)>) -> Result<String, Error> {
    let mut path = operation.path.to_owned();
    for (name, value) in values {
        let parameter = format!("{{{name}}}");
        if !path.contains(&parameter) {
            let reason = "the operation's path has no parameter of a name that was given, or it was given twice";
            return Err(Error::input(operation, reason));
        }
        path = path.replace(&parameter, &path_segment(operation, &value)?);
    }
    if path.contains(['{', '}']) {
        return Err(Error::input(
            operation,
            "a parameter of the operation's path was not given, or a brace stands alone",
        ));
    }
    Ok(path)
}

/// Leaves the values out: they are the caller's.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("operation", &self.operation.id).finish_non_exhaustive()
    }
}
