//! The matrix of failures: what is told of each, and how often the request arrived.

use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use contract_tests::fault_server::{Close, End, Fault, FaultServer};
use prolific_sdk::{Client, Effect, Error, Kind, Phase, RetryPolicy, Sent, Stop};

use super::{Told, answer, answering, create, create_fails, delete, group, hasty, patient, read};

/// How often a call is sent at most.
const N: usize = 4;

/// Kind, sent, effect.
fn facts(error: &Error) -> (Kind, Sent, Effect) {
    (error.kind(), error.sent(), error.effect())
}

/// One of these, as timing has it.
fn assert_one_of(Told { error, seen }: &Told, allowed: &[(Kind, Sent, Effect)]) {
    assert!(allowed.contains(&facts(error)), "{error:?} {seen:?}");
}

const NOT_SENT: [(Kind, Sent, Effect); 2] =
    [(Kind::Connect, Sent::No, Effect::None), (Kind::NotDelivered, Sent::No, Effect::None)];
const INTERRUPTED: (Kind, Sent, Effect) = (Kind::Interrupted, Sent::Maybe, Effect::Unknown);

/// A base URL where nobody listens.
fn nowhere() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[tokio::test]
async fn row_1_what_cannot_be_a_request_is_not_sent() {
    let client = patient(&nowhere()).build().unwrap();
    let long = "x".repeat(100_000);
    for id in ["", " ", ".", "..", "a/b", "%2e%2e", &long] {
        let error = client.get_participant_group(id).send().await.unwrap_err();
        assert_eq!(facts(&error), (Kind::Input, Sent::No, Effect::None));
        assert_eq!((error.stopped_by(), error.is_safe_to_retry()), (Stop::Final, false));
        assert!(error.attempts().is_empty());
    }
    for url in ["http://api.prolific.com", "http://10.0.0.1"] {
        assert!(Client::builder().token("t").base_url(url).build().is_err(), "{url}");
    }
}

#[tokio::test]
async fn row_2_a_refused_connection_sent_nothing_and_is_tried_again() {
    let error = create_fails(&patient(&nowhere()).build().unwrap()).await;
    assert_eq!(facts(&error), (Kind::Connect, Sent::No, Effect::None));
    assert_eq!((error.attempts().len(), error.stopped_by()), (N, Stop::MaxAttempts));
    assert!(error.is_safe_to_retry());
}

#[tokio::test]
async fn row_2_a_name_that_does_not_resolve_sent_nothing() {
    // Longer than a name may be, so that no resolver is asked.
    let client = patient(&format!("https://{}.invalid", "a".repeat(64))).build().unwrap();
    let error = create_fails(&client).await;
    assert_eq!(facts(&error), (Kind::Connect, Sent::No, Effect::None));
}

/// The system takes one connection more than the backlog; after that, it answers no attempt to connect.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn row_3_a_host_that_does_not_answer_was_sent_nothing_whichever_limit_is_reached() {
    use socket2::{Domain, Socket, Type};
    let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    listener.bind(&std::net::SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
    listener.listen(0).unwrap();
    let address = listener.local_addr().unwrap().as_socket().unwrap();
    let taken = std::net::TcpStream::connect(address).unwrap();
    let client = hasty(&format!("http://{address}")).build().unwrap();
    for (client, attempts) in [(client.clone(), N), (client.with_timeout(Duration::from_millis(300)), 1)] {
        let error = create_fails(&client).await;
        assert_eq!(facts(&error), (Kind::Timeout(Phase::Connect), Sent::No, Effect::None));
        assert_eq!(error.attempts().len(), attempts);
    }
    // Without a body to tell it by, only the limit of connecting proves anything.
    let error = client.delete_participant_group("g").send().await.unwrap_err();
    assert_eq!(facts(&error), (Kind::Timeout(Phase::Connect), Sent::No, Effect::None));
    let error = client.with_timeout(Duration::from_millis(300)).delete_participant_group("g").send().await.unwrap_err();
    assert_eq!(facts(&error), (Kind::Timeout(Phase::Head), Sent::Maybe, Effect::Unknown));
    drop(taken);
}

#[tokio::test]
async fn row_4_a_connection_that_is_closed_unread_took_no_effect() {
    for close in [Close::Fin, Close::Rst] {
        let told = create(patient, [Fault::Unread(close)]).await;
        assert_eq!(told.seen.requests.len(), 0);
        assert_one_of(&told, &[NOT_SENT[0], NOT_SENT[1], INTERRUPTED]);
        let told = read(patient, [Fault::Unread(close)]).await;
        assert_eq!((told.error.attempts().len(), told.error.effect()), (N, Effect::None));
    }
}

#[tokio::test]
async fn row_5_a_connection_that_is_closed_behind_the_head_may_have_taken_effect() {
    for close in [Close::Fin, Close::Rst] {
        let told = create(patient, [Fault::AfterHead(Vec::new(), close)]).await;
        assert_one_of(&told, &[INTERRUPTED]);
    }
}

#[tokio::test]
async fn row_6_without_a_whole_answer_a_create_is_unknown_and_sent_once() {
    let many = format!("HTTP/1.1 201 Created\r\n{}\r\n", "x: y\r\n".repeat(150));
    let lengths = "HTTP/1.1 201 Created\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}";
    let long = format!("HTTP/1.1 201 Created\r\nx: {}\r\n\r\n", "y".repeat(1 << 20));
    for bytes in ["", "HTTP/1.1 2", "canary\r\n\r\n", &many, lengths, &long] {
        for close in [Close::Fin, Close::Rst] {
            let fault = Fault::Answer(bytes.into(), End::Close(close));
            let told = create(patient, [fault.clone()]).await;
            assert_one_of(&told, &[INTERRUPTED]);
            assert_eq!((told.seen.requests.len(), told.error.attempts().len()), (1, 1), "{bytes:?}");
            assert!(!told.error.is_safe_to_retry());
            let told = read(patient, [fault]).await;
            assert_eq!((told.seen.requests.len(), told.error.effect()), (N, Effect::None));
        }
    }
}

#[tokio::test]
async fn row_7_without_an_answer_in_time_a_create_is_unknown_and_sent_once() {
    let told = create(hasty, [Fault::Answer(Vec::new(), End::Stall)]).await;
    assert_eq!(facts(&told.error), (Kind::Timeout(Phase::Head), Sent::Maybe, Effect::Unknown));
    assert_eq!(told.seen.requests.len(), 1);
    let told = read(hasty, [Fault::Answer(Vec::new(), End::Stall)]).await;
    assert_eq!((told.error.kind(), told.seen.requests.len()), (Kind::Timeout(Phase::Head), N));
}

const CUT: [&str; 2] = [
    "HTTP/1.1 201 Created\r\ncontent-length: 100\r\nx-request: 7\r\n\r\n{\"id\": \"canary",
    "HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\nx-request: 7\r\n\r\ne\r\n{\"id\": \"canary\r\n",
];

#[tokio::test]
async fn row_8_a_created_group_whose_answer_is_cut_is_done() {
    for bytes in CUT {
        for close in [Close::Fin, Close::Rst] {
            let told = create(patient, [Fault::Answer(bytes.into(), End::Close(close))]).await;
            // By RST, what has arrived may be lost as well.
            assert_one_of(&told, &[(Kind::BodyCut, Sent::Answered, Effect::Done), INTERRUPTED]);
            assert_eq!(told.seen.requests.len(), 1);
            if close == Close::Fin {
                assert_eq!(told.error.status().unwrap().as_u16(), 201);
                assert_eq!(told.error.headers()["x-request"], "7");
                assert_eq!((told.error.body(), told.error.body_truncated()), (&b"{\"id\": \"canary"[..14], true));
            }
        }
    }
}

#[tokio::test]
async fn row_9_a_created_group_whose_answer_does_not_end_in_time_is_done() {
    for bytes in CUT {
        for end in [End::Stall, End::Drip] {
            // A drip in the middle of a chunk is not chunked any more.
            if end == End::Drip && bytes == CUT[1] {
                continue;
            }
            let told = create(hasty, [Fault::Answer(bytes.replace("100", "9999").into(), end)]).await;
            assert_eq!(facts(&told.error), (Kind::Timeout(Phase::Body), Sent::Answered, Effect::Done));
            assert_eq!((told.error.status().unwrap().as_u16(), told.seen.requests.len()), (201, 1));
        }
    }
}

#[tokio::test]
async fn row_10_a_created_group_whose_answer_cannot_be_read_is_done() {
    let until_the_end = b"HTTP/1.1 201 Created\r\n\r\n{\"id\": \"canary".to_vec();
    let gzip = b"HTTP/1.1 201 Created\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n\x1f\x8b\x08\x00".to_vec();
    for bytes in [
        until_the_end,
        gzip,
        answer("201 Created", "<html>canary</html>"),
        answer("201 Created", r#"{"participant_count": "canary"}"#),
        answer("201 Created", ""),
    ] {
        let told = create(patient, [answering(bytes)]).await;
        assert_eq!(facts(&told.error), (Kind::Undecodable, Sent::Answered, Effect::Done));
        assert_eq!((told.error.status().unwrap().as_u16(), told.seen.requests.len()), (201, 1));
        assert!(!told.error.is_safe_to_retry() && told.error.api_error().is_none());
        assert!(told.error.to_string().ends_with("; it took effect: do not send it again"), "{}", told.error);
    }
}

/// What the service writes and nobody reads stays in the buffers of the system, which are smaller than this.
const BUFFERS: usize = 16 << 20;

#[tokio::test]
async fn row_11_a_created_group_whose_answer_has_no_end_is_done_and_not_read_to_the_end() {
    let endless = Fault::Answer(b"HTTP/1.1 201 Created\r\n\r\n".into(), End::Endless);
    let told = create(patient, [endless]).await;
    assert!(told.seen.written < (8 << 20) + BUFFERS, "{}", told.seen.written);
    assert_eq!(facts(&told.error), (Kind::BodyTooLarge, Sent::Answered, Effect::Done));
    assert_eq!((told.error.body().len(), told.error.body_truncated()), (64 * 1024, true));
    // One that says how much is to come is not read at all, but for what is kept.
    let declared = Fault::Answer(b"HTTP/1.1 201 Created\r\ncontent-length: 9999999999\r\n\r\n".into(), End::Endless);
    let told = create(patient, [declared]).await;
    assert!(told.seen.written < BUFFERS, "{}", told.seen.written);
    assert_eq!(facts(&told.error), (Kind::BodyTooLarge, Sent::Answered, Effect::Done));
}

#[tokio::test]
async fn row_12_a_read_is_repeated_if_its_answer_was_cut_and_not_if_it_is_unusable() {
    for (fault, kind, times) in [
        (answering(CUT[0].replace("201 Created", "200 OK")), Kind::BodyCut, N),
        (answering(answer("200 OK", "<html>")), Kind::Undecodable, 1),
        (answering(answer("200 OK", "")), Kind::Undecodable, 1),
        (Fault::Answer(b"HTTP/1.1 200 OK\r\n\r\n".into(), End::Endless), Kind::BodyTooLarge, 1),
    ] {
        let told = read(patient, [fault]).await;
        assert_eq!(facts(&told.error), (kind, Sent::Answered, Effect::None));
        assert_eq!((told.error.status().unwrap().as_u16(), told.seen.requests.len()), (200, times), "{kind:?}");
    }
    let told = read(hasty, [Fault::Answer(CUT[0].replace("201 Created", "200 OK").into(), End::Stall)]).await;
    assert_eq!((told.error.kind(), told.seen.requests.len()), (Kind::Timeout(Phase::Body), N));
}

#[tokio::test]
async fn row_13_what_is_refused_for_now_is_sent_until_it_succeeds() {
    for refusals in 0..N {
        let throttled = answer("429 Too Many Requests", "");
        let waiting = String::from_utf8(throttled).unwrap().replace("\r\n\r\n", "\r\nretry-after-ms: 20\r\n\r\n");
        let mut script = vec![answering(waiting); refusals];
        script.push(answering(answer("201 Created", "{}")));
        let server = FaultServer::start(script).unwrap();
        let client = patient(&server.url()).build().unwrap();
        let group = client.create_participant_group(group()).send().await.unwrap();
        assert_eq!(group.attempts().len(), refusals + 1);
        assert!(group.attempts()[1..].iter().all(|attempt| attempt.waited >= Duration::from_millis(20)));
        let seen = server.finish().await.unwrap();
        assert_eq!(seen.requests.len(), refusals + 1);
        assert!(seen.requests.iter().all(|request| request.text == seen.requests[0].text), "each is the same");
    }
}

#[tokio::test]
async fn row_14_what_is_refused_for_ever_changed_nothing() {
    let cut = "HTTP/1.1 429 Too Many Requests\r\ncontent-length: 100\r\n\r\n{".into();
    for (bytes, kind) in [
        (answer("429 Too Many Requests", r#"{"error": {"status": 429, "title": "canary"}}"#), Kind::Rejected),
        (answer("429 Too Many Requests", "<html>canary"), Kind::Undecodable),
        (answer("429 Too Many Requests", ""), Kind::Undecodable),
        (cut, Kind::BodyCut),
    ] {
        let text = String::from_utf8(bytes).unwrap().replacen("\r\n", "\r\nretry-after: 0\r\n", 1);
        let told = create(patient, [answering(text)]).await;
        assert_eq!(facts(&told.error), (kind, Sent::Answered, Effect::None));
        assert_eq!(told.error.retry_after(), Some(Duration::ZERO));
        assert_eq!((told.seen.requests.len(), told.error.stopped_by()), (N, Stop::MaxAttempts));
        assert_eq!(told.error.api_error().is_some(), kind == Kind::Rejected);
    }
}

#[tokio::test]
async fn row_15_a_wait_that_is_too_long_is_left_to_the_caller() {
    let asked =
        |what: &str| answering(format!("HTTP/1.1 429 Wait\r\nretry-after: {what}\r\ncontent-length: 0\r\n\r\n"));
    for what in ["61", "3600", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        let told = create(patient, [asked(what)]).await;
        assert_eq!((told.seen.requests.len(), told.error.stopped_by()), (1, Stop::RetryAfter), "{what}");
        assert!(told.error.retry_after().unwrap() > Duration::from_secs(60));
        assert!(told.error.is_safe_to_retry());
    }
    let told = create(|url| patient(url).timeout(Duration::from_secs(15)), [asked("11")]).await;
    assert_eq!((told.seen.requests.len(), told.error.stopped_by()), (1, Stop::Timeout));
    assert!(told.error.to_string().ends_with("; it can be sent again in 11 s"), "{}", told.error);
}

#[tokio::test]
async fn row_16_a_refusal_changed_nothing_and_is_not_repeated() {
    for status in ["400 Bad Request", "401 Unauthorized", "404 Not Found", "405 Not Allowed", "422 Unprocessable"] {
        for (body, kind) in [
            (r#"{"error": {"title": "canary", "detail": "canary"}}"#, Kind::Rejected),
            ("<html>canary", Kind::Undecodable),
        ] {
            for told in [
                create(patient, [answering(answer(status, body))]).await,
                delete(patient, [answering(answer(status, body))]).await,
            ] {
                assert_eq!(facts(&told.error), (kind, Sent::Answered, Effect::None), "{status}");
                assert_eq!(told.error.status().unwrap().as_str(), &status[..3]);
                assert_eq!((told.seen.requests.len(), told.error.is_safe_to_retry()), (1, false));
                assert_eq!(told.error.api_error().is_some(), kind == Kind::Rejected);
            }
        }
    }
}

#[tokio::test]
async fn row_17_after_trouble_of_the_service_a_create_is_unknown_and_others_are_repeated() {
    for status in ["500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"] {
        let fault = [answering(answer(status, "<html>canary"))];
        let told = create(patient, fault.clone()).await;
        assert_eq!(facts(&told.error), (Kind::Status, Sent::Answered, Effect::Unknown));
        assert_eq!((told.seen.requests.len(), told.error.is_safe_to_retry()), (1, false));
        let told = read(patient, fault.clone()).await;
        assert_eq!((told.seen.requests.len(), told.error.effect()), (N, Effect::None));
        let told = delete(patient, fault).await;
        assert_eq!((told.seen.requests.len(), told.error.effect()), (N, Effect::Unknown));
    }
}

#[tokio::test]
async fn row_17_a_deletion_that_finds_nothing_after_trouble_says_that_it_may_have_been_the_one() {
    let script = [answering(answer("502 Bad Gateway", "")), answering(answer("404 Not Found", ""))];
    let told = delete(patient, script).await;
    assert_eq!((told.error.status().unwrap().as_u16(), told.error.effect()), (404, Effect::Unknown));
    let statuses: Vec<_> = told.error.attempts().iter().map(|attempt| attempt.status.unwrap().as_u16()).collect();
    assert_eq!(statuses, [502, 404]);
}

/// It can come from something between the two, such as the login page of a network.
#[tokio::test]
async fn row_17_a_success_that_is_not_the_documented_one_leaves_the_effect_unknown() {
    for status in ["200 OK", "202 Accepted", "204 No Content"] {
        let told = create(patient, [answering(answer(status, "<html>"))]).await;
        assert_eq!(facts(&told.error), (Kind::Status, Sent::Answered, Effect::Unknown), "{status}");
        assert_eq!((told.seen.requests.len(), told.error.is_safe_to_retry()), (1, false));
    }
}

#[tokio::test]
async fn row_2_only_the_certificate_itself_is_lasting_and_not_the_word() {
    let client = patient(&nowhere()).build().unwrap();
    let error = client.list_participant_groups("w").search("certificate").send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts().len()), (Kind::Connect, N));
    let client = patient(&format!("https://certificate-{}.invalid", "a".repeat(64))).build().unwrap();
    assert_eq!(create_fails(&client).await.attempts().len(), N);
}

#[tokio::test]
async fn row_18_a_redirect_is_not_followed() {
    let elsewhere = FaultServer::start([answering(answer("201 Created", "{}"))]).unwrap();
    let targets = [format!("{}/", elsewhere.url()), "/other".to_owned(), nowhere()];
    for status in [301, 302, 303, 307, 308] {
        for target in &targets {
            let text = format!("HTTP/1.1 {status} Moved\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n");
            let told = create(patient, [answering(text.clone())]).await;
            assert_eq!(facts(&told.error), (Kind::Status, Sent::Answered, Effect::Unknown));
            assert_eq!((told.error.status().unwrap().as_u16(), told.seen.requests.len()), (status, 1));
            assert_eq!(read(patient, [answering(text)]).await.seen.requests.len(), 1);
        }
    }
    assert_eq!(elsewhere.finish().await.unwrap().connections, 0);
}

/// An answer that keeps the connection, which is then closed while nobody uses it.
fn kept_then_closed(close: Close, status: &str) -> Fault {
    Fault::Answer(answer(status, "{}"), End::Close(close))
}

#[tokio::test]
async fn row_19_a_kept_connection_that_was_closed_is_replaced() {
    for close in [Close::Fin, Close::Rst] {
        let server = FaultServer::start([kept_then_closed(close, "200 OK")]).unwrap();
        let client = patient(&server.url()).build().unwrap();
        for _ in 0..5 {
            // By RST, an answer may be lost; a read is repeated then.
            client.get_participant_group("g").send().await.unwrap();
            tokio::task::yield_now().await;
        }
        drop(client);
        server.finish().await.unwrap();
    }
}

#[tokio::test]
async fn row_20_a_read_that_meets_a_connection_that_is_being_closed_is_repeated() {
    let server = FaultServer::start([kept_then_closed(Close::Fin, "200 OK")]).unwrap();
    let client = patient(&server.url()).build().unwrap();
    for _ in 0..100 {
        client.get_participant_group("g").send().await.unwrap();
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The thread sleeps while the service closes the connection of the answer before, so that the transport cannot see it in
/// time.
#[tokio::test]
async fn row_20_a_create_does_not_meet_a_connection_that_is_being_closed() {
    let server = FaultServer::start([kept_then_closed(Close::Fin, "201 Created")]).unwrap();
    let client = patient(&server.url()).build().unwrap();
    for _ in 0..100 {
        let created = client.create_participant_group(group()).send().await.unwrap();
        assert_eq!(created.attempts().len(), 1);
        std::thread::sleep(Duration::from_millis(1));
    }
    drop(client);
    let seen = server.finish().await.unwrap();
    assert_eq!((seen.requests.len(), seen.connections), (100, 100));
}

#[tokio::test]
async fn row_20_every_create_has_a_connection_of_its_own() {
    let server = FaultServer::start([Fault::Answer(answer("201 Created", "{}"), End::Keep)]).unwrap();
    let client = patient(&server.url()).build().unwrap();
    for _ in 0..3 {
        client.create_participant_group(group()).send().await.unwrap();
    }
    for _ in 0..3 {
        client.list_workspaces().send().await.unwrap_err();
    }
    drop(client);
    let seen = server.finish().await.unwrap();
    assert_eq!(seen.requests.len(), 6);
    let of_reads = seen.requests.iter().skip(3).map(|request| request.connection);
    assert!(
        of_reads.min() > Some(2) && seen.connections < 6,
        "reads share connections, and none with a create: {seen:?}"
    );
}

#[tokio::test]
async fn row_21_a_request_that_is_too_large_is_refused_or_lost() {
    let refusal = answer("413 Payload Too Large", "");
    let told = create(patient, [Fault::AfterHead(refusal.clone(), Close::Fin)]).await;
    assert_one_of(&told, &[(Kind::Status, Sent::Answered, Effect::None), INTERRUPTED]);
    let large = super::told(patient, [Fault::AfterHead(refusal, Close::Fin)], async |client| {
        let ids = std::iter::repeat_n("canary-participant-id-xx", 600_000);
        client.create_participant_group(group().participant_ids(ids)).send().await.map(drop)
    });
    let told = large.await;
    assert_one_of(&told, &[(Kind::Status, Sent::Answered, Effect::None), INTERRUPTED]);
    assert_eq!(told.seen.requests.len(), 0);
}

#[tokio::test]
async fn row_23_an_empty_budget_is_told() {
    let server = FaultServer::start([answering(answer("503 Service Unavailable", ""))]).unwrap();
    let client = patient(&server.url()).build().unwrap();
    let clone =
        client.clone().with_retry_policy(RetryPolicy::new().max_attempts(8).backoff(Duration::ZERO, Duration::ZERO));
    let mut sent = 0;
    for _ in 0..3 {
        let error = clone.get_participant_group("g").send().await.unwrap_err();
        sent += error.attempts().len();
    }
    assert_eq!(sent, 3 + 10);
    let error = client.get_participant_group("g").send().await.unwrap_err();
    assert_eq!((error.attempts().len(), error.stopped_by()), (1, Stop::Budget), "clones share it");
    drop((client, clone));
    assert_eq!(server.finish().await.unwrap().requests.len(), 14);
}

#[tokio::test]
async fn row_23_retries_can_be_switched_off_for_a_client_or_a_call() {
    let server = FaultServer::start([answering(answer("503 Service Unavailable", ""))]).unwrap();
    let off = patient(&server.url()).retry_policy(RetryPolicy::never()).build().unwrap();
    assert_eq!(off.get_participant_group("g").send().await.unwrap_err().attempts().len(), 1);
    let client = patient(&server.url()).build().unwrap();
    let once = client.with_retry_policy(RetryPolicy::never());
    assert_eq!(once.get_participant_group("g").send().await.unwrap_err().attempts().len(), 1);
    assert_eq!(client.get_participant_group("g").send().await.unwrap_err().attempts().len(), N);
}
