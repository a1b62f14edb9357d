//! Lists over all their pages, with every kind of service: one that says where it ends, one that does not, one that
//! does not page, one that is broken.

use contract_tests::raw_server::{RawServer, json};
use prolific_sandbox::{Sandbox, Seed, SeedGroup};
use prolific_sdk::{Client, Effect, ErrorKind, Items, RetryPolicy};

/// A page of groups, with what else stands in the response.
fn page(names: &[&str], rest: &str) -> Vec<u8> {
    let groups: Vec<_> = names.iter().map(|name| format!(r#"{{"id": "{name}", "name": "{name}"}}"#)).collect();
    json("200 OK", &format!(r#"{{"results": [{}]{rest}}}"#, groups.join(","))).into()
}

const MORE: &str = r#", "_links": {"next": {"href": "http://elsewhere.example/?offset=77", "title": "Next"}}"#;
const LAST: &str = r#", "_links": {"next": {"href": null, "title": "Next"}}, "meta": {"count": 1}"#;

fn client(server: &RawServer) -> Client {
    Client::builder().base_url(server.url()).token("t").retry_policy(RetryPolicy::never()).build().unwrap()
}

/// The names that the list yields, the error that ends it if one does, and the queries that were sent.
async fn read(responses: Vec<Vec<u8>>) -> (Vec<String>, Option<prolific_sdk::Error>, Vec<String>) {
    let count = responses.len();
    let server = RawServer::responding_each(responses).unwrap();
    let client = client(&server);
    let mut groups = client.participant_groups().list("w").stream();
    let (mut names, mut error) = (Vec::new(), None);
    while error.is_none() {
        match groups.try_next().await {
            Ok(Some(group)) => names.push(group.name.unwrap()),
            Ok(None) => break,
            Err(failure) => error = Some(failure),
        }
    }
    assert!(groups.try_next().await.unwrap().is_none(), "the end is the end");
    let queries = (0..count).map(|_| server.request().unwrap());
    let queries = queries.map(|request| request.split_once('?').unwrap().1.split_once(' ').unwrap().0.to_owned());
    (names, error, queries.collect())
}

#[tokio::test]
async fn a_service_that_says_where_it_ends_is_asked_no_more() {
    let (names, error, queries) = read(vec![page(&["a", "b"], MORE), page(&["c"], LAST)]).await;
    assert_eq!((names, error.map(|error| error.kind())), (vec!["a".into(), "b".into(), "c".into()], None));
    assert_eq!(queries, ["workspace_id=w", "workspace_id=w&offset=2"]);
}

#[tokio::test]
async fn a_service_that_does_not_say_is_asked_until_a_page_is_empty() {
    let (names, error, queries) = read(vec![page(&["a", "b"], ""), page(&["c"], ""), page(&[], "")]).await;
    assert_eq!((names.len(), error.is_none()), (3, true));
    assert_eq!(queries[2], "workspace_id=w&offset=3");
}

/// What is documented: the whole list in one response, whatever is asked.
#[tokio::test]
async fn a_service_that_does_not_page_yields_each_item_once() {
    let (names, error, _) = read(vec![page(&["a", "b"], ""), page(&["a", "b"], "")]).await;
    assert_eq!((names, error.is_none()), (vec!["a".into(), "b".into()], true));
}

/// The list may change between two responses.
#[tokio::test]
async fn a_service_that_does_not_page_and_changes_yields_each_item_once() {
    let changed = page(&["b", "c", "a"], "");
    let (names, error, _) = read(vec![page(&["a", "b"], ""), changed, page(&["c", "b", "a"], "")]).await;
    assert_eq!((names, error.is_none()), (vec!["a".into(), "b".into(), "c".into()], true));
}

#[tokio::test]
async fn pages_that_overlap_yield_each_item_once() {
    let (names, error, _) = read(vec![page(&["a", "b"], MORE), page(&["b", "c"], LAST)]).await;
    assert_eq!((names, error.is_none()), (vec!["a".into(), "b".into(), "c".into()], true));
}

#[tokio::test]
async fn links_without_a_next_one_say_nothing() {
    for links in [r#", "_links": {}"#, r#", "_links": {"next": null}"#] {
        let (names, error, _) = read(vec![page(&["a"], links), page(&["b"], links), page(&[], links)]).await;
        assert_eq!((names, error.is_none()), (vec!["a".into(), "b".into()], true), "{links}");
    }
}

#[tokio::test]
async fn an_empty_page_that_promises_more_is_an_error() {
    let (names, error, _) = read(vec![page(&["a"], MORE), page(&[], MORE)]).await;
    assert_eq!((names, error.unwrap().kind()), (vec!["a".into()], ErrorKind::IncompleteList));
}

#[tokio::test]
async fn a_service_that_repeats_a_page_and_promises_more_is_an_error_and_no_loop() {
    for repeated in [vec!["a"], vec!["b", "a"]] {
        let mut responses: Vec<_> = repeated.iter().map(|name| page(&[name], MORE)).collect();
        responses.push(page(&[repeated[0]], MORE));
        let (names, error, _) = read(responses).await;
        assert_eq!(names, repeated);
        let error = error.unwrap();
        assert_eq!(
            (error.kind(), error.effect(), error.is_safe_to_retry()),
            (ErrorKind::IncompleteList, Effect::NotApplied, false)
        );
    }
}

#[tokio::test]
async fn the_items_before_a_failed_page_are_kept() {
    let (names, error, _) = read(vec![page(&["a", "b"], MORE), json("502 Bad Gateway", "<h1>").into()]).await;
    assert_eq!((names, error.unwrap().kind()), (vec!["a".into(), "b".into()], ErrorKind::ServerError));
}

#[tokio::test]
async fn a_list_goes_on_where_it_failed() {
    let responses = vec![page(&["a", "b"], MORE), json("502 Bad Gateway", "").into(), page(&["c"], LAST)];
    let server = RawServer::responding_each(responses).unwrap();
    let client = client(&server);
    let mut groups = client.participant_groups().list("w").stream();
    while groups.try_next().await.is_ok_and(|group| group.is_some()) {}
    let mut rest = client.participant_groups().list("w").offset(groups.position()).stream();
    assert_eq!(rest.try_next().await.unwrap().unwrap().name.as_deref(), Some("c"));
    assert!(rest.try_next().await.unwrap().is_none());
}

#[tokio::test]
async fn an_empty_id_is_refused_in_the_query_too() {
    // Nothing listens here: a request that is sent would fail with `Connect`.
    let client = Client::builder().base_url("http://127.0.0.1:1").token("t").build().unwrap();
    let error = client.participant_groups().list("").search("").send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts().len()), (ErrorKind::InvalidRequest, 0));
    let error = client.participant_groups().list("").stream().try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
}

#[tokio::test]
async fn an_empty_list_is_no_item_and_no_error() {
    for rest in ["", LAST] {
        let (names, error, _) = read(vec![page(&[], rest)]).await;
        assert!(names.is_empty() && error.is_none());
    }
}

/// Nor is it known whether there are more items.
#[tokio::test]
async fn a_page_without_a_list_is_an_error() {
    for body in ["{}", r#"{"results": null}"#] {
        let (names, error, _) = read(vec![page(&["a", "b"], ""), json("200 OK", body).into()]).await;
        assert_eq!(names, ["a", "b"]);
        assert_eq!(error.unwrap().kind(), ErrorKind::IncompleteList, "{body}");
    }
}

#[tokio::test]
async fn nothing_is_asked_after_the_drop_or_before_the_first_poll() {
    let server = RawServer::responding_each(vec![page(&["a", "b"], MORE), page(&["c"], LAST)]).unwrap();
    let client = client(&server);
    drop(client.participant_groups().list("unasked").stream());
    let mut groups = client.participant_groups().list("w").stream();
    assert_eq!(groups.try_next().await.unwrap().unwrap().name.as_deref(), Some("a"));
    drop(groups);
    assert!(server.request().unwrap().contains("?workspace_id=w"));
    // The server still waits for its second request: this one is it.
    client.participant_groups().list("afterwards").send().await.unwrap();
    assert!(server.request().unwrap().contains("?workspace_id=afterwards"));
}

#[tokio::test]
async fn pages_come_whole_and_start_at_the_offset_that_is_set() {
    let server = RawServer::responding_each(vec![page(&["a", "b"], MORE), page(&["c"], LAST)]).unwrap();
    let client = client(&server);
    let mut pages = client.participant_groups().list("w").limit(2).offset(40).pages();
    let first = pages.try_next().await.unwrap().unwrap();
    assert_eq!((first.status().as_u16(), first.body().results.as_ref().unwrap().len()), (200, 2));
    assert_eq!(pages.try_next().await.unwrap().unwrap().body().meta.as_ref().unwrap().count, Some(1));
    assert!(pages.try_next().await.unwrap().is_none());
    assert!(server.request().unwrap().contains("?workspace_id=w&limit=2&offset=40 "));
    assert!(server.request().unwrap().contains("?workspace_id=w&limit=2&offset=42 "));
}

async fn count<T>(mut items: Items<T>) -> usize {
    let mut count = 0;
    while items.try_next().await.unwrap().is_some() {
        count += 1;
    }
    count
}

/// The three lists against the sandbox, which pages with and without saying so.
#[tokio::test]
async fn every_list_is_read_to_its_end_with_and_without_links() {
    for envelope in [true, false] {
        let members: Vec<_> = (0..5).map(|number| format!("p{number}")).collect();
        let group = SeedGroup::in_workspace("Pilot", "w0").id("g").participant_ids(members);
        let seed = (0..5).fold(Seed::new().group(group), |seed, number| seed.workspace(format!("w{number}"), "W"));
        let seed = (0..4).fold(seed, |seed, number| seed.group(SeedGroup::in_workspace(format!("G{number}"), "w0")));
        let sandbox = Sandbox::builder().seed(seed).envelope(envelope).start().await.unwrap();
        let client = Client::builder().base_url(sandbox.url()).token(sandbox.token()).build().unwrap();
        let found = [
            count(client.participant_groups().list("w0").limit(2).stream()).await,
            count(client.participant_groups().list_participants("g").limit(2).stream()).await,
            count(client.workspaces().list().limit(2).stream()).await,
        ];
        assert_eq!(found, [5; 3], "envelope: {envelope}");
        // Three pages each, and an empty one where nothing says that the third is the last.
        assert_eq!(sandbox.requests().len(), if envelope { 9 } else { 12 });
    }
}

#[tokio::test]
async fn an_unreadable_date_loses_nothing_else() {
    let body = r#"{"results": [
        {"participant_id": "a", "datetime_created": "2020-04-20T12:00:00Z"},
        {"participant_id": "b", "datetime_created": "2020-04-20T12:00:00.250000Z"},
        {"participant_id": "c", "datetime_created": "some day"},
        {"participant_id": "d", "datetime_created": null}
    ]}"#;
    let server = RawServer::responding(json("200 OK", body)).unwrap();
    let list = client(&server).participant_groups().list_participants("g").send().await.unwrap();
    let members = list.results.unwrap();
    let times: Vec<_> = members.iter().map(|member| member.datetime_created.as_ref()?.to_system_time()).collect();
    let millis = times[1].unwrap().duration_since(times[0].unwrap()).unwrap().as_millis();
    assert_eq!((millis, times[2], times[3]), (250, None, None));
    assert_eq!(members[2].datetime_created.as_ref().unwrap().as_str(), "some day");
}
