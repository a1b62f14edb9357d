//! What a call tells those who trace it.

use contract_tests::fault_server::FaultServer;

use super::secrets::Log;
use super::{answer, answering, group, patient};

/// The lines that this crate has logged.
fn lines(log: &Log) -> Vec<String> {
    log.text().lines().filter(|line| line.contains("prolific_sdk::")).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_call_is_one_span_and_each_attempt_one_event() {
    let log = Log::start();
    let script = [answer("429 Too Many Requests", ""), answer("201 Created", "{}")];
    let server = FaultServer::start(script.map(answering)).unwrap();
    let client = patient(&server.url()).build().unwrap();
    client.create_participant_group(group()).send().await.unwrap();
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
async fn a_failure_is_told_with_its_kind_or_its_status() {
    let log = Log::start();
    let server = FaultServer::start([answering(answer("404 Not Found", "canary"))]).unwrap();
    let client = patient(&server.url()).build().unwrap();
    let error = client.list_participant_groups("canary-workspace").search("canary").send().await.unwrap_err();
    let text = lines(&log).join("\n");
    assert!(
        text.contains("url.template=\"/api/v1/participant-groups/\"") && text.contains("error.type=\"404\""),
        "{text}"
    );
    log.assert_clean(&error);

    let log = Log::start();
    let client = patient("http://127.0.0.1:1").build().unwrap();
    let error = client.get_participant_group("canary-id").send().await.unwrap_err();
    let text = lines(&log).join("\n");
    assert!(text.contains("/participant-groups/{id}/") && text.contains("error.type=Connect"), "{text}");
    log.assert_clean(&error);
}

#[tokio::test]
async fn a_group_whose_answer_cannot_be_read_is_no_success() {
    let log = Log::start();
    let server = FaultServer::start([answering(answer("201 Created", "<html>canary"))]).unwrap();
    let error = super::create_fails(&patient(&server.url()).build().unwrap()).await;
    let text = lines(&log).join("\n");
    let span = text.lines().find(|line| line.contains(": close")).unwrap();
    assert!(span.contains("http.response.status_code=201") && span.contains("error.type=Undecodable"), "{span}");
    log.assert_clean(&error);
}
