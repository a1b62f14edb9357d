//! The build tool's fixture, compiled with this crate's runtime and called: what the tool supports, and the real document
//! does not use yet.

#[path = "../../build-tools/tests/fixture/generated/mod.rs"]
#[allow(dead_code, unreachable_pub, reason = "generated for a public module, and used in part")]
mod fixture;

use std::time::Duration;

use crate::raw_server::{self, RawServer};
use fixture::types::{BookIds, Language, State, UpdateShelf};

use crate::{Client, Effect, Kind, RetryPolicy, Sent, Stop};

fn client(server: &RawServer) -> Client {
    let soon = RetryPolicy::new().backoff(Duration::from_millis(1), Duration::from_millis(1));
    Client::builder().base_url(server.url()).token("t").retry_policy(soon).build().unwrap()
}

fn first_line(request: &str) -> &str {
    request.lines().next().unwrap_or_default()
}

#[tokio::test]
async fn parameters_go_into_the_path_and_the_query_and_optional_ones_only_if_set() {
    let books =
        raw_server::json("200 OK", r#"{"results": [{"id": "b1", "state": "LENT"}, {"id": "b2", "state": "LOST"}]}"#);
    let server = RawServer::answering(books).unwrap();
    let list = client(&server).list_books("a 1&2", Language::En).search("moby & co").send().await.unwrap();
    let results = list.results.as_deref().unwrap();
    assert_eq!((&results[0].state, &results[1].state), (&Some(State::Lent), &Some(State::from("LOST"))));
    let request = server.request().unwrap();
    assert_eq!(first_line(&request), "GET /shelves/a%201%262/books/?language=EN&search=moby+%26+co HTTP/1.1");
    assert!(!request.contains("content-length"), "a GET has no body: {request}");
}

#[tokio::test]
#[expect(deprecated, reason = "a deprecated field is sent as well")]
async fn absent_empty_and_given_lists_differ_on_the_wire() {
    let none: [&str; 0] = [];
    for (body, sent) in [
        (UpdateShelf::new(), "{}"),
        (UpdateShelf::new().book_ids(none), r#"{"book_ids":[]}"#),
        (UpdateShelf::new().book_ids(["b1", "b2"]), r#"{"book_ids":["b1","b2"]}"#),
        (UpdateShelf::new().name("Whales"), r#"{"name":"Whales"}"#),
    ] {
        let server = RawServer::answering("HTTP/1.1 204 No Content\r\n\r\n").unwrap();
        let answer = client(&server).update_shelf("a1", body).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 204);
        let request = server.request().unwrap();
        assert_eq!(first_line(&request), "PATCH /shelves/a1/books/ HTTP/1.1");
        assert!(request.ends_with(&format!("\r\n\r\n{sent}")), "{request}");
    }
}

#[tokio::test]
async fn an_id_that_would_change_the_path_is_refused_before_anything_is_sent() {
    // Nothing listens here: a request that is sent would fail with `Connect`.
    let client = Client::builder().base_url("http://127.0.0.1:1").token("t").build().unwrap();
    for id in ["", " \r\n", ".", "..", "/", "../x", "a/../b", "\\..\\", "%2e", "%2E%2e", "a%2fb"] {
        let error = client.update_shelf(id, UpdateShelf::new()).send().await.unwrap_err();
        assert_eq!((error.kind(), error.sent(), error.effect()), (Kind::Input, Sent::No, Effect::None), "{id:?}");
        assert!(error.attempts().is_empty());
    }
    for id in ["...", "?x", "#x", ";x", "a&b=c", "\u{e9}\0", "a\r\nb", "\u{ff0e}\u{ff0e}"] {
        let server = RawServer::answering("HTTP/1.1 204 No Content\r\n\r\n").unwrap();
        let client = Client::builder().base_url(server.url()).token("t").build().unwrap();
        client.update_shelf(id, UpdateShelf::new()).send().await.unwrap();
        let request = server.request().unwrap();
        let path = first_line(&request).split(' ').nth(1).unwrap();
        let parts: Vec<_> = path.split('/').collect();
        assert!(matches!(parts[..], ["", "shelves", _, "books", ""]), "{id:?} became {path}");
        assert!(!path.contains(['?', '#']), "{id:?} became {path}");
    }
}

#[tokio::test]
async fn a_failed_read_may_be_repeated_whatever_happened() {
    let server = RawServer::answering_each(vec![Vec::new(); 4]).unwrap();
    let error = client(&server).list_books("a1", Language::Fr).send().await.unwrap_err();
    assert_eq!((error.kind(), error.sent(), error.effect()), (Kind::Interrupted, Sent::Maybe, Effect::None));
    assert!(error.is_safe_to_retry());
    assert_eq!((error.attempts().len(), error.stopped_by()), (4, Stop::MaxAttempts));
}

/// A `DELETE`, of which the document says that it is not idempotent.
#[tokio::test]
async fn the_document_decides_what_is_idempotent() {
    let server = RawServer::answering("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n").unwrap();
    let error = client(&server).remove_books("a1", BookIds::new(["b1"])).send().await.unwrap_err();
    assert_eq!((error.attempts().len(), error.stopped_by()), (1, Stop::Final));
    assert!(!error.operation().idempotent && !error.is_safe_to_retry());
}

#[tokio::test]
async fn a_delete_sends_its_body_and_takes_an_answer_without_one() {
    let server = RawServer::answering("HTTP/1.1 204 No Content\r\n\r\n").unwrap();
    let answer = client(&server).remove_books("a1", BookIds::new(["b1"])).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 204);
    let request = server.request().unwrap();
    assert_eq!(first_line(&request), "DELETE /shelves/a1/books/ HTTP/1.1");
    assert!(request.ends_with("\r\n\r\n{\"book_ids\":[\"b1\"]}"), "{request}");
}

#[tokio::test]
async fn an_answer_without_what_is_documented_as_required_still_parses() {
    let server = RawServer::answering(raw_server::json("200 OK", r#"{"results": [{}, {"id": null}]}"#)).unwrap();
    let list = client(&server).list_books("a1", Language::Fr).send().await.unwrap().into_inner();
    assert!(list.results.unwrap().iter().all(|book| book.id.is_none()));
}

#[test]
fn personal_data_is_not_in_what_is_printed_for_debugging() {
    let book = fixture::types::BookId::from("canary");
    assert_eq!((format!("{book:?}").as_str(), book.to_string().as_str()), ("BookId([hidden])", "canary"));
    assert!(!format!("{:?}", BookIds::new([book])).contains("canary"));
}
