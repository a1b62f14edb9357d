//! Receives events, and approves every submission that awaits review, once. Approving spends money.
//!
//! ```text
//! PROLIFIC_TOKEN=… PROLIFIC_WEBHOOK_SECRET=… cargo run --example webhook_receiver --features webhooks
//! ```

use std::{env, error::Error, sync::Arc};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, http::StatusCode, routing::post};
use prolific_sdk::Client;
use prolific_sdk::types::{SubmissionStatus, TransitionSubmission, WebhookPayload};
use prolific_sdk::webhooks::{Event, Seen, SeenInMemory, Verifier};

async fn receive(State(it): State<Arc<Receiver>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let verified = it.verifier.verify(&headers, &body).inspect_err(|error| eprintln!("rejected: {error}"));
    let Ok(event) = verified else { return StatusCode::UNAUTHORIZED };
    let done = it.seen.once(&event.id, approve(&it.client, &event)).await;
    let done = done.inspect_err(|error| eprintln!("event {}: {error}", event.id));
    // Without a success, the event comes again.
    done.map_or(StatusCode::SERVICE_UNAVAILABLE, |_| StatusCode::NO_CONTENT)
}

async fn approve(client: &Client, event: &Event) -> Result<(), prolific_sdk::Error> {
    let WebhookPayload::SubmissionStatusChange(change) = &event.payload else { return Ok(()) };
    // The event may be late, or come again after an approval whose outcome is unknown: what counts is what is true now.
    let submission = client.submissions().get(&change.resource_id).send().await?;
    if submission.status == SubmissionStatus::AwaitingReview {
        client.submissions().transition(submission.id, TransitionSubmission::approve()).send().await?;
    }
    Ok(())
}

struct Receiver {
    client: Client,
    verifier: Verifier,
    seen: SeenInMemory,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let secret = env::var("PROLIFIC_WEBHOOK_SECRET").map_err(|error| format!("PROLIFIC_WEBHOOK_SECRET: {error}"))?;
    let verifier = Verifier::new(secret);
    let receiver = Receiver { client: Client::from_env()?, verifier, seen: SeenInMemory::new(100_000) };
    let listener = tokio::net::TcpListener::bind(env::var("LISTEN").unwrap_or("127.0.0.1:0".into())).await?;
    println!("receiving at http://{}/", listener.local_addr()?);
    let router = Router::new().route("/", post(receive)).with_state(Arc::new(receiver));
    Ok(axum::serve(listener, router).await?)
}
