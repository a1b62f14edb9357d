//! The matrix of failures, rows 13 to 23: answers of the service, connections that are used again, and the limits of retries.

use std::time::Duration;

use contract_tests::fault_server::{Close, End, Fault, FaultServer};
use prolific_sdk::{Effect, Kind, RetryPolicy, Sent, Stop};

use super::matrix::{INTERRUPTED, N, assert_one_of, facts, nowhere};
use super::{answer, answering, create, delete, group, patient, read};

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
