//! Connections that a fault can end early. Knows neither requests nor responses, and of faults only the one that
//! closes a new connection.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use crate::faults::Faults;

/// Accepts connections, except those that a fault closes.
#[derive(Debug)]
pub(crate) struct FaultyListener {
    pub(crate) listener: TcpListener,
    pub(crate) faults: Faults,
}

impl FaultyListener {
    pub(crate) async fn accept(&self) -> Connection {
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) => match self.faults.for_connection() {
                    None => return Connection { stream, switch: Switch::default() },
                    Some(fault) => drop(tokio::spawn(close_unread(stream, fault.delay))),
                },
                // The client is gone already, or there are too many connections, which may pass.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }
}

/// Closes a connection, and discards what the client sends. If that were left unread, the system would reset the
/// connection, but only if it arrived in time.
async fn close_unread(mut stream: TcpStream, delay: Duration) {
    tokio::time::sleep(delay).await;
    // An error means that the client has closed it.
    if stream.shutdown().await.is_ok() {
        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    }
}

/// How a connection ends early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It is closed before anything more is written.
    Close,
    /// It is reset before anything more is written.
    Reset,
    /// It is closed when everything that has been buffered is written.
    CloseWhenWritten,
}

/// Ends a connection from inside the handler of a request. Clones belong to the same connection.
#[derive(Debug, Clone, Default)]
pub(crate) struct Switch(Arc<Mutex<Option<Ending>>>);

impl Switch {
    pub(crate) fn end(&self, ending: Ending) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(ending);
    }

    fn get(&self) -> Option<Ending> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The server's side of a connection. When its switch ends it, writing fails; the server then drops it, which closes
/// the socket.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: TcpStream,
    switch: Switch,
}

impl Connection {
    pub(crate) fn switch(&self) -> Switch {
        self.switch.clone()
    }

    fn check_write(&self) -> io::Result<()> {
        match self.switch.get() {
            None | Some(Ending::CloseWhenWritten) => return Ok(()),
            Some(Ending::Close) => {}
            Some(Ending::Reset) => self.stream.set_zero_linger()?,
        }
        Err(ended())
    }
}

fn ended() -> io::Error {
    io::Error::new(io::ErrorKind::BrokenPipe, "a fault ended the connection")
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.check_write()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check_write()?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.switch.get() == Some(Ending::CloseWhenWritten) {
            return Poll::Ready(Err(ended()));
        }
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
