//! A server that receives webhooks on a socket of this machine, and keeps what it received.

use std::collections::VecDeque;
use std::io::Result;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use tokio::net::TcpListener;

/// One delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Delivery {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Delivery {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The id of the event.
    pub(crate) fn id(&self) -> &str {
        self.header("X-Event-ID")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The `status` in the body.
    pub(crate) fn status(&self) -> String {
        self.json()["status"].as_str().unwrap_or_default().to_owned()
    }

    /// Whether a receiver with this secret takes it for genuine.
    pub(crate) fn is_signed_with(&self, secret: &str) -> bool {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(self.header("X-Prolific-Request-Timestamp").as_bytes());
        mac.update(&self.body);
        let signature = STANDARD.decode(self.header("X-Prolific-Request-Signature"));
        signature.is_ok_and(|signature| mac.verify_slice(&signature).is_ok())
    }
}

#[derive(Debug)]
pub(crate) struct Receiver {
    /// Where it receives.
    pub(crate) url: String,
    received: Arc<Mutex<Vec<Delivery>>>,
    answers: Arc<Mutex<VecDeque<u16>>>,
}

impl Receiver {
    /// It responds with 204, until [`answer`](Self::answer) says otherwise.
    pub(crate) async fn start() -> Result<Self> {
        Self::start_with(|_| ()).await
    }

    /// It does this before it responds.
    pub(crate) async fn start_with(act: impl Fn(&Delivery) + Clone + Send + Sync + 'static) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let url = format!("http://{}/events", listener.local_addr()?);
        let (received, answers) = (Arc::<Mutex<Vec<_>>>::default(), Arc::<Mutex<VecDeque<u16>>>::default());
        let handler = {
            let (received, answers) = (Arc::clone(&received), Arc::clone(&answers));
            async move |headers: HeaderMap, body: Bytes| {
                let delivery = Delivery { headers, body };
                act(&delivery);
                received.lock().unwrap().push(delivery);
                let mut answers = answers.lock().unwrap();
                let status = if answers.len() > 1 { answers.pop_front() } else { answers.front().copied() };
                StatusCode::from_u16(status.unwrap_or(204)).unwrap()
            }
        };
        let router = Router::new().route("/events", post(handler));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { url, received, answers })
    }

    /// Responds with these, one after the other, and then always with the last one.
    pub(crate) fn answer(&self, statuses: &[u16]) {
        *self.answers.lock().unwrap() = statuses.iter().copied().collect();
    }

    /// What was received since the last call.
    pub(crate) fn take(&self) -> Vec<Delivery> {
        std::mem::take(&mut self.received.lock().unwrap())
    }
}
