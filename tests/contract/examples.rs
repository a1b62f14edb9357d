//! The document's examples go through the generated types without loss.

use prolific_sdk::types;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::document::document;

fn round_trip<T: DeserializeOwned + Serialize>(example: &Value) -> Value {
    serde_json::to_value(serde_json::from_value::<T>(example.clone()).unwrap()).unwrap()
}

/// An absent field and one that is `null` are the same to the types; all else must be equal.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), without_nulls(value)))
            .collect(),
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

#[test]
fn the_documented_create_request_survives() {
    let operation = &document()["paths"]["/api/v1/participant-groups/"]["post"];
    let example = &operation["requestBody"]["content"]["application/json"]["example"];
    assert_eq!(example["participant_ids"].as_array().unwrap().len(), 3);
    assert_eq!(round_trip::<types::CreateParticipantGroup>(example), *example);
}

#[test]
fn the_documented_create_response_survives() {
    let operation = &document()["paths"]["/api/v1/participant-groups/"]["post"];
    let example = &operation["responses"]["201"]["content"]["application/json"]["example"];
    assert_eq!(example["feeder_studies"][0]["feeder_completion_codes"][0]["action"], "ADD_TO_PARTICIPANT_GROUP");
    assert_eq!(round_trip::<types::ParticipantGroup>(example), without_nulls(example));
}

#[test]
fn a_refusal_may_explain_itself_in_any_form() {
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
fn an_answer_without_any_field_or_with_nulls_only_parses() {
    assert_eq!(serde_json::from_str::<types::ParticipantGroup>("{}").unwrap(), types::ParticipantGroup::default());
    let nulls =
        r#"{"id":null,"name":null,"feeder_studies":null,"is_deleted":null,"participant_count":null,"project_id":null}"#;
    assert_eq!(serde_json::from_str::<types::ParticipantGroup>(nulls).unwrap(), types::ParticipantGroup::default());
}
