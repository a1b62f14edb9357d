//! A proxy in front of a service that loses, cuts and refuses: one connection, one request.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::fault_server::is_whole;

/// What happens to a request on its way.
#[derive(Clone, Copy, Debug)]
pub enum Weather {
    /// It arrives, and so does its answer.
    Fair,
    /// The connection is closed before the request is read.
    Closed,
    /// It does not arrive; the proxy answers with this status.
    Refused(u16),
    /// It arrives; the answer does not.
    AnswerLost,
    /// It arrives; the answer breaks off in its body.
    AnswerCut,
    /// It arrives; the proxy answers 502 all the same.
    AnswerReplaced,
}

/// The proxy, until it is dropped.
#[derive(Debug)]
pub struct FaultProxy {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl FaultProxy {
    /// Listens on a free loopback port, in front of the service at this address. The weathers follow one another, and begin
    /// anew at the end.
    ///
    /// # Errors
    ///
    /// When no port can be had.
    pub async fn start(service: SocketAddr, weathers: &[Weather]) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let weathers: Arc<[Weather]> = weathers.into();
        let task = tokio::spawn(async move {
            let count = AtomicUsize::new(0);
            loop {
                let Ok((client, _)) = listener.accept().await else {
                    // Too many open files: some will be closed.
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    continue;
                };
                let weather = weathers[count.fetch_add(1, Ordering::Relaxed) % weathers.len()];
                // What breaks off, breaks off.
                tokio::spawn(async move { drop(pass(client, service, weather).await) });
            }
        });
        Ok(Self { address, task })
    }

    /// The base URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(mut client: TcpStream, service: SocketAddr, weather: Weather) -> io::Result<()> {
    if matches!(weather, Weather::Closed) {
        return Ok(());
    }
    let request = read_message(&mut client).await?;
    let plain = |status: u16| format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n").into_bytes();
    if let Weather::Refused(status) = weather {
        return client.write_all(&plain(status)).await;
    }
    let mut server = TcpStream::connect(service).await?;
    server.write_all(&request).await?;
    let answer = read_message(&mut server).await?;
    match weather {
        Weather::AnswerLost => Ok(()),
        Weather::AnswerCut => client.write_all(&answer[..answer.len() - 1]).await,
        Weather::AnswerReplaced => client.write_all(&plain(502)).await,
        _ => client.write_all(&answer).await,
    }
}

/// A request or an answer, as a whole.
async fn read_message(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut read = Vec::new();
    while !is_whole(&String::from_utf8_lossy(&read)) {
        if stream.read_buf(&mut read).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(read)
}
