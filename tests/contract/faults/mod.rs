//! What is told of a call that fails, against what a server really got. Everything is over real sockets.

mod answers;
mod books;
mod cancellation;
mod checked_create;
mod matrix;
mod property;
mod secrets;
mod security;
mod telemetry;
mod tls;

use std::error::Error as _;
use std::time::Duration;

use contract_tests::fault_server::{Close, End, Fault, FaultServer, Seen};
use prolific_sdk::types::CreateParticipantGroup;
use prolific_sdk::{Attempt, Client, ClientBuilder, Effect, Error, Operation, RetryPolicy, Sent};

use secrets::Log;

/// Settings for a server that answers soon or never.
fn hasty(url: &str) -> ClientBuilder {
    patient(url).connect_timeout(Duration::from_millis(700)).attempt_timeout(Duration::from_secs(1))
}

/// Settings under which no healthy server is too slow. Waits are short, as nobody has to be spared.
fn patient(url: &str) -> ClientBuilder {
    let soon = RetryPolicy::new().backoff(Duration::from_millis(1), Duration::from_millis(2));
    Client::builder().base_url(url).token("canary-token").retry_policy(soon)
}

/// A group whose every word is secret.
fn group() -> CreateParticipantGroup {
    CreateParticipantGroup::in_workspace("canary-name", "canary-workspace").participant_ids(["canary-id"])
}

fn answer(status: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into()
}

/// An answer after which the connection is closed, and which says so.
fn answering(bytes: impl Into<Vec<u8>>) -> Fault {
    let mut bytes = bytes.into();
    if let Some(end) = bytes.windows(2).position(|pair| pair == b"\r\n") {
        bytes.splice(end..end, *b"\r\nconnection: close");
    }
    Fault::Answer(bytes, End::Close(Close::Fin))
}

/// A failed call, as the error tells it, and what the server got of it.
struct Told {
    error: Error,
    seen: Seen,
}

/// A create in the face of a fault. What every error must hold is checked.
async fn create(settings: fn(&str) -> ClientBuilder, script: impl Into<Vec<Fault>>) -> Told {
    told(settings, script, async |client| client.create_participant_group(group()).send().await.map(drop)).await
}

/// A read in the face of a fault.
async fn read(settings: fn(&str) -> ClientBuilder, script: impl Into<Vec<Fault>>) -> Told {
    told(settings, script, async |client| client.get_participant_group("canary-id").send().await.map(drop)).await
}

/// A deletion in the face of a fault.
async fn delete(settings: fn(&str) -> ClientBuilder, script: impl Into<Vec<Fault>>) -> Told {
    told(settings, script, async |client| client.delete_participant_group("canary-id").send().await.map(drop)).await
}

async fn told(
    settings: fn(&str) -> ClientBuilder,
    script: impl Into<Vec<Fault>>,
    call: impl AsyncFnOnce(Client) -> Result<(), Error>,
) -> Told {
    let log = Log::start();
    let server = FaultServer::start(script).unwrap();
    let error = call(settings(&server.url()).build().unwrap()).await.unwrap_err();
    let seen = server.finish().await.unwrap();
    assert_told_truly(error.operation(), error.attempts(), Some(&error), &seen);
    log.assert_clean(&error);
    Told { error, seen }
}

/// The error of a create. Neither it nor the log may have a secret.
async fn create_fails(client: &Client) -> Error {
    let log = Log::start();
    let error = client.create_participant_group(group()).send().await.unwrap_err();
    log.assert_clean(&error);
    error
}

/// What must hold whatever happened: nothing that arrived is denied, nothing that took effect is denied, and what cannot be
/// repeated arrives once, but for those that the service refused with 429.
fn assert_told_truly(operation: &Operation, attempts: &[Attempt], error: Option<&Error>, seen: &Seen) {
    let full = seen.requests.len();
    let possibly = attempts.iter().filter(|attempt| attempt.sent != Sent::No).count();
    assert!(full <= possibly, "{full} requests arrived, and {possibly} are admitted: {attempts:?} {seen:?}");
    // Where each attempt had a connection of its own, each answers for itself.
    if !operation.idempotent && attempts.len() == seen.connections {
        for request in &seen.requests {
            assert_ne!(
                attempts[request.connection].sent,
                Sent::No,
                "one that arrived is denied: {attempts:?} {seen:?}"
            );
        }
    }
    if !operation.idempotent {
        let throttled = seen.requests.iter().filter(|request| request.answered == Some(429)).count();
        assert!(full <= 1 + throttled, "{full} requests arrived: {seen:?}");
    }
    let Some(error) = error else { return };
    secrets::assert_none_in(error);
    assert_eq!(error.sent(), attempts.iter().map(|attempt| attempt.sent).max().unwrap_or(Sent::No));
    let took_effect = seen.requests.iter().any(contract_tests::fault_server::Request::may_have_taken_effect);
    if !operation.is_safe() {
        assert!(!(took_effect && error.effect() == Effect::None), "an effect is denied: {error:?} {seen:?}");
        let promised = seen.early.iter().any(|status| (200..300).contains(status));
        assert!(took_effect || promised || error.effect() != Effect::Done, "an effect is invented: {error:?} {seen:?}");
    }
    assert_eq!(error.may_have_taken_effect(), error.effect() != Effect::None);
    assert_eq!(error.status(), attempts.last().and_then(|attempt| attempt.status));
    assert!(error.body().len() <= 64 * 1024);
    assert!(!error.to_string().contains('\n'), "{error}");
    assert!(error.to_string().starts_with(operation.id), "{error}");
    // A status says enough; everything else has a cause.
    assert!(error.status().is_some() || error.source().is_some());
}
