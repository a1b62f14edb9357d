//! Failures of TLS, with a real TLS server and a certificate that is made here.

use std::sync::Arc;
use std::time::Duration;

use contract_tests::fault_server::{Close, Fault, FaultServer};
use prolific_sdk::{Client, Delivery, Effect, ErrorKind, Phase, RetryStopReason};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;

use super::{create_fails, default_timeouts, group, responding, response, short_timeouts};

/// A server's settings, and its certificate as PEM.
pub(super) fn certified() -> (Arc<ServerConfig>, String) {
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let mut config = config.with_no_client_auth().with_single_cert(vec![cert.der().clone()], key).unwrap();
    // What a server that prefers HTTP/2 offers.
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    (Arc::new(config), cert.pem())
}

pub(super) fn https(server: &FaultServer) -> String {
    server.url().replace("http:", "https:")
}

#[tokio::test]
async fn a_create_goes_over_tls_and_http_1_to_a_server_whose_certificate_is_trusted() {
    let (config, pem) = certified();
    let server = FaultServer::start_tls([responding(response("201 Created", "{}"))], config).unwrap();
    let client = default_timeouts(&https(&server)).root_certificates(pem).build().unwrap();
    client.participant_groups().create(group()).send().await.unwrap();
    let seen = server.finish().await.unwrap();
    assert!(seen.requests[0].text.starts_with("POST /api/v1/participant-groups/ HTTP/1.1\r\n"));
}

#[tokio::test]
async fn row_2_an_untrusted_certificate_is_reported_and_does_not_pass_by_itself() {
    let (config, _) = certified();
    let server = FaultServer::start_tls([responding(response("201 Created", "{}"))], config).unwrap();
    let client = default_timeouts(&https(&server)).build().unwrap();
    let error = create_fails(&client).await;
    assert_eq!(
        (error.kind(), error.delivery(), error.effect()),
        (ErrorKind::Connect, Delivery::NotSent, Effect::NotApplied)
    );
    assert_eq!((error.attempts().len(), error.stop_reason()), (1, RetryStopReason::NotRetryable));
    assert!(!error.is_safe_to_retry());
    assert_eq!(server.finish().await.unwrap().requests.len(), 0);
}

#[tokio::test]
async fn row_2_a_handshake_that_is_broken_off_sent_nothing() {
    for close in [Close::Fin, Close::Rst] {
        let server = FaultServer::start([Fault::Unread(close)]).unwrap();
        let error = create_fails(&default_timeouts(&https(&server)).build().unwrap()).await;
        assert_eq!(
            (error.kind(), error.delivery(), error.effect()),
            (ErrorKind::Connect, Delivery::NotSent, Effect::NotApplied)
        );
        assert_eq!(error.attempts().len(), 4);
        assert_eq!(server.finish().await.unwrap().requests.len(), 0);
    }
}

fn client(server: &FaultServer) -> Client {
    short_timeouts(&https(server)).build().unwrap()
}

#[tokio::test]
async fn row_3_a_handshake_that_stalls_sent_nothing_whichever_limit_is_reached() {
    let server = FaultServer::start([Fault::Silent]).unwrap();
    let by_connect_timeout = client(&server);
    let by_attempt_timeout =
        default_timeouts(&https(&server)).build().unwrap().with_timeout(Duration::from_millis(300));
    for client in [by_connect_timeout, by_attempt_timeout] {
        let error = create_fails(&client).await;
        assert_eq!(
            (error.kind(), error.delivery(), error.effect()),
            (ErrorKind::Timeout(Phase::Connect), Delivery::NotSent, Effect::NotApplied)
        );
    }
    assert_eq!(server.finish().await.unwrap().requests.len(), 0);
}
