//! What a call shows to those who trace it.

use contract_tests::fault_server::FaultServer;

use super::secrets::Log;
use super::{default_timeouts, group, responding, response};

/// The lines that this crate has logged.
fn lines(log: &Log) -> Vec<String> {
    log.text().lines().filter(|line| line.contains("prolific_sdk::")).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_call_is_one_span_and_each_attempt_one_event() {
    let log = Log::start();
    let script = [response("429 Too Many Requests", ""), response("201 Created", "{}")];
    let server = FaultServer::start(script.map(responding)).unwrap();
    let client = default_timeouts(&server.url()).build().unwrap();
    client.participant_groups().create(group()).send().await.unwrap();
    let lines = lines(&log);
    let port = format!("server.port={}", server.address().port());
    let spans: Vec<_> =
        lines.iter().filter(|line| line.ends_with(": close") || line.contains(": close time")).collect();
    let [span] = spans[..] else { panic!("{lines:#?}") };
    for field in [
        "otel.name=POST /api/v1/participant-groups/",
        "otel.kind=\"client\"",
        "http.request.method=\"POST\"",
        "url.template=\"/api/v1/participant-groups/\"",
        "server.address=\"127.0.0.1\"",
        &port,
        "http.request.resend_count=1",
        "http.response.status_code=201",
    ] {
        assert!(span.contains(field), "{field}: {span}");
    }
    assert!(!span.contains("error.type"), "{span}");
    let events: Vec<_> = lines.iter().filter(|line| line.contains(": attempt ")).collect();
    let [first, second] = events[..] else { panic!("{lines:#?}") };
    assert!(first.contains("resend_count=0 http.response.status_code=429"), "{first}");
    assert!(second.contains("resend_count=1 http.response.status_code=201"), "{second}");
}

#[tokio::test]
async fn a_failure_is_traced_with_its_kind_or_its_status() {
    let log = Log::start();
    let server = FaultServer::start([responding(response("404 Not Found", "canary"))]).unwrap();
    let client = default_timeouts(&server.url()).build().unwrap();
    let error = client.participant_groups().list("canary-workspace").search("canary").send().await.unwrap_err();
    let text = lines(&log).join("\n");
    assert!(
        text.contains("url.template=\"/api/v1/participant-groups/\"") && text.contains("error.type=\"404\""),
        "{text}"
    );
    log.assert_clean(&error);

    let log = Log::start();
    let client = default_timeouts("http://127.0.0.1:1").build().unwrap();
    let error = client.participant_groups().get("canary-id").send().await.unwrap_err();
    let text = lines(&log).join("\n");
    assert!(text.contains("/participant-groups/{id}/") && text.contains("error.type=Connect"), "{text}");
    log.assert_clean(&error);
}

#[tokio::test]
async fn a_create_whose_response_cannot_be_decoded_is_no_success() {
    let log = Log::start();
    let server = FaultServer::start([responding(response("201 Created", "<html>canary"))]).unwrap();
    let error = super::create_fails(&default_timeouts(&server.url()).build().unwrap()).await;
    let text = lines(&log).join("\n");
    let span = text.lines().find(|line| line.contains(": close")).unwrap();
    assert!(span.contains("http.response.status_code=201") && span.contains("error.type=Decode"), "{span}");
    assert_eq!(span.matches("status_code").count(), 1, "{span}");
    log.assert_clean(&error);
}
