//! Starting and stopping sandboxes. Knows no operation of the API.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::{fmt, io};

use tokio::sync::oneshot;

use crate::control;
use crate::document::Document;
use crate::fault::Fault;
use crate::faults::InjectedFault;
use crate::page::Form;
use crate::quirk::{Quirk, Quirks};
use crate::record::{Limit, Observer, RecordedRequest};
use crate::seed::Seed;
use crate::server::{self, Server};
use crate::serving;
use crate::shared::Shared;
use crate::store::World;
use crate::ui::{self, Ui};

/// A running sandbox: a server with its own state, which stops when this value is dropped.
pub struct Sandbox {
    url: String,
    token: String,
    shared: Shared,
    // Both are there until the drop.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts a sandbox on a free port of 127.0.0.1. It is ready for requests when this returns.
    ///
    /// # Errors
    ///
    /// If no port or no thread is available.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Configures a sandbox: its address, token and initial state, and the form of its lists.
    #[must_use]
    pub fn builder() -> Builder {
        Builder {
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            token: "sandbox-token".to_owned(),
            lists: Form { envelope: true, quirks: Quirks::new() },
            record_limit: Limit::default(),
            examples_only: false,
            live: false,
            observer: Observer::default(),
            seed: Seed::new().workspace("62fce6fff0a78eb4f3ebc09c", "My workspace"),
        }
    }

    /// The base URL, such as `http://127.0.0.1:40123`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The token that the sandbox accepts, as `Authorization: Token <token>`.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Returns the last requests with their responses, in the order in which they were performed or rejected: all of
    /// them, up to the limit that [`Builder::record_limit`] describes.
    ///
    /// A request is included by the time its response begins to arrive. Rejected requests and those with a fault are
    /// included; anything that is not HTTP is not. Every call copies the record, with all bodies.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.log.select(usize::MAX, |_| true)
    }

    /// The number of requests that are no longer recorded, because later ones took their place.
    #[must_use]
    pub fn dropped_requests(&self) -> u64 {
        self.shared.log.dropped()
    }

    /// Injects a fault. By default it applies to the next request. [`Fault`] describes what can go wrong, for which
    /// requests, and how several faults work together.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use prolific_sandbox::{Fault, Sandbox};
    ///
    /// let sandbox = Sandbox::start().await?;
    /// sandbox.inject(Fault::status(429));
    /// sandbox.inject(Fault::status(429));
    /// // A client that retries succeeds with its third request.
    /// # Ok(())
    /// # }
    /// ```
    pub fn inject(&self, fault: Fault) -> InjectedFault {
        self.shared.faults.inject(fault)
    }

    /// What requests change as well.
    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Reads or changes the state. Requests wait meanwhile.
    pub(crate) fn world<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        self.shared.world(change)
    }

    /// Removes all faults that are still waiting. A fault that applies already, such as a delay, is not interrupted.
    pub fn clear_faults(&self) {
        self.shared.faults.clear();
    }

    /// Puts what a seed describes in place of the state. Faults and the record stay.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::InvalidInput`] as for [`Builder::start`]. Nothing has changed then.
    pub fn load(&self, seed: Seed) -> io::Result<()> {
        self.shared.load(seed).map_err(invalid)
    }

    /// Goes back to the beginning: to the seed that the sandbox started with, without faults and recorded requests.
    ///
    /// # Errors
    ///
    /// As for [`load`](Self::load), although the sandbox has started with the same seed.
    pub fn reset(&self) -> io::Result<()> {
        self.shared.reset().map_err(invalid)
    }
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
            // A panic in the thread has been printed there, and cannot be returned from here.
            let _ = thread.join();
        }
    }
}

/// Configures and starts a [`Sandbox`]. Returned by [`Sandbox::builder`].
#[derive(Debug, Clone)]
pub struct Builder {
    address: SocketAddr,
    token: String,
    lists: Form,
    record_limit: Limit,
    examples_only: bool,
    live: bool,
    observer: Observer,
    seed: Seed,
}

impl Builder {
    /// Sets the address to listen on, which must be a loopback address. Port 0 means any free port. By default any free
    /// port of 127.0.0.1.
    #[must_use]
    pub fn address(mut self, address: impl Into<SocketAddr>) -> Self {
        self.address = address.into();
        self
    }

    /// Sets the token to accept. It may contain letters, digits, `-`, `_` and `.`. By default `sandbox-token`.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = token.into();
        self
    }

    /// Sets the initial state. By default there is one user, one workspace and no groups.
    #[must_use]
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// Sets whether lists have `_links` and `meta` in addition to `results`. By default they do. Prolific's
    /// documentation shows only `results`, so a client should work either way.
    #[must_use]
    pub fn envelope(mut self, envelope: bool) -> Self {
        self.lists.envelope = envelope;
        self
    }

    /// Turns on something that the service does only at times. By default none is on.
    ///
    /// ```
    /// use prolific_sandbox::{Quirk, Sandbox};
    ///
    /// let builder = Sandbox::builder().quirk(Quirk::EndlessNextLink).quirk(Quirk::OverlappingPages);
    /// ```
    #[must_use]
    pub fn quirk(mut self, quirk: Quirk) -> Self {
        self.lists.quirks.insert(quirk);
        self
    }

    /// Sets how many requests are recorded, and how many bytes they may take with their responses. The oldest are
    /// dropped first, and counted by [`Sandbox::dropped_requests`]. The last one is kept even if it is larger. By
    /// default 10,000 requests and 128 MiB.
    #[must_use]
    pub fn record_limit(mut self, requests: usize, bytes: usize) -> Self {
        self.record_limit = Limit { requests, bytes };
        self
    }

    /// Sets whether each operation answers with its documented example, whatever the request asks for, and nothing is
    /// kept. By default not.
    #[must_use]
    pub fn examples_only(mut self, examples_only: bool) -> Self {
        self.examples_only = examples_only;
        self
    }

    /// Sets whether the clock begins with the real time and moves on by itself. By default it begins with the year 2024
    /// and moves a second for each thing that happens, so that every run is the same, and only
    /// [`Sandbox::advance`] turns it further.
    #[must_use]
    pub fn live(mut self, live: bool) -> Self {
        self.live = live;
        self
    }

    /// Calls this with each request when it is recorded, to show it while the sandbox runs. Requests of the control API
    /// are not recorded.
    ///
    /// ```
    /// use prolific_sandbox::Sandbox;
    ///
    /// let builder = Sandbox::builder().on_request(|request| eprintln!("{} {}", request.method, request.path));
    /// ```
    #[must_use]
    pub fn on_request(mut self, tell: impl Fn(&RecordedRequest) + Send + Sync + 'static) -> Self {
        self.observer = Observer::new(tell);
        self
    }

    /// Starts the sandbox. It is ready for requests when this returns.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::InvalidInput`] if the address is not a loopback address, if the token contains other
    /// characters, if two things of one kind in the seed have the same id or one has an empty id, or if a
    /// study of it is refused. Another kind if the port or a
    /// thread is not available.
    pub async fn start(self) -> io::Result<Sandbox> {
        let Self { address, token, lists, record_limit, examples_only, live, observer, seed } = self;
        if !address.ip().is_loopback() {
            return Err(invalid(format!("{address} is not a loopback address; the sandbox listens on no other")));
        }
        if token.is_empty() || !token.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
            return Err(invalid("a token consists of letters, digits, '-', '_' and '.'".to_owned()));
        }
        let document = Document::embedded().map_err(io::Error::other)?;
        let shared = Shared::begin(seed, live, record_limit, observer).map_err(invalid)?;
        shared.world(|world| world.quirks.clone_from(&lists.quirks));
        let Shared { world, log, faults, .. } = &shared;
        let server = Server::new(&token, lists, Arc::clone(world), log.clone(), faults.clone());
        let server = server.examples_only(examples_only);
        let control = control::router(&shared).map_err(io::Error::other)?;
        let operations = document.operation_ids().map(str::to_owned).collect();
        let ui = Ui { shared: shared.clone(), operations };
        let router = server::router(&document, server).merge(control).merge(ui::router(ui));
        let (ready, bound) = oneshot::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new().name("prolific-sandbox".to_owned()).spawn({
            let shared = shared.clone();
            move || serving::run(address, router, &shared, ready, stopped)
        })?;
        let address = bound.await.map_err(io::Error::other)??;
        Ok(Sandbox { url: format!("http://{address}"), token, shared, stop: Some(stop), thread: Some(thread) })
    }
}

fn invalid(problem: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, problem)
}
