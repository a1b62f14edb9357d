//! What the transport would do by itself, and may not: follow redirects, use a proxy, keep cookies, decode bodies.

use std::path::Path;
use std::process::Command;

use contract_tests::fault_server::{Fault, FaultServer, Seen};
use prolific_sdk::{Delivery, Effect, ErrorKind, RetryStopReason};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::tls::{certified, https};
use super::{create_fails, default_timeouts, group, responding, response};

fn redirect(to: &str) -> Fault {
    responding(format!("HTTP/1.1 307 Moved\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n"))
}

/// A service that redirects to another host, which redirects to itself.
fn two_hops() -> (FaultServer, FaultServer) {
    let foreign = FaultServer::start([redirect("/again"), responding(response("201 Created", "{}"))]).unwrap();
    let service = FaultServer::start([redirect(&foreign.url())]).unwrap();
    (service, foreign)
}

#[tokio::test]
async fn a_foreign_host_gets_nothing_over_two_redirects() {
    for is_create in [true, false] {
        let (service, foreign) = two_hops();
        let client = default_timeouts(&service.url()).build().unwrap();
        let error = if is_create {
            create_fails(&client).await
        } else {
            client.participant_groups().get("g").send().await.unwrap_err()
        };
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::UnexpectedStatus, 307));
        drop(client);
        assert_eq!(service.finish().await.unwrap().requests.len(), 1);
        assert_eq!(foreign.finish().await.unwrap().connections, 0);
    }
}

/// Why redirects are off: the transport takes the token off the first request to another host, and puts it back on the
/// second. If this fails after an update, the leak has been closed there.
#[tokio::test]
async fn with_the_transports_own_redirects_a_foreign_host_would_get_the_token() {
    let (service, foreign) = two_hops();
    let transport = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = transport.post(service.url()).header("authorization", "Token canary-token").body("{}");
    request.send().await.unwrap();
    drop(transport);
    service.finish().await.unwrap();
    let seen = foreign.finish().await.unwrap();
    let leaked: Vec<_> = seen.requests.iter().map(|request| request.text.contains("canary-token")).collect();
    assert_eq!(leaked, [false, true]);
}

#[tokio::test]
async fn cookies_are_not_kept_and_no_encoding_is_asked_for() {
    let cookie = "HTTP/1.1 404 Not Found\r\nset-cookie: session=1; Path=/\r\ncontent-length: 0\r\n\r\n";
    let server = FaultServer::start([responding(cookie)]).unwrap();
    let client = default_timeouts(&server.url()).build().unwrap();
    for _ in 0..2 {
        client.participant_groups().get("g").send().await.unwrap_err();
        create_fails(&client).await;
    }
    drop(client);
    let seen = server.finish().await.unwrap();
    assert_eq!(seen.requests.len(), 4);
    for request in seen.requests {
        let head = request.text.to_lowercase();
        assert!(
            !head.contains("\r\ncookie:") && !head.contains("accept-encoding") && !head.contains("referer"),
            "{head}"
        );
    }
}

/// The environment belongs to the process, so the call is made in one of its own: with the proxy of the environment,
/// and as `MODE` says.
#[tokio::test]
#[ignore = "needs the environment of the tests below"]
async fn call_with_a_proxy_in_the_environment() {
    let client =
        default_timeouts(&std::env::var("SERVICE").unwrap()).root_certificates(std::env::var("CERTIFICATE").unwrap());
    let mode = std::env::var("MODE").unwrap();
    if mode == "ignored" || mode == "plain" {
        let client = if mode == "plain" { client.environment_proxy() } else { client };
        client.build().unwrap().participant_groups().create(group()).send().await.unwrap();
        return;
    }
    let error = create_fails(&client.environment_proxy().build().unwrap()).await;
    assert_eq!(
        (error.kind(), error.delivery(), error.effect()),
        (ErrorKind::Connect, Delivery::NotSent, Effect::NotApplied)
    );
    let expected =
        if mode == "permanent" { (1, RetryStopReason::NotRetryable) } else { (4, RetryStopReason::MaxAttempts) };
    assert_eq!((error.attempts().len(), error.stop_reason()), expected);
}

/// The same, with whatever the environment says of certificates.
#[tokio::test]
#[ignore = "needs the environment of the tests below"]
async fn call_with_an_environment() {
    let builder = default_timeouts(&std::env::var("SERVICE").unwrap());
    let builder = match std::env::var("CERTIFICATE") {
        Ok(pem) => builder.root_certificates(pem),
        Err(_) => builder,
    };
    builder.build().unwrap().participant_groups().create(group()).send().await.unwrap();
}

/// Makes a call in a process with these variables, to a service whose certificate is in a file.
fn called_with(variables: impl FnOnce(&Path, &str) -> Vec<(&'static str, String)>) -> bool {
    let (config, pem) = certified();
    let service = FaultServer::start_tls([responding(response("201 Created", "{}"))], config).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("root.pem"), &pem).unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "faults::security::call_with_an_environment", "--ignored"]);
    child.env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR").env("SERVICE", https(&service));
    let success = child.envs(variables(folder.path(), &pem)).output().unwrap().status.success();
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left, ["root.pem"], "nothing was written");
    success
}

/// As the operating system's own programs do. Windows and macOS have a store for them.
#[test]
#[cfg(target_os = "linux")]
fn the_roots_of_the_environment_are_trusted() {
    let path = |folder: &Path| folder.join("root.pem").display().to_string();
    assert!(called_with(|folder, _| vec![("SSL_CERT_FILE", path(folder))]));
    assert!(!called_with(|_, _| Vec::new()), "without it the certificate is not trusted");
}

#[test]
fn other_variables_of_the_environment_change_nothing() {
    let nowhere = "http://127.0.0.1:1";
    assert!(called_with(|folder, pem| {
        let file = folder.join("keys.log").display().to_string();
        let mut all = vec![("CERTIFICATE", pem.to_owned()), ("SSLKEYLOGFILE", file), ("RUST_LOG", "trace".to_owned())];
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy", "PROLIFIC_URL"]
        {
            all.push((name, nowhere.to_owned()));
        }
        for name in ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "PROLIFIC_TOKEN", "NO_PROXY"] {
            all.push((name, "other".to_owned()));
        }
        all
    }));
}

/// What a proxy receives that responds as given, and what the service does.
async fn proxied(mode: &str, proxy_response: Vec<u8>) -> (Seen, usize) {
    let (config, pem) = certified();
    let created = [responding(response("201 Created", "{}"))];
    let service = match mode {
        "plain" => FaultServer::start(created).unwrap(),
        _ => FaultServer::start_tls(created, config).unwrap(),
    };
    let url = if mode == "plain" { service.url() } else { https(&service) };
    let proxy = FaultServer::start([responding(proxy_response)]).unwrap();
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "faults::security::call_with_a_proxy_in_the_environment", "--ignored"])
        .envs([("SERVICE", url), ("CERTIFICATE", pem), ("MODE", mode.to_owned())])
        .envs(["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY"].map(|name| (name, proxy.url())))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .status()
        .unwrap();
    assert!(status.success(), "{mode}");
    (proxy.finish().await.unwrap(), service.finish().await.unwrap().requests.len())
}

#[tokio::test]
async fn row_22_a_proxy_of_the_environment_gets_nothing_unless_it_is_asked_for() {
    let (seen, served) = proxied("ignored", Vec::new()).await;
    assert_eq!((seen.connections, served), (0, 1));
}

/// A proxy that tunnels for one connection. Its address, and what it got before the tunnel.
async fn tunnel() -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(client.read_u8().await.unwrap());
        }
        let head = String::from_utf8(head).unwrap();
        let mut service = TcpStream::connect(head.split(' ').nth(1).unwrap()).await.unwrap();
        client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        // The peers may leave without a word.
        let _ = copy_bidirectional(&mut client, &mut service).await;
        head
    });
    (format!("http://user:password@{address}"), asked)
}

#[tokio::test]
async fn a_named_proxy_learns_the_host_and_nothing_else() {
    let (config, pem) = certified();
    let service = FaultServer::start_tls([responding(response("201 Created", "{}"))], config).unwrap();
    let (url, asked) = tunnel().await;
    let client = default_timeouts(&https(&service)).root_certificates(pem).proxy(url).build().unwrap();
    client.participant_groups().create(group()).send().await.unwrap();
    drop(client);
    let asked = asked.await.unwrap();
    let host = service.url().replace("http://", "");
    assert!(asked.starts_with(&format!("CONNECT {host} HTTP/1.1\r\n")), "{asked}");
    assert!(asked.to_lowercase().contains("\r\nproxy-authorization: basic "), "{asked}");
    assert!(!asked.contains("canary"), "{asked}");
    let seen = service.finish().await.unwrap();
    assert_eq!(seen.requests.len(), 1);
    assert!(!seen.requests[0].text.to_lowercase().contains("proxy-authorization"));
}

#[tokio::test]
async fn a_proxy_that_was_named_gets_nothing_of_plain_http() {
    let service = FaultServer::start([responding(response("201 Created", "{}"))]).unwrap();
    let (url, asked) = tunnel().await;
    let client = default_timeouts(&service.url()).proxy(url).build().unwrap();
    client.participant_groups().create(group()).send().await.unwrap();
    assert!(!asked.is_finished(), "nobody came");
    asked.abort();
}

/// A proxy for plain http would get token and body as they are.
#[tokio::test]
async fn row_22_a_proxy_gets_nothing_for_plain_http_even_if_it_is_asked_for() {
    let (seen, served) = proxied("plain", Vec::new()).await;
    assert_eq!((seen.connections, served), (0, 1));
}

#[tokio::test]
async fn row_2_a_proxy_that_rejects_received_neither_token_nor_body() {
    for (mode, status, times) in
        [("permanent", "407 Proxy Authentication Required", 1), ("temporary", "502 Bad Gateway", 4)]
    {
        let (seen, served) = proxied(mode, response(status, "")).await;
        assert_eq!((seen.requests.len(), served), (times, 0), "{mode}");
        for request in seen.requests {
            let text = request.text;
            assert!(text.starts_with("CONNECT 127.0.0.1:") && !text.contains("canary"), "{text}");
        }
    }
}
