//! The build tool's fixture, called over the runtime: what the tool supports, and the real document does not use yet.

use std::time::Duration;

use contract_tests::raw_server::{self, RawServer};
use runtime_fixture::types::{Book, BookId, BookIds, Language, State, UpdateShelf};
use runtime_fixture::{Client, Delivery, Effect, ErrorKind, RetryPolicy, RetryStopReason};

fn client(server: &RawServer) -> Client {
    let short = RetryPolicy::new().backoff(Duration::from_millis(1), Duration::from_millis(1));
    Client::builder().base_url(server.url()).token("t").retry_policy(short).build().unwrap()
}

fn first_line(request: &str) -> &str {
    request.lines().next().unwrap_or_default()
}

#[tokio::test]
async fn parameters_go_into_the_path_and_the_query_and_optional_ones_only_if_set() {
    let books =
        raw_server::json("200 OK", r#"{"results": [{"id": "b1", "state": "LENT"}, {"id": "b2", "state": "LOST"}]}"#);
    let server = RawServer::responding(books).unwrap();
    let list = client(&server).shelves().list_books("a 1&2", Language::En).lent(true).search("moby & co");
    let list = list.limit(7).limit(8).send().await.unwrap();
    let results = list.results.as_deref().unwrap();
    assert_eq!((&results[0].state, &results[1].state), (&Some(State::Lent), &Some(State::from("LOST"))));
    let request = server.request().unwrap();
    let expected = "GET /shelves/a%201%262/books/?language=EN&lent=true&search=moby+%26+co&limit=8 HTTP/1.1";
    assert_eq!(first_line(&request), expected);
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
        let server = RawServer::responding("HTTP/1.1 204 No Content\r\n\r\n").unwrap();
        let response = client(&server).shelves().update("a1", body).send_with_response().await.unwrap();
        assert_eq!(response.status().as_u16(), 204);
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
        let error = client.shelves().update(id, UpdateShelf::new()).send().await.unwrap_err();
        let facts = (error.kind(), error.delivery(), error.effect());
        assert_eq!(facts, (ErrorKind::InvalidRequest, Delivery::NotSent, Effect::NotApplied), "{id:?}");
        assert!(error.attempts().is_empty());
    }
    for id in ["...", "?x", "#x", ";x", "a&b=c", "\u{e9}\0", "a\r\nb", "\u{ff0e}\u{ff0e}"] {
        let server = RawServer::responding("HTTP/1.1 204 No Content\r\n\r\n").unwrap();
        self::client(&server).shelves().update(id, UpdateShelf::new()).send().await.unwrap();
        let request = server.request().unwrap();
        let path = first_line(&request).split(' ').nth(1).unwrap();
        let parts: Vec<_> = path.split('/').collect();
        assert!(matches!(parts[..], ["", "shelves", _, "books", ""]), "{id:?} became {path}");
        assert!(!path.contains(['?', '#']), "{id:?} became {path}");
    }
}

#[tokio::test]
async fn a_blank_id_in_a_body_is_refused_before_anything_is_sent() {
    let client = Client::builder().base_url("http://127.0.0.1:1").token("t").build().unwrap();
    for ids in [vec![""], vec!["b1", " "], vec!["b1", "b2", "\n"]] {
        let error = client.shelves().remove_books("a1", BookIds::new(ids)).send().await.unwrap_err();
        assert_eq!((error.kind(), error.attempts().len()), (ErrorKind::InvalidRequest, 0));
        assert_eq!(
            error.to_string(),
            "Remove books: the request was not sent: an id in the body is blank; nothing was changed"
        );
    }
}

#[tokio::test]
async fn a_failed_read_is_retried_whatever_happened() {
    let server = RawServer::responding_each(vec![Vec::new(); 4]).unwrap();
    let error = client(&server).shelves().list_books("a1", Language::Fr).send().await.unwrap_err();
    let facts = (error.kind(), error.delivery(), error.effect());
    assert_eq!(facts, (ErrorKind::Interrupted, Delivery::Unknown, Effect::NotApplied));
    assert!(error.is_safe_to_retry());
    assert_eq!((error.attempts().len(), error.stop_reason()), (4, RetryStopReason::MaxAttempts));
}

/// A `DELETE`, of which the document says that it is not idempotent.
#[tokio::test]
async fn the_document_decides_what_is_idempotent() {
    let server = RawServer::responding("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n").unwrap();
    let error = client(&server).shelves().remove_books("a1", BookIds::new(["b1"])).send().await.unwrap_err();
    assert_eq!((error.attempts().len(), error.stop_reason()), (1, RetryStopReason::NotRetryable));
    assert!(!error.operation().idempotent && !error.is_safe_to_retry());
}

#[tokio::test]
async fn a_delete_sends_its_body_and_takes_a_response_without_one() {
    let server = RawServer::responding("HTTP/1.1 204 No Content\r\n\r\n").unwrap();
    client(&server).shelves().remove_books("a1", ["b1"].into_iter().collect()).send().await.unwrap();
    let request = server.request().unwrap();
    assert_eq!(first_line(&request), "DELETE /shelves/a1/books/ HTTP/1.1");
    assert!(request.ends_with("\r\n\r\n{\"book_ids\":[\"b1\"]}"), "{request}");
}

#[tokio::test]
async fn a_response_without_what_is_documented_as_always_there_still_parses() {
    let body = r#"{"results": [{}, {"id": null, "title": null}, {"id": "b1", "title": "Whales"}]}"#;
    let server = RawServer::responding(raw_server::json("200 OK", body)).unwrap();
    let list = client(&server).shelves().list_books("a1", Language::Fr).send().await.unwrap();
    let books = list.results.unwrap();
    assert_eq!((&books[0], &books[1]), (&Book::default(), &Book::default()));
    assert_eq!((books[2].id.as_str(), books[2].title.as_str()), ("b1", "Whales"));
}

/// Where the parts of an error stand, the document says: not as in the real one.
#[tokio::test]
async fn the_services_own_words_are_found_where_the_document_says() {
    let body = r#"{"number": 7, "name": "Locked shelf", "reason": "Robin has the key"}"#;
    let server = RawServer::responding(raw_server::json("409 Conflict", body)).unwrap();
    let error = client(&server).shelves().update("a1", UpdateShelf::new()).send().await.unwrap_err();
    assert_eq!((error.code(), error.message().as_deref()), (Some(7), Some("Locked shelf: Robin has the key")));
    let expected =
        "Update a shelf: rejected by the service (status 409 Conflict, code 7, \"Locked shelf\"); nothing was changed";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn personal_data_is_not_in_what_is_printed_for_debugging() {
    let id = BookId::from("canary");
    assert_eq!((format!("{id:?}").as_str(), id.to_string().as_str()), ("BookId([hidden])", "canary"));
    let mut book = Book::default();
    assert!(format!("{book:?}").contains("reader: None"));
    (book.id, book.reader) = (id, Some("canary".to_owned()));
    let printed = format!("{book:?} {:?}", BookIds::new([&book.id]));
    assert!(!printed.contains("canary") && printed.contains("reader: Some([hidden])"), "{printed}");
}
