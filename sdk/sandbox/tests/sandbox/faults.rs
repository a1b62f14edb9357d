//! Faults on the wire: what the client receives, whether the request was performed, and what is recorded.

use std::io::{ErrorKind, Read, Result, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use prolific_sandbox::{Fault, RecordedRequest, Sandbox, Seed, SeedGroup, check_response};
use serde_json::Value;

use crate::http::{GROUPS, PATIENCE, connect, create, each, read, read_response, send};

const BODY: &str = r#"{"name": "A", "workspace_id": "w1"}"#;
const TOKEN: &str = "Authorization: Token sandbox-token";

/// The number of groups that have been created with [`BODY`].
fn groups(sandbox: &Sandbox) -> Result<usize> {
    Ok(each(&read(sandbox, "participant_groups_list", "?workspace_id=w1")?, "id").len())
}

/// The only request so far.
#[track_caller]
fn only(sandbox: &Sandbox) -> RecordedRequest {
    let mut requests = sandbox.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    requests.remove(0)
}

/// Waits until this number of requests is recorded.
fn until_recorded(sandbox: &Sandbox, count: usize) {
    let start = Instant::now();
    while sandbox.requests().len() < count {
        assert!(start.elapsed() < PATIENCE, "{:?}", sandbox.requests());
        std::thread::yield_now();
    }
}

/// Sends a request that creates a group, and leaves the connection open.
fn write_create(stream: &mut TcpStream) -> Result<()> {
    let length = BODY.len();
    write!(stream, "POST {GROUPS} HTTP/1.1\r\nHost: localhost\r\n{TOKEN}\r\nContent-Type: application/json\r\n")?;
    write!(stream, "Content-Length: {length}\r\n\r\n{BODY}")
}

/// Reads a head, up to the empty line.
fn read_head(stream: &mut TcpStream) -> Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.extend(byte);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

#[tokio::test]
async fn a_status_is_sent_with_a_documented_error_and_nothing_is_performed() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    for status in [400, 401, 404, 429, 500, 503, 599] {
        sandbox.inject(Fault::status(status));
        let response = create(&sandbox, BODY)?;
        assert_eq!(response.status, status);
        assert_eq!(response.detail(), "This response is an injected fault.");
        assert_eq!(check_response("participant_groups_create", 400, &response.body), Ok(()));
        let request = sandbox.requests().pop().unwrap();
        assert_eq!((request.status, request.response_body), (Some(status), response.body));
        assert_eq!(request.body, BODY.as_bytes());
    }
    assert_eq!(groups(&sandbox)?, 0);
    Ok(())
}

#[tokio::test]
async fn a_status_below_400_has_no_body_by_default() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    for status in [200, 204, 299, 304, 399] {
        sandbox.inject(Fault::status(status));
        let response = create(&sandbox, BODY)?;
        assert_eq!((response.status, response.body.len()), (status, 0));
    }
    assert_eq!(groups(&sandbox)?, 0);
    Ok(())
}

#[tokio::test]
async fn headers_and_a_body_replace_the_default_ones() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let fault = Fault::status(502).header("X-Request-Id", "7").header("set-cookie", "a=1").header("set-cookie", "b=2");
    sandbox.inject(fault.body("text/html", "<html>"));
    let response = create(&sandbox, BODY)?;
    assert_eq!((response.status, response.body.as_slice()), (502, b"<html>".as_slice()));
    assert_eq!(response.head.matches("content-type: ").count(), 1, "{}", response.head);
    for line in ["content-type: text/html", "x-request-id: 7", "set-cookie: a=1", "set-cookie: b=2"] {
        assert!(response.head.contains(&format!("{line}\r\n")), "{}", response.head);
    }
    assert_eq!(only(&sandbox).response_body, b"<html>");

    sandbox.inject(Fault::status(307).header("location", "/elsewhere/"));
    let response = create(&sandbox, BODY)?;
    assert!(response.status == 307 && response.head.contains("location: /elsewhere/\r\n"), "{response:?}");

    sandbox.inject(Fault::status(500).header("content-type", "application/problem+json"));
    let head = create(&sandbox, BODY)?.head;
    assert!(
        head.contains("content-type: application/problem+json\r\n") && !head.contains("application/json"),
        "{head}"
    );
    Ok(())
}

#[tokio::test]
async fn retry_after_is_in_seconds_rounded_up() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let cases = [
        (Duration::ZERO, "0"),
        (Duration::from_secs(2), "2"),
        (Duration::from_millis(1), "1"),
        (Duration::MAX, "18446744073709551615"),
    ];
    for (delay, seconds) in cases {
        sandbox.inject(Fault::status(429).retry_after(Duration::from_secs(9)).retry_after(delay));
        let head = create(&sandbox, BODY)?.head;
        assert!(head.contains(&format!("retry-after: {seconds}\r\n")) && !head.contains("retry-after: 9"), "{head}");
    }
    Ok(())
}

#[tokio::test]
async fn a_status_can_hide_that_the_request_was_performed() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.inject(Fault::status(502).performed());
    assert_eq!(create(&sandbox, BODY)?.status, 502);
    assert_eq!(only(&sandbox).status, Some(502));
    assert_eq!(groups(&sandbox)?, 1);
    Ok(())
}

#[tokio::test]
async fn an_invalid_request_changes_nothing_even_if_it_is_performed() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.inject(Fault::status(502).performed());
    let json = "Content-Type: application/json";
    let without_token = send(sandbox.url(), &[&format!("POST {GROUPS}"), json], BODY.as_bytes())?;
    assert_eq!((without_token.status, groups(&sandbox)?), (502, 0));
    Ok(())
}

#[tokio::test]
async fn a_lost_response_closes_the_connection_after_the_request_is_performed() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.inject(Fault::lost_response());
    let response = create(&sandbox, BODY)?;
    assert_eq!((response.head.as_str(), response.body.len()), ("", 0), "the end of the stream, and not a reset");
    let request = only(&sandbox);
    assert_eq!((request.method.as_str(), request.body.as_slice()), ("POST", BODY.as_bytes()));
    assert_eq!((request.status, request.response_body.len()), (None, 0));
    assert_eq!(groups(&sandbox)?, 1);
    Ok(())
}

#[tokio::test]
async fn a_reset_resets_the_connection_and_performs_nothing() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.inject(Fault::reset());
    assert_eq!(create(&sandbox, BODY).unwrap_err().kind(), ErrorKind::ConnectionReset);
    let request = only(&sandbox);
    assert_eq!((request.body.as_slice(), request.status), (BODY.as_bytes(), None));
    assert_eq!(groups(&sandbox)?, 0);

    sandbox.inject(Fault::reset().performed());
    assert_eq!(create(&sandbox, BODY).unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(groups(&sandbox)?, 1);
    Ok(())
}

#[tokio::test]
async fn a_fault_applies_on_a_connection_that_is_reused() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let mut stream = connect(sandbox.url())?;
    sandbox.inject(Fault::status(204));
    sandbox.inject(Fault::reset().nth(2));
    write_create(&mut stream)?;
    assert!(read_head(&mut stream)?.starts_with("HTTP/1.1 204 "));
    write_create(&mut stream)?;
    assert_eq!(read_response(stream).unwrap_err().kind(), ErrorKind::ConnectionReset);
    Ok(())
}

#[tokio::test]
async fn a_connection_that_is_closed_unread_ends_in_order_whatever_the_client_sends() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    for length in [0, 1, 8 << 20] {
        sandbox.inject(Fault::close_unread());
        let mut stream = connect(sandbox.url())?;
        stream.write_all(&vec![b'x'; length])?;
        assert_eq!(stream.read_to_end(&mut Vec::new())?, 0, "{length}");
    }
    sandbox.inject(Fault::close_unread());
    assert_eq!(create(&sandbox, BODY)?.head, "");
    assert_eq!((sandbox.requests(), groups(&sandbox)?), (vec![], 0));
    Ok(())
}

#[tokio::test]
async fn an_open_connection_is_not_closed_unread() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.inject(Fault::status(204).every());
    let mut open = connect(sandbox.url())?;
    write_create(&mut open)?;
    assert!(read_head(&mut open)?.starts_with("HTTP/1.1 204 "));
    sandbox.inject(Fault::close_unread());
    write_create(&mut open)?;
    assert!(read_head(&mut open)?.starts_with("HTTP/1.1 204 "));
    assert_eq!(create(&sandbox, BODY)?.head, "", "the fault has waited for a new connection");
    assert_eq!(create(&sandbox, BODY)?.status, 204);
    Ok(())
}

/// A sandbox with a group of as many members, the request that lists them all, and the full response to it.
async fn list(members: usize) -> Result<(Sandbox, String, Vec<u8>)> {
    let ids = (0..members).map(|number| format!("p{number}"));
    let seed = Seed::new().group(SeedGroup::in_workspace("A", "w1").id("g1").participant_ids(ids));
    let sandbox = Sandbox::builder().seed(seed).start().await?;
    let line = format!("GET {GROUPS}g1/participants/?limit=1000000");
    let body = send(sandbox.url(), &[&line, TOKEN], b"")?.body;
    Ok((sandbox, line, body))
}

#[tokio::test]
async fn a_cut_body_has_the_full_length_in_its_head_and_half_of_the_bytes() -> Result<()> {
    // The larger response does not fit into the buffers of a socket.
    for members in [1, 100_000] {
        let (sandbox, line, full) = list(members).await?;
        sandbox.inject(Fault::cut_body());
        let response = send(sandbox.url(), &[&line, TOKEN], b"")?;
        assert_eq!(response.status, 200);
        assert!(response.head.contains(&format!("content-length: {}\r\n", full.len())), "{}", response.head);
        assert!(response.head.contains("content-type: application/json\r\n"), "{}", response.head);
        assert!(response.body == full[..full.len() / 2], "{} of {}", response.body.len(), full.len());
        let request = sandbox.requests().pop().unwrap();
        assert_eq!(request.status, Some(200));
        assert!(request.response_body == response.body);
    }
    Ok(())
}

#[tokio::test]
async fn a_request_is_performed_even_if_its_response_is_cut_or_stalls() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.inject(Fault::cut_body());
    let response = create(&sandbox, BODY)?;
    assert_eq!((response.status, response.json(), groups(&sandbox)?), (201, Value::Null, 1));

    sandbox.inject(Fault::stalled_body());
    let mut stream = connect(sandbox.url())?;
    write_create(&mut stream)?;
    assert!(read_head(&mut stream)?.starts_with("HTTP/1.1 201 "));
    assert_eq!(groups(&sandbox)?, 2);
    Ok(())
}

#[tokio::test]
async fn a_stalled_body_stops_in_the_middle_until_the_client_closes_the_connection() -> Result<()> {
    let (sandbox, line, full) = list(10).await?;
    sandbox.inject(Fault::stalled_body());
    let mut stream = connect(sandbox.url())?;
    write!(stream, "{line} HTTP/1.1\r\nHost: localhost\r\n{TOKEN}\r\n\r\n")?;
    let head = read_head(&mut stream)?;
    assert!(head.contains(&format!("content-length: {}\r\n", full.len())), "{head}");
    let mut half = vec![0; full.len() / 2];
    stream.read_exact(&mut half)?;
    assert_eq!(half, full[..full.len() / 2]);
    assert_eq!(sandbox.requests().pop().unwrap().response_body, half);

    // The sandbox is serving others meanwhile, and this connection is open.
    assert_eq!(send(sandbox.url(), &[&line, TOKEN], b"")?.body, full);
    stream.set_nonblocking(true)?;
    assert_eq!(stream.read(&mut [0]).unwrap_err().kind(), ErrorKind::WouldBlock);
    stream.set_nonblocking(false)?;

    stream.shutdown(std::net::Shutdown::Write)?;
    assert_eq!(stream.read_to_end(&mut Vec::new())?, 0, "nothing more arrives");
    Ok(())
}

#[tokio::test]
async fn of_a_response_without_a_body_nothing_is_sent_if_it_is_cut_or_stalls() -> Result<()> {
    let (sandbox, _, _) = list(0).await?;
    let delete = format!("DELETE {GROUPS}g1/");
    let head = format!("HEAD {GROUPS}g1/");
    for line in [&delete, &head] {
        sandbox.inject(Fault::cut_body());
        assert_eq!(send(sandbox.url(), &[line, TOKEN], b"")?.head, "", "{line}");
        assert_eq!(sandbox.requests().pop().unwrap().status, None, "{line}");
    }
    assert_eq!(read(&sandbox, "participant_groups_get", "g1/")?["is_deleted"], true);

    sandbox.inject(Fault::stalled_body());
    let mut stream = connect(sandbox.url())?;
    let before = sandbox.requests().len();
    write!(stream, "{delete} HTTP/1.1\r\nHost: localhost\r\n{TOKEN}\r\n\r\n")?;
    until_recorded(&sandbox, before + 1);
    assert_eq!(sandbox.requests().pop().unwrap().status, None);
    stream.shutdown(std::net::Shutdown::Write)?;
    assert_eq!(stream.read_to_end(&mut Vec::new())?, 0);
    Ok(())
}

#[tokio::test]
async fn a_delay_comes_after_the_request_is_performed_and_recorded() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    // The client gives up long before the response.
    sandbox.inject(Fault::delay(Duration::from_secs(3_600)));
    let mut stream = connect(sandbox.url())?;
    write_create(&mut stream)?;
    until_recorded(&sandbox, 1);
    drop(stream);
    assert_eq!((only(&sandbox).status, groups(&sandbox)?), (Some(201), 1));
    Ok(())
}

#[tokio::test]
async fn any_fault_can_be_delayed() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let delay = Duration::from_millis(20);
    let response = |fault| {
        let start = Instant::now();
        sandbox.inject(fault);
        let response = create(&sandbox, BODY);
        assert!(start.elapsed() >= delay);
        response
    };
    assert_eq!(response(Fault::delay(delay))?.status, 201);
    assert_eq!(response(Fault::status(503).delayed(delay))?.status, 503);
    assert_eq!(response(Fault::lost_response().delayed(delay))?.head, "");
    assert_eq!(response(Fault::reset().delayed(delay)).unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(response(Fault::close_unread().delayed(delay))?.head, "");
    let cut = response(Fault::cut_body().delayed(delay))?;
    assert_eq!((cut.status, cut.json()), (201, Value::Null));
    assert_eq!(groups(&sandbox)?, 3);
    Ok(())
}
