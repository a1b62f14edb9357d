//! What an error tells: the status, headers and a bounded part of the body whatever came, and what is known of the effect.

use std::net::TcpListener;
use std::time::Duration;

use contract_tests::raw_server::{RawServer, json};
use prolific_sdk::types::{ApiErrorDetail, CreateParticipantGroup};
use prolific_sdk::{Client, Effect, Error, Kind, Phase, Sent};

fn client(url: &str) -> Client {
    Client::builder().base_url(url).token("canary-token").build().unwrap()
}

/// The error of a create, after a check of what must hold for all of them.
async fn failure_at(url: &str) -> Error {
    failure_with(&client(url)).await
}

async fn failure_with(client: &Client) -> Error {
    let group = CreateParticipantGroup::in_workspace("canary-name", "canary-workspace").participant_ids(["canary-id"]);
    let error = client.create_participant_group(group).send().await.unwrap_err();
    assert_tells_nothing(&error);
    assert!(!error.to_string().contains('\n'), "{error}");
    assert_eq!(error.operation().id, "create_participant_group");
    assert_eq!(error.status().is_some(), error.sent() == Sent::Answered);
    assert!(error.body().len() <= 64 * 1024);
    error
}

/// Nothing of the token, the request or the response is in what the error prints, nor in its causes.
fn assert_tells_nothing(error: &Error) {
    let mut printed = format!("{error} {error:?} {error:#?}");
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        printed += &format!("{cause} {cause:?}");
        source = cause.source();
    }
    assert!(!printed.contains("canary"), "{printed}");
}

async fn failure_of(answer: impl Into<Vec<u8>>) -> Error {
    let server = RawServer::answering(answer).unwrap();
    failure_at(server.url()).await
}

#[tokio::test]
async fn a_documented_refusal_is_typed_and_changed_nothing() {
    let body = r#"{"error": {"status": 400, "error_code": 140010, "title": "canary", "detail": {"name": ["canary"]}}}"#;
    let error = failure_of(json("400 Bad Request", body)).await;
    assert_eq!((error.kind(), error.effect(), error.status().unwrap().as_u16()), (Kind::Rejected, Effect::None, 400));
    assert!(!error.is_safe_to_retry() && !error.may_have_taken_effect());
    let info = error.api_error().unwrap().error.unwrap();
    assert_eq!(info.error_code, Some(140_010));
    assert!(matches!(info.detail, Some(ApiErrorDetail::Fields(_))));
    assert_eq!(
        error.to_string(),
        "create_participant_group: the service refused (status 400 Bad Request); nothing was changed"
    );
}

#[tokio::test]
async fn too_many_requests_changed_nothing_and_says_when_to_come_back() {
    let answer = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 7\r\ncontent-length: 6\r\n\r\n<html>";
    let error = failure_of(answer).await;
    assert_eq!((error.kind(), error.effect()), (Kind::Undecodable, Effect::None));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert!(error.is_safe_to_retry());
    assert_eq!(error.body(), b"<html>");
}

#[tokio::test]
async fn a_refusal_in_another_form_is_kept_and_not_taken_for_the_documented_one() {
    for body in [r#"{"canary": 1}"#, "[null, null, null]", "{}", "\"canary\"", r#"{"error": "canary"}"#] {
        let error = failure_of(json("400 Bad Request", body)).await;
        assert_eq!((error.kind(), error.effect()), (Kind::Undecodable, Effect::None), "{body}");
        assert_eq!((error.api_error(), error.body()), (None, body.as_bytes()));
    }
}

#[tokio::test]
async fn after_a_server_error_the_effect_is_unknown() {
    let error =
        failure_of("HTTP/1.1 502 Bad Gateway\r\nset-cookie: canary\r\ncontent-length: 11\r\n\r\n<h1>canary<").await;
    assert_eq!((error.kind(), error.effect(), error.body()), (Kind::Status, Effect::Unknown, &b"<h1>canary<"[..]));
    assert!(!error.is_safe_to_retry());
}

#[tokio::test]
async fn a_created_group_whose_answer_cannot_be_read_is_reported_as_created() {
    let cut = "HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n{\"id\": \"canary";
    let html = "HTTP/1.1 201 Created\r\ncontent-length: 8\r\n\r\n<canary>";
    let drift = json("201 Created", r#"{"participant_count": "canary"}"#);
    let empty = "HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n";
    for (answer, kind) in [
        (cut, Kind::BodyCut),
        (html, Kind::Undecodable),
        (drift.as_str(), Kind::Undecodable),
        (empty, Kind::Undecodable),
    ] {
        let error = failure_of(answer).await;
        assert_eq!((error.kind(), error.effect(), error.sent()), (kind, Effect::Done, Sent::Answered), "{answer}");
        assert_eq!(error.status().unwrap().as_u16(), 201);
        assert!(!error.is_safe_to_retry());
        assert_eq!(error.api_error(), None, "an answer of success is no refusal");
    }
}

#[tokio::test]
async fn a_body_without_end_is_not_read_to_its_end() {
    let mut answer = b"HTTP/1.1 201 Created\r\n\r\n".to_vec();
    answer.resize(9 * 1024 * 1024, b' ');
    let error = failure_of(answer).await;
    assert_eq!((error.kind(), error.effect()), (Kind::BodyTooLarge, Effect::Done));
    assert_eq!((error.body().len(), error.body_truncated()), (64 * 1024, true));

    let mut answer = b"HTTP/1.1 500 Internal Server Error\r\n\r\n".to_vec();
    answer.resize(1024 * 1024, b' ');
    let error = failure_of(answer).await;
    assert_eq!((error.kind(), error.body().len(), error.body_truncated()), (Kind::Status, 64 * 1024, true));
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let elsewhere = RawServer::answering(json("201 Created", "{}")).unwrap();
    let answer =
        format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: {}/\r\ncontent-length: 0\r\n\r\n", elsewhere.url());
    let error = failure_of(answer).await;
    assert_eq!((error.kind(), error.effect(), error.status().unwrap().as_u16()), (Kind::Status, Effect::Unknown, 307));
    // The other server still waits for its first request: this one is it.
    client(elsewhere.url())
        .create_participant_group(CreateParticipantGroup::in_workspace("n", "first"))
        .send()
        .await
        .unwrap();
    assert!(elsewhere.request().unwrap().contains("first"));
}

#[tokio::test]
async fn a_refused_connection_sent_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = failure_at(&url).await;
    assert_eq!((error.kind(), error.sent(), error.effect()), (Kind::Connect, Sent::No, Effect::None));
    assert!(error.is_safe_to_retry());
    assert_eq!(error.attempts().len(), 1);
}

#[tokio::test]
async fn ids_in_the_path_and_the_query_are_not_in_the_error() {
    let client = client("http://127.0.0.1:1");
    assert_tells_nothing(&client.get_participant_group("canary-id").send().await.unwrap_err());
    assert_tells_nothing(
        &client.list_participant_groups("canary-workspace").search("canary").send().await.unwrap_err(),
    );
    let server = RawServer::answering("").unwrap();
    let client = self::client(server.url());
    assert_tells_nothing(&client.delete_participant_group("canary-id").send().await.unwrap_err());
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_request_leaves_the_effect_unknown() {
    let error = failure_of("").await;
    assert_eq!((error.kind(), error.sent(), error.effect()), (Kind::Interrupted, Sent::Maybe, Effect::Unknown));
    assert!(!error.is_safe_to_retry());
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn a_server_that_never_answers_leaves_the_effect_unknown() {
    // The system accepts the connection; nobody reads from it.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = Client::builder()
        .base_url(format!("http://{}", listener.local_addr().unwrap()))
        .token("canary-token")
        .connect_timeout(Duration::from_millis(50))
        .timeout(Duration::from_millis(100))
        .build()
        .unwrap();
    let error = failure_with(&client).await;
    assert_eq!(
        (error.kind(), error.sent(), error.effect()),
        (Kind::Timeout(Phase::Head), Sent::Maybe, Effect::Unknown)
    );
}

/// Run by the test below, in a process of its own: the environment belongs to the process.
#[tokio::test]
#[ignore = "needs the environment of `a_proxy_never_gets_what_is_sent_unencrypted`"]
async fn call_over_the_proxy_of_the_environment() {
    let client = Client::builder().base_url(std::env::var("SERVICE").unwrap()).token("t").environment_proxy();
    let group = CreateParticipantGroup::in_workspace("n", "w");
    client.build().unwrap().create_participant_group(group).send().await.unwrap();
}

#[test]
fn a_proxy_never_gets_what_is_sent_unencrypted() {
    let service = RawServer::answering(json("201 Created", "{}")).unwrap();
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "errors::call_over_the_proxy_of_the_environment", "--ignored"])
        .env("SERVICE", service.url())
        // Nobody listens there: a call that goes to the proxy fails.
        .envs(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"].map(|name| (name, "http://127.0.0.1:1")))
        .status()
        .unwrap();
    assert!(status.success());
    assert!(service.request().unwrap().starts_with("POST /api/v1/participant-groups/ HTTP/1.1\r\n"));
}
