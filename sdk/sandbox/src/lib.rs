//! A loopback HTTP server that behaves like the participant-group part of Prolific's REST API, to test clients against.
//!
//! This is an independent imitation, written from Prolific's public documentation. It is not Prolific's software, not
//! official, and no proof of how the real service behaves.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let sandbox = prolific_sandbox::Sandbox::start().await?;
//! println!("{} accepts the token {}", sandbox.url(), sandbox.token());
//! // Point a client at it. The sandbox ends when it is dropped.
//! # Ok(())
//! # }
//! ```
//!
//! A sandbox starts with one user, one workspace and no groups, or with a [`Seed`]. It keeps what it is told in memory,
//! and shares nothing with other sandboxes. Its ids and times count up, so that a test sees the same ones on every run.
//! It records what it is asked, for assertions: [`Sandbox::requests`]. It fails when it is told to:
//! [`Sandbox::fail_next`]. For values without a service there is [`example`]. The binary `prolific-sandbox` serves one on the
//! command line.
//!
//! # How it answers
//!
//! The OpenAPI document of the project is part of the crate and is interpreted while the sandbox runs: it decides which
//! paths and methods exist, which of them need a token, and which requests are valid. The operations on participant groups
//! and their members, the list of workspaces and the current user have a behaviour in code; every other operation of
//! the document is answered with its example there, and with 501 if it has none.
//!
//! # Choices where the documentation is silent
//!
//! - The checks come in this order: path (404), token (401), method (405), parameters (400), size (413), a body at all
//!   (400), content type (415), syntax and schema of the body (400), whether there is such a group (404), the range of
//!   `limit` and `offset` (400).
//! - A body needs the content type `application/json`, with or without parameters; anything else, or none, is 415.
//! - A path without its final slash is unknown. An unknown path needs no token.
//! - `Authorization` is compared as it is: the word `Token`, one space, the token.
//! - `error_code` is 100000 plus 100 times the status. `title` is the standard phrase of the status.
//! - `detail` lists messages by field as soon as one message belongs to a field, and is a text otherwise. A body over
//!   64 KiB gets the first mismatch only.
//! - Both owners, or neither, is a mistake of no single field, and reported once the fields are right.
//! - `null` is a wrong type for a field that is not documented as nullable.
//! - Unknown fields and query parameters, and read-only fields in a request, are ignored. Of repeated fields and
//!   parameters the last one counts, unless the parameter is a list.
//! - Any text will do as an id in a request. A participant who is given twice is one member. A workspace need not be
//!   known to have groups; one without groups has an empty list.
//!
//! Lists and members:
//!
//! - Without `active`, a list has the deleted groups as well: no filter filters nothing.
//! - `search` finds a part of the name and ignores case. Groups are in the order in which they were created, members in
//!   the order in which they joined.
//! - Without `limit`, a page has 200 items; there is no maximum. `limit` is at least 1, `offset` at least 0; an `offset`
//!   after the end is an empty page.
//! - A list has `_links` with `next`, `previous` and `last`, and `meta` with the true `count`, unless
//!   [`Builder::envelope`] says otherwise. An `href` has no host, keeps the other parameters, and is null where there is
//!   no such page.
//! - The answers to adding and removing have all members, with neither pages nor an envelope.
//! - A deleted group is read, changed and deleted again like any other, and stays deleted.
//! - An update that replaces the members lets those who stay keep their time of joining; who leaves and comes back has a
//!   new one.
//! - Adding or removing without `participant_ids` changes nothing, and so does an update without a known field.
//! - The first membership is from `2024-01-01T00:00:01Z`, and each is a second after the one before. Every second one
//!   has fractions of a second, as the service sends both forms.
//! - A workspace is answered with the user as its owner and only member. Feeder studies are always an empty list.
//!
//! # Limits
//!
//! - It listens on loopback addresses alone, without TLS.
//! - A body may have 64 MiB; more is 413. JSON may be nested 127 levels deep.
//! - There is one account, which may do everything: no 403, and no 422 or 429 either, unless [`Sandbox::fail_next`] says
//!   so.
//! - Nothing is saved, and what was recorded is kept until the end.

// This file starts and stops servers. It knows no operation of the API.

mod behaviour;
mod document;
mod error;
mod group;
mod order;
mod page;
mod record;
mod schema;
mod seed;
mod server;

use std::net::{Ipv4Addr, SocketAddr};
use std::thread::{self, JoinHandle};
use std::{fmt, io};

use axum::Router;
use axum::http::StatusCode;
use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::oneshot;

use document::Document;
use order::{Order, Orders};
use record::Log;
use server::Server;

pub use record::RecordedRequest;
pub use seed::{Seed, SeedGroup};

/// A running sandbox: a server with its own state, which ends when this value is dropped.
pub struct Sandbox {
    url: String,
    token: String,
    log: Log,
    orders: Orders,
    // Both are there until the drop.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts a sandbox on a free port of 127.0.0.1. It is ready for requests when this returns.
    ///
    /// # Errors
    ///
    /// If the port or the thread cannot be had.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Starts a sandbox with another address, token or state, or without what is around a list.
    #[must_use]
    pub fn builder() -> Builder {
        Builder {
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            token: "sandbox-token".to_owned(),
            envelope: true,
            seed: Seed::new().workspace("62fce6fff0a78eb4f3ebc09c", "My workspace"),
        }
    }

    /// Where the sandbox listens, such as `http://127.0.0.1:40123`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The token that the sandbox accepts, as `Authorization: Token <token>`.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Every request so far, refused ones included, in the order in which they were answered. A request is among them
    /// once its answer begins to arrive; what is not HTTP never is. They are kept, bodies included, until the sandbox
    /// ends, and every call makes a copy.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.log.requests()
    }

    /// Lets the next request fail, whatever it is, and with whichever token: it is not performed, and is answered with
    /// this status. What is called several times holds for as many requests, in order.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let sandbox = prolific_sandbox::Sandbox::start().await?;
    /// sandbox.fail_next(429);
    /// sandbox.fail_next(429);
    /// // A client that tries again succeeds with its third request.
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// When the status is not one of failure, 400 to 599: a test with another one would not test what it says.
    #[expect(clippy::panic, reason = "an error would be passed over in a test")]
    pub fn fail_next(&self, status: u16) {
        let failure = StatusCode::from_u16(status).ok();
        let failure = failure.filter(|status| status.is_client_error() || status.is_server_error());
        let failure = failure.unwrap_or_else(|| panic!("{status} is not a status of failure: give one of 400 to 599"));
        self.orders.add(Order::Refused(failure));
    }

    /// Lets the answer of the next request be lost: the request is performed, and answered with 502, as by a gateway
    /// that did not hear from the service any more. It waits in the same line as [`fail_next`](Self::fail_next).
    pub fn lose_next_answer(&self) {
        self.orders.add(Order::AnswerLost);
    }

    /// Lets the next request be answered as usual: for a failure of one behind it, it waits in the same line as
    /// [`fail_next`](Self::fail_next).
    pub fn pass_next(&self) {
        self.orders.add(Order::Pass);
    }
}

/// The example of a schema of the document, as JSON text: a value for tests. It is that of a request or an answer with
/// this schema, or put together from those of its properties. `None` if there is no such schema.
///
/// ```
/// let group = prolific_sandbox::example("ParticipantGroup").ok_or("no such schema")?;
/// assert!(group.contains("\"participant_count\":"));
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn example(schema: &str) -> Option<String> {
    Document::embedded().ok()?.example(schema).map(|example| example.to_string())
}

/// Checks an answer to an operation against the document: is the status documented, and does the body match its schema?
/// For tests of whatever claims to answer like the service; the sandbox itself passes.
///
/// # Errors
///
/// What is wrong with the answer, in words.
pub fn check_response(operation_id: &str, status: u16, body: &[u8]) -> Result<(), String> {
    Document::embedded()?.check_response(operation_id, status, body)
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("url", &self.url).field("token", &self.token).finish_non_exhaustive()
    }
}

impl Drop for Sandbox {
    /// Closes the port and every connection, and returns when that is done.
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread has been printed by the thread, and there is nobody to hand it to.
            let _ = thread.join();
        }
    }
}

/// Starts a sandbox that is not the default one. Made by [`Sandbox::builder`].
#[derive(Debug, Clone)]
pub struct Builder {
    address: SocketAddr,
    token: String,
    envelope: bool,
    seed: Seed,
}

impl Builder {
    /// Listens on this address, which must be a loopback one. Port 0 stands for any free port.
    #[must_use]
    pub fn address(mut self, address: impl Into<SocketAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// Accepts this token. It consists of letters, digits, `-`, `_` and `.`.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = token.into();
        self
    }

    /// Starts with this state. Without it there are one user, one workspace and no groups.
    #[must_use]
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// Whether lists are answered with `_links` and `meta` beside `results`, as they are by default. Prolific's
    /// documentation has `results` alone, so a client should work either way.
    #[must_use]
    pub fn envelope(mut self, envelope: bool) -> Self {
        self.envelope = envelope;
        self
    }

    /// Starts the sandbox. It is ready for requests when this returns.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::InvalidInput`] if the address is not a loopback one, the token has other characters, or two groups
    /// of the seed have the same id or one has an empty id; otherwise if the port or the thread cannot be had.
    pub async fn start(self) -> io::Result<Sandbox> {
        let Self { address, token, envelope, seed } = self;
        let invalid = |problem: String| io::Error::new(io::ErrorKind::InvalidInput, problem);
        if !address.ip().is_loopback() {
            return Err(invalid(format!("{address} is not a loopback address; the sandbox listens on no other")));
        }
        if token.is_empty() || !token.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
            return Err(invalid("a token consists of letters, digits, '-', '_' and '.'".to_owned()));
        }
        seed.check().map_err(invalid)?;
        let document = Document::embedded().map_err(io::Error::other)?;
        let (log, orders) = (Log::default(), Orders::default());
        let server = Server::new(&token, envelope, seed, log.clone(), orders.clone());
        let router = server::router(&document, server);
        let (ready, bound) = oneshot::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("prolific-sandbox".to_owned())
            .spawn(move || run(address, router, ready, stopped))?;
        let address = bound.await.map_err(io::Error::other)??;
        Ok(Sandbox { url: format!("http://{address}"), token, log, orders, stop: Some(stop), thread: Some(thread) })
    }
}

/// Serves until `stopped` is dropped. A runtime and thread of its own: a test that blocks its runtime is still served.
fn run(
    address: SocketAddr,
    router: Router,
    ready: oneshot::Sender<io::Result<SocketAddr>>,
    stopped: oneshot::Receiver<()>,
) {
    let runtime = match runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return drop(ready.send(Err(error))),
    };
    // When the runtime is dropped at the end, so are all connections.
    runtime.block_on(async {
        let bound = TcpListener::bind(address).await.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (address, listener) = match bound {
            Ok(bound) => bound,
            Err(error) => return drop(ready.send(Err(error))),
        };
        // If nobody waits any more, `stopped` is done as well.
        let _ = ready.send(Ok(address));
        tokio::select! {
            _ = axum::serve(listener, router) => {}
            _ = stopped => {}
        }
    });
}
