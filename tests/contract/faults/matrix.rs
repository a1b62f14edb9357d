//! The matrix of failures, rows 1 to 12: what is reported of each, and how often the request arrived. The others are in
//! `responses`.

use std::time::Duration;

use contract_tests::fault_server::{Close, End, Fault};
use prolific_sdk::{Client, Delivery, Effect, Error, ErrorKind, Phase, RetryStopReason};

use super::{Failed, create, create_fails, default_timeouts, read, responding, response, short_timeouts};
use crate::nowhere::nowhere;

/// How often a call is sent at most.
pub(super) const N: usize = 4;

/// Kind, delivery, effect.
pub(super) fn facts(error: &Error) -> (ErrorKind, Delivery, Effect) {
    (error.kind(), error.delivery(), error.effect())
}

/// One of these, as timing has it.
pub(super) fn assert_one_of(Failed { error, seen }: &Failed, allowed: &[(ErrorKind, Delivery, Effect)]) {
    assert!(allowed.contains(&facts(error)), "{error:?} {seen:?}");
}

const NOT_SENT: (ErrorKind, Delivery, Effect) = (ErrorKind::Connect, Delivery::NotSent, Effect::NotApplied);
pub(super) const INTERRUPTED: (ErrorKind, Delivery, Effect) =
    (ErrorKind::Interrupted, Delivery::Unknown, Effect::Unknown);

#[tokio::test]
async fn row_1_what_cannot_be_a_request_is_not_sent() {
    let client = default_timeouts(&nowhere()).build().unwrap();
    let long = "x".repeat(100_000);
    for id in ["", " ", ".", "..", "a/b", "%2e%2e", &long] {
        let error = client.participant_groups().get(id).send().await.unwrap_err();
        assert_eq!(facts(&error), (ErrorKind::InvalidRequest, Delivery::NotSent, Effect::NotApplied));
        assert_eq!((error.stop_reason(), error.is_safe_to_retry()), (RetryStopReason::NotRetryable, false));
        assert!(error.attempts().is_empty());
    }
    for url in ["http://api.prolific.com", "http://10.0.0.1"] {
        assert!(Client::builder().token("t").base_url(url).build().is_err(), "{url}");
    }
}

#[tokio::test]
async fn row_2_a_refused_connection_sent_nothing_and_is_retried() {
    let error = create_fails(&default_timeouts(&nowhere()).build().unwrap()).await;
    assert_eq!(facts(&error), (ErrorKind::Connect, Delivery::NotSent, Effect::NotApplied));
    assert_eq!((error.attempts().len(), error.stop_reason()), (N, RetryStopReason::MaxAttempts));
    assert!(error.is_safe_to_retry());
}

#[tokio::test]
async fn row_2_a_name_that_does_not_resolve_sent_nothing() {
    // Longer than a name may be, so that no resolver is asked.
    let client = default_timeouts(&format!("https://{}.invalid", "a".repeat(64))).build().unwrap();
    let error = create_fails(&client).await;
    assert_eq!(facts(&error), (ErrorKind::Connect, Delivery::NotSent, Effect::NotApplied));
}

#[tokio::test]
async fn row_2_only_a_certificate_itself_is_permanent_and_not_the_word() {
    let client = default_timeouts(&nowhere()).build().unwrap();
    let error = client.participant_groups().list("w").search("certificate").send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts().len()), (ErrorKind::Connect, N));
    let client = default_timeouts(&format!("https://certificate-{}.invalid", "a".repeat(64))).build().unwrap();
    assert_eq!(create_fails(&client).await.attempts().len(), N);
}

/// The system takes one connection more than the backlog; after that, attempts to connect get no reply.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn row_3_a_host_that_does_not_reply_was_sent_nothing_whichever_limit_is_reached() {
    use std::net::{Ipv4Addr, SocketAddr};

    use socket2::{Domain, Socket, Type};

    let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    listener.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
    listener.listen(0).unwrap();
    let address = listener.local_addr().unwrap().as_socket().unwrap();
    let taken = std::net::TcpStream::connect(address).unwrap();
    let client = short_timeouts(&format!("http://{address}")).build().unwrap();
    for (client, attempts) in [(client.clone(), N), (client.with_timeout(Duration::from_millis(300)), 1)] {
        let error = create_fails(&client).await;
        assert_eq!(facts(&error), (ErrorKind::Timeout(Phase::Connect), Delivery::NotSent, Effect::NotApplied));
        assert_eq!(error.attempts().len(), attempts);
    }
    // Without a body, only the time limit for connecting proves anything.
    let error = client.participant_groups().delete("g").send().await.unwrap_err();
    assert_eq!(facts(&error), (ErrorKind::Timeout(Phase::Connect), Delivery::NotSent, Effect::NotApplied));
    let error =
        client.with_timeout(Duration::from_millis(300)).participant_groups().delete("g").send().await.unwrap_err();
    assert_eq!(facts(&error), (ErrorKind::Timeout(Phase::Response), Delivery::Unknown, Effect::Unknown));
    drop(taken);
}

#[tokio::test]
async fn row_4_a_connection_that_is_closed_unread_took_no_effect() {
    for close in [Close::Fin, Close::Rst] {
        let failed = create(default_timeouts, [Fault::Unread(close)]).await;
        assert_eq!(failed.seen.requests.len(), 0);
        assert_one_of(&failed, &[NOT_SENT, INTERRUPTED]);
        let failed = read(default_timeouts, [Fault::Unread(close)]).await;
        assert_eq!((failed.error.attempts().len(), failed.error.effect()), (N, Effect::NotApplied));
    }
}

#[tokio::test]
async fn row_5_a_connection_that_is_closed_behind_the_head_may_have_taken_effect() {
    for close in [Close::Fin, Close::Rst] {
        let failed = create(default_timeouts, [Fault::AfterHead(Vec::new(), close)]).await;
        assert_one_of(&failed, &[INTERRUPTED]);
    }
}

#[tokio::test]
async fn row_6_without_a_whole_response_a_create_is_unknown_and_sent_once() {
    let many = format!("HTTP/1.1 201 Created\r\n{}\r\n", "x: y\r\n".repeat(150));
    let lengths = "HTTP/1.1 201 Created\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}";
    let long = format!("HTTP/1.1 201 Created\r\nx: {}\r\n\r\n", "y".repeat(1 << 20));
    for bytes in ["", "HTTP/1.1 2", "canary\r\n\r\n", &many, lengths, &long] {
        for close in [Close::Fin, Close::Rst] {
            let fault = Fault::Respond(bytes.into(), End::Close(close));
            let failed = create(default_timeouts, [fault.clone()]).await;
            assert_one_of(&failed, &[INTERRUPTED]);
            assert_eq!((failed.seen.requests.len(), failed.error.attempts().len()), (1, 1), "{bytes:?}");
            assert!(!failed.error.is_safe_to_retry());
            let failed = read(default_timeouts, [fault]).await;
            assert_eq!((failed.seen.requests.len(), failed.error.effect()), (N, Effect::NotApplied));
        }
    }
}

#[tokio::test]
async fn row_7_without_a_response_in_time_a_create_is_unknown_and_sent_once() {
    let failed = create(short_timeouts, [Fault::Respond(Vec::new(), End::Stall)]).await;
    assert_eq!(facts(&failed.error), (ErrorKind::Timeout(Phase::Response), Delivery::Unknown, Effect::Unknown));
    assert_eq!(failed.seen.requests.len(), 1);
    let failed = read(short_timeouts, [Fault::Respond(Vec::new(), End::Stall)]).await;
    assert_eq!((failed.error.kind(), failed.seen.requests.len()), (ErrorKind::Timeout(Phase::Response), N));
}

const CUT: [&str; 2] = [
    "HTTP/1.1 201 Created\r\ncontent-length: 100\r\nx-request: 7\r\n\r\n{\"id\": \"canary",
    "HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\nx-request: 7\r\n\r\ne\r\n{\"id\": \"canary\r\n",
];

#[tokio::test]
async fn row_8_a_create_whose_response_is_cut_is_applied() {
    for bytes in CUT {
        for close in [Close::Fin, Close::Rst] {
            let failed = create(default_timeouts, [Fault::Respond(bytes.into(), End::Close(close))]).await;
            // By RST, what has arrived may be lost as well.
            assert_one_of(&failed, &[(ErrorKind::IncompleteBody, Delivery::Responded, Effect::Applied), INTERRUPTED]);
            assert_eq!(failed.seen.requests.len(), 1);
            if close == Close::Fin {
                assert_eq!(failed.error.status().unwrap().as_u16(), 201);
                assert_eq!(failed.error.headers()["x-request"], "7");
                assert_eq!((failed.error.body(), failed.error.body_truncated()), (&b"{\"id\": \"canary"[..14], true));
            }
        }
    }
}

#[tokio::test]
async fn row_9_a_create_whose_response_does_not_end_in_time_is_applied() {
    for bytes in CUT {
        for end in [End::Stall, End::Drip] {
            // A drip in the middle of a chunk is not chunked any more.
            if end == End::Drip && bytes == CUT[1] {
                continue;
            }
            let failed = create(short_timeouts, [Fault::Respond(bytes.replace("100", "9999").into(), end)]).await;
            assert_eq!(facts(&failed.error), (ErrorKind::Timeout(Phase::Body), Delivery::Responded, Effect::Applied));
            assert_eq!((failed.error.status().unwrap().as_u16(), failed.seen.requests.len()), (201, 1));
        }
    }
}

#[tokio::test]
async fn row_10_a_create_whose_response_cannot_be_decoded_is_applied() {
    let until_the_end = b"HTTP/1.1 201 Created\r\n\r\n{\"id\": \"canary".to_vec();
    let gzip = b"HTTP/1.1 201 Created\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n\x1f\x8b\x08\x00".to_vec();
    for bytes in [
        until_the_end,
        gzip,
        response("201 Created", "<html>canary</html>"),
        response("201 Created", r#"{"participant_count": "canary"}"#),
        response("201 Created", ""),
    ] {
        let failed = create(default_timeouts, [responding(bytes)]).await;
        assert_eq!(facts(&failed.error), (ErrorKind::Decode, Delivery::Responded, Effect::Applied));
        assert_eq!((failed.error.status().unwrap().as_u16(), failed.seen.requests.len()), (201, 1));
        assert!(!failed.error.is_safe_to_retry() && failed.error.api_error().is_none());
        assert!(failed.error.to_string().ends_with("; it took effect: do not send it again"), "{}", failed.error);
    }
}

/// What the service writes and nobody reads stays in the buffers of the system, which are smaller than this.
const BUFFERS: usize = 16 << 20;

#[tokio::test]
async fn row_11_a_create_whose_response_has_no_end_is_applied_and_not_read_to_the_end() {
    let endless = Fault::Respond(b"HTTP/1.1 201 Created\r\n\r\n".into(), End::Endless(b" ".to_vec()));
    let failed = create(default_timeouts, [endless]).await;
    assert!(failed.seen.written < (32 << 20) + BUFFERS, "{}", failed.seen.written);
    assert_eq!(facts(&failed.error), (ErrorKind::BodyTooLarge, Delivery::Responded, Effect::Applied));
    assert_eq!((failed.error.body().len(), failed.error.body_truncated()), (64 * 1024, true));
    // One that says how much is to come is not read at all, but for what is kept.
    let declared = Fault::Respond(
        b"HTTP/1.1 201 Created\r\ncontent-length: 9999999999\r\n\r\n".into(),
        End::Endless(b" ".to_vec()),
    );
    let failed = create(default_timeouts, [declared]).await;
    assert!(failed.seen.written < BUFFERS, "{}", failed.seen.written);
    assert_eq!(facts(&failed.error), (ErrorKind::BodyTooLarge, Delivery::Responded, Effect::Applied));
}

#[tokio::test]
async fn row_12_a_read_is_retried_if_its_response_was_cut_and_not_if_it_is_unusable() {
    for (fault, kind, times) in [
        (responding(CUT[0].replace("201 Created", "200 OK")), ErrorKind::IncompleteBody, N),
        (responding(response("200 OK", "<html>")), ErrorKind::Decode, 1),
        (responding(response("200 OK", "")), ErrorKind::Decode, 1),
        (Fault::Respond(b"HTTP/1.1 200 OK\r\n\r\n".into(), End::Endless(b" ".to_vec())), ErrorKind::BodyTooLarge, 1),
    ] {
        let failed = read(default_timeouts, [fault]).await;
        assert_eq!(facts(&failed.error), (kind, Delivery::Responded, Effect::NotApplied));
        assert_eq!((failed.error.status().unwrap().as_u16(), failed.seen.requests.len()), (200, times), "{kind:?}");
    }
    let failed =
        read(short_timeouts, [Fault::Respond(CUT[0].replace("201 Created", "200 OK").into(), End::Stall)]).await;
    assert_eq!((failed.error.kind(), failed.seen.requests.len()), (ErrorKind::Timeout(Phase::Body), N));
}
