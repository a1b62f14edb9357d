//! A server whose response to each request is made by a function, over connections that stay open.

use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use crate::raw_server::read_request;

/// The server, for as long as the test runs.
#[derive(Debug)]
pub struct Service {
    url: String,
}

impl Service {
    /// Listens on a free loopback port. `respond` writes the response to a request, which it gets as text.
    ///
    /// # Errors
    ///
    /// When no port can be had.
    pub fn start(respond: impl Fn(&str, &mut TcpStream) -> io::Result<()> + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let url = format!("http://{}", listener.local_addr()?);
        let respond = Arc::new(respond);
        thread::spawn(move || {
            for mut connection in listener.incoming().flatten() {
                let respond = Arc::clone(&respond);
                thread::spawn(move || -> io::Result<()> {
                    connection.set_nodelay(true)?;
                    loop {
                        let request = read_request(&mut connection)?;
                        if request.is_empty() {
                            return Ok(());
                        }
                        respond(&request, &mut connection)?;
                    }
                });
            }
        });
        Ok(Self { url })
    }

    /// The base URL.
    pub fn url(&self) -> &str {
        &self.url
    }
}
