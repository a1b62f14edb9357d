//! What a caller may add to a call: headers, hooks, another token, other limits, calls of its own. None of it can show
//! the token, or send twice what must not be sent twice.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use contract_tests::fault_server::{Fault, FaultServer, Seen};
use prolific_sdk::{
    Attempt, Client, ClientBuilder, ConfigError, Effect, Error, ErrorKind, Hook, NextAttempt, Operation, Page, Paging,
    RetryPolicy, RetryStopReason, StatusCode, operations,
};
use serde_json::Value;

use super::matrix::N;
use super::secrets::{self, Log};
use super::{default_timeouts, group, responding, response};
use crate::nowhere::nowhere;

/// What the SDK alone says.
const RESERVED: [&str; 8] = [
    "Authorization",
    "Host",
    "Content-Length",
    "Transfer-Encoding",
    "Content-Type",
    "Connection",
    "Proxy-Authorization",
    "Accept-Encoding",
];

/// Takes down what it sees, tries to add every header that it may not, and adds one that it may.
#[derive(Clone, Debug, Default)]
struct Curious(Arc<Mutex<Vec<String>>>);

impl Hook for Curious {
    fn before_attempt(&self, attempt: &mut NextAttempt<'_>) {
        for name in RESERVED {
            attempt.header(name, "evil").unwrap_err();
        }
        attempt.header("bad\r\nname", "x").unwrap_err();
        attempt.header("x-evil", "a\r\nauthorization: evil").unwrap_err();
        let number = attempt.number();
        attempt.header("traceparent", &format!("of-{number}")).unwrap();
        attempt.header("x-hook", "petunia").unwrap();
        self.0.lock().unwrap().push(format!("{} {number} {attempt:?}", attempt.operation().id));
    }

    fn after_attempt(&self, operation: &Operation, number: u32, attempt: &Attempt) {
        let status = attempt.status.map(|status| status.as_u16());
        self.0.lock().unwrap().push(format!("{} {number} ended {status:?} {:?}", operation.id, attempt.delivery));
    }
}

/// A client with every door open, for a server that follows this script. What was seen, and the result.
async fn open<T>(
    script: impl Into<Vec<Fault>>,
    call: impl AsyncFnOnce(Client) -> Result<T, Error>,
) -> (Result<T, Error>, Seen, Vec<String>) {
    let log = Log::start();
    let server = FaultServer::start(script).unwrap();
    let hook = Curious::default();
    let client = default_timeouts(&server.url()).default_header("x-lab", "seven").hook(hook.clone()).build().unwrap();
    secrets::assert_no_secret(&format!("{client:?}"));
    let result = call(client).await;
    secrets::assert_no_secret(&log.text());
    if let Err(error) = &result {
        secrets::assert_none_in(error);
    }
    let lines = hook.0.lock().unwrap().clone();
    for line in &lines {
        secrets::assert_no_secret(line);
    }
    (result, server.finish().await.unwrap(), lines)
}

#[tokio::test]
async fn headers_are_added_and_a_hook_sees_each_attempt() {
    let script = [responding(response("503 Unavailable", "")), responding(response("200 OK", "{}"))];
    let (result, seen, lines) = open(script, async |client| {
        let call = client.participant_groups().get("g").header("x-lab", "eight").header("X-Run", "42");
        secrets::assert_no_secret(&format!("{call:?}"));
        call.send_with_response().await
    })
    .await;
    assert_eq!(result.unwrap().attempts().len(), 2);
    for (request, number) in seen.requests.iter().zip(1..) {
        let expected = format!("\r\ntraceparent: of-{number}\r\n");
        for header in
            ["\r\nx-run: 42\r\n", "\r\nx-lab: eight\r\n", "\r\nauthorization: Token canary-token\r\n", &expected]
        {
            assert_eq!(request.text.matches(header).count(), 1, "{header}: {}", request.text);
        }
        assert!(!request.text.contains("seven") && !request.text.contains("evil"), "{}", request.text);
    }
    let lines: Vec<_> = lines.iter().map(|line| line.split(" NextAttempt").next().unwrap()).collect();
    assert_eq!(
        lines,
        [
            "participant_groups_get 1",
            "participant_groups_get 1 ended Some(503) Responded",
            "participant_groups_get 2",
            "participant_groups_get 2 ended Some(200) Responded",
        ]
    );
}

#[tokio::test]
async fn a_header_of_the_sdk_is_refused_before_anything_is_sent() {
    for name in RESERVED {
        let setting =
            |name: &str, value: &str| default_timeouts("http://127.0.0.1:1").default_header(name, value).build();
        let error = setting(name, "canary").unwrap_err();
        assert!(matches!(error, ConfigError::InvalidHeader { .. }), "{error:?}");
        secrets::assert_no_secret(&format!("{error} {error:?}"));
        setting("x-evil", "canary\r\nauthorization: evil").unwrap_err();
        let (result, seen, _) = open([responding(response("201 Created", "{}"))], async |client| {
            client.participant_groups().create(group()).header(name, "evil").send().await
        })
        .await;
        let error = result.unwrap_err();
        assert_eq!(
            (error.kind(), error.effect(), seen.connections),
            (ErrorKind::InvalidRequest, Effect::NotApplied, 0)
        );
    }
}

/// Whatever a caller sets, and however it calls.
#[tokio::test]
async fn no_door_sends_a_create_twice() {
    let often = RetryPolicy::new().max_attempts(20).backoff(Duration::ZERO, Duration::ZERO);
    let minute = Duration::from_secs(60);
    for status in ["500 Oops", "502 Bad Gateway", "503 Unavailable", "408 Request Timeout"] {
        let script = [responding(format!("HTTP/1.1 {status}\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n"))];
        let (typed, seen, lines) = open(script.clone(), async |client| {
            let client = client.with_retry_policy(often).with_timeout(minute).with_token("canary-2").unwrap();
            let call = client.participant_groups().create(group()).retry_policy(often).timeout(minute);
            call.header("idempotency-key", "1").header("x-retry", "yes").send().await
        })
        .await;
        assert_eq!(
            (typed.unwrap_err().effect(), seen.requests.len(), lines.len()),
            (Effect::Unknown, 1, 2),
            "{status}"
        );
        let (raw, seen, _) = open(script, async |client| {
            let call = client.call(&operations::PARTICIPANT_GROUPS_CREATE).retry_policy(often).timeout(minute);
            call.body("application/json", "{}").header("idempotency-key", "1").send::<Value>().await
        })
        .await;
        assert_eq!((raw.unwrap_err().effect(), seen.requests.len()), (Effect::Unknown, 1), "{status}");
    }
}

#[tokio::test]
async fn each_token_goes_with_its_own_calls() {
    let server = FaultServer::start([responding(response("200 OK", r#"{"id": "u", "email": "e"}"#))]).unwrap();
    let one = default_timeouts(&server.url()).build().unwrap();
    let two = one.with_token("canary-2").unwrap();
    secrets::assert_no_secret(&format!("{:?} {:?} {two:?}", one.with_token("a canary").unwrap_err(), two.users().me()));
    for client in [&one, &two, &one.clone(), &two.with_timeout(Duration::from_secs(5))] {
        client.users().me().send().await.unwrap();
    }
    drop((one, two));
    let seen = server.finish().await.unwrap();
    let of = |request: &contract_tests::fault_server::Request| {
        let line = request.text.lines().find_map(|line| line.strip_prefix("authorization: ")).unwrap();
        line.to_owned()
    };
    let tokens: Vec<_> = seen.requests.iter().map(of).collect();
    assert_eq!(tokens, ["Token canary-token", "Token canary-2", "Token canary-token", "Token canary-2"]);
}

#[tokio::test]
async fn a_call_has_its_own_limits() {
    let unavailable = [responding(response("503 Unavailable", ""))];
    let (result, seen, _) = open(unavailable, async |client| {
        client.participant_groups().list("w").retry_policy(RetryPolicy::never()).send().await
    })
    .await;
    assert_eq!((result.unwrap_err().attempts().len(), seen.requests.len()), (1, 1));

    let (result, seen, _) = open([Fault::Silent], async |client| {
        let timeout = client.participant_groups().list("w").timeout(Duration::from_millis(50));
        timeout.send().await
    })
    .await;
    let error = result.unwrap_err();
    assert!(error.is_timeout() && error.attempts().len() == 1 && seen.connections == 1, "{error:?}");
}

/// A limit that is shorter than the client's for connecting leaves time for a retry.
#[tokio::test]
async fn a_call_with_little_time_is_retried_within_it() {
    let timeout = Duration::from_secs(3);
    let throttled = [responding(response("429 Too Many", "")), responding(response("201 Created", "{}"))];
    let at_once = RetryPolicy::new().backoff(Duration::ZERO, Duration::ZERO);
    let (result, seen, _) = open(throttled, async |client| {
        client.participant_groups().create(group()).timeout(timeout).retry_policy(at_once).send().await
    })
    .await;
    assert!(result.is_ok() && seen.requests.len() == 2, "{result:?}");

    let client = default_timeouts(&nowhere()).build().unwrap().with_timeout(timeout).with_retry_policy(at_once);
    let error = client.participant_groups().create(group()).send().await.unwrap_err();
    assert_eq!((error.attempts().len(), error.stop_reason()), (N, RetryStopReason::MaxAttempts));
}

/// What a caller added comes back in the title of an error: it is not shown.
#[tokio::test]
async fn an_error_does_not_show_what_any_door_let_in() {
    for echoed in ["marigold", "seven", "petunia", "Jo", "depression"] {
        let body = format!(r#"{{"error": {{"title": "Unknown {echoed}"}}}}"#);
        let (result, _, _) = open([responding(response("400 Bad Request", &body))], async |client| {
            let call = client.call(&operations::PARTICIPANT_GROUPS_CREATE).header("x-run", "marigold");
            call.json(&serde_json::json!({ "depression": true, "name": "Jo" })).send::<Value>().await
        })
        .await;
        let error = result.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("Unknown"), "{error}");
        assert_eq!(error.message().unwrap(), format!("Unknown {echoed}"));
    }
    let body = r#"{"error": {"title": "Unknown value"}}"#;
    let (result, ..) = open([responding(response("400 Bad Request", body))], async |client| {
        client.participant_groups().create(group()).send().await
    })
    .await;
    assert!(result.unwrap_err().to_string().contains("\"Unknown value\""), "it is shown if it is no echo");
}

#[tokio::test]
async fn bytes_go_out_and_come_back_as_they_are() {
    const EXPORT: Operation = Operation::new("export", "POST", "/api/v1/export/");
    let csv = b"id,\xff\r\n".to_vec();
    let mut raw =
        format!("HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\ncontent-length: {}\r\n\r\n", csv.len()).into_bytes();
    raw.extend(&csv);
    let (result, seen, _) =
        open([responding(raw)], async |client| client.call(&EXPORT).body("text/csv", "a,b\r\n").send_bytes().await)
            .await;
    let response = result.unwrap();
    assert_eq!((response.status(), response.headers()["content-type"].to_str().unwrap()), (StatusCode::OK, "text/csv"));
    assert_eq!(response.into_body(), csv);
    let request = &seen.requests[0].text;
    assert!(request.contains("\r\ncontent-type: text/csv\r\n") && request.ends_with("\r\n\r\na,b\r\n"), "{request}");
}

/// A list that the crate does not describe.
#[derive(Debug, serde::Deserialize)]
struct Messages {
    results: Vec<Value>,
    next: bool,
}

impl Page for Messages {
    type Item = Value;

    fn items(&self) -> &[Value] {
        &self.results
    }

    fn into_items(self) -> Vec<Value> {
        self.results
    }

    fn has_next(&self) -> Option<bool> {
        Some(self.next)
    }

    fn key(item: &Value) -> Option<&str> {
        item.as_str()
    }
}

#[tokio::test]
async fn pages_are_read_of_an_operation_that_is_not_described() {
    const MESSAGES: Operation = Operation::new("messages", "GET", "/api/v1/messages/");
    let script = [r#"{"results": ["a", "b"], "next": true}"#, r#"{"results": ["c"], "next": false}"#];
    let script = script.map(|body| responding(response("200 OK", body)));
    let (result, seen, _) = open(script, async |client| {
        let mut pages = client.call(&MESSAGES).query("user", "u").pages::<Messages>(Paging::Offset("offset"));
        let mut found = Vec::new();
        while let Some(page) = pages.try_next().await? {
            found.extend(page.into_body().into_items());
        }
        Ok(found)
    })
    .await;
    assert_eq!(result.unwrap(), ["a", "b", "c"]);
    let paths: Vec<_> = seen.requests.iter().map(|request| request.text.split(' ').nth(1).unwrap()).collect();
    assert_eq!(paths, ["/api/v1/messages/?user=u", "/api/v1/messages/?user=u&offset=2"]);
}

/// The base URL decides where a token goes. Over plain http, it goes to this machine only.
#[tokio::test]
async fn a_client_sends_its_token_to_the_host_of_its_base_url_only() {
    let builder = |url: &str| ClientBuilder::build(default_timeouts(url));
    for url in ["http://api.prolific.com", "http://10.0.0.1", "https://user:canary@api.prolific.com", "ftp://localhost"]
    {
        let error = builder(url).unwrap_err();
        secrets::assert_no_secret(&format!("{error} {error:?}"));
    }
}
