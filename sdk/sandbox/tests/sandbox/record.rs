//! What the sandbox records of the requests that it receives.

use std::io::{Result, Write};

use prolific_sandbox::Sandbox;

use crate::http::{GROUPS, call, connect, create, read, read_response, send};

#[tokio::test]
async fn a_request_is_recorded_with_its_response() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    assert_eq!(sandbox.requests(), []);
    let body = r#"{"name": "A", "workspace_id": "w1"}"#;
    let response = create(&sandbox, body)?;
    let requests = sandbox.requests();
    let [request] = requests.as_slice() else { panic!("{requests:?}") };
    assert_eq!((request.method.as_str(), request.path.as_str(), request.query.len()), ("POST", GROUPS, 0));
    assert_eq!((request.status, &request.response_body), (Some(201), &response.body));
    assert_eq!(request.body, body.as_bytes());
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("Content-Type"), None);
    Ok(())
}

#[tokio::test]
async fn requests_are_in_order_and_include_rejected_ones() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let token = "Authorization: Token sandbox-token";
    send(sandbox.url(), &["GET /unknown?a=1", token], b"some")?;
    send(sandbox.url(), &[&format!("GET {GROUPS}")], b"")?;
    send(sandbox.url(), &[&format!("BREW {GROUPS}"), token], b"")?;
    call(&sandbox, "participant_groups_create", "", &serde_json::json!({}))?;
    read(&sandbox, "users_me", "")?;
    let requests = sandbox.requests();
    let lines: Vec<_> = requests
        .iter()
        .map(|request| format!("{} {} {}", request.method, request.path, request.status.unwrap()))
        .collect();
    let groups = |line: &str| line.replace("GROUPS", GROUPS);
    let expected =
        ["GET /unknown 404", "GET GROUPS 401", "BREW GROUPS 405", "POST GROUPS 400", "GET /api/v1/users/me/ 200"];
    assert_eq!(lines, expected.map(groups));
    assert_eq!((requests[0].body.as_slice(), requests[0].query.len()), (b"some".as_slice(), 1));
    Ok(())
}

#[tokio::test]
async fn the_query_is_decoded_and_the_path_is_not() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    read(&sandbox, "participant_groups_get", "%C3%A4%2F/?b=1+2&a=%C3%A4&b=&c")?;
    let request = &sandbox.requests()[0];
    assert_eq!(request.path, format!("{GROUPS}%C3%A4%2F/"));
    let query: Vec<_> = request.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(query, [("b", "1 2"), ("a", "\u{e4}"), ("b", ""), ("c", "")]);
    Ok(())
}

#[tokio::test]
async fn a_token_is_hidden_whether_right_or_wrong() -> Result<()> {
    let sandbox = Sandbox::builder().token("secret").start().await?;
    let cases = [("Token secret", "Token [hidden]"), ("Bearer secret x", "Bearer [hidden]"), ("secret", "[hidden]")];
    for (value, kept) in cases {
        send(sandbox.url(), &[&format!("GET {GROUPS}"), &format!("Authorization: {value}")], b"")?;
        let requests = sandbox.requests();
        assert_eq!(requests.last().and_then(|request| request.header("authorization")), Some(kept));
    }
    assert!(!format!("{:?}", sandbox.requests()).contains("secret"));
    Ok(())
}

#[tokio::test]
async fn a_body_in_pieces_is_recorded_as_one_and_a_too_large_one_as_empty() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let mut stream = connect(sandbox.url())?;
    write!(stream, "POST {GROUPS} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n")?;
    write!(stream, "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")?;
    read_response(stream)?;
    create(&sandbox, vec![b' '; (64 << 20) + 1])?;
    let [pieces, large] = sandbox.requests().try_into().unwrap_or_else(|requests| panic!("{requests:?}"));
    assert_eq!((pieces.body.as_slice(), pieces.status), (b"abc".as_slice(), Some(401)));
    assert_eq!((large.body.len(), large.status), (0, Some(413)));
    Ok(())
}

#[tokio::test]
async fn only_the_last_requests_are_kept_and_the_others_are_counted() -> Result<()> {
    let sandbox = Sandbox::builder().record_limit(2, usize::MAX).start().await?;
    for path in ["/1", "/2", "/3", "/4", "/5"] {
        send(sandbox.url(), &[&format!("GET {path}")], b"")?;
    }
    let requests = sandbox.requests();
    let paths: Vec<_> = requests.iter().map(|request| request.path.as_str()).collect();
    assert_eq!((paths.as_slice(), sandbox.dropped_requests()), (["/4", "/5"].as_slice(), 3));
    Ok(())
}

#[tokio::test]
async fn large_requests_take_the_place_of_more_small_ones() -> Result<()> {
    let sandbox = Sandbox::builder().record_limit(100, 100_000).start().await?;
    let send = |size: usize| send(sandbox.url(), &["POST /x"], &vec![b' '; size]);
    let sizes = || sandbox.requests().iter().map(|request| request.body.len()).collect::<Vec<_>>();
    for size in [10, 20, 30_000] {
        send(size)?;
    }
    assert_eq!(sizes(), [10, 20, 30_000]);
    send(75_000)?;
    assert_eq!(sizes(), [75_000], "the oldest go first, until there is room");
    send(1_000_000)?;
    assert_eq!(sizes(), [1_000_000], "the last one is kept however large it is");
    send(1)?;
    send(2)?;
    assert_eq!((sizes(), sandbox.dropped_requests()), (vec![1, 2], 5));
    Ok(())
}

#[tokio::test]
async fn nothing_is_recorded_if_no_request_may_be() -> Result<()> {
    let sandbox = Sandbox::builder().record_limit(0, usize::MAX).start().await?;
    send(sandbox.url(), &["GET /x"], b"")?;
    assert_eq!((sandbox.requests(), sandbox.dropped_requests()), (vec![], 1));
    Ok(())
}
