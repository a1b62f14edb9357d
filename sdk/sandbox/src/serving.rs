//! The thread of a sandbox: accepts connections, and serves them until it is told to stop. Knows neither requests nor the
//! state.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime;
use tokio::sync::oneshot;

use crate::connection::FaultyListener;
use crate::delivery;
use crate::shared::Shared;

/// Serves until `stopped` is dropped. It has its own thread and runtime, so that a test that blocks its runtime is
/// served as well.
pub(crate) fn run(
    address: SocketAddr,
    router: Router,
    shared: &Shared,
    ready: oneshot::Sender<io::Result<SocketAddr>>,
    stopped: oneshot::Receiver<()>,
) {
    let runtime = match runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return drop(ready.send(Err(error))),
    };
    // When the runtime is dropped at the end, so are all connections.
    runtime.block_on(async {
        let bound = listen(address).and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (address, listener) = match bound {
            Ok(bound) => bound,
            Err(error) => return drop(ready.send(Err(error))),
        };
        // If nobody is waiting any more, `stopped` has been dropped as well.
        let _ = ready.send(Ok(address));
        tokio::select! {
            () = serve(FaultyListener { listener, faults: shared.faults.clone() }, router) => {}
            () = delivery::run(&shared.world) => {}
            () = shared.clone().keep_time() => {}
            _ = stopped => {}
        }
    });
}

/// The number of connections that may wait to be accepted. With the usual 128, those of many clients at a time would be
/// made to wait for a second and more.
const BACKLOG: u32 = 4096;

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // As `TcpListener::bind` does: elsewhere, this would let two servers share a port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// How long a connection may take to send the head of a request, from its start or from the last response.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);

/// Accepts connections, and serves them side by side. `axum::serve` sets no time limit for the head of a request.
async fn serve(listener: FaultyListener, router: Router) {
    loop {
        let connection = listener.accept().await;
        let (switch, router) = (connection.switch(), TowerToHyperService::new(router.clone()));
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(switch.clone());
            router.call(request)
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT);
        let served = http.serve_connection(TokioIo::new(connection), service);
        tokio::spawn(async move {
            // An error ends this connection: a client that closed it, or a fault.
            let _ = served.await;
        });
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use std::net::Ipv4Addr;

    use super::*;
    use crate::faults::Faults;

    /// On a clock that only moves when everything waits.
    #[tokio::test(start_paused = true)]
    async fn a_head_that_does_not_end_does_not_hold_its_connection_for_ever() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(serve(FaultyListener { listener, faults: Faults::default() }, Router::new()));
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\nx: ").await.unwrap();
        let mut read = Vec::new();
        let ended = tokio::time::timeout(10 * HEAD_TIMEOUT, stream.read_to_end(&mut read)).await;
        ended.expect("the connection is closed").unwrap();
        assert!(read.is_empty() || read.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&read));
    }
}
