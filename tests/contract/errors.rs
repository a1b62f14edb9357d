//! What an error says, and what it keeps to itself. The failures themselves are in `faults`.

use std::time::Duration;

use contract_tests::raw_server::{RawServer, json};
use prolific_sdk::types::{ApiErrorDetail, CreateParticipantGroup};
use prolific_sdk::{Client, Effect, Error, Kind, RetryPolicy, Sent};

fn client(url: &str) -> Client {
    Client::builder().base_url(url).token("canary-token").retry_policy(RetryPolicy::never()).build().unwrap()
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
        "create_participant_group: the service refused (status 400 Bad Request); nothing was changed; `api_error` has \
         the service's words"
    );
}

#[tokio::test]
async fn an_error_says_what_happened_and_what_to_do() {
    let cases = [
        (
            "401 Unauthorized",
            r#"{"error": {"title": "canary"}}"#,
            "the service refused (status 401 Unauthorized); nothing was changed; check the token, and what it may see",
        ),
        (
            "403 Forbidden",
            "canary",
            "the service refused (status 403 Forbidden); nothing was changed; check the token, and what it may see",
        ),
        (
            "418 I'm a teapot",
            "canary",
            "the service refused (status 418 I'm a teapot); nothing was changed; `body` has the service's words",
        ),
        (
            "404 Not Found",
            "[]",
            "the service refused, and not in the documented form (status 404 Not Found); nothing was changed; `body` has \
             the service's words",
        ),
        (
            "503 Service Unavailable",
            "",
            "the service had trouble (status 503 Service Unavailable); whether it took effect is not known: look before \
             you send it again",
        ),
        (
            "302 Found",
            "",
            "the service answered with a status that is not documented (status 302 Found); whether it took effect is not \
             known: look before you send it again",
        ),
        (
            "201 Created",
            "[]",
            "the answer is not in the documented form (status 201 Created); it took effect: do not send it again",
        ),
    ];
    for (status, body, expected) in cases {
        assert_eq!(failure_of(json(status, body)).await.to_string(), format!("create_participant_group: {expected}"));
    }
    let throttled = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 99999999999999999999\r\ncontent-length: 0\r\n\r\n";
    assert!(failure_of(throttled).await.to_string().ends_with("; it can be sent again in more than a day"));
}

/// Nothing listens at any of these.
#[tokio::test]
async fn a_call_that_was_not_sent_says_why() {
    let client = client("http://127.0.0.1:1");
    let told = async |client: &Client, id: &str| client.get_participant_group(id).send().await.unwrap_err().to_string();
    assert_eq!(
        told(&client.with_timeout(Duration::ZERO), "g").await,
        "get_participant_group: there was no time for an attempt; it can be sent again"
    );
    for (id, reason) in [
        (" ", "an id is empty or blank"),
        ("..", "an id is `.` or `..`, which would change the path"),
        ("a/b", "an id has a slash, a backslash or a percent sign, which could change the path"),
        (&"a".repeat(100_000), "an id is empty, a value cannot be written, or the URL is too long"),
    ] {
        let expected = format!("get_participant_group: the call cannot be made into a request: {reason}");
        assert_eq!(told(&client, id).await, expected);
    }
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
