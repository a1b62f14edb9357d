//! What goes over the wire, byte by byte.

use contract_tests::raw_server::{RawServer, json};
use prolific_sdk::Client;
use prolific_sdk::types::{CreateParticipantGroup, ParticipantIdList, UpdateParticipantGroup};

/// The request of a create, without what changes from run to run.
async fn request_of(group: CreateParticipantGroup) -> String {
    let server = RawServer::responding(json("201 Created", "{}")).unwrap();
    let client = Client::builder().base_url(server.url()).token("t0ken").build().unwrap();
    client.participant_groups().create(group).send().await.unwrap();
    server.request().unwrap()
}

#[tokio::test]
async fn a_full_create_is_sent_as_documented() {
    let group = CreateParticipantGroup::in_workspace("Pilot cohort", "62fce6fff0a78eb4f3ebc09c")
        .description("First wave")
        .participant_ids(["5e9b9c9b0f9c9a0001b0b1f4", "5e9b9c9b0f9c9a0001b0b1f5"]);
    let request = request_of(group).await.replace('\r', "");
    insta::with_settings!({ filters => [(r"127\.0\.0\.1:\d+", "[address]"), (r"sdk/\d+\.\d+\.\d+", "sdk/[version]")] }, {
        insta::assert_snapshot!(request);
    });
}

#[tokio::test]
async fn what_is_not_set_is_not_sent() {
    let request = request_of(CreateParticipantGroup::in_organisation("Pilot", "o1")).await;
    assert!(request.ends_with("\r\n\r\n{\"name\":\"Pilot\",\"organisation_id\":\"o1\"}"), "{request}");
}

#[tokio::test]
async fn an_empty_list_is_sent_and_differs_from_none() {
    let none: [&str; 0] = [];
    let request = request_of(CreateParticipantGroup::in_workspace("Pilot", "w1").participant_ids(none)).await;
    assert!(request.ends_with(r#""participant_ids":[]}"#), "{request}");
}

#[tokio::test]
async fn the_callers_product_comes_before_ours_in_the_user_agent() {
    let server = RawServer::responding(json("201 Created", "{}")).unwrap();
    let client = Client::builder().base_url(server.url()).token("t").user_agent("cohort-service/2.1").build().unwrap();
    client.participant_groups().create(CreateParticipantGroup::in_workspace("n", "w")).send().await.unwrap();
    let request = server.request().unwrap();
    assert!(request.contains("\r\nuser-agent: cohort-service/2.1 prolific-sdk/"), "{request}");
}

#[tokio::test]
async fn a_path_in_the_base_url_comes_before_the_operations_path() {
    let server = RawServer::responding(json("201 Created", "{}")).unwrap();
    let base = format!("{}/behind/a/gateway/", server.url());
    let client = Client::builder().base_url(base).token("t").build().unwrap();
    client.participant_groups().create(CreateParticipantGroup::in_workspace("n", "w")).send().await.unwrap();
    let request = server.request().unwrap();
    assert!(request.starts_with("POST /behind/a/gateway/api/v1/participant-groups/ HTTP/1.1\r\n"), "{request}");
}

/// A server that responds to one call, and a client of it.
fn server(response: impl Into<Vec<u8>>) -> (RawServer, Client) {
    let server = RawServer::responding(response).unwrap();
    let client = Client::builder().base_url(server.url()).token("t").build().unwrap();
    (server, client)
}

#[tokio::test]
async fn an_update_tells_absent_empty_and_given_members_apart() {
    let none: [&str; 0] = [];
    for (update, body) in [
        (UpdateParticipantGroup::new().name("n"), r#"{"name":"n"}"#),
        (UpdateParticipantGroup::new().participant_ids(none), r#"{"participant_ids":[]}"#),
        (UpdateParticipantGroup::new().participant_ids(["p1", "p2"]), r#"{"participant_ids":["p1","p2"]}"#),
    ] {
        let (server, client) = server(json("200 OK", "{}"));
        client.participant_groups().update("g1", update).send().await.unwrap();
        let request = server.request().unwrap();
        assert!(request.starts_with("PATCH /api/v1/participant-groups/g1/ HTTP/1.1\r\n"), "{request}");
        assert!(request.ends_with(&format!("\r\n\r\n{body}")), "{request}");
    }
}

#[tokio::test]
async fn a_deletion_has_a_response_without_a_body() {
    let (server, client) = server("HTTP/1.1 204 No Content\r\n\r\n");
    let response = client.participant_groups().delete("g1").send_with_response().await.unwrap();
    assert_eq!(response.status().as_u16(), 204);
    let request = server.request().unwrap();
    assert!(request.starts_with("DELETE /api/v1/participant-groups/g1/ HTTP/1.1\r\n"), "{request}");
    assert!(request.ends_with("\r\n\r\n") && !request.contains("content-"), "{request}");
}

#[tokio::test]
async fn removing_members_is_a_delete_with_a_body() {
    let (server, client) = server(json("200 OK", r#"{"results": []}"#));
    client.participant_groups().remove_participants("g1", ParticipantIdList::new(["p1"])).send().await.unwrap();
    let request = server.request().unwrap();
    assert!(request.starts_with("DELETE /api/v1/participant-groups/g1/participants/ HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("\r\ncontent-type: application/json\r\n"), "{request}");
    assert!(request.ends_with("\r\n\r\n{\"participant_ids\":[\"p1\"]}"), "{request}");
}

#[tokio::test]
async fn a_list_is_scoped_flat_and_active_is_a_text() {
    let (server, client) = server(json("200 OK", "{}"));
    let list = client.participant_groups().list("w1").active(false).search("a b&c").limit(5);
    list.send().await.unwrap();
    let request = server.request().unwrap();
    let line = "GET /api/v1/participant-groups/?workspace_id=w1&active=false&search=a+b%26c&limit=5 HTTP/1.1\r\n";
    assert!(request.starts_with(line), "{request}");
}
