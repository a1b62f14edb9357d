//! Which calls share connections. By default none does that changes something: what stands unread on a connection is
//! never taken for the response to it.

use std::io::Write;
use std::time::Duration;

use contract_tests::fault_server::{End, Fault, FaultServer, Seen};
use contract_tests::service::Service;
use prolific_sdk::types::{ParticipantGroupId, ParticipantIdList, UpdateParticipantGroup};
use prolific_sdk::{Client, ClientBuilder, Delivery, Error, ErrorKind};

use super::{default_timeouts, group, group_of, response};

/// A service that keeps its connections open.
fn keeping(bytes: impl Into<Vec<u8>>) -> Fault {
    Fault::Respond(bytes.into(), End::Keep)
}

/// One call of each kind that changes something, with a pause of the thread after each.
async fn change_everything(client: &Client, pause: Duration) -> Vec<Result<(), Error>> {
    let groups = client.participant_groups();
    let ids = || ParticipantIdList::new(["p1"]);
    let paused = |result| {
        std::thread::sleep(pause);
        result
    };
    vec![
        paused(groups.create(group()).send().await.map(drop)),
        paused(groups.update("g", UpdateParticipantGroup::new().name("n")).send().await.map(drop)),
        paused(groups.add_participants("g", ids()).send().await.map(drop)),
        paused(groups.remove_participants("g", ids()).send().await.map(drop)),
        groups.delete("g").send().await,
    ]
}

async fn seen_of(
    settings: impl FnOnce(ClientBuilder) -> ClientBuilder,
    script: Vec<Fault>,
    pause: Duration,
) -> (Vec<Result<(), Error>>, Seen) {
    let server = FaultServer::start(script).unwrap();
    let client = settings(default_timeouts(&server.url())).build().unwrap();
    let results = change_everything(&client, pause).await;
    drop(client);
    (results, server.finish().await.unwrap())
}

/// The success of each of these calls, in their order.
fn successes() -> Vec<Vec<u8>> {
    ["201 Created", "200 OK", "200 OK", "200 OK", "204 No Content"]
        .map(|status| response(status, if status.starts_with("204") { "" } else { "{}" }))
        .to_vec()
}

#[tokio::test]
async fn each_call_that_changes_something_has_a_connection_of_its_own() {
    let (results, seen) =
        seen_of(|settings| settings, successes().into_iter().map(keeping).collect(), Duration::ZERO).await;
    results.into_iter().for_each(Result::unwrap);
    let connections: Vec<_> = seen.requests.iter().map(|request| request.connection).collect();
    assert_eq!(connections, [0, 1, 2, 3, 4]);
}

/// Soon after each response comes another, to no request: a success of the next one. The thread sleeps in the meantime, so that
/// the transport cannot see it in time.
#[tokio::test]
async fn a_stray_response_is_never_taken_for_the_response_to_a_change() {
    let all = successes();
    let script = all.iter().enumerate().map(|(at, own)| {
        let stray = all[(at + 1) % all.len()].clone();
        Fault::Respond(own.clone(), End::Stray(Duration::from_millis(10), stray))
    });
    let (results, seen) = seen_of(|settings| settings, script.collect(), Duration::from_millis(30)).await;
    results.into_iter().for_each(Result::unwrap);
    assert_eq!((seen.requests.len(), seen.connections), (5, 5), "each one arrived");
}

/// A service that knows all groups, and writes something more some time after each response.
fn straying(delay: Duration, after_reads: &'static [u8], after_deletions: &'static [u8]) -> Service {
    Service::start(move |request, connection| {
        let (own, stray) = if request.starts_with("DELETE") {
            (response("204 No Content", ""), after_deletions)
        } else {
            (group_of(request), after_reads)
        };
        connection.write_all(&own)?;
        std::thread::sleep(delay);
        connection.write_all(stray)
    })
    .unwrap()
}

/// How many of 40 reads, one after the other, had to be tried again, and how many were given another group. The thread
/// may be busy between them, and then the transport cannot see in time that there is something to read.
async fn strays(delay: Duration, busy: bool) -> (usize, usize) {
    const STRAY: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n{\"id\": \"stray\"}";
    let service = straying(delay, STRAY, b"");
    let client = default_timeouts(service.url()).build().unwrap();
    let (mut again, mut wrong) = (0, 0);
    for number in 0..40 {
        let id = format!("g{number}");
        let response = client.participant_groups().get(&*id).send_with_response().await.unwrap();
        again += response.attempts().len() - 1;
        wrong += usize::from(response.body().id.as_ref().map(ParticipantGroupId::as_str) != Some(&*id));
        if busy {
            std::thread::sleep(delay.mul_f64(0.9));
        }
    }
    (again, wrong)
}

#[tokio::test]
async fn a_read_never_takes_a_stray_response_about_another_resource_for_its_own() {
    for delay in [0, 200, 1_000, 3_000].map(Duration::from_micros) {
        for busy in [false, true] {
            let (again, wrong) = strays(delay, busy).await;
            println!("a stray after {delay:?}, thread busy: {busy}: {again} tried again, {wrong} wrong of 40");
            assert_eq!(wrong, 0, "{delay:?} {busy}");
        }
    }
}

/// It would be read as the values of the fields, one after the other.
#[tokio::test]
async fn a_list_is_not_taken_for_a_resource() {
    let body = r#"["other", "n", null, null, null, null, null, null, null]"#;
    let server = FaultServer::start([keeping(response("200 OK", body))]).unwrap();
    let client = default_timeouts(&server.url()).build().unwrap();
    let error = client.participant_groups().get("g").send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts().len()), (ErrorKind::Decode, 1));
    drop(client);
    server.finish().await.unwrap();
}

/// After a deletion comes a body, which such a response cannot have.
#[tokio::test]
async fn what_comes_late_after_a_deletion_spoils_no_later_call() {
    let service = straying(Duration::from_millis(1), b"", b"{\"late\": true}");
    let client = default_timeouts(service.url()).build().unwrap();
    for number in 0..40 {
        client.participant_groups().delete(format!("g{number}")).send().await.unwrap();
    }
    for number in 0..40 {
        let read = client.participant_groups().get(format!("g{number}")).send_with_response().await.unwrap();
        assert_eq!(read.attempts().len(), 1, "{:?}", read.attempts());
    }
}

#[tokio::test]
async fn in_a_burst_calls_share_a_connection_if_they_are_told_to() {
    let (results, seen) =
        seen_of(ClientBuilder::reuse_write_connections, successes().into_iter().map(keeping).collect(), Duration::ZERO)
            .await;
    results.into_iter().for_each(Result::unwrap);
    assert_eq!((seen.requests.len(), seen.connections), (5, 1));
}

#[tokio::test]
async fn a_connection_that_said_close_is_not_used_again() {
    let closing = |bytes: Vec<u8>| {
        let text = String::from_utf8(bytes).unwrap().replacen("\r\n", "\r\nconnection: close\r\n", 1);
        Fault::Respond(text.into(), End::Stall)
    };
    let (results, seen) =
        seen_of(ClientBuilder::reuse_write_connections, successes().into_iter().map(closing).collect(), Duration::ZERO)
            .await;
    results.into_iter().for_each(Result::unwrap);
    assert_eq!((seen.requests.len(), seen.connections), (5, 5));
}

#[tokio::test]
async fn a_connection_is_not_used_again_after_a_second() {
    let server = FaultServer::start([keeping(response("201 Created", "{}"))]).unwrap();
    let client = default_timeouts(&server.url()).reuse_write_connections().build().unwrap();
    client.participant_groups().create(group()).send().await.unwrap();
    // The transport reads the clock of the machine.
    tokio::time::sleep(Duration::from_millis(1_050)).await;
    client.participant_groups().create(group()).send().await.unwrap();
    drop(client);
    let connections: Vec<_> =
        server.finish().await.unwrap().requests.iter().map(|request| request.connection).collect();
    assert_eq!(connections, [0, 1]);
}

/// What reuse costs: whether the request arrived is not known then.
#[tokio::test]
async fn a_create_that_meets_a_connection_that_is_being_closed_is_not_sent_again() {
    let closed = Fault::Respond(response("201 Created", "{}"), End::Close(contract_tests::fault_server::Close::Fin));
    let server = FaultServer::start([closed]).unwrap();
    let client = default_timeouts(&server.url()).reuse_write_connections().build().unwrap();
    let mut failed = 0;
    for _ in 0..100 {
        let Err(error) = client.participant_groups().create(group()).send().await else { continue };
        assert!(error.delivery() != Delivery::Responded && error.attempts().len() == 1, "{error:?}");
        failed += 1;
    }
    drop(client);
    let arrived = server.finish().await.unwrap().requests.len();
    assert!(arrived >= 100 - failed && arrived <= 100, "{arrived} arrived, and {failed} failed");
}
