//! What events say.

use prolific_sdk::types::{StudyStatus, SubmissionStatus, WebhookPayload};
use prolific_sdk::webhooks::{Verifier, VerifyError};
use serde_json::json;

use super::{Delivery, at};

fn payload(body: &impl ToString) -> WebhookPayload {
    let delivery = Delivery::signed("s", "1760000000", body.to_string());
    delivery.verified(&Verifier::new("s"), 1_760_000_000).unwrap().payload
}

#[test]
fn a_documented_event_has_types() {
    let submission = json!({"resource_id": "s1", "event_type": "submission.status.change", "participant_id": "p1",
        "status": "AWAITING REVIEW"});
    let WebhookPayload::SubmissionStatusChange(change) = payload(&submission) else { panic!() };
    assert_eq!((change.resource_id.as_str(), change.status), ("s1", Some(SubmissionStatus::AwaitingReview)));
    assert_eq!(change.participant_id.unwrap().as_str(), "p1");
    // Which spelling is used, is not documented.
    let other = submission.to_string().replace("AWAITING REVIEW", "AWAITING_REVIEW");
    let WebhookPayload::SubmissionStatusChange(change) = payload(&other) else { panic!() };
    assert_eq!(change.status, Some(SubmissionStatus::AwaitingReview));

    let study =
        json!({"resource_id": "st1", "event_type": "study.status.change", "metadata": {"a": 1}, "status": "PAUSED"});
    let WebhookPayload::StudyStatusChange(change) = payload(&study) else { panic!() };
    assert_eq!((change.resource_id.as_str(), change.status), ("st1", Some(StudyStatus::Paused)));
    assert_eq!(change.metadata.unwrap()["a"], 1);

    let progress = payload(&json!({"resource_id": "st1", "event_type": "study.progress.change"}));
    assert!(matches!(progress, WebhookPayload::StudyProgressChange(change) if change.resource_id.as_str() == "st1"));
    let returns = payload(&json!({"resource_id": "st1", "event_type": "study.has_high_return_rate", "metadata": {}}));
    assert!(matches!(returns, WebhookPayload::StudyHasHighReturnRate(_)));
}

#[test]
fn what_is_not_documented_keeps_its_json_and_what_is_missing_does_no_harm() {
    for unknown in [
        json!({"resource_id": "x", "event_type": "study.has_ended", "new": [1, {"deep": null}]}),
        json!({"event_type": 5}),
        json!({"resource_id": ["no text"], "event_type": "study.status.change"}),
        json!({}),
    ] {
        assert_eq!(payload(&unknown), WebhookPayload::Other(unknown));
    }
    // All that there was a year before.
    let early = payload(&json!({"resource_id": "s1", "event_type": "submission.status.change"}));
    assert!(matches!(early, WebhookPayload::SubmissionStatusChange(change) if change.status.is_none()));
    let new = json!({"resource_id": "s1", "event_type": "submission.status.change", "status": "NEW", "more": 1});
    assert!(matches!(payload(&new), WebhookPayload::SubmissionStatusChange(change)
        if change.status == Some(SubmissionStatus::from("NEW".to_owned()))));
}

#[test]
fn what_is_no_object_is_no_event() {
    for body in ["", "null", "[1.5]", "5", "\"{\"", "{", "{}{}", "\u{feff}{}", "{\"a\":NaN}"] {
        let found = Delivery::signed("s", "1760000000", body).verified(&Verifier::new("s"), 1_760_000_000);
        assert_eq!(found, Err(VerifyError::InvalidBody), "{body}");
    }
    assert!(matches!(payload(&" \r\n{} "), WebhookPayload::Other(_)));
    let deep = format!("{{\"a\":{}", "[".repeat(1_000_000));
    let found = Delivery::signed("s", "1760000000", deep).verified(&Verifier::new("s"), 1_760_000_000);
    assert_eq!(found, Err(VerifyError::InvalidBody));
}

#[test]
fn an_event_has_its_id_and_its_times() {
    let delivery = Delivery::signed("s", "1760000000.9", "{}");
    let verifier = Verifier::new("s");
    let verify = |occurred: &str| {
        let [a, b, c] = delivery.headers();
        verifier.verify_at([a, b, c, ("X-Timestamp", occurred.as_bytes())], "{}", at(1_760_000_000)).unwrap()
    };
    let event = verify("1759999990");
    assert_eq!(
        (event.id.as_str(), event.sent_at, event.occurred_at),
        ("e1", at(1_760_000_000), Some(at(1_759_999_990)))
    );
    assert_eq!(verify("yesterday").occurred_at, None);
    assert_eq!(delivery.verified(&verifier, 1_760_000_000).unwrap().occurred_at, None);
}
