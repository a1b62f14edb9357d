//! What is accepted: signed bytes that nobody has changed, in time, and nothing else.

use std::collections::HashMap;
use std::time::Duration;

use prolific_sdk::webhooks::{Verifier, VerifyError};
use proptest::prelude::*;
use proptest::test_runner::Config;

use super::{Delivery, at};
use crate::properties::runner;

const BODY: &str = r#"{"resource_id":"s1","event_type":"submission.status.change","status":"AWAITING REVIEW"}"#;
const SIGNATURE: &str = "X-Prolific-Request-Signature";
const TIMESTAMP: &str = "X-Prolific-Request-Timestamp";
const EVENT_ID: &str = "X-Event-ID";

fn delivery() -> Delivery {
    Delivery::signed("s", "1760000000", BODY)
}

/// What nobody may change.
const PARTS: [fn(&mut Delivery) -> &mut Vec<u8>; 3] =
    [|it| &mut it.signature, |it| &mut it.timestamp, |it| &mut it.body];

/// The delivery with one bit changed, each in turn.
fn with_a_bit_changed(delivery: &Delivery) -> impl Iterator<Item = Delivery> {
    PARTS.into_iter().flat_map(move |part| {
        let bits = part(&mut delivery.clone()).len() * 8;
        (0..bits).map(move |bit| {
            let mut changed = delivery.clone();
            part(&mut changed)[bit / 8] ^= 1 << (bit % 8);
            changed
        })
    })
}

#[test]
fn each_changed_bit_of_the_signature_the_timestamp_and_the_body_is_rejected() {
    let verifier = Verifier::new("s").tolerance(None);
    assert!(delivery().verified(&verifier, 0).is_ok());
    let mut count = 0;
    for changed in with_a_bit_changed(&delivery()) {
        let found = changed.verified(&verifier, 0).unwrap_err();
        let expected = [VerifyError::InvalidSignature, VerifyError::InvalidHeader { name: TIMESTAMP }];
        assert!(expected.contains(&found), "{changed:?}: {found:?}");
        count += 1;
    }
    assert_eq!(count, (44 + 10 + BODY.len()) * 8);
}

/// A lax reader takes several texts for the same bytes.
#[test]
fn one_text_of_a_signature_is_accepted() {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
    let verifier = Verifier::new("s").tolerance(None);
    let text = delivery().signature;
    // Of the last character, two bits are of no use.
    let others =
        ALPHABET.iter().filter(|other| **other != text[42]).map(|other| [&text[..42], &[*other], b"="].concat());
    let around = [&text[..43], &[&text[..], b"="].concat(), &[&text[..], b"\n"].concat(), &[b" ", &text[..]].concat()];
    let others: Vec<_> = others.chain(around.map(<[u8]>::to_vec)).collect();
    assert_eq!(others.len(), 65 + 4);
    for signature in others {
        let changed = Delivery { signature, ..delivery() };
        assert_eq!(changed.verified(&verifier, 0), Err(VerifyError::InvalidSignature), "{changed:?}");
    }
}

/// Whatever is signed is accepted, and nothing that differs from it in a bit, a byte, or in where the timestamp ends.
#[test]
fn no_change_of_any_delivery_is_accepted() {
    let json = prop_oneof![
        any::<String>().prop_map(|text| serde_json::json!({"event_type": text})),
        any::<(u64, f64)>()
            .prop_map(|numbers| serde_json::json!({"resource_id": numbers, "event_type": "study.progress.change"})),
        "[0-9]{0,9}".prop_map(|digits| serde_json::json!({digits: []})),
    ];
    let deliveries = ("\\PC*[a-z]", 0..u64::from(u32::MAX), json, any::<prop::sample::Index>(), 1..=u8::MAX);
    let check = |(secret, time, body, at_byte, byte): (String, u64, serde_json::Value, prop::sample::Index, u8)| {
        let signed = Delivery::signed(&secret, &time.to_string(), body.to_string());
        let (same, other) = (Verifier::new(&secret), Verifier::new(format!("{secret}x")));
        prop_assert!(signed.verified(&same, time).is_ok());
        prop_assert!(signed.verified(&other, time).is_err());
        for part in PARTS {
            let original = part(&mut signed.clone()).clone();
            let index = at_byte.index(original.len());
            let (before, after) = original.split_at(index);
            let replaced = [before, &[after[0] ^ byte], &after[1..]].concat();
            for bytes in [replaced, [before, &[byte], after].concat(), [before, &after[1..]].concat()] {
                let mut changed = signed.clone();
                *part(&mut changed) = bytes;
                prop_assert!(changed.verified(&same, time).is_err(), "{changed:?}");
            }
        }
        // The signed bytes are the same, divided elsewhere.
        let all = [&signed.timestamp[..], &signed.body].concat();
        for end in (0..all.len()).filter(|end| *end != signed.timestamp.len()) {
            let shifted = Delivery { timestamp: all[..end].into(), body: all[end..].into(), ..signed.clone() };
            prop_assert!(shifted.verified(&same, time).is_err(), "{shifted:?}");
        }
        Ok(())
    };
    runner("webhook-changes", Config::default()).run(&deliveries, check).unwrap();
}

/// Nothing that is made up is accepted, and nothing panics.
#[test]
fn any_headers_and_body_are_rejected_without_a_panic() {
    type Header = (&'static str, Vec<u8>);
    let name = prop_oneof![Just(SIGNATURE), Just(TIMESTAMP), Just(EVENT_ID), Just("X-Timestamp"), Just("Host")];
    let value = prop_oneof![
        any::<Vec<u8>>(),
        "[0-9.+-]{0,30}".prop_map(String::into_bytes),
        "[A-Za-z0-9+/]{43}=".prop_map(String::into_bytes),
    ];
    let requests = (prop::collection::vec((name, value), 0..7), any::<Vec<u8>>(), any::<u32>());
    let check = |(headers, body, now): (Vec<Header>, Vec<u8>, u32)| {
        for verifier in [Verifier::new("s"), Verifier::new("s").and_secret("t").tolerance(None), Verifier::new("")] {
            let headers = headers.iter().map(|(name, value)| (name, value));
            let found = verifier.verify_at(headers, &body, at(now.into()));
            prop_assert!(found.is_err());
        }
        Ok(())
    };
    runner("webhook-requests", Config::default()).run(&requests, check).unwrap();
}

#[test]
fn a_request_is_accepted_for_five_minutes_before_and_after_its_time_unless_another_limit_is_set() {
    let (time, minutes) = (1_760_000_000, |count: u64| count * 60);
    let accepted = |verifier: &Verifier, now: u64| match delivery().verified(verifier, now) {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error, VerifyError::OutsideTolerance);
            false
        }
    };
    let verifier = Verifier::new("s");
    for distance in [0, 1, minutes(5)] {
        assert!(accepted(&verifier, time + distance) && accepted(&verifier, time - distance), "{distance}");
    }
    for distance in [minutes(5) + 1, minutes(60), time] {
        assert!(!accepted(&verifier, time + distance) && !accepted(&verifier, time - distance), "{distance}");
    }
    let day = Verifier::new("s").tolerance(Duration::from_secs(86_400));
    assert!(accepted(&day, time + 86_400) && !accepted(&day, time + 86_401));
    assert!(accepted(&Verifier::new("s").tolerance(None), 0));
    // The other one takes the time of the machine.
    assert_eq!(verifier.verify(delivery().headers(), BODY), Err(VerifyError::OutsideTolerance));
}

#[test]
fn each_header_is_there_once_and_can_be_read() {
    let (verifier, delivery) = (Verifier::new("s").tolerance(None), delivery());
    let verify = |headers: &[(&str, &[u8])]| verifier.verify_at(headers.iter().copied(), BODY, at(0));
    let all = delivery.headers();
    for (at, name) in [SIGNATURE, TIMESTAMP, EVENT_ID].into_iter().enumerate() {
        let without: Vec<_> = all.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, it)| *it).collect();
        assert_eq!(verify(&without), Err(VerifyError::MissingHeader { name }));
        let twice = [&all[..], &all[at..=at]].concat();
        assert_eq!(verify(&twice), Err(VerifyError::RepeatedHeader { name }));
    }
    for id in [&b""[..], b" ", b"\xff", &[b'1'; 257]] {
        let headers = [all[0], all[1], ("X-EVENT-ID", id)];
        assert_eq!(verify(&headers), Err(VerifyError::InvalidHeader { name: EVENT_ID }), "{id:?}");
    }
    let repeated = [all[0], all[1], all[2], ("X-Timestamp", b"1"), ("x-timestamp", b"1")];
    assert_eq!(verify(&repeated), Err(VerifyError::RepeatedHeader { name: "X-Timestamp" }));
}

#[test]
fn a_timestamp_is_a_decimal_number_of_seconds_even_if_it_is_signed() {
    let verifier = Verifier::new("s").tolerance(None);
    for text in
        ["", "-1", "+1", " 1", "1 ", "1e9", "0x10", "١", "1.", ".5", "1.5.5", "18446744073709551615", &"9".repeat(40)]
    {
        let found = Delivery::signed("s", text, BODY).verified(&verifier, 0);
        assert_eq!(found, Err(VerifyError::InvalidHeader { name: TIMESTAMP }), "{text}");
    }
    for text in ["0", "1760000000", "1760000000.25", "253402300800"] {
        assert!(Delivery::signed("s", text, BODY).verified(&verifier, 0).is_ok(), "{text}");
    }
}

#[test]
fn each_of_several_secrets_is_accepted_and_a_blank_one_never() {
    let both = Verifier::new("new").and_secret("old");
    let verified = |secret: &str, verifier: &Verifier| {
        Delivery::signed(secret, "1760000000", BODY).verified(verifier, 1_760_000_000).map(drop)
    };
    assert_eq!((verified("new", &both), verified("old", &both)), (Ok(()), Ok(())));
    for secret in ["", "older", "newold", "new "] {
        assert_eq!(verified(secret, &both), Err(VerifyError::InvalidSignature), "{secret:?}");
    }
    for blank in ["", " ", "\n"] {
        assert_eq!(verified(blank, &Verifier::new(blank)), Err(VerifyError::NoSecret));
        assert_eq!(verified("s", &Verifier::new(blank).and_secret("s")), Ok(()));
        assert_eq!(verified(blank, &Verifier::new("s").and_secret(blank)), Err(VerifyError::InvalidSignature));
    }
}

#[test]
fn headers_of_any_framework_are_taken() {
    let (verifier, delivery) = (Verifier::new("s").tolerance(None), delivery());
    let texts = delivery.headers().map(|(name, value)| (name, std::str::from_utf8(value).unwrap()));
    let mut of_http = reqwest::header::HeaderMap::new();
    for (name, value) in texts {
        of_http.insert(name, value.parse().unwrap());
    }
    let map: HashMap<String, String> = texts.map(|(name, value)| (name.to_uppercase(), value.to_owned())).into();
    let events = [
        verifier.verify(&of_http, BODY),
        verifier.verify(&map, String::from(BODY)),
        verifier.verify(texts, BODY.as_bytes()),
    ];
    for event in events {
        assert_eq!(event.unwrap().id, "e1");
    }
    of_http.append(EVENT_ID, "e2".parse().unwrap());
    assert_eq!(verifier.verify(&of_http, BODY), Err(VerifyError::RepeatedHeader { name: EVENT_ID }));
}

#[test]
fn neither_debug_nor_an_error_shows_a_secret() {
    let verifier = Verifier::new("very-secret").and_secret("also-secret");
    let shown = format!("{verifier:?} {verifier:#?}");
    assert!(!shown.contains("very") && !shown.contains("also") && shown.contains("[2 hidden]"), "{shown}");
    let forged = Delivery { signature: b"forged".into(), ..delivery() };
    let error = forged.verified(&verifier, 1_760_000_000).unwrap_err();
    assert_eq!(error.to_string(), "the signature does not match");
    assert!(!format!("{error:?}").contains("forged"));
}
