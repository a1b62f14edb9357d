//! Calls of operations that the crate has no method for.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::time::Duration;

use contract_tests::raw_server::{RawServer, json};
use prolific_sandbox::Sandbox;
use prolific_sdk::{Client, Effect, ErrorKind, Operation, RawCall, RetryPolicy, RetryStopReason};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::Value;

const TRANSITION: Operation = Operation::new("transition", "POST", "/api/v1/studies/{id}/transition/");
const STUDY: Operation = Operation::new("study", "GET", "/api/v1/studies/{id}/");

fn client(server: &RawServer) -> Client {
    let soon = RetryPolicy::new().backoff(Duration::from_millis(1), Duration::from_millis(1));
    Client::builder().base_url(server.url()).token("canary").retry_policy(soon).build().unwrap()
}

#[tokio::test]
async fn it_sends_path_query_and_body_with_the_token_and_reads_the_response() {
    let server = RawServer::responding(json("200 OK", r#"{"status": "ACTIVE"}"#)).unwrap();
    let call = client(&server).call(&TRANSITION).path("id", "s 1").query("dry", "a&b").query("n", "2");
    assert_eq!(format!("{call:?}"), "RawCall { operation: \"transition\", .. }");
    let study = call.json(&BTreeMap::from([("action", "PUBLISH")])).send_with_response::<Value>().await.unwrap();
    assert_eq!((study.status().as_u16(), &study.body()["status"]), (200, &Value::from("ACTIVE")));
    let request = server.request().unwrap();
    assert!(request.starts_with("POST /api/v1/studies/s%201/transition/?dry=a%26b&n=2 HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("\r\nauthorization: Token canary\r\n"), "{request}");
    assert!(request.contains("\r\ncontent-type: application/json\r\n"), "{request}");
    assert!(request.ends_with("\r\n\r\n{\"action\":\"PUBLISH\"}"), "{request}");
}

#[tokio::test]
async fn a_response_without_a_body_is_read_as_nothing() {
    let server = RawServer::responding("HTTP/1.1 204 No Content\r\n\r\n").unwrap();
    client(&server).call(&TRANSITION).path("id", "s").send::<()>().await.unwrap();
    let request = server.request().unwrap();
    assert!(!request.contains("content-type"), "without a body there is no type of one: {request}");
}

#[tokio::test]
async fn it_is_retried_and_reported_like_any_other_call() {
    let unavailable = "HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let server = RawServer::responding(unavailable).unwrap();
    let error = client(&server).call(&TRANSITION).path("id", "s").send::<Value>().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.effect(), error.stop_reason()),
        (ErrorKind::ServerError, Effect::Unknown, RetryStopReason::NotRetryable)
    );

    let server = RawServer::responding_each(vec![unavailable.into(), json("200 OK", "{}").into()]).unwrap();
    let study = client(&server).call(&STUDY).path("id", "s").send_with_response::<Value>().await.unwrap();
    assert_eq!(study.attempts().len(), 2);

    let server = RawServer::responding(json("404 Not Found", r#"{"error": {"title": "No."}}"#)).unwrap();
    let error = client(&server).call(&STUDY).path("id", "s").send::<Value>().await.unwrap_err();
    assert_eq!(error.api_error().unwrap().error.unwrap().title.as_deref(), Some("No."));
    assert_eq!(error.operation().id, "study");
}

#[tokio::test]
async fn what_cannot_be_sent_is_reported_before_anything_is_sent() {
    macro_rules! operations {
        ($($method:literal $path:literal),* $(,)?) => {
            [$({ const OPERATION: Operation = Operation::new("o", $method, $path); &OPERATION }),*]
        };
    }
    // Nothing listens here.
    let client = Client::builder().base_url("http://127.0.0.1:1").token("t").build().unwrap();
    for call in [
        client.call(&STUDY),
        client.call(&STUDY).path("id", ".."),
        client.call(&STUDY).path("id", ""),
        client.call(&STUDY).path("id", "a/b"),
        client.call(&STUDY).path("id", "a").path("other", "b"),
        client.call(&STUDY).path("id", "a").path("id", "b"),
        client.call(&STUDY).path("id", "a").json(&BTreeMap::from([((1, 2), 3)])),
        client.call(&STUDY).path("id", "a").json(&Unwritable),
    ] {
        is_refused(call).await;
    }
    // Each of these would go out as something else.
    for operation in operations![
        "NO METHOD" "/", "" "/", "get" "/", "CONNECT" "/", "GET" "", "GET" "evil.example/", "GET" "@evil.example/",
        "GET" "/a/../b", "GET" "/%2e%2e/b", "GET" "/a?b=c", "GET" "/a#b", "GET" "/\\evil.example", "GET" "/a b",
        "GET" "/a\r\nX-Evil: 1", "GET" "/\u{e9}",
    ] {
        is_refused(client.call(operation)).await;
    }
}

/// Tells what it has, in the reason why it cannot be written.
struct Unwritable;

impl Serialize for Unwritable {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(S::Error::custom("canary"))
    }
}

async fn is_refused(call: RawCall) {
    let error = call.send::<Value>().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.effect(), error.attempts().len()),
        (ErrorKind::InvalidRequest, Effect::NotApplied, 0),
        "{error:?}"
    );
    let printed = format!("{error} {error:?} {:?}", error.source());
    assert!(printed.contains("the request was not sent: ") && !printed.contains("canary"), "{printed}");
}

/// Some gateways refuse what says neither that it has a body nor that it has none.
#[tokio::test]
async fn a_post_without_a_body_says_so() {
    let server = RawServer::responding("HTTP/1.1 204 No Content\r\n\r\n").unwrap();
    client(&server).call(&TRANSITION).path("id", "s").send::<()>().await.unwrap();
    let request = server.request().unwrap();
    assert_eq!(request.matches("\r\ncontent-length: 0\r\n").count(), 1, "{request}");
}

#[tokio::test]
async fn what_the_crate_offers_can_be_called_in_this_way_as_well() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::builder().base_url(sandbox.url()).token(sandbox.token()).build().unwrap();
    let me = client.call(&prolific_sdk::operations::USERS_ME).send::<Value>().await.unwrap();
    assert!(me["email"].is_string());
}
