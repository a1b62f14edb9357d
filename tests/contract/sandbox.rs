//! The SDK against the sandbox: two readings of the document that share no code.

use prolific_sandbox::Sandbox;
use prolific_sdk::types::{self, CreateParticipantGroup};
use prolific_sdk::{Client, ErrorKind};

fn client(sandbox: &Sandbox) -> Client {
    Client::builder().base_url(sandbox.url()).token(sandbox.token()).build().unwrap()
}

#[tokio::test]
async fn a_group_is_created_in_a_workspace_with_its_participants() {
    let sandbox = Sandbox::start().await.unwrap();
    let request =
        CreateParticipantGroup::in_workspace("Pilot cohort", "w1").description("d").participant_ids(["p1", "p2"]);
    let response = client(&sandbox).participant_groups().create(request).send_with_response().await.unwrap();
    assert_eq!(response.status().as_u16(), 201);
    let group = response.into_body();
    let id = group.id.as_ref().unwrap().as_str();
    assert!(id.len() == 24 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    assert_eq!(group.name.as_deref(), Some("Pilot cohort"));
    assert_eq!(group.description.as_deref(), Some("d"));
    assert_eq!(group.workspace_id, Some(types::WorkspaceId::from("w1")));
    assert_eq!(group.organisation_id, None);
    assert_eq!((group.participant_count, group.is_deleted), (Some(2), Some(false)));
}

#[tokio::test]
async fn a_group_is_created_in_an_organisation() {
    let sandbox = Sandbox::start().await.unwrap();
    let request = CreateParticipantGroup::in_organisation("Pilot", "o1");
    let group = client(&sandbox).participant_groups().create(request).send().await.unwrap();
    assert_eq!(group.organisation_id, Some(types::OrganisationId::from("o1")));
    assert_eq!((group.workspace_id, group.participant_count), (None, Some(0)));
}

#[tokio::test]
async fn a_wrong_token_is_a_documented_error() {
    let sandbox = Sandbox::start().await.unwrap();
    let client = Client::builder().base_url(sandbox.url()).token("wrong").build().unwrap();
    let request = CreateParticipantGroup::in_workspace("n", "w");
    let error = client.participant_groups().create(request).send().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Rejected, 401));
    assert_eq!(error.api_error().unwrap().error.unwrap().status, Some(401));
}

/// The constructors cannot break the rule, but the fields are public.
#[tokio::test]
async fn a_request_with_two_owners_is_rejected_by_the_service() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut request = CreateParticipantGroup::in_workspace("n", "w");
    request.organisation_id = Some("o".into());
    let error = client(&sandbox).participant_groups().create(request).send().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Rejected, 400));
    assert!(error.api_error().unwrap().error.unwrap().detail.is_some());
}
