//! A client that is used from several runtimes, and a call that is moved from one to another. Connections and timers
//! belong to the runtime that made them, and stand still with it.

use std::fmt::Debug;
use std::future::poll_fn;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use contract_tests::service::Service;
use prolific_sdk::types::ParticipantGroupId;
use prolific_sdk::{Delivery, Effect, ErrorKind};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;

use super::{default_timeouts, group, group_of};

/// One that stands still unless something is run on it.
fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn a_client_serves_24_runtimes_of_which_all_but_one_stand_still() {
    let service = Service::start(|request, connection| connection.write_all(&group_of(request))).unwrap();
    let client = default_timeouts(service.url()).build().unwrap();
    let runtimes: Vec<_> = std::iter::repeat_with(runtime).take(24).collect();
    for round in 0..3 {
        for (number, runtime) in runtimes.iter().enumerate() {
            let id = format!("g{round}x{number}");
            let response = runtime.block_on(client.participant_groups().get(&*id).send_with_response()).unwrap();
            assert_eq!(response.attempts().len(), 1, "nothing had to be tried again");
            assert_eq!(response.body().id.as_ref().map(ParticipantGroupId::as_str), Some(&*id));
        }
    }
}

#[test]
fn connections_are_kept_for_the_first_runtime_and_others_open_their_own() {
    let connections = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&connections);
    let service = Service::start(move |request, connection| {
        seen.fetch_max(usize::from(connection.peer_addr()?.port()), Ordering::Relaxed);
        connection.write_all(&group_of(request))
    })
    .unwrap();
    let client = default_timeouts(service.url()).build().unwrap();
    let port_after = |runtime: &Runtime| {
        connections.store(0, Ordering::Relaxed);
        runtime.block_on(client.participant_groups().get("g").send()).unwrap();
        connections.load(Ordering::Relaxed)
    };
    let (first, second) = (runtime(), runtime());
    let kept = port_after(&first);
    assert_eq!(port_after(&first), kept);
    let own = port_after(&second);
    assert!(own != kept && port_after(&second) != own);
    assert_eq!(port_after(&first), kept);
}

/// A service that leaves its first request without a response, and says when it has come.
fn silent_once() -> (Service, mpsc::UnboundedReceiver<()>, Arc<AtomicUsize>) {
    let (arrived, has_arrived) = mpsc::unbounded_channel();
    let requests = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&requests);
    let service = Service::start(move |request, connection| {
        if count.fetch_add(1, Ordering::Relaxed) == 0 {
            // Whether somebody still waits for it does not matter.
            let _ = arrived.send(());
            return Ok(());
        }
        connection.write_all(&group_of(request))
    })
    .unwrap();
    (service, has_arrived, requests)
}

/// Drives a call until its request has arrived.
async fn until<F: Future<Output: Debug> + Unpin>(call: &mut F, arrived: &mut mpsc::UnboundedReceiver<()>) {
    tokio::select! {
        result = call => panic!("{result:?}"),
        _ = arrived.recv() => {}
    }
}

#[test]
fn a_read_that_is_moved_to_another_runtime_is_made_there() {
    let (service, mut arrived, _) = silent_once();
    let client = default_timeouts(service.url()).build().unwrap();
    let mut call = Box::pin(client.participant_groups().get("g").send_with_response());
    let (one, other) = (runtime(), runtime());
    one.block_on(until(&mut call, &mut arrived));
    let response = other.block_on(call).unwrap();
    assert_eq!((response.attempts().len(), response.attempts()[0].delivery), (2, Delivery::Unknown));
}

/// It has begun on one runtime as soon as it was polled there, whatever it had come to.
#[test]
fn a_call_that_is_moved_at_its_beginning_waits_for_nothing_and_leaves_nothing_behind() {
    let service = Service::start(|request, connection| connection.write_all(&group_of(request))).unwrap();
    for kept in [false, true] {
        let client = default_timeouts(service.url()).build().unwrap();
        let (one, other) = (runtime(), runtime());
        if kept {
            one.block_on(client.participant_groups().get("g").send()).unwrap();
        }
        let mut call = Box::pin(client.participant_groups().get("g").send_with_response());
        one.block_on(poll_fn(|context| {
            assert!(call.as_mut().poll(context).is_pending());
            Poll::Ready(())
        }));
        assert!(other.block_on(call).unwrap().attempts().len() <= 2);
        let next = one.block_on(client.participant_groups().get("g").send_with_response()).unwrap();
        assert_eq!(next.attempts().len(), 1, "{kept}");
    }
}

#[test]
fn a_create_that_is_moved_to_another_runtime_ends_there_and_is_not_sent_again() {
    let (service, mut arrived, requests) = silent_once();
    let client = default_timeouts(service.url()).build().unwrap();
    let mut call = Box::pin(client.participant_groups().create(group()).send());
    let (one, other) = (runtime(), runtime());
    one.block_on(until(&mut call, &mut arrived));
    let error = other.block_on(call).unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::Interrupted, Effect::Unknown));
    assert_eq!(requests.load(Ordering::Relaxed), 1);
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("moved to another runtime"), "{cause}");
}

/// The wait between two attempts, and the body of a response, belong to a runtime as well.
#[test]
fn a_read_that_is_moved_while_it_waits_or_while_its_response_arrives_ends() {
    for first in [
        "HTTP/1.1 429 Slow\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{",
    ] {
        let (arrived, mut has_arrived) = mpsc::unbounded_channel();
        let requests = AtomicUsize::new(0);
        let service = Service::start(move |request, connection| {
            if requests.fetch_add(1, Ordering::Relaxed) > 0 {
                return connection.write_all(&group_of(request));
            }
            connection.write_all(first.as_bytes())?;
            let _ = arrived.send(());
            Ok(())
        })
        .unwrap();
        let client = default_timeouts(service.url()).build().unwrap();
        let mut call = Box::pin(client.participant_groups().get("g").send_with_response());
        let (one, other) = (runtime(), runtime());
        one.block_on(async {
            until(&mut call, &mut has_arrived).await;
            // So that the response is seen, as far as it has come.
            for _ in 0..100 {
                tokio::select! {
                    biased;
                    result = &mut call => panic!("{result:?}"),
                    () = tokio::task::yield_now() => {}
                }
            }
        });
        assert_eq!(other.block_on(call).unwrap().attempts().len(), 2, "{first}");
    }
}
