//! A server on its own thread that responds with given bytes, one connection for each, and records what it reads.
//! Knows no HTTP but where a request ends.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

/// The server, until it has given its responses. A connection after that is refused.
#[derive(Debug)]
pub struct RawServer {
    url: String,
    requests: Receiver<String>,
}

/// Longer than any test takes: a request that never comes shall fail the test, not hang it.
const PATIENCE: Duration = Duration::from_secs(60);

impl RawServer {
    /// Listens on a free loopback port, and responds to one request.
    ///
    /// # Errors
    ///
    /// When no port can be had.
    pub fn responding(response: impl Into<Vec<u8>>) -> io::Result<Self> {
        Self::responding_each(vec![response.into()])
    }

    /// Listens on a free loopback port, and gives each response to one request.
    ///
    /// # Errors
    ///
    /// When no port can be had.
    pub fn responding_each(responses: Vec<Vec<u8>>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let url = format!("http://{}", listener.local_addr()?);
        let (sender, requests) = mpsc::channel();
        thread::spawn(move || -> io::Result<()> {
            for response in responses {
                let (mut connection, _) = listener.accept()?;
                let request = read_request(&mut connection)?;
                // The test may not ask for it, and the client may hang up before it has read a long response.
                let _ = sender.send(request);
                let _ = connection.write_all(&response);
            }
            Ok(())
        });
        Ok(Self { url, requests })
    }

    /// The base URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The next request, as text.
    ///
    /// # Errors
    ///
    /// When none came.
    pub fn request(&self) -> io::Result<String> {
        self.requests.recv_timeout(PATIENCE).map_err(io::Error::other)
    }
}

/// A response with a JSON body, after which the connection is closed.
pub fn json(status: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: \
         {length}\r\n\r\n{body}"
    )
}

/// The next request as text; empty if the connection was closed.
pub(crate) fn read_request(connection: &mut TcpStream) -> io::Result<String> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Ok(text.into_owned());
            }
        }
        match connection.read(&mut buffer)? {
            0 => return Ok(String::from_utf8_lossy(&bytes).into_owned()),
            count => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}
