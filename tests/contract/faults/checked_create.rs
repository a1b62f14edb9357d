//! A create that looks for its group when the outcome is not known.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use contract_tests::fault_proxy::{FaultProxy, ProxyFault};
use contract_tests::fault_server::{self, FaultServer};
use contract_tests::service::Service;
use prolific_sandbox::{Fault, Sandbox};
use prolific_sdk::types::{CreateParticipantGroup, ParticipantGroup, ParticipantGroupId};
use prolific_sdk::{CheckedCreateError, Effect, ErrorKind, Unverified};

use super::{default_timeouts, responding, response};

fn in_workspace() -> CreateParticipantGroup {
    CreateParticipantGroup::in_workspace("Pilot", "w1")
}

/// What is known of a group, and how many of its name the service has in the end. A group of the same name, and of
/// another, are there before. A fault for each request: the list before, the create, the list after.
async fn checked(
    group: CreateParticipantGroup,
    faults: &[ProxyFault],
) -> (Result<ParticipantGroup, CheckedCreateError>, usize) {
    let sandbox = Sandbox::start().await.unwrap();
    let direct = default_timeouts(sandbox.url()).token(sandbox.token()).build().unwrap();
    for name in ["Pilot", "Pilot 2"] {
        direct.participant_groups().create(CreateParticipantGroup::in_workspace(name, "w1")).send().await.unwrap();
    }
    let service = sandbox.url().trim_start_matches("http://").parse().unwrap();
    let proxy = FaultProxy::start(service, faults).await.unwrap();
    let client = default_timeouts(&proxy.url()).token(sandbox.token()).build().unwrap();
    let result = client.participant_groups().create_checked(group).await;
    let creates = sandbox.requests().iter().filter(|request| request.method == "POST").count();
    (result, creates - 1)
}

fn created(result: Result<ParticipantGroup, CheckedCreateError>) -> ParticipantGroup {
    result.unwrap_or_else(|error| panic!("{error:?}"))
}

#[tokio::test]
async fn a_group_whose_response_was_lost_is_found() {
    for fault in [ProxyFault::None, ProxyFault::ResponseLost, ProxyFault::ResponseCut, ProxyFault::ResponseReplaced] {
        let (result, creates) = checked(in_workspace(), &[ProxyFault::None, fault, ProxyFault::None]).await;
        // The third that was made; the first has the same name.
        assert_eq!(created(result).id.as_ref().map(ParticipantGroupId::as_str), Some("000000000000000000000003"));
        assert_eq!(creates, 2, "it is sent once");
    }
}

#[tokio::test]
async fn a_group_that_was_not_made_is_not_found_and_an_older_one_is_not_taken_for_it() {
    let (result, creates) =
        checked(in_workspace(), &[ProxyFault::None, ProxyFault::Rejected(503), ProxyFault::None]).await;
    let Err(CheckedCreateError::NotFound(error)) = result else { panic!("{result:?}") };
    assert_eq!((error.effect(), error.status().unwrap().as_u16(), creates), (Effect::Unknown, 503, 1));
}

/// The service says that it created the group, and not which.
#[tokio::test]
async fn a_group_whose_response_has_no_id_is_found() {
    let sandbox = Sandbox::start().await.unwrap();
    let create = Fault::status(201).body("application/json", "{}").performed().on("participant_groups_create");
    sandbox.inject(create);
    let client = default_timeouts(sandbox.url()).token(sandbox.token()).build().unwrap();
    let group = created(client.participant_groups().create_checked(in_workspace()).await);
    assert_eq!(group.id.as_ref().map(ParticipantGroupId::as_str), Some("000000000000000000000001"));
    assert_eq!(sandbox.requests().iter().filter(|request| request.method == "POST").count(), 1);
}

/// Each page has a new group, and says that more follow, or nothing of it.
#[tokio::test]
async fn a_list_without_an_end_ends_the_call_before_anything_is_created() {
    for links in [r#","_links":{"next":{"href":"/next"}}"#, ""] {
        let requests = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&requests);
        let service = Service::start(move |request, connection| {
            assert!(request.starts_with("GET"), "{request}");
            let number = count.fetch_add(1, Ordering::Relaxed);
            let body = format!(r#"{{"results":[{{"id":"g{number}"}}]{links}}}"#);
            connection.write_all(&response("200 OK", &body))
        })
        .unwrap();
        let client = default_timeouts(service.url()).build().unwrap();
        let result = client.participant_groups().create_checked(in_workspace()).await;
        let Err(CheckedCreateError::Failed(error)) = result else { panic!("the group is created") };
        assert_eq!((error.kind(), error.effect()), (ErrorKind::IncompleteList, Effect::NotApplied));
        assert_eq!(requests.load(Ordering::Relaxed), 1_000);
    }
}

/// A third of the client's timeout is for the list before.
#[tokio::test]
async fn a_slow_list_leaves_time_for_the_create_or_nothing_is_sent() {
    let page = r#"{"results":[{"id":"g"}],"_links":{"next":{"href":"/next"}}}"#;
    let server = FaultServer::start([responding(response("200 OK", page)), fault_server::Fault::Silent]).unwrap();
    let client = default_timeouts(&server.url()).timeout(Duration::from_millis(300)).build().unwrap();
    let Err(CheckedCreateError::Failed(error)) = client.participant_groups().create_checked(in_workspace()).await
    else {
        panic!("the group is created")
    };
    assert!(error.is_timeout() && error.effect() == Effect::NotApplied, "{error:?}");
    assert_eq!(error.operation().method, "GET");
    assert_eq!(server.finish().await.unwrap().requests.len(), 1);
}

#[tokio::test]
async fn what_is_known_is_not_looked_for() {
    let (result, creates) = checked(in_workspace(), &[ProxyFault::None, ProxyFault::Rejected(400)]).await;
    let Err(CheckedCreateError::Failed(error)) = result else { panic!("{result:?}") };
    assert_eq!((error.effect(), creates), (Effect::NotApplied, 1));
}

#[tokio::test]
async fn without_the_list_nothing_is_sent_before_and_nothing_is_claimed_after() {
    let (result, creates) = checked(in_workspace(), &[ProxyFault::Rejected(400), ProxyFault::None]).await;
    assert_eq!((result.unwrap_err().error().operation().id, creates), ("participant_groups_list", 1));

    let (result, _) =
        checked(in_workspace(), &[ProxyFault::None, ProxyFault::ResponseLost, ProxyFault::Rejected(400)]).await;
    let Err(CheckedCreateError::Unverified { error, reason: Unverified::ListFailed(list) }) = result else {
        panic!("{result:?}")
    };
    assert_eq!((error.kind(), list.status().unwrap().as_u16()), (ErrorKind::Interrupted, 400));

    // It exists, though it cannot be found.
    let (result, _) =
        checked(in_workspace(), &[ProxyFault::None, ProxyFault::ResponseCut, ProxyFault::Rejected(400)]).await;
    let Err(CheckedCreateError::Failed(error)) = result else { panic!("{result:?}") };
    assert_eq!(error.effect(), Effect::Applied);
}

#[tokio::test]
async fn a_group_of_an_organisation_cannot_be_looked_for() {
    let group = CreateParticipantGroup::in_organisation("Pilot", "o1");
    let (result, _) = checked(group.clone(), &[ProxyFault::ResponseLost]).await;
    assert!(
        matches!(result, Err(CheckedCreateError::Unverified { reason: Unverified::NotListable, .. })),
        "{result:?}"
    );
    assert_eq!(created(checked(group, &[ProxyFault::None]).await.0).name.as_deref(), Some("Pilot"));
}

#[tokio::test]
async fn two_new_groups_of_the_name_leave_it_open() {
    let script = [
        response("200 OK", r#"{"results": []}"#),
        response("502 Bad Gateway", ""),
        response("200 OK", r#"{"results": [{"id": "g1", "name": "Pilot"}, {"id": "g2", "name": " Pilot "}]}"#),
        response("200 OK", r#"{"results": []}"#),
    ];
    let server = FaultServer::start(script.map(responding)).unwrap();
    let client = default_timeouts(&server.url()).build().unwrap();
    let result = client.participant_groups().create_checked(in_workspace()).await;
    assert!(matches!(result, Err(CheckedCreateError::Unverified { reason: Unverified::Ambiguous, .. })), "{result:?}");
}
