//! What is reported of a call that fails, against what a server really received. Everything is over real sockets.

mod cancellation;
mod checked_create;
mod connections;
mod doors;
mod matrix;
mod peers;
mod property;
mod reconciliation;
mod responses;
mod runtimes;
mod secrets;
mod security;
mod soak;
mod telemetry;
mod tls;

use std::error::Error as _;
use std::time::Duration;

use contract_tests::fault_server::{Close, End, Fault, FaultServer, Seen};
use prolific_sdk::types::CreateParticipantGroup;
use prolific_sdk::{Attempt, Client, ClientBuilder, Delivery, Effect, Error, Operation, RetryPolicy};

use secrets::Log;

/// For a server that responds soon or never.
fn short_timeouts(url: &str) -> ClientBuilder {
    default_timeouts(url).connect_timeout(Duration::from_millis(700)).attempt_timeout(Duration::from_secs(1))
}

/// Under these no healthy server is too slow. Waits between attempts are short: a test server need not be spared.
fn default_timeouts(url: &str) -> ClientBuilder {
    let soon = RetryPolicy::new().backoff(Duration::from_millis(1), Duration::from_millis(2));
    Client::builder().base_url(url).token("canary-token").retry_policy(soon)
}

/// A group whose every word is secret.
fn group() -> CreateParticipantGroup {
    CreateParticipantGroup::in_workspace("canary-name", "canary-workspace").participant_ids(["canary-id"])
}

fn response(status: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into()
}

/// A group with the id that the request asks for.
fn group_of(request: &str) -> Vec<u8> {
    let id = request.split([' ', '/']).nth(5).unwrap();
    response("200 OK", &format!(r#"{{"id": "{id}"}}"#))
}

/// A response after which the connection is closed, and which says so.
fn responding(bytes: impl Into<Vec<u8>>) -> Fault {
    let mut bytes = bytes.into();
    if let Some(end) = bytes.windows(2).position(|pair| pair == b"\r\n") {
        bytes.splice(end..end, *b"\r\nconnection: close");
    }
    Fault::Respond(bytes, End::Close(Close::Fin))
}

/// A failed call: its error, and what the server received.
struct Failed {
    error: Error,
    seen: Seen,
}

/// A create against faults. What holds for every error is checked.
async fn create(settings: fn(&str) -> ClientBuilder, script: impl Into<Vec<Fault>>) -> Failed {
    failing(settings, script, async |client| client.participant_groups().create(group()).send().await.map(drop)).await
}

/// A read against faults.
async fn read(settings: fn(&str) -> ClientBuilder, script: impl Into<Vec<Fault>>) -> Failed {
    failing(settings, script, async |client| client.participant_groups().get("canary-id").send().await.map(drop)).await
}

/// A deletion against faults.
async fn delete(settings: fn(&str) -> ClientBuilder, script: impl Into<Vec<Fault>>) -> Failed {
    failing(settings, script, async |client| client.participant_groups().delete("canary-id").send().await.map(drop))
        .await
}

async fn failing(
    settings: fn(&str) -> ClientBuilder,
    script: impl Into<Vec<Fault>>,
    call: impl AsyncFnOnce(Client) -> Result<(), Error>,
) -> Failed {
    let log = Log::start();
    let server = FaultServer::start(script).unwrap();
    let error = call(settings(&server.url()).build().unwrap()).await.unwrap_err();
    let seen = server.finish().await.unwrap();
    assert_truthful(error.operation(), error.attempts(), Some(&error), &seen);
    log.assert_clean(&error);
    Failed { error, seen }
}

/// The error of a create. Neither it nor the log may have a secret.
async fn create_fails(client: &Client) -> Error {
    let log = Log::start();
    let error = client.participant_groups().create(group()).send().await.unwrap_err();
    log.assert_clean(&error);
    error
}

/// What must hold whatever happened: nothing that arrived is denied, nothing that took effect is denied, and what
/// cannot be repeated arrives once, but for those that the service rejected with 429.
fn assert_truthful(operation: &Operation, attempts: &[Attempt], error: Option<&Error>, seen: &Seen) {
    let full = seen.requests.len();
    let possibly = attempts.iter().filter(|attempt| attempt.delivery != Delivery::NotSent).count();
    assert!(full <= possibly, "{full} requests arrived, and {possibly} are admitted: {attempts:?} {seen:?}");
    // Where each attempt had a connection of its own, each can be checked by itself.
    if !operation.safe && attempts.len() == seen.connections {
        for request in &seen.requests {
            assert_ne!(
                attempts[request.connection].delivery,
                Delivery::NotSent,
                "one that arrived is denied: {attempts:?} {seen:?}"
            );
        }
    }
    if !operation.idempotent {
        let throttled = seen.requests.iter().filter(|request| request.status == Some(429)).count();
        assert!(full <= 1 + throttled, "{full} requests arrived: {seen:?}");
    }
    let Some(error) = error else { return };
    secrets::assert_none_in(error);
    assert_eq!(error.delivery(), attempts.iter().map(|attempt| attempt.delivery).max().unwrap_or(Delivery::NotSent));
    let took_effect = seen.requests.iter().any(contract_tests::fault_server::Request::may_have_taken_effect);
    if !operation.safe {
        assert!(!(took_effect && error.effect() == Effect::NotApplied), "an effect is denied: {error:?} {seen:?}");
        let promised = seen.early.iter().any(|status| (200..300).contains(status));
        assert!(
            took_effect || promised || error.effect() != Effect::Applied,
            "an effect is invented: {error:?} {seen:?}"
        );
    }
    assert_eq!(error.may_have_taken_effect(), error.effect() != Effect::NotApplied);
    assert_eq!(error.status(), attempts.last().and_then(|attempt| attempt.status));
    assert!(error.body().len() <= 64 * 1024);
    assert!(!error.to_string().contains('\n'), "{error}");
    assert!(error.to_string().starts_with(operation.summary), "{error}");
    // A status says enough. Everything else has a cause.
    assert!(error.status().is_some() || error.source().is_some());
}
