//! Signatures that were computed elsewhere.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use prolific_sdk::webhooks::{Verifier, VerifyError};
use serde_json::Value;

use super::Delivery;

/// Shortly after the time of all vectors that are not meant to be old.
const NOW: u64 = 1_760_000_210;

fn vectors(kind: &str) -> Vec<(Value, Verifier, Delivery)> {
    let all: Value = serde_json::from_str(include_str!("vectors.json")).unwrap();
    let read = |vector: &Value| {
        let text = |name: &str| vector[name].as_str().unwrap().to_owned();
        let delivery = Delivery {
            signature: text("signature").into(),
            timestamp: text("timestamp").into(),
            body: STANDARD.decode(text("body_base64")).unwrap(),
        };
        (vector.clone(), Verifier::new(text("secret")), delivery)
    };
    all[kind].as_array().unwrap().iter().map(read).collect()
}

#[test]
fn a_right_signature_is_accepted_whatever_the_bytes_are() {
    let all = vectors("positive");
    assert_eq!(all.len(), 12);
    for (vector, verifier, delivery) in all {
        let verified = delivery.verified(&verifier, NOW);
        // The check of the body comes after that of the signature.
        let is_json = serde_json::from_slice::<Value>(&delivery.body).is_ok_and(|body| body.is_object());
        assert_eq!(verified.is_ok(), is_json, "{vector}");
        assert!(is_json || verified == Err(VerifyError::InvalidBody), "{vector}");
        // As the sender writes it, so that the two implementations here agree.
        let (secret, timestamp) = (vector["secret"].as_str().unwrap(), vector["timestamp"].as_str().unwrap());
        assert_eq!(Delivery::signed(secret, timestamp, delivery.body).signature, delivery.signature, "{vector}");
    }
}

#[test]
fn a_wrong_signature_is_rejected_and_a_right_one_that_is_old() {
    let all = vectors("negative");
    assert_eq!(all.len(), 16);
    for (vector, verifier, delivery) in all {
        let old = vector["hmac_equal"] == true;
        let expected = if old { VerifyError::OutsideTolerance } else { VerifyError::InvalidSignature };
        assert_eq!(delivery.verified(&verifier, NOW), Err(expected), "{vector}");
    }
}
