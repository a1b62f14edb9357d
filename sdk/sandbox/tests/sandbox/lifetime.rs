//! Starting and stopping, and what sandboxes do not share.

use std::io::{ErrorKind, Read, Result, Write};
use std::net::{Ipv6Addr, SocketAddr};

use prolific_sandbox::Sandbox;

use crate::http::{GROUPS, connect, create, send};

const BODY: &str = r#"{"name": "Group 1", "workspace_id": "w1"}"#;

#[tokio::test]
async fn the_url_is_a_port_of_the_loopback_interface() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let address: SocketAddr = sandbox.url().trim_start_matches("http://").parse().map_err(std::io::Error::other)?;
    assert_eq!(address.ip().to_string(), "127.0.0.1");
    assert_ne!(address.port(), 0);
    Ok(())
}

#[tokio::test]
async fn after_the_drop_the_port_is_closed_and_open_connections_have_ended() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let url = sandbox.url().to_owned();
    let mut idle = connect(&url)?;
    let mut served = connect(&url)?;
    write!(served, "GET {GROUPS} HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
    let mut first = [0; 12];
    served.read_exact(&mut first)?;
    assert_eq!(&first, b"HTTP/1.1 401");
    let mut halfway = connect(&url)?;
    write!(halfway, "POST {GROUPS} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n")?;

    drop(sandbox);

    assert_eq!(connect(&url).map_err(|error| error.kind()).err(), Some(ErrorKind::ConnectionRefused));
    for stream in [&mut idle, &mut served, &mut halfway] {
        // The end of the stream or a reset, without waiting.
        let end = stream.read_to_end(&mut Vec::new());
        assert!(end.is_ok() || end.is_err_and(|error| error.kind() == ErrorKind::ConnectionReset));
    }
    Ok(())
}

#[tokio::test]
async fn two_sandboxes_have_their_own_port_token_and_groups() -> Result<()> {
    let one = Sandbox::start().await?;
    let two = Sandbox::builder().token("another.token").start().await?;
    assert_ne!(one.url(), two.url());
    assert_eq!(create(&one, BODY)?.json()["id"], "000000000000000000000001");
    assert_eq!(create(&one, BODY)?.json()["id"], "000000000000000000000002");
    assert_eq!(create(&two, BODY)?.json()["id"], "000000000000000000000001");

    let token = format!("Authorization: Token {}", one.token());
    assert_eq!(send(two.url(), &[&format!("POST {GROUPS}"), &token], BODY.as_bytes())?.status, 401);

    drop(one);
    assert_eq!(create(&two, BODY)?.status, 201);
    Ok(())
}

#[tokio::test(flavor = "current_thread")]
async fn a_test_that_blocks_its_runtime_is_served() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    // Blocks the only thread of the test's runtime until the response arrives.
    assert_eq!(create(&sandbox, BODY)?.status, 201);
    Ok(())
}

#[tokio::test]
async fn one_connection_serves_several_requests() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let mut stream = connect(sandbox.url())?;
    for _ in 0..2 {
        write!(stream, "HEAD {GROUPS} HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte)?;
            head.extend(byte);
        }
        assert!(head.starts_with(b"HTTP/1.1 401"));
    }
    Ok(())
}

#[tokio::test]
async fn only_loopback_addresses_are_accepted() -> Result<()> {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let address: SocketAddr = address.parse().map_err(std::io::Error::other)?;
        let error = Sandbox::builder().address(address).start().await.err().map(|error| error.to_string());
        assert_eq!(error, Some(format!("{address} is not a loopback address; the sandbox listens on no other")));
    }
    Ok(())
}

#[tokio::test]
async fn an_ipv6_address_makes_a_usable_url() -> Result<()> {
    match Sandbox::builder().address((Ipv6Addr::LOCALHOST, 0)).start().await {
        Ok(sandbox) => assert_eq!(create(&sandbox, BODY)?.status, 201),
        // The machine has no IPv6.
        Err(error) => assert!(matches!(error.kind(), ErrorKind::AddrNotAvailable | ErrorKind::Unsupported), "{error}"),
    }
    Ok(())
}

#[tokio::test]
async fn a_port_in_use_is_an_error() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let taken: SocketAddr = sandbox.url().trim_start_matches("http://").parse().map_err(std::io::Error::other)?;
    let error = Sandbox::builder().address(taken).start().await.err().map(|error| error.kind());
    assert_eq!(error, Some(ErrorKind::AddrInUse));
    Ok(())
}

#[tokio::test]
async fn a_token_that_a_header_or_a_shell_would_change_is_an_error() {
    for token in ["", "two words", "a\r\nb", "$HOME", "t\u{f6}ken"] {
        let error = Sandbox::builder().token(token).start().await.err().map(|error| error.kind());
        assert_eq!(error, Some(ErrorKind::InvalidInput), "{token}");
    }
}
