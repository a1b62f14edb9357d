//! Signatures of bodies that were computed elsewhere, and receivers that do not respond.

use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::time::Instant;

use super::*;
use crate::store::clock::Clock;
use crate::store::webhook::Sending;

/// Secret, timestamp, body, signature: computed with Python's `hmac`.
type Vector = (&'static str, &'static str, &'static [u8], &'static str);

const RIGHT: [Vector; 12] = [
    ("whk-made-up-secret-0001", "1760000000", r#"{"resource_id": "65a1b2c3d4e5f60718293a4b", "event_type": "submission.status.change", "participant_id": "5f0e1d2c3b4a5968778695a4", "status": "AWAITING REVIEW"}"#.as_bytes(), "jcd8bN+vedkDGpAif2J77Hbvm3vQa+eCYCadGQHfhxM="),
    ("whk-made-up-secret-0001", "1760000001", r#"{"resource_id":"64aa11bb22cc33dd44ee55ff","event_type":"study.status.change","metadata":{},"status":"PAUSED"}"#.as_bytes(), "2xJAChMnA+rSQrUlJNqNbH8BUGGtBlSSOWUMSuARufE="),
    ("whk-made-up-secret-0001", "1760000002", r#"{"resource_id": "64aa11bb22cc33dd44ee55ff", "event_type": "study.status.change", "metadata": {"note": "Größe ✓ 学习 🎉"}, "status": "ACTIVE"}"#.as_bytes(), "j4PrXBQx6zzcjCLfiRxS36PElozjoVqMRaUlAYXpCb0="),
    ("whk-made-up-secret-0001", "1760000002", r#"{"resource_id": "64aa11bb22cc33dd44ee55ff", "event_type": "study.status.change", "metadata": {"note": "Gr\u00f6\u00dfe \u2713 \u5b66\u4e60 \ud83c\udf89"}, "status": "ACTIVE"}"#.as_bytes(), "nZX3J7CemvBOjE5SscMsh0NYQ/Rc9TPiifp14y8egUU="),
    ("whk-made-up-secret-0001", "1760000003", "".as_bytes(), "1qQl0x7QIpx699tw9/p/z+BbCx8NS4/reJEirl/DDMQ="),
    ("whk-made-up-secret-0001", "1760000004", "{\n  \"resource_id\" : \"64aa11bb22cc33dd44ee55ff\",\n\t\"event_type\":   \"study.progress.change\"\r\n}\n".as_bytes(), "dkMK8lBDQ8c/f08M8hC6FMD0rFbcHNXG9Z4XtEvbmHk="),
    ("whk-made-up-secret-0001", "1760000005", r#"{"event_type":"study.has_high_return_rate","resource_id":"a","metadata":{},"resource_id":"64aa11bb22cc33dd44ee55ff"}"#.as_bytes(), "tPtQLDvCHoa9ZHA2KtItDnBExb+LaRY3tPcIWtEIXUw="),
    ("bWFkZS11cC1zZWNyZXQtdXJsc2FmZS1sb29raW5n_-x", "1760000006", r#"{"resource_id": "65a1b2c3d4e5f60718293a4b", "event_type": "submission.status.change", "participant_id": "5f0e1d2c3b4a5968778695a4", "status": "AWAITING REVIEW"}"#.as_bytes(), "TMRI2ERgAp8ruXvck8p+MdpSQ/0U4kIYUbXd+0/koEI="),
    ("clé-sécrète-✓-made-up", "1760000007", r#"{"resource_id": "65a1b2c3d4e5f60718293a4b", "event_type": "submission.status.change", "participant_id": "5f0e1d2c3b4a5968778695a4", "status": "AWAITING REVIEW"}"#.as_bytes(), "fdzx7LiQ3CfGf7+o6tyWi9V+i+9OJkf3br0NfxQrfu8="),
    ("whk-made-up-secret-0001", "1760000008", b"\xff\xfe\x00\x70\x6c\x61\x69\x6e", "oqBmGyBWKk+XlB9lx2+HFxBdoe1v17uCi8ok/BIzM94="),
    ("whk-made-up-secret-0001", "1760000103", r#"{"resource_id": "65a1b2c3d4e5f60718293a4b", "event_type": "submission.status.change", "participant_id": "5f0e1d2c3b4a5968778695a4", "status": "AWAITING REVIEW"}"#.as_bytes(), "Prx5+OZbsoTMAVBLcagpYfr1PWQH0x9WCeeAFN/QBkY="),
    ("whk-made-up-secret-0001", "1760000200", r#"{"a":1}"#.as_bytes(), "cx5b/auxuyqsTq+rssV0I0MHcKQMmCvjApJ2vgNWQvE="),
];

/// With another secret, timestamp or body, in another order, with another separator, algorithm or encoding.
const WRONG: [Vector; 13] = [
    ("whk-made-up-secret-0001", "1760000000", r#"{"resource_id": "65a1b2c3d4e5f60718293a4b", "event_type": "submission.status.change", "participant_id": "5f0e1d2c3b4a5968778695a4", "status": "AWAITING_REVIEW"}"#.as_bytes(), "jcd8bN+vedkDGpAif2J77Hbvm3vQa+eCYCadGQHfhxM="),
    ("whk-made-up-secret-0001", "1760000001", r#"{"resource_id": "65a1b2c3d4e5f60718293a4b", "event_type": "submission.status.change", "participant_id": "5f0e1d2c3b4a5968778695a4", "status": "AWAITING REVIEW"}"#.as_bytes(), "jcd8bN+vedkDGpAif2J77Hbvm3vQa+eCYCadGQHfhxM="),
    ("whk-made-up-secret-0001-old", "1760000000", r#"{"resource_id": "65a1b2c3d4e5f60718293a4b", "event_type": "submission.status.change", "participant_id": "5f0e1d2c3b4a5968778695a4", "status": "AWAITING REVIEW"}"#.as_bytes(), "jcd8bN+vedkDGpAif2J77Hbvm3vQa+eCYCadGQHfhxM="),
    ("whk-made-up-secret-0001", "1760000000", r#"{"resource_id": "65a1b2c3d4e5f60718293a4b", "event_type": "submission.status.change", "participant_id": "5f0e1d2c3b4a5968778695a4", "status": "AWAITING REVIEW"}"#.as_bytes(), "8dc77c6cdfaf79d9031a90227f627bec76ef9b7bd06be78260269d1901df8713"),
    ("whk-made-up-secret-0001", "1760000000", r#"{"resource_id": "65a1b2c3d4e5f60718293a4b", "event_type": "submission.status.change", "participant_id": "5f0e1d2c3b4a5968778695a4", "status": "AWAITING REVIEW"}"#.as_bytes(), "ru7sWXsxT/fHRR5pVnNOgE9vpCF3rlFOBYTMhK1OGuQ="),
    ("whk-made-up-secret-0001", "1760000000", r#"{"resource_id": "65a1b2c3d4e5f60718293a4b", "event_type": "submission.status.change", "participant_id": "5f0e1d2c3b4a5968778695a4", "status": "AWAITING REVIEW"}"#.as_bytes(), "sc9+SE0+/UW4IjQqVZ9pqQOhkIZ4eYMWuul9layjaJo="),
    ("whk-made-up-secret-0001", "1760000000", r#"{"resource_id": "65a1b2c3d4e5f60718293a4b", "event_type": "submission.status.change", "participant_id": "5f0e1d2c3b4a5968778695a4", "status": "AWAITING REVIEW"}"#.as_bytes(), "I7tX8M6ET+Lj4lhLn8IiacN636rpWW14e3AKNC/PWXo="),
    ("whk-made-up-secret-0001", "1760000103", r#"{"resource_id": "65a1b2c3d4e5f60718293a4b", "event_type": "submission.status.change", "participant_id": "5f0e1d2c3b4a5968778695a4", "status": "AWAITING REVIEW"}"#.as_bytes(), "Prx5-OZbsoTMAVBLcagpYfr1PWQH0x9WCeeAFN_QBkY="),
    ("whk-made-up-secret-0001", "1760000000", r#"{"resource_id":"65a1b2c3d4e5f60718293a4b","event_type":"submission.status.change","participant_id":"5f0e1d2c3b4a5968778695a4","status":"AWAITING REVIEW"}"#.as_bytes(), "jcd8bN+vedkDGpAif2J77Hbvm3vQa+eCYCadGQHfhxM="),
    ("bWFkZS11cC1zZWNyZXQtdXJsc2FmZS1sb29raW5n_-x", "1760000006", r#"{"resource_id": "65a1b2c3d4e5f60718293a4b", "event_type": "submission.status.change", "participant_id": "5f0e1d2c3b4a5968778695a4", "status": "AWAITING REVIEW"}"#.as_bytes(), "l/sH1ef5TYr5YDWWmshD46SxSRHe1dxy0MYoAIdEf7g="),
    ("whk-made-up-secret-0001", "1760000000", r#"{"resource_id": "65a1b2c3d4e5f60718293a4b", "event_type": "submission.status.change", "participant_id": "5f0e1d2c3b4a5968778695a4", "status": "AWAITING REVIEW"}"#.as_bytes(), "WcFeUGYeXbbsKzQgZ5HoBLjM5rs="),
    ("whk-made-up-secret-0001", "1760000000", r#"{"resource_id": "65a1b2c3d4e5f60718293a4b", "event_type": "submission.status.change", "participant_id": "5f0e1d2c3b4a5968778695a4", "status": "AWAITING REVIEW"}"#.as_bytes(), "jcd8bN+vedkDGpAif2J77Hbvm3vQa+eCYCadGQHfhxM"),
    ("whk-made-up-secret-0001", "1760000000", r#"{"resource_id": "65a1b2c3d4e5f60718293a4b", "event_type": "submission.status.change", "participant_id": "5f0e1d2c3b4a5968778695a4", "status": "AWAITING REVIEW"}"#.as_bytes(), "sha256=jcd8bN+vedkDGpAif2J77Hbvm3vQa+eCYCadGQHfhxM="),
];

#[test]
fn bodies_are_signed_as_documented() {
    for (secret, timestamp, body, expected) in RIGHT {
        assert_eq!(signature(secret, timestamp, body), expected, "{timestamp}");
    }
    for (secret, timestamp, body, wrong) in WRONG {
        assert_ne!(signature(secret, timestamp, body), wrong, "{timestamp}");
    }
}

/// On a clock that only moves when everything waits.
#[tokio::test(start_paused = true)]
async fn a_receiver_that_does_not_respond_is_given_up() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let target = format!("http://{}/", listener.local_addr().unwrap());
    let receiver = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut read = Vec::new();
        stream.read_to_end(&mut read).await.map(|_| read)
    });
    let parcel = Parcel {
        sending: Sending { event: "e1".to_owned(), target, era: 0 },
        body: "{}".to_owned(),
        secret: "secret".to_owned(),
        created: Clock::default().now(),
    };
    let started = Instant::now();
    assert!(!is_delivered(&parcel).await);
    assert_eq!(started.elapsed().as_secs(), TIME_LIMIT.as_secs());
    let read = receiver.await.unwrap().unwrap();
    assert!(read.starts_with(b"POST / HTTP/1.1\r\n") && read.ends_with(b"\r\n\r\n{}"), "the connection is closed");
}
