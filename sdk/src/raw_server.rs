//! A server on its own thread that takes one connection, records what it reads, and writes given bytes. Knows no HTTP but
//! where a request ends.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

/// The server, until its request has come.
#[derive(Debug)]
pub struct RawServer {
    url: String,
    thread: JoinHandle<std::io::Result<String>>,
}

impl RawServer {
    /// Listens on a free loopback port, and answers one request with `answer`, then closes the connection.
    ///
    /// # Errors
    ///
    /// When no port can be had.
    pub fn answering(answer: impl Into<Vec<u8>>) -> std::io::Result<Self> {
        let answer = answer.into();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let url = format!("http://{}", listener.local_addr()?);
        let thread = thread::spawn(move || {
            let (mut connection, _) = listener.accept()?;
            drop(listener); // A second connection is refused: a request that is sent again fails.
            let request = read_request(&mut connection)?;
            // The client may hang up before it has read a long answer.
            let _ = connection.write_all(&answer);
            Ok(request)
        });
        Ok(Self { url, thread })
    }

    /// The base URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The request, as text.
    ///
    /// # Errors
    ///
    /// When reading it failed.
    pub fn request(self) -> std::io::Result<String> {
        self.thread.join().unwrap_or_else(|_| Err(std::io::Error::other("the server's thread panicked")))
    }
}

/// An answer with a JSON body.
pub fn json(status: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
}

fn read_request(connection: &mut TcpStream) -> std::io::Result<String> {
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
