//! What a Rust user expects of the client, and the defaults. What is expected of the types, `schemas.rs` asks of each.

use prolific_sdk::types::{CreateParticipantGroup, ParticipantGroup};
use prolific_sdk::{Call, Client, Error, ResponseValue, operations};

use crate::document::document;

#[test]
fn clients_calls_and_errors_go_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    fn sent<T: Send + 'static>(_: &T) {}
    shared::<Client>();
    shared::<Call>();
    shared::<Error>();
    shared::<ResponseValue<ParticipantGroup>>();
    let client = Client::builder().token("t").build().unwrap();
    sent(&client.create_participant_group(CreateParticipantGroup::in_workspace("n", "w")).send());
    sent(&client.list_participant_groups("w").stream());
    sent(&client.list_participant_groups("w").pages());
    sent(&client.call(&operations::GET_CURRENT_USER).send::<ParticipantGroup>());
}

#[test]
fn the_default_service_is_that_of_the_document() {
    let client = Client::builder().token("t").build().unwrap();
    assert_eq!(client.base_url(), document()["servers"][0]["url"]);
}

/// A result with the error in it should not be much larger than without.
#[test]
fn an_error_is_one_pointer_wide() {
    assert_eq!(size_of::<Error>(), size_of::<usize>());
}

#[test]
fn participant_ids_are_not_in_what_is_printed_for_debugging() {
    let client = Client::builder().token("t").build().unwrap();
    let group = CreateParticipantGroup::in_workspace("n", "w").participant_ids(["canary"]);
    let call = client.create_participant_group(group.clone());
    assert!(!format!("{group:?} {group:#?} {call:?}").contains("canary"));
    assert!(format!("{call:?}").contains("ParticipantId([hidden])"));
}
