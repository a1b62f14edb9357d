//! Sends events to the URLs of subscriptions, signed. Knows neither who subscribed to what nor what
//! follows from a failure.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use sha2::Sha256;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::store::{World, lock};
use crate::target::Target;
use crate::workflow::events::Parcel;

/// How long a receiver may take, from the connection to the end of its response.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// Sends what is to be sent, as long as it runs: to one URL one event after the other, and to several at the same time. The
/// state is locked only between one event and the next.
pub(crate) async fn run(world: &Arc<Mutex<World>>) {
    let mut open = lock(world).webhooks.open();
    let mut sending = JoinSet::new();
    loop {
        // Not in the condition, where the lock would be held for the whole of the loop.
        let next = lock(world).next_parcel();
        if let Some(parcel) = next {
            let world = Arc::clone(world);
            sending.spawn(async move {
                let succeeded = is_delivered(&parcel).await;
                lock(&world).delivered(&parcel.sending, succeeded);
            });
            continue;
        }
        tokio::select! {
            // There is more to send, or an event has been dealt with, so that its URL is free.
            changed = open.changed() => if changed.is_err() { return },
            Some(_) = sending.join_next() => {}
        }
    }
}

/// Waits until nothing is left to be sent now.
pub(crate) async fn all_sent(world: &Mutex<World>) {
    let mut open = lock(world).webhooks.open();
    // It ends with the state, which is there.
    let _ = open.wait_for(|open| *open == 0).await;
}

/// Turns the clock. Whenever there are events to send, it stands still until they are sent.
pub(crate) async fn advance(world: &Mutex<World>, by: Duration) {
    let until = lock(world).clock.now().after(by);
    loop {
        all_sent(world).await;
        if lock(world).advance_to(until) {
            return;
        }
    }
}

/// Whether the receiver responds with success in time.
async fn is_delivered(parcel: &Parcel) -> bool {
    let status = tokio::time::timeout(TIME_LIMIT, send(parcel)).await;
    matches!(status, Ok(Ok(status)) if status.is_success())
}

async fn send(parcel: &Parcel) -> io::Result<StatusCode> {
    let target = Target::parse(&parcel.sending.target).ok_or(io::ErrorKind::InvalidInput)?;
    // Of this machine, not of the sandbox: receivers compare it with their own.
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs().to_string();
    let request = Request::post(target.path)
        .header(HOST, target.host)
        .header(CONTENT_TYPE, "application/json")
        .header("x-prolific-request-signature", signature(&parcel.secret, &now, parcel.body.as_bytes()))
        .header("x-prolific-request-timestamp", now)
        .header("x-event-id", &parcel.sending.event)
        .header("x-timestamp", parcel.created.seconds())
        .body(Full::new(Bytes::from(parcel.body.clone())))
        .map_err(io::Error::other)?;
    let stream = TcpStream::connect(&target.addresses[..]).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    let exchange = async move {
        let response = sender.send_request(request).await?;
        let (head, mut body) = response.into_parts();
        // Read to its end, for the receiver's sake.
        while let Some(Ok(_)) = body.frame().await {}
        Ok(head.status)
    };
    let (status, _) = tokio::join!(exchange, connection);
    status.map_err(|error: hyper::Error| io::Error::other(error))
}

/// The signature of a body that is sent at this time.
fn signature(secret: &str, timestamp: &str, body: &[u8]) -> String {
    // A key can have any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(timestamp.as_bytes());
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests;
