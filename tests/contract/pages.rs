//! Lists over all their pages, with every kind of service: one that says where it ends, one that does not, one that does
//! not page, one that is broken.

use contract_tests::raw_server::{RawServer, json};
use prolific_sdk::{Client, Effect, Kind};

/// A page of groups, with what else stands in the answer.
fn page(names: &[&str], rest: &str) -> Vec<u8> {
    let groups: Vec<_> = names.iter().map(|name| format!(r#"{{"name": "{name}"}}"#)).collect();
    json("200 OK", &format!(r#"{{"results": [{}]{rest}}}"#, groups.join(","))).into()
}

const MORE: &str = r#", "_links": {"next": {"href": "http://elsewhere.example/?offset=77", "title": "Next"}}"#;
const LAST: &str = r#", "_links": {"next": {"href": null, "title": "Next"}}, "meta": {"count": 1}"#;

fn client(server: &RawServer) -> Client {
    Client::builder().base_url(server.url()).token("t").build().unwrap()
}

/// The names that the list yields, the error that ends it if one does, and the queries that were sent.
async fn read(answers: Vec<Vec<u8>>) -> (Vec<String>, Option<prolific_sdk::Error>, Vec<String>) {
    let count = answers.len();
    let server = RawServer::answering_each(answers).unwrap();
    let client = client(&server);
    let mut groups = client.list_participant_groups("w").stream();
    let (mut names, mut error) = (Vec::new(), None);
    while let Some(group) = groups.next().await {
        match group {
            Ok(group) => names.push(group.name.unwrap()),
            Err(failure) => error = Some(failure),
        }
    }
    assert!(groups.next().await.is_none(), "the end is the end");
    let queries = (0..count).map(|_| server.request().unwrap());
    let queries = queries.map(|request| request.split_once('?').unwrap().1.split_once(' ').unwrap().0.to_owned());
    (names, error, queries.collect())
}

#[tokio::test]
async fn a_service_that_says_where_it_ends_is_asked_no_more() {
    let (names, error, queries) = read(vec![page(&["a", "b"], MORE), page(&["c"], LAST)]).await;
    assert_eq!((names, error.map(|error| error.kind())), (vec!["a".into(), "b".into(), "c".into()], None));
    assert_eq!(queries, ["offset=0&workspace_id=w", "offset=2&workspace_id=w"]);
}

#[tokio::test]
async fn a_service_that_does_not_say_is_asked_until_a_page_is_empty() {
    let (names, error, queries) = read(vec![page(&["a", "b"], ""), page(&["c"], ""), page(&[], "")]).await;
    assert_eq!((names.len(), error.is_none()), (3, true));
    assert_eq!(queries[2], "offset=3&workspace_id=w");
}

/// What is documented: the whole list in one answer, whatever is asked.
#[tokio::test]
async fn a_service_that_does_not_page_yields_each_item_once() {
    let (names, error, _) = read(vec![page(&["a", "b"], ""), page(&["a", "b"], "")]).await;
    assert_eq!((names, error.is_none()), (vec!["a".into(), "b".into()], true));
}

#[tokio::test]
async fn a_service_that_repeats_a_page_and_promises_more_is_an_error_and_no_loop() {
    for repeated in [vec!["a"], vec!["b", "a"]] {
        let mut answers: Vec<_> = repeated.iter().map(|name| page(&[name], MORE)).collect();
        answers.push(page(&[repeated[0]], MORE));
        let (names, error, _) = read(answers).await;
        assert_eq!(names, repeated);
        let error = error.unwrap();
        assert_eq!((error.kind(), error.effect(), error.is_safe_to_retry()), (Kind::RepeatedPage, Effect::None, false));
    }
}

#[tokio::test]
async fn the_items_before_a_failed_page_are_kept() {
    let (names, error, _) = read(vec![page(&["a", "b"], MORE), json("502 Bad Gateway", "<h1>").into()]).await;
    assert_eq!((names, error.unwrap().kind()), (vec!["a".into(), "b".into()], Kind::Status));
}

#[tokio::test]
async fn an_empty_list_is_no_item_and_no_error() {
    for rest in ["", LAST, MORE] {
        let (names, error, _) = read(vec![page(&[], rest)]).await;
        assert!(names.is_empty() && error.is_none());
    }
    let (names, error, _) = read(vec![json("200 OK", "{}").into()]).await;
    assert!(names.is_empty() && error.is_none(), "a page without results is an empty one");
}

#[tokio::test]
async fn nothing_is_asked_after_the_drop_or_before_the_first_poll() {
    let server = RawServer::answering_each(vec![page(&["a", "b"], MORE), page(&["c"], LAST)]).unwrap();
    let client = client(&server);
    drop(client.list_participant_groups("unasked").stream());
    let mut groups = client.list_participant_groups("w").stream();
    assert_eq!(groups.next().await.unwrap().unwrap().name.as_deref(), Some("a"));
    drop(groups);
    assert!(server.request().unwrap().contains("offset=0&workspace_id=w"));
    // The server still waits for its second request: this one is it.
    client.list_participant_groups("afterwards").send().await.unwrap();
    assert!(server.request().unwrap().contains("?workspace_id=afterwards"));
}

#[tokio::test]
async fn pages_come_whole_and_start_where_they_are_told_to() {
    let server = RawServer::answering_each(vec![page(&["a", "b"], MORE), page(&["c"], LAST)]).unwrap();
    let client = client(&server);
    let mut pages = client.list_participant_groups("w").limit(2).offset(40).pages();
    let first = pages.next().await.unwrap().unwrap();
    assert_eq!((first.status().as_u16(), first.results.as_ref().unwrap().len()), (200, 2));
    assert_eq!(pages.next().await.unwrap().unwrap().meta.as_ref().unwrap().count, Some(1));
    assert!(pages.next().await.is_none());
    assert!(server.request().unwrap().contains("limit=2&offset=40&"));
    assert!(server.request().unwrap().contains("limit=2&offset=42&"));
}

#[tokio::test]
async fn an_unreadable_date_loses_nothing_else() {
    let body = r#"{"results": [
        {"participant_id": "a", "datetime_created": "2020-04-20T12:00:00Z"},
        {"participant_id": "b", "datetime_created": "2020-04-20T12:00:00.250000Z"},
        {"participant_id": "c", "datetime_created": "some day"},
        {"participant_id": "d", "datetime_created": null}
    ]}"#;
    let server = RawServer::answering(json("200 OK", body)).unwrap();
    let list = client(&server).list_group_participants("g").send().await.unwrap().into_inner();
    let members = list.results.unwrap();
    let times: Vec<_> = members.iter().map(|member| member.datetime_created.as_ref()?.to_system_time()).collect();
    let millis = times[1].unwrap().duration_since(times[0].unwrap()).unwrap().as_millis();
    assert_eq!((millis, times[2], times[3]), (250, None, None));
    assert_eq!(members[2].datetime_created.as_ref().unwrap().as_str(), "some day");
}
