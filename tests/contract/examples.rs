//! The documentation's examples, and what may come in their place, go through the generated types without loss.

use contract_tests::json::without_nulls;
use prolific_sdk::types;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn round_trip<T: DeserializeOwned + Serialize>(example: &Value) -> Value {
    serde_json::to_value(serde_json::from_value::<T>(example.clone()).unwrap()).unwrap()
}

/// The examples of the documentation page, transcribed by hand. The response breaks the documentation's own rule of one
/// owner.
#[test]
fn the_documented_request_and_response_of_a_create_survive_without_loss() {
    let examples: Value = serde_json::from_str(include_str!("documented-examples.json")).unwrap();
    let Value::Object(create) = &examples["CreateParticipantGroup"] else { panic!("no examples") };
    assert_eq!(round_trip::<types::CreateParticipantGroup>(&create["request"]), create["request"]);
    assert_eq!(round_trip::<types::ParticipantGroup>(&create["response"]), create["response"]);
}

#[test]
fn an_error_may_explain_itself_in_any_form() {
    for detail in [r#""text""#, r#"["a", "b"]"#, r#"{"name": ["required"]}"#, "null", "7", "true", r#"[{"a": [1]}]"#] {
        let body: Value =
            serde_json::from_str(&format!(r#"{{"error": {{"status": 400, "detail": {detail}}}}}"#)).unwrap();
        assert_eq!(round_trip::<types::ApiError>(&body), without_nulls(&body), "{detail}");
    }
    for body in [r#"{"message": "no", "detail": "because"}"#, r#"{"detail": "because"}"#] {
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(round_trip::<types::ApiError>(&body), body);
    }
}

#[test]
fn a_value_that_is_not_documented_is_kept_and_written_back() {
    let code: types::FeederCompletionCode = serde_json::from_str(r#"{"action": "TELEPORT", "new_field": 1}"#).unwrap();
    let action = code.action.clone().unwrap();
    assert_eq!(action, types::FeederAction::Other("TELEPORT".into()));
    assert_eq!(serde_json::to_string(&code).unwrap(), r#"{"action":"TELEPORT"}"#);
    assert_eq!(types::FeederAction::from("ADD_TO_PARTICIPANT_GROUP"), types::FeederAction::AddToParticipantGroup);
}

#[test]
fn a_response_without_any_field_or_with_nulls_only_parses() {
    assert_eq!(serde_json::from_str::<types::ParticipantGroup>("{}").unwrap(), types::ParticipantGroup::default());
    let nulls =
        r#"{"id":null,"name":null,"feeder_studies":null,"is_deleted":null,"participant_count":null,"project_id":null}"#;
    assert_eq!(serde_json::from_str::<types::ParticipantGroup>(nulls).unwrap(), types::ParticipantGroup::default());
}
