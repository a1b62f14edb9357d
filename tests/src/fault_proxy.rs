//! A proxy in front of a service that loses, cuts and rejects: one request for each connection.

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
pub enum ProxyFault {
    /// It arrives, and so does its response.
    None,
    /// The connection is closed before the request is read.
    Closed,
    /// It does not arrive. The proxy responds with this status.
    Rejected(u16),
    /// It arrives. The response does not.
    ResponseLost,
    /// It arrives. The response breaks off in its body.
    ResponseCut,
    /// It arrives. The proxy responds with 502 all the same.
    ResponseReplaced,
}

/// The proxy, until it is dropped.
#[derive(Debug)]
pub struct FaultProxy {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl FaultProxy {
    /// Listens on a free loopback port, in front of the service at this address. The faults follow one another, and
    /// begin anew at the end.
    ///
    /// # Errors
    ///
    /// When no port can be had.
    pub async fn start(service: SocketAddr, faults: &[ProxyFault]) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let faults: Arc<[ProxyFault]> = faults.into();
        let task = tokio::spawn(async move {
            let count = AtomicUsize::new(0);
            loop {
                let Ok((client, _)) = listener.accept().await else {
                    // Too many open files: some will be closed.
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    continue;
                };
                let fault = faults[count.fetch_add(1, Ordering::Relaxed) % faults.len()];
                // What breaks off, breaks off.
                tokio::spawn(async move { drop(pass(client, service, fault).await) });
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

async fn pass(mut client: TcpStream, service: SocketAddr, fault: ProxyFault) -> io::Result<()> {
    if matches!(fault, ProxyFault::Closed) {
        return Ok(());
    }
    let request = read_message(&mut client).await?;
    let plain = |status: u16| format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n").into_bytes();
    if let ProxyFault::Rejected(status) = fault {
        return client.write_all(&plain(status)).await;
    }
    let mut server = TcpStream::connect(service).await?;
    server.write_all(&request).await?;
    let response = read_message(&mut server).await?;
    match fault {
        ProxyFault::ResponseLost => Ok(()),
        ProxyFault::ResponseCut => client.write_all(&response[..response.len() - 1]).await,
        ProxyFault::ResponseReplaced => client.write_all(&plain(502)).await,
        _ => client.write_all(&response).await,
    }
}

/// A request or a response, as a whole.
async fn read_message(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut read = Vec::new();
    while !is_whole(&String::from_utf8_lossy(&read)) {
        if stream.read_buf(&mut read).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(read)
}
