//! A server on threads of its own that breaks in a given way at each request, and knows what it got. Knows no more of
//! HTTP than where a request ends.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What the server does with one request, or with one connection that never becomes one.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Closes the connection without reading from it.
    Unread(Close),
    /// Reads nothing, and keeps the connection until the client closes it.
    Silent,
    /// Sends these bytes on a new connection, before a request has come, and then does something else.
    First(Vec<u8>, Box<Fault>),
    /// Sleeps before it does something else with a new connection.
    Late(Duration, Box<Fault>),
    /// Reads the head and nothing after it, responds with these bytes, and closes.
    AfterHead(Vec<u8>, Close),
    /// Reads the whole request, responds with these bytes, and goes on with the end.
    Respond(Vec<u8>, End),
}

/// How a connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    /// In the orderly way, by FIN.
    Fin,
    /// By RST: what is under way is lost.
    Rst,
}

/// What comes after the bytes of a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The connection is closed.
    Close(Close),
    /// Nothing, until the client closes the connection.
    Stall,
    /// A blank every 20 milliseconds, for as long as the client listens.
    Drip,
    /// These bytes again and again, as fast as the client takes them.
    Endless(Vec<u8>),
    /// The next request, over the same connection.
    Keep,
    /// After some time another response, to no request. Then the next request, over the same connection.
    Stray(Duration, Vec<u8>),
}

/// A whole request that arrived.
#[derive(Clone, Debug)]
pub struct Request {
    /// Head and body.
    pub text: String,
    /// The status of the response, if it had one.
    pub status: Option<u16>,
    /// The connection that it came over, counted from 0.
    pub connection: usize,
}

impl Request {
    /// Whether a service that responds like this may have performed the request: unless it rejected it.
    pub fn may_have_taken_effect(&self) -> bool {
        self.status.is_none_or(|status| status == 408 || !(400..500).contains(&status))
    }
}

/// What the server received.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Connections that were accepted.
    pub connections: usize,
    /// Bytes that were read.
    pub bytes: usize,
    /// Bytes that could be written.
    pub written: usize,
    /// Requests that arrived as a whole.
    pub requests: Vec<Request>,
    /// The statuses of responses that were sent before the whole request had arrived.
    pub early: Vec<u16>,
}

/// The server.
#[derive(Debug)]
pub struct FaultServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: JoinHandle<Vec<JoinHandle<()>>>,
}

#[derive(Debug)]
struct Shared {
    script: Mutex<Vec<Fault>>,
    seen: Mutex<Seen>,
    stopped: AtomicBool,
    tls: Option<Arc<ServerConfig>>,
}

/// Longer than any test takes.
const PATIENCE: Duration = Duration::from_secs(60);

impl FaultServer {
    /// Listens on a free loopback port. The last fault of the script is repeated.
    ///
    /// # Errors
    ///
    /// When no port can be had.
    pub fn start(script: impl Into<Vec<Fault>>) -> io::Result<Self> {
        Self::with(script.into(), None)
    }

    /// The same, over TLS.
    ///
    /// # Errors
    ///
    /// When no port can be had.
    pub fn start_tls(script: impl Into<Vec<Fault>>, tls: Arc<ServerConfig>) -> io::Result<Self> {
        Self::with(script.into(), Some(tls))
    }

    fn with(mut script: Vec<Fault>, tls: Option<Arc<ServerConfig>>) -> io::Result<Self> {
        script.reverse();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            script: Mutex::new(script),
            seen: Mutex::default(),
            stopped: AtomicBool::new(false),
            tls,
        });
        let acceptor = {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let mut handlers = Vec::new();
                for connection in listener.incoming().flatten() {
                    if shared.stopped.load(Ordering::Acquire) {
                        break;
                    }
                    // In the order in which the connections were made, whichever thread runs first.
                    let (number, fault) = (shared.number(), shared.next());
                    let shared = Arc::clone(&shared);
                    // A client that breaks off is nothing to report: what arrived counts.
                    handlers.push(thread::spawn(move || drop(shared.serve(connection, number, fault))));
                }
                handlers
            })
        };
        Ok(Self { address, shared, acceptor })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL, of plain http.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What the server has received so far.
    pub fn seen(&self) -> Seen {
        lock(&self.shared.seen).clone()
    }

    /// Ends the server when its clients have closed their connections. Returns all that it received.
    ///
    /// # Errors
    ///
    /// When a thread of the server has failed.
    pub async fn finish(self) -> io::Result<Seen> {
        let end = move || {
            self.shared.stopped.store(true, Ordering::Release);
            TcpStream::connect(self.address)?;
            let failed = |_| io::Error::other("a thread of the server has failed");
            for handler in self.acceptor.join().map_err(failed)? {
                handler.join().map_err(failed)?;
            }
            Ok(lock(&self.shared.seen).clone())
        };
        // The client's side of the connections needs this thread to close them.
        tokio::task::spawn_blocking(end).await.map_err(io::Error::other)?
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

trait Stream: Read + Write {}
impl<T: Read + Write> Stream for T {}

impl Shared {
    fn next(&self) -> Fault {
        let mut script = lock(&self.script);
        match &script[..] {
            [] => Fault::Unread(Close::Fin),
            [last] => last.clone(),
            _ => script.pop().unwrap_or(Fault::Silent),
        }
    }

    /// The number of the next connection, counted from 0.
    fn number(&self) -> usize {
        let mut seen = lock(&self.seen);
        seen.connections += 1;
        seen.connections - 1
    }

    fn serve(&self, connection: TcpStream, number: usize, mut fault: Fault) -> io::Result<()> {
        connection.set_read_timeout(Some(PATIENCE))?;
        let socket = connection.try_clone()?;
        let mut stream: Box<dyn Stream> = match &self.tls {
            Some(config) => {
                let tls = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
                Box::new(StreamOwned::new(tls, connection))
            }
            None => Box::new(connection),
        };
        let mut read = Vec::new();
        if let Fault::Late(delay, then) = fault {
            thread::sleep(delay);
            fault = *then;
        }
        // What was sent before is the beginning of the response.
        let mut said = Vec::new();
        if let Fault::First(bytes, then) = fault {
            lock(&self.seen).early.extend(status(&bytes));
            stream.write_all(&bytes)?;
            stream.flush()?;
            said = bytes;
            fault = *then;
        }
        loop {
            match fault {
                Fault::Late(_, then) | Fault::First(_, then) => fault = *then,
                Fault::Unread(close) => return close.perform(&socket),
                Fault::Silent => return wait_for_the_end(&socket),
                Fault::AfterHead(response, close) => {
                    let status = status(&[std::mem::take(&mut said), response.clone()].concat());
                    let text = self.read_until(&mut stream, &mut read, |text| text.contains("\r\n\r\n"))?;
                    // A request without a body has nothing behind its head.
                    if has_body(&text) {
                        lock(&self.seen).early.extend(status);
                    } else {
                        lock(&self.seen).requests.push(Request { text, status, connection: number });
                    }
                    stream.write_all(&response)?;
                    return close.perform(&socket);
                }
                Fault::Respond(response, end) => {
                    let status = status(&[std::mem::take(&mut said), response.clone()].concat());
                    let text = self.read_until(&mut stream, &mut read, is_whole)?;
                    read.clear();
                    lock(&self.seen).requests.push(Request { text, status, connection: number });
                    stream.write_all(&response)?;
                    stream.flush()?;
                    match end {
                        End::Close(close) => return close.perform(&socket),
                        End::Stall => return wait_for_the_end(&mut stream),
                        End::Endless(bytes) => {
                            let many = bytes.repeat(16 * 1024 / bytes.len().max(1));
                            loop {
                                stream.write_all(&many)?;
                                lock(&self.seen).written += many.len();
                            }
                        }
                        End::Drip => loop {
                            thread::sleep(Duration::from_millis(20));
                            stream.write_all(b" ")?;
                        },
                        End::Keep | End::Stray(..) => {
                            if let End::Stray(delay, response) = end {
                                thread::sleep(delay);
                                stream.write_all(&response)?;
                            }
                            // The next fault is for the next request, if one comes.
                            self.read_until(&mut stream, &mut read, |text| !text.is_empty())?;
                            fault = self.next();
                        }
                    }
                }
            }
        }
    }

    /// Reads, beginning with what has been read already, until it is enough.
    fn read_until(
        &self,
        stream: &mut impl Read,
        read: &mut Vec<u8>,
        enough: impl Fn(&str) -> bool,
    ) -> io::Result<String> {
        let mut buffer = [0; 16 * 1024];
        loop {
            let text = String::from_utf8_lossy(read);
            if enough(&text) {
                return Ok(text.into_owned());
            }
            let count = stream.read(&mut buffer)?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            lock(&self.seen).bytes += count;
            read.extend_from_slice(&buffer[..count]);
        }
    }
}

/// Whether it is a head with all of its body.
pub(crate) fn is_whole(text: &str) -> bool {
    text.split_once("\r\n\r\n").is_some_and(|(head, body)| body.len() >= length(head))
}

fn has_body(text: &str) -> bool {
    length(text) > 0
}

fn length(head: &str) -> usize {
    head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0)
}

/// The status of a response that has a whole status line, behind those that only say that one will come.
fn status(response: &[u8]) -> Option<u16> {
    let text = String::from_utf8_lossy(response);
    let (line, rest) = text.split_once("\r\n")?;
    let version = line.strip_prefix("HTTP/1.1 ").or_else(|| line.strip_prefix("HTTP/1.0 "))?;
    let status = version.get(..3)?.parse().ok()?;
    let next = rest.split_once("\r\n").filter(|_| status == 100).map(|(_, next)| next);
    next.map_or(Some(status), |next| self::status(next.as_bytes()))
}

fn wait_for_the_end(mut stream: impl Read) -> io::Result<()> {
    while stream.read(&mut [0; 1024])? > 0 {}
    Ok(())
}

impl Close {
    fn perform(self, socket: &TcpStream) -> io::Result<()> {
        if self == Self::Rst {
            socket2::SockRef::from(socket).set_linger(Some(Duration::ZERO))?;
        }
        Ok(())
    }
}
