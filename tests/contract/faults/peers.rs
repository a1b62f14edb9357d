//! Peers that bend the protocol, and what is reported of a create then.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use contract_tests::fault_server::{Close, End, Fault, FaultServer};
use prolific_sdk::{Delivery, Effect, ErrorKind, Phase};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;
use tracing::instrument::WithSubscriber;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::matrix::facts;
use super::tls::{certified, https};
use super::{create, create_fails, default_timeouts, group, responding, response};

fn ending(bytes: &str) -> Fault {
    Fault::Respond(bytes.into(), End::Close(Close::Fin))
}

#[tokio::test]
async fn row_25_unusual_forms_of_a_success_are_successes() {
    for bytes in [
        // The end of the connection is the end of the body.
        "HTTP/1.0 201 Created\r\n\r\n{}",
        "HTTP/1.1 201 Created\r\nconnection: close\r\n\r\n{}",
        "HTTP/1.1 201 \r\ncontent-length: 2\r\n\r\n{}",
        "HTTP/1.1 201 Created\r\ncontent-length: 2\r\ncontent-length: 2\r\n\r\n{}",
        "HTTP/1.1 201 Created\r\nx-a: 1\r\nx-a: 2\r\ncontent-length: 2\r\n\r\n{}",
        // Bytes after the end, which belong to nothing.
        "HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}trailing",
        "HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}HTTP/1.1 400 Bad\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}",
    ] {
        let server = FaultServer::start([ending(bytes)]).unwrap();
        let client = default_timeouts(&server.url()).build().unwrap();
        client.participant_groups().create(group()).send().await.unwrap_or_else(|error| panic!("{bytes}: {error:?}"));
        assert_eq!(server.finish().await.unwrap().requests.len(), 1, "{bytes}");
    }
}

#[tokio::test]
async fn row_26_what_is_no_response_leaves_a_create_unknown_and_it_is_sent_once() {
    for bytes in [
        "HTTP/1.1 201 Created\r\nx-folded: a\r\n b\r\ncontent-length: 2\r\n\r\n{}",
        "HTTP/1.1 201 Created\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}",
        "HTTP/1.1 201 Created\r\ncontent-length: -2\r\n\r\n{}",
        "HTTP/1.1 201 Created\r\ncontent length: 2\r\n\r\n{}",
        "HTTP/3 201 Created\r\n\r\n{}",
        "\u{16}\u{3}\u{1} something of TLS",
        "220 mail.example ESMTP\r\n",
    ] {
        let failed = create(default_timeouts, [ending(bytes)]).await;
        assert_eq!(facts(&failed.error), (ErrorKind::Interrupted, Delivery::Unknown, Effect::Unknown), "{bytes}");
        assert_eq!(failed.seen.requests.len(), 1, "{bytes}");
    }
    let switching = "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n";
    let failed = create(default_timeouts, [ending(switching)]).await;
    assert_eq!((failed.error.effect(), failed.seen.requests.len()), (Effect::Unknown, 1), "{:?}", failed.error);
}

/// It answers no request: there was none.
#[tokio::test]
async fn row_27_a_response_before_the_request_is_not_performed_and_reported_as_it_came() {
    let early = response("201 Created", r#"{"id": "early"}"#);
    let first = Fault::First(early, Box::new(Fault::Silent));
    let server = FaultServer::start([first]).unwrap();
    let client = default_timeouts(&server.url()).build().unwrap();
    let result = client.participant_groups().create(group()).send_with_response().await;
    drop(client);
    let seen = server.finish().await.unwrap();
    // Nothing tells it from a quick response if it is read after the request was written.
    assert!(seen.requests.is_empty(), "{seen:?}");
    match result {
        Ok(response) => assert_eq!(response.body().id.as_ref().map(AsRef::as_ref), Some("early")),
        Err(error) => assert_eq!((error.kind(), error.effect()), (ErrorKind::Connect, Effect::NotApplied)),
    }
}

/// Without the end that TLS requires, whoever cut the connection could have shortened the response.
#[tokio::test]
async fn row_28_a_body_that_ends_with_a_tls_connection_is_whole_only_if_tls_says_so() {
    let (config, pem) = certified();
    let open_ended = Fault::Respond(b"HTTP/1.1 201 Created\r\n\r\n{}".to_vec(), End::Close(Close::Fin));
    let server = FaultServer::start_tls([open_ended], config).unwrap();
    let client = default_timeouts(&https(&server)).root_certificates(pem).build().unwrap();
    let error = create_fails(&client).await;
    assert_eq!(facts(&error), (ErrorKind::IncompleteBody, Delivery::Responded, Effect::Applied));
    drop(client);
    assert_eq!(server.finish().await.unwrap().requests.len(), 1);
}

/// Passes each connection on to the next of these addresses.
async fn switching(targets: [SocketAddr; 2]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        for target in targets {
            let (mut client, _) = listener.accept().await.unwrap();
            let mut service = TcpStream::connect(target).await.unwrap();
            tokio::spawn(async move { drop(copy_bidirectional(&mut client, &mut service).await) });
        }
    });
    address
}

#[tokio::test]
async fn row_29_another_certificate_on_the_next_connection_gets_nothing() {
    let (config, pem) = certified();
    let (other, _) = certified();
    let created = [responding(response("201 Created", "{}"))];
    let service = FaultServer::start_tls(created.clone(), config).unwrap();
    let foreign = FaultServer::start_tls(created, other).unwrap();
    let address = switching([service.address(), foreign.address()]).await;
    let client = default_timeouts(&format!("https://{address}")).root_certificates(pem).build().unwrap();
    client.participant_groups().create(group()).send().await.unwrap();
    let error = create_fails(&client).await;
    assert_eq!(facts(&error), (ErrorKind::Connect, Delivery::NotSent, Effect::NotApplied));
    assert_eq!(error.attempts().len(), 1, "it does not pass by itself");
    drop(client);
    assert_eq!(foreign.finish().await.unwrap().requests.len(), 0);
    assert_eq!(service.finish().await.unwrap().requests.len(), 1);
}

/// Nobody listens at the IPv6 address of this name, if it has one.
#[tokio::test]
async fn row_30_a_name_of_which_one_address_refuses_is_reached_at_the_other_and_the_create_is_sent_once() {
    let server = FaultServer::start([responding(response("201 Created", "{}"))]).unwrap();
    let url = server.url().replace("127.0.0.1", "localhost");
    let client = default_timeouts(&url).build().unwrap();
    let response = client.participant_groups().create(group()).send_with_response().await.unwrap();
    assert_eq!(response.attempts().len(), 1);
    drop(client);
    assert_eq!(server.finish().await.unwrap().requests.len(), 1);
}

/// A subscriber of the caller's that panics at the n-th event.
struct Panicking {
    events: Arc<AtomicUsize>,
    at: usize,
}

impl Subscriber for Panicking {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("prolific_sdk")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, _: &Event<'_>) {
        assert_ne!(self.events.fetch_add(1, Ordering::Relaxed) + 1, self.at, "the subscriber panics");
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn row_31_a_subscriber_that_panics_ends_the_call_and_nothing_is_sent_again() {
    let script = [responding(response("429 Slow", "")), responding(response("201 Created", "{}"))];
    let server = FaultServer::start(script).unwrap();
    let client = default_timeouts(&server.url()).build().unwrap();
    for (at, arrived) in [(1, 1), (1, 2)] {
        let events = Arc::new(AtomicUsize::new(0));
        let call = client.participant_groups().create(group()).send();
        let call = tokio::spawn(call.with_subscriber(Panicking { events: Arc::clone(&events), at }));
        assert!(call.await.unwrap_err().is_panic());
        assert_eq!((events.load(Ordering::Relaxed), server.seen().requests.len()), (at, arrived));
    }
    // The client is as it was.
    client.participant_groups().create(group()).send().await.unwrap();
    drop(client);
    assert_eq!(server.finish().await.unwrap().requests.len(), 3);
}

/// How long a create takes whose attempt has half a second, against responses that only say that one will come.
fn flooded(tls: bool, threads: usize) -> Duration {
    const INTERIM: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";
    let flood = Fault::Respond(INTERIM.to_vec(), End::Endless(INTERIM.to_vec()));
    let (config, pem) = certified();
    let server = if tls { FaultServer::start_tls([flood], config) } else { FaultServer::start([flood]) }.unwrap();
    let builder =
        if tls { default_timeouts(&https(&server)).root_certificates(pem) } else { default_timeouts(&server.url()) };
    let client = builder.attempt_timeout(Duration::from_millis(500)).build().unwrap();
    let runtime = match threads {
        0 => Builder::new_current_thread().enable_all().build(),
        _ => Builder::new_multi_thread().worker_threads(threads).enable_all().build(),
    };
    let begun = Instant::now();
    let error = runtime.unwrap().block_on(client.participant_groups().create(group()).send()).unwrap_err();
    assert_eq!(facts(&error), (ErrorKind::Timeout(Phase::Response), Delivery::Unknown, Effect::Unknown));
    begun.elapsed()
}

#[test]
fn row_32_a_flood_of_interim_responses_does_not_keep_a_call_for_ever() {
    flooded(false, 0);
    flooded(true, 2);
}

/// `cargo test --release --package contract-tests --test contract flood -- --ignored --nocapture`
#[test]
#[ignore = "for its figures, of a release build"]
fn how_long_a_flood_keeps_a_call() {
    for tls in [false, true] {
        for threads in [0, 1, 2] {
            let longest = (0..10).map(|_| flooded(tls, threads)).max().unwrap();
            println!("TLS: {tls}, worker threads: {threads}: at most {longest:?} of 500 ms");
        }
    }
}
