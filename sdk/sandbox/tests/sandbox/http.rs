//! A minimal HTTP client on a socket, which sends exactly what a test says, and the operations of the API on top of it.

use std::io::{ErrorKind, Read, Result, Write};
use std::net::TcpStream;

use prolific_sandbox::{Sandbox, check_response};
use serde_json::Value;

/// The path of the groups.
pub(crate) const GROUPS: &str = "/api/v1/participant-groups/";

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body as JSON, or null.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The error's detail, if the body has the documented shape for the status.
    pub(crate) fn detail(&self) -> Value {
        let error = &self.json()["error"];
        assert_eq!(error["status"], self.status, "{self:?}");
        assert!(error["error_code"].is_u64() && error["title"].is_string(), "{self:?}");
        assert!(self.head.contains("content-type: application/json\r\n"), "{self:?}");
        error["detail"].clone()
    }
}

/// Opens a connection to a sandbox.
pub(crate) fn connect(url: &str) -> Result<TcpStream> {
    TcpStream::connect(url.trim_start_matches("http://"))
}

/// Sends one request on a connection of its own. `head` is the request line and headers, without those of every request.
pub(crate) fn send(url: &str, head: &[&str], body: &[u8]) -> Result<Answer> {
    let (first, headers) = head.split_first().ok_or(ErrorKind::InvalidInput)?;
    let length = body.len();
    let mut request = Vec::new();
    write!(request, "{first} HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\nContent-Length: {length}\r\n")?;
    for header in headers {
        write!(request, "{header}\r\n")?;
    }
    write!(request, "\r\n")?;
    request.extend(body);
    let mut stream = connect(url)?;
    stream.write_all(&request)?;
    read_answer(stream)
}

/// Reads an answer up to the end of the connection.
pub(crate) fn read_answer(mut stream: TcpStream) -> Result<Answer> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n").map_or(bytes.len(), |start| start + 4);
    let body = bytes.split_off(end);
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    Ok(Answer { status, head, body })
}

/// Creates a group with this body, as a client should.
pub(crate) fn create(sandbox: &Sandbox, body: impl AsRef<[u8]>) -> Result<Answer> {
    let token = format!("Authorization: Token {}", sandbox.token());
    let post = format!("POST {GROUPS}");
    send(sandbox.url(), &[&post, &token, "Content-Type: application/json"], body.as_ref())
}

/// Performs an operation. `place` is what follows the path of the list, body null stands for none. The answer conforms
/// to the document.
#[track_caller]
pub(crate) fn call(sandbox: &Sandbox, operation_id: &str, place: &str, body: &Value) -> Result<Answer> {
    let list = match operation_id {
        "list_workspaces" => "/api/v1/workspaces/",
        "get_current_user" => "/api/v1/users/me/",
        _ => GROUPS,
    };
    let method = match operation_id.split('_').next() {
        Some("create" | "add") => "POST",
        Some("update") => "PATCH",
        Some("delete" | "remove") => "DELETE",
        _ => "GET",
    };
    let token = format!("Authorization: Token {}", sandbox.token());
    let head = [&format!("{method} {list}{place}"), &token, "Content-Type: application/json"];
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let answer = send(sandbox.url(), &head, body.as_bytes())?;
    assert_eq!(check_response(operation_id, answer.status, &answer.body), Ok(()), "{answer:?}");
    Ok(answer)
}

/// The answer to an operation without a body, as JSON.
#[track_caller]
pub(crate) fn read(sandbox: &Sandbox, operation_id: &str, place: &str) -> Result<Value> {
    Ok(call(sandbox, operation_id, place, &Value::Null)?.json())
}

/// One field of all results of a list.
pub(crate) fn each(list: &Value, field: &str) -> Vec<String> {
    let results = list["results"].as_array().into_iter().flatten();
    results.map(|item| item[field].as_str().unwrap_or_default().to_owned()).collect()
}
