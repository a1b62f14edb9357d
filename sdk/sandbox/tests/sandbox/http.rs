//! A minimal HTTP client on a socket, which sends exactly what a test says. Knows nothing of the API.

use std::io::{ErrorKind, Read, Result, Write};
use std::net::TcpStream;

use prolific_sandbox::Sandbox;
use serde_json::Value;

/// The path of the operation that the tests use.
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
