//! A minimal HTTP client on a socket, which sends exactly what a test gives it, and the operations of the API on top of it.

use std::io::{ErrorKind, Read, Result, Write};
use std::net::TcpStream;
use std::time::Duration;

use prolific_sandbox::{Sandbox, check_response};
use serde_json::Value;

/// The path of the groups.
pub(crate) const GROUPS: &str = "/api/v1/participant-groups/";

#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// The body as JSON, or null.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The `detail` of the error, whose body must have the documented form.
    pub(crate) fn detail(&self) -> Value {
        let error = &self.json()["error"];
        assert_eq!(error["status"], self.status, "{self:?}");
        assert!(error["error_code"].is_u64() && error["title"].is_string(), "{self:?}");
        assert!(self.head.contains("content-type: application/json\r\n"), "{self:?}");
        error["detail"].clone()
    }
}

/// The time after which a test fails instead of waiting on.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Opens a connection to a sandbox.
pub(crate) fn connect(url: &str) -> Result<TcpStream> {
    let stream = TcpStream::connect(url.trim_start_matches("http://"))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    Ok(stream)
}

/// Sends one request on its own connection. `head` is the request line and the headers, except those that every request has.
pub(crate) fn send(url: &str, head: &[&str], body: &[u8]) -> Result<Response> {
    let (first, headers) = head.split_first().ok_or(ErrorKind::InvalidInput)?;
    let length = body.len();
    let mut request = Vec::new();
    write!(request, "{first} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {length}\r\n")?;
    for header in headers {
        write!(request, "{header}\r\n")?;
    }
    write!(request, "\r\n")?;
    request.extend(body);
    let mut stream = connect(url)?;
    stream.write_all(&request)?;
    read_response(stream)
}

/// Reads a response up to the end of the connection.
pub(crate) fn read_response(mut stream: TcpStream) -> Result<Response> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").map_or(bytes.len(), |start| start + 4);
    let body = bytes.split_off(end);
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    Ok(Response { status, head, body })
}

/// Creates a group with this body, with the right token and content type.
pub(crate) fn create(sandbox: &Sandbox, body: impl AsRef<[u8]>) -> Result<Response> {
    let token = format!("Authorization: Token {}", sandbox.token());
    let post = format!("POST {GROUPS}");
    send(sandbox.url(), &[&post, &token, "Content-Type: application/json"], body.as_ref())
}

/// Performs an operation, and checks the response against the document. `place` is what follows the path of the list. A
/// body of null means none.
#[track_caller]
pub(crate) fn call(sandbox: &Sandbox, operation_id: &str, place: &str, body: &Value) -> Result<Response> {
    let list = match operation_id {
        "workspaces_list" => "/api/v1/workspaces/",
        "users_me" => "/api/v1/users/me/",
        _ => GROUPS,
    };
    let method = match operation_id.trim_start_matches("participant_groups_").split('_').next() {
        Some("create" | "add") => "POST",
        Some("update") => "PATCH",
        Some("delete" | "remove") => "DELETE",
        _ => "GET",
    };
    let token = format!("Authorization: Token {}", sandbox.token());
    let head = [&format!("{method} {list}{place}"), &token, "Content-Type: application/json"];
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let response = send(sandbox.url(), &head, body.as_bytes())?;
    assert_eq!(check_response(operation_id, response.status, &response.body), Ok(()), "{response:?}");
    Ok(response)
}

/// Performs an operation without a body, and returns the response as JSON.
#[track_caller]
pub(crate) fn read(sandbox: &Sandbox, operation_id: &str, place: &str) -> Result<Value> {
    Ok(call(sandbox, operation_id, place, &Value::Null)?.json())
}

/// One field of all results of a list.
pub(crate) fn each(list: &Value, field: &str) -> Vec<String> {
    let results = list["results"].as_array().into_iter().flatten();
    results.map(|item| item[field].as_str().unwrap_or_default().to_owned()).collect()
}
