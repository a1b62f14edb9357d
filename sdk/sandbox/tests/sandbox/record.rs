//! What the sandbox keeps of the requests that it received.

use std::io::{Result, Write};

use prolific_sandbox::Sandbox;

use crate::http::{GROUPS, call, connect, create, read, read_answer, send};

#[tokio::test]
async fn a_request_is_recorded_with_its_answer() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    assert_eq!(sandbox.requests(), []);
    let body = r#"{"name": "A", "workspace_id": "w1"}"#;
    let answer = create(&sandbox, body)?;
    let requests = sandbox.requests();
    let [request] = requests.as_slice() else { panic!("{requests:?}") };
    assert_eq!((request.method.as_str(), request.path.as_str(), request.query.len()), ("POST", GROUPS, 0));
    assert_eq!((request.status, &request.answer), (201, &answer.body));
    assert_eq!(request.body, body.as_bytes());
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("Content-Type"), None);
    Ok(())
}

#[tokio::test]
async fn requests_are_in_order_and_refused_ones_are_among_them() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let token = "Authorization: Token sandbox-token";
    send(sandbox.url(), &["GET /unknown?a=1", token], b"some")?;
    send(sandbox.url(), &[&format!("GET {GROUPS}")], b"")?;
    send(sandbox.url(), &[&format!("BREW {GROUPS}"), token], b"")?;
    call(&sandbox, "create_participant_group", "", &serde_json::json!({}))?;
    read(&sandbox, "get_current_user", "")?;
    let requests = sandbox.requests();
    let lines: Vec<_> =
        requests.iter().map(|request| format!("{} {} {}", request.method, request.path, request.status)).collect();
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
    read(&sandbox, "get_participant_group", "%C3%A4%2F/?b=1+2&a=%C3%A4&b=&c")?;
    let request = &sandbox.requests()[0];
    assert_eq!(request.path, format!("{GROUPS}%C3%A4%2F/"));
    let query: Vec<_> = request.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(query, [("b", "1 2"), ("a", "\u{e4}"), ("b", ""), ("c", "")]);
    Ok(())
}

#[tokio::test]
async fn a_token_is_not_kept_right_or_wrong() -> Result<()> {
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
async fn a_body_in_pieces_is_recorded_as_one_and_one_that_is_too_large_not_at_all() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let mut stream = connect(sandbox.url())?;
    write!(stream, "POST {GROUPS} HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\n")?;
    write!(stream, "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")?;
    read_answer(stream)?;
    create(&sandbox, vec![b' '; (64 << 20) + 1])?;
    let [pieces, large] = sandbox.requests().try_into().unwrap_or_else(|requests| panic!("{requests:?}"));
    assert_eq!((pieces.body.as_slice(), pieces.status), (b"abc".as_slice(), 401));
    assert_eq!((large.body.len(), large.status), (0, 413));
    Ok(())
}
