//! The matrix of failures, rows 1 to 12: what is told of each, and how often the request arrived. The others are in
//! `answers`.

use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use contract_tests::fault_server::{Close, End, Fault};
use prolific_sdk::{Client, Effect, Error, Kind, Phase, Sent, Stop};

use super::{Told, answer, answering, create, create_fails, hasty, patient, read};

/// How often a call is sent at most.
pub(super) const N: usize = 4;

/// Kind, sent, effect.
pub(super) fn facts(error: &Error) -> (Kind, Sent, Effect) {
    (error.kind(), error.sent(), error.effect())
}

/// One of these, as timing has it.
pub(super) fn assert_one_of(Told { error, seen }: &Told, allowed: &[(Kind, Sent, Effect)]) {
    assert!(allowed.contains(&facts(error)), "{error:?} {seen:?}");
}

const NOT_SENT: [(Kind, Sent, Effect); 2] =
    [(Kind::Connect, Sent::No, Effect::None), (Kind::NotDelivered, Sent::No, Effect::None)];
pub(super) const INTERRUPTED: (Kind, Sent, Effect) = (Kind::Interrupted, Sent::Maybe, Effect::Unknown);

/// A base URL where nobody listens.
pub(super) fn nowhere() -> String {
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

#[tokio::test]
async fn row_2_only_the_certificate_itself_is_lasting_and_not_the_word() {
    let client = patient(&nowhere()).build().unwrap();
    let error = client.list_participant_groups("w").search("certificate").send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts().len()), (Kind::Connect, N));
    let client = patient(&format!("https://certificate-{}.invalid", "a".repeat(64))).build().unwrap();
    assert_eq!(create_fails(&client).await.attempts().len(), N);
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
