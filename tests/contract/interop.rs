//! What a Rust user expects of the client, and the defaults. What is expected of the types, `schemas.rs` asks of each.

use prolific_sdk::types::{CreateParticipantGroup, CurrentUser, ParticipantGroup};
use prolific_sdk::{Call, Client, Error, RawCall, Response, operations};

use crate::document::document;

#[test]
fn clients_calls_and_errors_go_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    fn sent<T: Send + 'static>(_: &T) {}
    shared::<Client>();
    shared::<Call<()>>();
    shared::<RawCall>();
    shared::<Error>();
    shared::<Response<ParticipantGroup>>();
    let client = Client::builder().token("t").build().unwrap();
    sent(&client.participant_groups().create(CreateParticipantGroup::in_workspace("n", "w")).send());
    sent(&client.participant_groups().list("w").stream());
    sent(&client.participant_groups().list("w").pages());
    sent(&client.call(&operations::USERS_ME).send::<ParticipantGroup>());
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
fn personal_data_is_not_in_what_is_printed_for_debugging() {
    let client = Client::builder().token("t").build().unwrap();
    let group = CreateParticipantGroup::in_workspace("n", "w").participant_ids(["canary"]);
    let call = client.participant_groups().create(group.clone());
    assert!(!format!("{group:?} {group:#?} {call:?}").contains("canary"));
    assert!(format!("{group:?}").contains("ParticipantId([hidden])"));
    let mut user = CurrentUser::default();
    user.email = "canary@example.org".to_owned();
    assert_eq!(format!("{user:?}"), r#"CurrentUser { id: UserId(""), email: [hidden] }"#);
}
