//! The matrix of failures, rows 13 to 23: responses of the service, connections that are reused, and the limits of
//! retries.

use std::time::Duration;

use contract_tests::fault_server::{Close, End, Fault, FaultServer};
use prolific_sdk::{Delivery, Effect, ErrorKind, RetryPolicy, RetryStopReason};

use super::matrix::{INTERRUPTED, N, assert_one_of, facts};
use super::{create, default_timeouts, delete, group, read, responding, response};
use crate::nowhere::nowhere;

#[tokio::test]
async fn row_13_a_rate_limited_call_is_retried_until_it_succeeds() {
    for rejections in 0..N {
        let throttled = response("429 Too Many Requests", "");
        let waiting = String::from_utf8(throttled).unwrap().replace("\r\n\r\n", "\r\nretry-after-ms: 20\r\n\r\n");
        let mut script = vec![responding(waiting); rejections];
        script.push(responding(response("201 Created", "{}")));
        let server = FaultServer::start(script).unwrap();
        let client = default_timeouts(&server.url()).build().unwrap();
        let created = client.participant_groups().create(group()).send_with_response().await.unwrap();
        assert_eq!(created.attempts().len(), rejections + 1);
        assert!(created.attempts()[1..].iter().all(|attempt| attempt.waited >= Duration::from_millis(20)));
        let seen = server.finish().await.unwrap();
        assert_eq!(seen.requests.len(), rejections + 1);
        assert!(seen.requests.iter().all(|request| request.text == seen.requests[0].text), "each is the same");
    }
}

#[tokio::test]
async fn row_14_a_call_that_stays_rate_limited_changed_nothing() {
    let cut = "HTTP/1.1 429 Too Many Requests\r\ncontent-length: 100\r\n\r\n{".into();
    for (bytes, documented) in [
        (response("429 Too Many Requests", r#"{"error": {"status": 429, "title": "canary"}}"#), true),
        (response("429 Too Many Requests", "<html>canary"), false),
        (response("429 Too Many Requests", ""), false),
        (cut, false),
    ] {
        let text = String::from_utf8(bytes).unwrap().replacen("\r\n", "\r\nretry-after: 0\r\n", 1);
        let failed = create(default_timeouts, [responding(text)]).await;
        assert_eq!(facts(&failed.error), (ErrorKind::Rejected, Delivery::Responded, Effect::NotApplied));
        assert_eq!(failed.error.retry_after(), Some(Duration::ZERO));
        assert_eq!((failed.seen.requests.len(), failed.error.stop_reason()), (N, RetryStopReason::MaxAttempts));
        assert_eq!(failed.error.api_error().is_some(), documented);
    }
}

#[tokio::test]
async fn row_15_a_wait_that_is_too_long_is_left_to_the_caller() {
    let asked =
        |what: &str| responding(format!("HTTP/1.1 429 Wait\r\nretry-after: {what}\r\ncontent-length: 0\r\n\r\n"));
    for what in ["61", "3600", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        let failed = create(default_timeouts, [asked(what)]).await;
        assert_eq!(
            (failed.seen.requests.len(), failed.error.stop_reason()),
            (1, RetryStopReason::RetryAfter),
            "{what}"
        );
        assert!(failed.error.retry_after().unwrap() > Duration::from_secs(60));
        assert!(failed.error.is_safe_to_retry());
    }
    let failed = create(|url| default_timeouts(url).timeout(Duration::from_secs(15)), [asked("11")]).await;
    assert_eq!((failed.seen.requests.len(), failed.error.stop_reason()), (1, RetryStopReason::Timeout));
    assert!(failed.error.to_string().ends_with("; it can be retried in 11 s"), "{}", failed.error);
}

#[tokio::test]
async fn row_16_a_rejection_changed_nothing_and_is_not_repeated() {
    for status in ["400 Bad Request", "401 Unauthorized", "404 Not Found", "405 Not Allowed", "422 Unprocessable"] {
        for (body, documented) in
            [(r#"{"error": {"title": "canary", "detail": "canary"}}"#, true), ("<html>canary", false)]
        {
            for failed in [
                create(default_timeouts, [responding(response(status, body))]).await,
                delete(default_timeouts, [responding(response(status, body))]).await,
            ] {
                assert_eq!(
                    facts(&failed.error),
                    (ErrorKind::Rejected, Delivery::Responded, Effect::NotApplied),
                    "{status}"
                );
                assert_eq!(failed.error.status().unwrap().as_str(), &status[..3]);
                assert_eq!((failed.seen.requests.len(), failed.error.is_safe_to_retry()), (1, false));
                assert_eq!(failed.error.api_error().is_some(), documented);
            }
        }
    }
}

#[tokio::test]
async fn row_17_after_a_server_error_a_create_is_unknown_and_others_are_retried() {
    for status in ["500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"] {
        let fault = [responding(response(status, "<html>canary"))];
        let failed = create(default_timeouts, fault.clone()).await;
        assert_eq!(facts(&failed.error), (ErrorKind::ServerError, Delivery::Responded, Effect::Unknown));
        assert_eq!((failed.seen.requests.len(), failed.error.is_safe_to_retry()), (1, false));
        let failed = read(default_timeouts, fault.clone()).await;
        assert_eq!((failed.seen.requests.len(), failed.error.effect()), (N, Effect::NotApplied));
        let failed = delete(default_timeouts, fault).await;
        assert_eq!((failed.seen.requests.len(), failed.error.effect()), (N, Effect::Unknown));
    }
}

#[tokio::test]
async fn row_17_a_deletion_that_finds_nothing_after_a_server_error_may_have_been_the_one() {
    let script = [responding(response("502 Bad Gateway", "")), responding(response("404 Not Found", ""))];
    let failed = delete(default_timeouts, script).await;
    assert_eq!((failed.error.status().unwrap().as_u16(), failed.error.effect()), (404, Effect::Unknown));
    let statuses: Vec<_> = failed.error.attempts().iter().map(|attempt| attempt.status.unwrap().as_u16()).collect();
    assert_eq!(statuses, [502, 404]);
}

/// It can come from something between the two, such as the login page of a network.
#[tokio::test]
async fn row_17_a_success_that_is_not_the_documented_one_leaves_the_effect_unknown() {
    for status in ["200 OK", "202 Accepted", "204 No Content"] {
        let failed = create(default_timeouts, [responding(response(status, "<html>"))]).await;
        assert_eq!(
            facts(&failed.error),
            (ErrorKind::UnexpectedStatus, Delivery::Responded, Effect::Unknown),
            "{status}"
        );
        assert_eq!((failed.seen.requests.len(), failed.error.is_safe_to_retry()), (1, false));
    }
}

#[tokio::test]
async fn row_18_a_redirect_is_not_followed() {
    let elsewhere = FaultServer::start([responding(response("201 Created", "{}"))]).unwrap();
    let targets = [format!("{}/", elsewhere.url()), "/other".to_owned(), nowhere()];
    for status in [301, 302, 303, 307, 308] {
        for target in &targets {
            let text = format!("HTTP/1.1 {status} Moved\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n");
            let failed = create(default_timeouts, [responding(text.clone())]).await;
            assert_eq!(facts(&failed.error), (ErrorKind::UnexpectedStatus, Delivery::Responded, Effect::Unknown));
            assert_eq!((failed.error.status().unwrap().as_u16(), failed.seen.requests.len()), (status, 1));
            assert_eq!(read(default_timeouts, [responding(text)]).await.seen.requests.len(), 1);
        }
    }
    assert_eq!(elsewhere.finish().await.unwrap().connections, 0);
}

/// A response that keeps the connection, which is then closed while it is idle.
fn kept_then_closed(close: Close, status: &str) -> Fault {
    Fault::Respond(response(status, "{}"), End::Close(close))
}

#[tokio::test]
async fn row_19_a_kept_connection_that_was_closed_is_replaced() {
    for close in [Close::Fin, Close::Rst] {
        let server = FaultServer::start([kept_then_closed(close, "200 OK")]).unwrap();
        let client = default_timeouts(&server.url()).build().unwrap();
        for _ in 0..5 {
            // By RST, a response may be lost; a read is retried then.
            client.participant_groups().get("g").send().await.unwrap();
            tokio::task::yield_now().await;
        }
        drop(client);
        server.finish().await.unwrap();
    }
}

#[tokio::test]
async fn row_20_a_read_that_meets_a_connection_that_is_being_closed_is_retried() {
    let server = FaultServer::start([kept_then_closed(Close::Fin, "200 OK")]).unwrap();
    let client = default_timeouts(&server.url()).build().unwrap();
    for _ in 0..100 {
        client.participant_groups().get("g").send().await.unwrap();
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The thread sleeps while the service closes the previous connection, so that the transport cannot see it in time.
#[tokio::test]
async fn row_20_a_create_does_not_meet_a_connection_that_is_being_closed() {
    let server = FaultServer::start([kept_then_closed(Close::Fin, "201 Created")]).unwrap();
    let client = default_timeouts(&server.url()).build().unwrap();
    for _ in 0..100 {
        let created = client.participant_groups().create(group()).send_with_response().await.unwrap();
        assert_eq!(created.attempts().len(), 1);
        std::thread::sleep(Duration::from_millis(1));
    }
    drop(client);
    let seen = server.finish().await.unwrap();
    assert_eq!((seen.requests.len(), seen.connections), (100, 100));
}

#[tokio::test]
async fn row_20_every_create_has_a_connection_of_its_own() {
    let server = FaultServer::start([Fault::Respond(response("201 Created", "{}"), End::Keep)]).unwrap();
    let client = default_timeouts(&server.url()).build().unwrap();
    for _ in 0..3 {
        client.participant_groups().create(group()).send().await.unwrap();
    }
    for _ in 0..3 {
        client.workspaces().list().send().await.unwrap_err();
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
async fn row_21_a_request_that_is_too_large_is_rejected_or_lost() {
    let rejection = response("413 Payload Too Large", "");
    let failed = create(default_timeouts, [Fault::AfterHead(rejection.clone(), Close::Fin)]).await;
    assert_one_of(&failed, &[(ErrorKind::Rejected, Delivery::Responded, Effect::NotApplied), INTERRUPTED]);
    let large = super::failing(default_timeouts, [Fault::AfterHead(rejection, Close::Fin)], async |client| {
        let ids = std::iter::repeat_n("canary-participant-id-xx", 600_000);
        client.participant_groups().create(group().participant_ids(ids)).send().await.map(drop)
    });
    let failed = large.await;
    assert_one_of(&failed, &[(ErrorKind::Rejected, Delivery::Responded, Effect::NotApplied), INTERRUPTED]);
    assert_eq!(failed.seen.requests.len(), 0);
}

#[tokio::test]
async fn row_23_an_empty_budget_is_reported() {
    let server = FaultServer::start([responding(response("503 Service Unavailable", ""))]).unwrap();
    let client = default_timeouts(&server.url()).build().unwrap();
    let clone =
        client.clone().with_retry_policy(RetryPolicy::new().max_attempts(8).backoff(Duration::ZERO, Duration::ZERO));
    let mut sent = 0;
    for _ in 0..3 {
        let error = clone.participant_groups().get("g").send().await.unwrap_err();
        sent += error.attempts().len();
    }
    assert_eq!(sent, 3 + 10);
    let error = client.participant_groups().get("g").send().await.unwrap_err();
    assert_eq!((error.attempts().len(), error.stop_reason()), (1, RetryStopReason::Budget), "clones share it");
    drop((client, clone));
    assert_eq!(server.finish().await.unwrap().requests.len(), 14);
}

#[tokio::test]
async fn row_23_retries_can_be_switched_off_for_a_client_or_a_call() {
    let server = FaultServer::start([responding(response("503 Service Unavailable", ""))]).unwrap();
    let off = default_timeouts(&server.url()).retry_policy(RetryPolicy::never()).build().unwrap();
    assert_eq!(off.participant_groups().get("g").send().await.unwrap_err().attempts().len(), 1);
    let client = default_timeouts(&server.url()).build().unwrap();
    let once = client.with_retry_policy(RetryPolicy::never());
    assert_eq!(once.participant_groups().get("g").send().await.unwrap_err().attempts().len(), 1);
    assert_eq!(client.participant_groups().get("g").send().await.unwrap_err().attempts().len(), N);
}
