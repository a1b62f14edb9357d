//! What an error says, and what it keeps to itself. The failures themselves are in `faults`.

use std::time::Duration;

use contract_tests::raw_server::{RawServer, json};
use prolific_sdk::types::{ApiErrorDetail, CreateParticipantGroup};
use prolific_sdk::{Client, Delivery, Effect, Error, ErrorKind, RetryPolicy};

fn client(url: &str) -> Client {
    Client::builder().base_url(url).token("canary-token").retry_policy(RetryPolicy::never()).build().unwrap()
}

/// The error of a create, after a check of what must hold for all of them.
async fn failure_at(url: &str) -> Error {
    failure_with(&client(url)).await
}

async fn failure_with(client: &Client) -> Error {
    let group = CreateParticipantGroup::in_workspace("canary-name", "canary-workspace").participant_ids(["canary-id"]);
    let error = client.participant_groups().create(group).send().await.unwrap_err();
    assert_shows_nothing(&error);
    assert!(!error.to_string().contains('\n'), "{error}");
    assert_eq!(error.operation().id, "participant_groups_create");
    assert_eq!(error.status().is_some(), error.delivery() == Delivery::Responded);
    assert!(error.body().len() <= 64 * 1024);
    error
}

/// Nothing of the token, the request or the response is in what the error prints, nor in its causes.
fn assert_shows_nothing(error: &Error) {
    let mut printed = format!("{error} {error:?} {error:#?}");
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        printed += &format!("{cause} {cause:?}");
        source = cause.source();
    }
    assert!(!printed.contains("canary"), "{printed}");
}

async fn failure_of(response: impl Into<Vec<u8>>) -> Error {
    let server = RawServer::responding(response).unwrap();
    failure_at(server.url()).await
}

#[tokio::test]
async fn a_rejected_call_has_the_services_own_words_and_changed_nothing() {
    let body =
        r#"{"error": {"status": 400, "error_code": 140010, "title": "canary", "detail": {"name": ["Canary."]}}}"#;
    let error = failure_of(json("400 Bad Request", body)).await;
    let facts = (error.kind(), error.effect(), error.status().unwrap().as_u16());
    assert_eq!(facts, (ErrorKind::Rejected, Effect::NotApplied, 400));
    assert!(!error.is_safe_to_retry() && !error.may_have_taken_effect());
    assert_eq!((error.message().as_deref(), error.code()), (Some("canary: name: Canary."), Some(140_010)));
    let info = error.api_error().unwrap().error.unwrap();
    assert_eq!(info.error_code, Some(140_010));
    assert!(matches!(info.detail, Some(ApiErrorDetail::Fields(_))));
}

#[tokio::test]
async fn an_error_says_what_happened_and_what_to_do() {
    let plain = r#"{"error": {"error_code": 140000, "title": "The request is not valid", "detail": "canary"}}"#;
    let cases = [
        (
            "400 Bad Request",
            plain,
            "rejected by the service (status 400 Bad Request, code 140000, \"The request is not valid\"); nothing \
             was changed",
        ),
        (
            "401 Unauthorized",
            r#"{"error": {"title": "canary"}}"#,
            "rejected by the service (status 401 Unauthorized); nothing was changed; check the token, and what its \
             account \
             has access to",
        ),
        (
            "403 Forbidden",
            "canary",
            "rejected by the service (status 403 Forbidden); nothing was changed; check the token, and what its \
             account has \
             access to",
        ),
        ("418 I'm a teapot", "canary", "rejected by the service (status 418 I'm a teapot); nothing was changed"),
        ("404 Not Found", "[]", "rejected by the service (status 404 Not Found); nothing was changed"),
        (
            "503 Service Unavailable",
            "",
            "server error (status 503 Service Unavailable); it may have taken effect: check before you send it again",
        ),
        (
            "302 Found",
            "",
            "unexpected status (status 302 Found); it may have taken effect: check before you send it again",
        ),
        (
            "201 Created",
            "[]",
            "the response is not in the documented form (status 201 Created); it took effect: do not send it again",
        ),
    ];
    for (status, body, expected) in cases {
        let printed = failure_of(json(status, body)).await.to_string();
        assert_eq!(printed, format!("Create a participant group: {expected}"));
    }
    let throttled = "HTTP/1.1 429 Too Many Requests\r\nretry-after: 99999999999999999999\r\ncontent-length: 0\r\n\r\n";
    assert!(failure_of(throttled).await.to_string().ends_with("; it can be retried in more than a day"));
}

/// Neither an id of the request, nor a word of its values, nor a part of the token, in whatever form the service
/// repeats it.
#[tokio::test]
async fn a_title_that_may_repeat_the_request_or_the_token_is_not_shown() {
    for title in [
        "No group canary-id",
        "CANARY",
        "Duplicate name: canaryname",
        "Bad canary token",
        "Unknown id 5e9b9c9b0f9c9a0001b0b1f5",
        "Contact robin@example.org",
        "A title that goes on and on, and on and on, and on and on, and on and on, and on and on",
    ] {
        let body = format!(r#"{{"error": {{"error_code": 7, "title": "{title}"}}}}"#);
        let error = failure_of(json("400 Bad Request", &body)).await;
        let expected =
            "Create a participant group: rejected by the service (status 400 Bad Request, code 7); nothing was changed";
        assert_eq!(error.to_string(), expected, "{title}");
        assert_eq!(error.message().as_deref(), Some(title));
    }
}

#[tokio::test]
async fn what_programs_ask_most_has_a_method() {
    for (status, not_found, unauthorized, rate_limited) in [
        ("404 Not Found", true, false, false),
        ("401 Unauthorized", false, true, false),
        ("403 Forbidden", false, true, false),
        ("429 Too Many Requests", false, false, true),
        ("400 Bad Request", false, false, false),
    ] {
        let error = failure_of(json(status, "{}")).await;
        assert_eq!(error.kind(), ErrorKind::Rejected, "whatever its body");
        let asked = (error.is_not_found(), error.is_unauthorized(), error.is_rate_limited());
        assert_eq!(asked, (not_found, unauthorized, rate_limited), "{status}");
        assert!(!error.is_timeout());
    }
    let client = client("http://127.0.0.1:1");
    let error = client.users().me().timeout(Duration::ZERO).send().await.unwrap_err();
    assert!(error.is_timeout() && !error.is_not_found());
}

/// Nothing listens at any of these.
#[tokio::test]
async fn a_call_that_was_not_sent_says_why() {
    let client = client("http://127.0.0.1:1");
    let error = client.participant_groups().get("g").timeout(Duration::ZERO).send().await.unwrap_err();
    assert_eq!(error.to_string(), "Get a participant group: no time left to send the request; it can be retried");
    for (id, reason) in [
        (" ", "an id is blank"),
        ("..", "an id is `.` or `..`, which would change the path"),
        ("a/b", "a path parameter contains a slash, a backslash or a percent sign, which could change the path"),
        (&"a".repeat(100_000), "the URL is too long"),
    ] {
        let error = client.participant_groups().get(id).send().await.unwrap_err();
        assert_eq!(error.to_string(), format!("Get a participant group: the request was not sent: {reason}"));
    }
}

#[tokio::test]
async fn an_error_body_in_another_form_is_kept_and_not_taken_for_the_documented_one() {
    for body in [r#"{"canary": 1}"#, "[null, null, null]", "{}", "\"canary\"", r#"{"error": "canary"}"#] {
        let error = failure_of(json("400 Bad Request", body)).await;
        assert_eq!((error.kind(), error.effect()), (ErrorKind::Rejected, Effect::NotApplied), "{body}");
        assert_eq!((error.api_error(), error.message(), error.code()), (None, None, None));
        assert_eq!(error.body(), body.as_bytes());
    }
}

#[tokio::test]
async fn ids_in_the_path_and_the_query_are_not_in_the_error() {
    let client = client("http://127.0.0.1:1");
    assert_shows_nothing(&client.participant_groups().get("canary-id").send().await.unwrap_err());
    assert_shows_nothing(
        &client.participant_groups().list("canary-workspace").search("canary").send().await.unwrap_err(),
    );
    let server = RawServer::responding("").unwrap();
    let client = self::client(server.url());
    assert_shows_nothing(&client.participant_groups().delete("canary-id").send().await.unwrap_err());
}
