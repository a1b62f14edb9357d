//! Which requests a fault applies to, and faults that make no sense.

use std::io::Result;
use std::panic::{UnwindSafe, catch_unwind};
use std::time::Duration;

use prolific_sandbox::{Fault, Sandbox};
use serde_json::json;

use crate::http::{GROUPS, call, connect, send};

/// The statuses of some requests without a token, which are 401 unless a fault applies.
fn statuses(sandbox: &Sandbox, count: usize) -> Result<Vec<u16>> {
    (0..count).map(|_| Ok(send(sandbox.url(), &[&format!("GET {GROUPS}")], b"")?.status)).collect()
}

#[tokio::test]
async fn faults_wait_for_one_request_each_in_the_order_of_injection() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    for status in [429, 429, 503, 400] {
        sandbox.inject(Fault::status(status));
    }
    assert_eq!(statuses(&sandbox, 6)?, [429, 429, 503, 400, 401, 401]);
    let recorded: Vec<_> = sandbox.requests().iter().filter_map(|request| request.status).collect();
    assert_eq!(recorded, [429, 429, 503, 400, 401, 401]);
    Ok(())
}

#[tokio::test]
async fn a_fault_applies_to_whatever_request_is_next() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    for line in ["GET /nothing/here/", "BREW /api/v1/participant-groups/", "GET /api/v1/participant-groups//"] {
        sandbox.inject(Fault::status(503));
        assert_eq!(send(sandbox.url(), &[line, "Authorization: Token wrong"], b"")?.status, 503, "{line}");
    }
    Ok(())
}

#[tokio::test]
async fn nth_counts_every_request_from_the_injection_on() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    statuses(&sandbox, 2)?;
    sandbox.inject(Fault::status(503).nth(3));
    sandbox.inject(Fault::status(500).nth(2));
    sandbox.inject(Fault::status(429));
    assert_eq!(statuses(&sandbox, 4)?, [429, 500, 503, 401]);
    Ok(())
}

#[tokio::test]
async fn a_fault_whose_request_is_taken_applies_to_the_next_free_one() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.inject(Fault::status(500).nth(2));
    sandbox.inject(Fault::status(503).nth(2));
    sandbox.inject(Fault::status(429).nth(2));
    sandbox.inject(Fault::status(400).nth(3));
    assert_eq!(statuses(&sandbox, 6)?, [401, 500, 503, 429, 400, 401]);
    Ok(())
}

#[tokio::test]
async fn every_applies_until_it_is_removed_and_hides_later_faults() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.inject(Fault::status(429));
    let every = sandbox.inject(Fault::status(503).every());
    sandbox.inject(Fault::status(500).nth(2));
    assert_eq!(statuses(&sandbox, 4)?, [429, 503, 503, 503]);
    every.remove();
    assert_eq!(statuses(&sandbox, 2)?, [500, 401]);
    Ok(())
}

#[tokio::test]
async fn a_handle_removes_its_own_fault_only_and_may_be_dropped() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let applied = sandbox.inject(Fault::status(429));
    assert_eq!(statuses(&sandbox, 1)?, [429]);
    drop(sandbox.inject(Fault::status(500)));
    let waiting = sandbox.inject(Fault::status(502));
    sandbox.inject(Fault::status(503));
    applied.remove();
    waiting.remove();
    assert_eq!(statuses(&sandbox, 3)?, [500, 503, 401]);

    let kept = sandbox.inject(Fault::status(503));
    drop(sandbox);
    kept.remove();
    Ok(())
}

#[tokio::test]
async fn all_faults_can_be_cleared() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.inject(Fault::status(503).every());
    sandbox.inject(Fault::status(503).nth(2));
    sandbox.inject(Fault::close_unread());
    sandbox.clear_faults();
    assert_eq!(statuses(&sandbox, 2)?, [401, 401]);
    sandbox.inject(Fault::status(429));
    assert_eq!(statuses(&sandbox, 2)?, [429, 401], "later ones apply");
    Ok(())
}

#[tokio::test]
async fn a_fault_can_be_restricted_to_an_operation() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let list = || send(sandbox.url(), &[&format!("GET {GROUPS}")], b"").map(|response| response.status);
    let user = || send(sandbox.url(), &["GET /api/v1/users/me/"], b"").map(|response| response.status);
    sandbox.inject(Fault::status(503).on("participant_groups_list"));
    sandbox.inject(Fault::status(429).on("participant_groups_list").nth(3));
    sandbox.inject(Fault::status(500).nth(8));
    // Another operation of the same path, an unknown method, an unknown path, and another operation.
    assert_eq!(send(sandbox.url(), &[&format!("POST {GROUPS}")], b"")?.status, 401);
    assert_eq!(send(sandbox.url(), &[&format!("PUT {GROUPS}")], b"")?.status, 401);
    assert_eq!(send(sandbox.url(), &["GET /unknown/"], b"")?.status, 404);
    assert_eq!(user()?, 401);
    assert_eq!((list()?, list()?, list()?), (503, 401, 429));
    assert_eq!((user()?, list()?), (500, 401));
    Ok(())
}

#[tokio::test]
async fn an_operation_is_known_by_its_path_with_parameters() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let every = sandbox.inject(Fault::status(400).on("participant_groups_add_participants").every());
    let add =
        || Result::Ok(call(&sandbox, "participant_groups_add_participants", "g1/participants/", &json!({}))?.status);
    assert_eq!((add()?, add()?), (400, 400));
    every.remove();
    assert_eq!(add()?, 404);
    Ok(())
}

#[tokio::test]
async fn close_unread_counts_connections_and_other_faults_do_not() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.inject(Fault::close_unread().nth(2));
    sandbox.inject(Fault::status(503).nth(2));
    // A request on a connection that is closed unread has status 0 here.
    assert_eq!(statuses(&sandbox, 4)?, [401, 0, 503, 401]);
    let every = sandbox.inject(Fault::close_unread().every());
    assert_eq!(statuses(&sandbox, 2)?, [0, 0]);
    every.remove();
    assert_eq!(statuses(&sandbox, 1)?, [401]);
    assert!(connect(sandbox.url()).is_ok());
    Ok(())
}

/// A use of [`Fault`] that panics.
type Misuse = fn() -> Fault;

/// The message of the panic, or nothing if there is none.
fn panic_of(make: impl FnOnce() -> Fault + UnwindSafe) -> String {
    catch_unwind(make)
        .err()
        .and_then(|panic| panic.downcast::<String>().ok())
        .map(|message| *message)
        .unwrap_or_default()
}

#[test]
fn a_status_outside_of_200_to_599_is_a_panic() {
    for status in [0, 99, 100, 199, 600, 65_535] {
        let message = panic_of(move || Fault::status(status));
        assert_eq!(message, format!("{status} is not the status of a complete response: use one from 200 to 599"));
    }
}

#[test]
fn an_unknown_operation_is_a_panic_that_lists_the_known_ones() {
    let message = panic_of(|| Fault::status(503).on("list_groups"));
    assert!(message.starts_with("no operation has the id \"list_groups\": use one of "), "{message}");
    assert!(message.contains("participant_groups_list, ") && message.contains("users_me"), "{message}");
}

#[test]
fn a_selection_that_selects_nothing_is_a_panic() {
    let both = "a fault applies to the nth request or to every one: use `nth` or `every`, not both";
    let cases: [(Misuse, &str); 3] = [
        (|| Fault::reset().nth(0), "requests are counted from 1: use nth(1) for the next one"),
        (|| Fault::reset().nth(2).every(), both),
        (|| Fault::reset().every().nth(2), both),
    ];
    for (make, expected) in cases {
        assert_eq!(panic_of(make), expected);
    }
}

#[test]
fn an_invalid_header_or_body_is_a_panic() {
    let value = "is not the value of a header: leave out line breaks and control characters";
    let length = "always matches the body: use Fault::cut_body() for a body that does not";
    let cases: [(Misuse, String); 7] = [
        (
            || Fault::status(503).header("a b", "c"),
            "\"a b\" is not the name of a header: use letters, digits and hyphens".into(),
        ),
        (|| Fault::status(503).header("a", "b\r\nc: d"), format!("\"b\\r\\nc: d\" {value}")),
        (|| Fault::status(503).body("text/html\n", ""), format!("\"text/html\\n\" {value}")),
        (|| Fault::status(503).header("Content-Length", "5"), format!("Content-Length {length}")),
        (|| Fault::status(503).header("transfer-encoding", "chunked"), format!("transfer-encoding {length}")),
        (
            || Fault::status(204).body("text/plain", "a"),
            "a response with status 204 has no body: use another status".into(),
        ),
        (
            || Fault::status(304).body("text/plain", "a"),
            "a response with status 304 has no body: use another status".into(),
        ),
    ];
    for (make, expected) in cases {
        assert_eq!(panic_of(make), expected);
    }
}

#[test]
fn a_response_is_set_only_for_a_status() {
    type Change = fn(Fault) -> Fault;
    let changes: [(&str, Change); 3] = [
        ("retry_after", |fault| fault.retry_after(Duration::from_secs(1))),
        ("header", |fault| fault.header("a", "b")),
        ("body", |fault| fault.body("text/plain", "a")),
    ];
    for (method, change) in changes {
        let message = format!("`{method}` can only be used with Fault::status()");
        for fault in [Fault::lost_response, Fault::reset, Fault::close_unread, Fault::cut_body, Fault::stalled_body] {
            assert_eq!(panic_of(move || change(fault())), message);
        }
        assert_eq!(panic_of(move || change(Fault::delay(Duration::ZERO))), message);
    }
}

#[test]
fn close_unread_is_neither_performed_nor_restricted_to_an_operation() {
    assert_eq!(
        panic_of(|| Fault::close_unread().performed()),
        "close_unread reads no request, so none can be performed: use Fault::reset().performed()"
    );
    assert_eq!(
        panic_of(|| Fault::close_unread().on("users_me")),
        "close_unread reads no request, so its operation is not known: remove `on`, or use Fault::reset()"
    );
}
