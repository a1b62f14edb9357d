//! A create that looks for its group when the outcome is not known.

use contract_tests::fault_proxy::{FaultProxy, Weather};
use contract_tests::fault_server::FaultServer;
use prolific_sandbox::Sandbox;
use prolific_sdk::types::{CreateParticipantGroup, ParticipantGroup, ParticipantGroupId};
use prolific_sdk::{CheckedCreate, Doubt, Effect, Error, Kind};

use super::{answer, answering, patient};

fn in_workspace() -> CreateParticipantGroup {
    CreateParticipantGroup::in_workspace("Pilot", "w1")
}

/// What is known of a group, and how many of its name the service has in the end. A group of the same name, and of
/// another, are there before. A weather for each request: the list before, the create, the list after.
async fn checked(group: CreateParticipantGroup, weathers: &[Weather]) -> (Result<CheckedCreate, Error>, usize) {
    let sandbox = Sandbox::start().await.unwrap();
    let direct = patient(sandbox.url()).token(sandbox.token()).build().unwrap();
    for name in ["Pilot", "Pilot 2"] {
        direct.create_participant_group(CreateParticipantGroup::in_workspace(name, "w1")).send().await.unwrap();
    }
    let service = sandbox.url().trim_start_matches("http://").parse().unwrap();
    let proxy = FaultProxy::start(service, weathers).await.unwrap();
    let client = patient(&proxy.url()).token(sandbox.token()).build().unwrap();
    let result = client.create_participant_group_checked(group).await;
    let creates = sandbox.requests().iter().filter(|request| request.method == "POST").count();
    (result, creates - 1)
}

fn created(result: Result<CheckedCreate, Error>) -> ParticipantGroup {
    match result {
        Ok(CheckedCreate::Created(group)) => group,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_group_whose_answer_was_lost_is_found() {
    for weather in [Weather::Fair, Weather::AnswerLost, Weather::AnswerCut, Weather::AnswerReplaced] {
        let (result, creates) = checked(in_workspace(), &[Weather::Fair, weather, Weather::Fair]).await;
        // The third that was made; the first has the same name.
        assert_eq!(created(result).id.as_ref().map(ParticipantGroupId::as_str), Some("000000000000000000000003"));
        assert_eq!(creates, 2, "it is sent once");
    }
}

#[tokio::test]
async fn a_group_that_was_not_made_is_not_found_and_an_older_one_is_not_taken_for_it() {
    let (result, creates) = checked(in_workspace(), &[Weather::Fair, Weather::Refused(503), Weather::Fair]).await;
    let Ok(CheckedCreate::NotFound(error)) = result else { panic!("{result:?}") };
    assert_eq!((error.effect(), error.status().unwrap().as_u16(), creates), (Effect::Unknown, 503, 1));
}

#[tokio::test]
async fn what_is_known_is_not_looked_for() {
    let (result, creates) = checked(in_workspace(), &[Weather::Fair, Weather::Refused(400)]).await;
    assert_eq!((result.unwrap_err().effect(), creates), (Effect::None, 1));
}

#[tokio::test]
async fn without_the_list_nothing_is_sent_before_and_nothing_is_claimed_after() {
    let (result, creates) = checked(in_workspace(), &[Weather::Refused(400), Weather::Fair]).await;
    assert_eq!((result.unwrap_err().operation().id, creates), ("list_participant_groups", 1));

    let (result, _) = checked(in_workspace(), &[Weather::Fair, Weather::AnswerLost, Weather::Refused(400)]).await;
    let Ok(CheckedCreate::CannotTell { error, doubt: Doubt::ListFailed(list) }) = result else { panic!("{result:?}") };
    assert_eq!((error.kind(), list.status().unwrap().as_u16()), (Kind::Interrupted, 400));

    // It exists, though it cannot be found.
    let (result, _) = checked(in_workspace(), &[Weather::Fair, Weather::AnswerCut, Weather::Refused(400)]).await;
    assert_eq!(result.unwrap_err().effect(), Effect::Done);
}

#[tokio::test]
async fn a_group_of_an_organisation_cannot_be_looked_for() {
    let group = CreateParticipantGroup::in_organisation("Pilot", "o1");
    let (result, _) = checked(group.clone(), &[Weather::AnswerLost]).await;
    assert!(matches!(result, Ok(CheckedCreate::CannotTell { doubt: Doubt::NotListed, .. })), "{result:?}");
    assert_eq!(created(checked(group, &[Weather::Fair]).await.0).name.as_deref(), Some("Pilot"));
}

#[tokio::test]
async fn two_new_groups_of_the_name_leave_it_open() {
    let script = [
        answer("200 OK", r#"{"results": []}"#),
        answer("502 Bad Gateway", ""),
        answer("200 OK", r#"{"results": [{"id": "g1", "name": "Pilot"}, {"id": "g2", "name": " Pilot "}]}"#),
        answer("200 OK", r#"{"results": []}"#),
    ];
    let server = FaultServer::start(script.map(answering)).unwrap();
    let client = patient(&server.url()).build().unwrap();
    let result = client.create_participant_group_checked(in_workspace()).await;
    assert!(matches!(result, Ok(CheckedCreate::CannotTell { doubt: Doubt::Several, .. })), "{result:?}");
}
