//! Whatever a server does, in whatever order: nothing that arrived is denied, nothing that took effect is denied, and
//! what cannot be repeated arrives once.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use contract_tests::fault_server::{Close, End, Fault, FaultServer};
use prolific_sdk::{Attempt, ClientBuilder, Error, ErrorKind, Phase, Response, operations};
use proptest::prelude::*;
use proptest::test_runner::Config;

use super::{assert_truthful, default_timeouts, group, response};
use crate::properties::runner;

/// How many scripts are played. More of them: `FAULT_SCRIPTS=100000 cargo test --package contract-tests property`.
fn scripts() -> u32 {
    std::env::var("FAULT_SCRIPTS").map_or(1000, |text| text.parse().expect("FAULT_SCRIPTS is a number"))
}

fn close() -> impl Strategy<Value = Close> {
    prop_oneof![Just(Close::Fin), Just(Close::Rst)]
}

/// A response of some status, whole or cut at any place, in any form.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let status = prop_oneof![
        4 => Just(429u16),
        6 => prop_oneof![2 => Just(200), 2 => Just(201), 1 => Just(204)],
        3 => prop_oneof![Just(500), Just(502), Just(503), Just(504)],
        2 => prop_oneof![Just(400), Just(401), Just(404), Just(408), Just(422)],
        1 => 300..600u16,
    ];
    let body = prop_oneof![Just("{}"), Just(""), Just("<html>"), Just(r#"{"error": {"title": "canary"}}"#)];
    // In the body's last bytes more often than chance would have it.
    let cut = prop_oneof![9 => Just(1.0), 3 => Just(0.99), 1 => 0.0..1.0f64];
    // Most responses are of the ordinary form.
    let form = prop_oneof![
        30 => Just(""),
        1 => Just("x: 1\r\nx: 2\r\n"),
        1 => Just("x: folded\r\n line\r\n"),
        1 => Just("content-length: 2\r\n"),
        1 => Just("content length\r\n"),
        1 => Just("HTTP/1.0"),
        1 => Just("HTTP/1.1 100 Continue\r\n\r\n"),
        1 => Just("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
    ];
    (status, body, cut, any::<bool>(), form).prop_map(|(status, body, cut, chunked, form)| {
        let whole = if chunked && !body.is_empty() {
            let length = body.len();
            format!("HTTP/1.1 {status} X\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n").into()
        } else {
            response(&format!("{status} X"), body)
        };
        let whole = match form {
            "" => whole,
            "HTTP/1.0" => String::from_utf8(whole).unwrap().replacen("HTTP/1.1", form, 1).into_bytes(),
            before if before.starts_with("HTTP/1.1 ") => [before.as_bytes(), &whole].concat(),
            headers => String::from_utf8(whole).unwrap().replacen("\r\n", &format!("\r\n{headers}"), 1).into_bytes(),
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of a small length")]
        #[expect(clippy::cast_precision_loss, reason = "a part of a small length")]
        let kept = (whole.len() as f64 * cut) as usize;
        whole[..kept].to_vec()
    })
}

fn fault() -> impl Strategy<Value = Fault> {
    let end = prop_oneof![
        16 => close().prop_map(End::Close),
        8 => Just(End::Keep),
        1 => Just(End::Stall),
        1 => Just(End::Drip),
    ];
    let soon = prop_oneof![
        2 => close().prop_map(Fault::Unread),
        2 => (prop_oneof![Just(Vec::new()), bytes()], close()).prop_map(|(bytes, close)| Fault::AfterHead(bytes, close)),
        20 => (bytes(), end).prop_map(|(bytes, end)| Fault::Respond(bytes, end)),
        1 => Just(Fault::Silent),
    ]
    .boxed();
    let soon = prop_oneof![
        20 => soon.clone(),
        1 => (bytes(), soon).prop_map(|(bytes, fault)| Fault::First(bytes, Box::new(fault))),
    ];
    // Some respond just when the client gives up.
    (soon, prop_oneof![9 => Just(None), 1 => (80..120u64).prop_map(Some)]).prop_map(|(fault, late)| match late {
        Some(late) => Fault::Late(Duration::from_millis(late), Box::new(fault)),
        None => fault,
    })
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Create,
    Read,
    Delete,
}

fn settings(url: &str) -> ClientBuilder {
    default_timeouts(url).connect_timeout(Duration::from_millis(80)).attempt_timeout(Duration::from_millis(100))
}

/// All attempts, and the error if there is one.
fn outcome<T>(result: Result<Response<T>, Error>) -> (Vec<Attempt>, Option<Error>) {
    match result {
        Ok(value) => (value.attempts().to_vec(), None),
        Err(error) => (error.attempts().to_vec(), Some(error)),
    }
}

async fn play(call: Kind, script: Vec<Fault>) -> Option<ErrorKind> {
    let server = FaultServer::start(script).unwrap();
    let client = settings(&server.url()).build().unwrap();
    let (operation, (attempts, error)) = match call {
        Kind::Create => (
            &operations::PARTICIPANT_GROUPS_CREATE,
            outcome(client.participant_groups().create(group()).send_with_response().await),
        ),
        Kind::Read => (
            &operations::PARTICIPANT_GROUPS_GET,
            outcome(client.participant_groups().get("g").send_with_response().await),
        ),
        Kind::Delete => (
            &operations::PARTICIPANT_GROUPS_DELETE,
            outcome(client.participant_groups().delete("g").send_with_response().await),
        ),
    };
    drop(client);
    let seen = server.finish().await.unwrap();
    assert_truthful(operation, &attempts, error.as_ref(), &seen);
    if error.is_none() {
        let mut statuses = seen.requests.iter().filter_map(|request| request.status).chain(seen.early.iter().copied());
        assert!(statuses.any(|status| (200..300).contains(&status)), "success is invented: {seen:?}");
    }
    error.map(|error| error.kind())
}

#[test]
fn whatever_a_server_does_the_error_is_true() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let ends = Mutex::new(HashMap::new());
    // Sixteen calls at a time: most of what a script takes is waiting.
    let strategy = proptest::collection::vec(
        (
            prop_oneof![2 => Just(Kind::Create), 1 => Just(Kind::Read), 1 => Just(Kind::Delete)],
            proptest::collection::vec(fault(), 1..6),
        ),
        16,
    );
    let config = Config { cases: scripts().div_ceil(16), max_shrink_iters: 50, ..Config::default() };
    let result = runner("faults", config).run(&strategy, |calls| {
        runtime.block_on(async {
            let calls: Vec<_> = calls.into_iter().map(|(call, script)| tokio::spawn(play(call, script))).collect();
            for call in calls {
                match call.await {
                    Ok(kind) => *ends.lock().unwrap().entry(kind).or_insert(0) += 1,
                    Err(error) => return Err(TestCaseError::fail(format!("{error:?}"))),
                }
            }
            Ok(())
        })
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    let ends = ends.into_inner().unwrap();
    println!("{ends:?}");
    assert!(ends.values().sum::<u32>() >= scripts());
    let head = Some(ErrorKind::Timeout(Phase::Response));
    for end in [
        None,
        Some(ErrorKind::Interrupted),
        head,
        Some(ErrorKind::Rejected),
        Some(ErrorKind::Decode),
        Some(ErrorKind::IncompleteBody),
    ] {
        assert!(ends.contains_key(&end), "{end:?} is not met: {ends:?}");
    }
}
