//! A loopback HTTP server that behaves like Prolific's REST API, to test clients against. It checks every request, keeps
//! studies, submissions, participant groups, messages and the money that pays for them, and returns documented examples
//! for what it does not keep.
//!
//! This is an independent imitation, written from Prolific's public documentation. It is not Prolific's software, it is
//! not official, and it does not prove how the real service behaves.
//!
//! A program that needs no account and no network, with [reqwest](https://docs.rs/reqwest) as the client:
//!
//! ```toml
//! [dependencies]
//! prolific-sandbox = { path = "../prolific-sdk/sdk/sandbox" } # not published yet: the path to your checkout
//! reqwest = "0.13"
//! tokio = { version = "1", features = ["macros", "rt"] }
//! ```
//!
//! ```
//! use prolific_sandbox::{Fault, Sandbox};
//!
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let sandbox = Sandbox::start().await?;
//!
//!     let list_workspaces = || {
//!         reqwest::Client::new()
//!             .get(format!("{}/api/v1/workspaces/", sandbox.url()))
//!             .header("Authorization", format!("Token {}", sandbox.token()))
//!             .send()
//!     };
//!     println!("{}", list_workspaces().await?.text().await?);
//!
//!     sandbox.inject(Fault::status(503));
//!     assert_eq!(list_workspaces().await?.status(), 503);
//!
//!     assert_eq!(sandbox.requests().len(), 2);
//!     Ok(())
//! } // The sandbox stops when it is dropped.
//! ```
//!
//! A sandbox runs in a thread of its own, keeps its state in memory, and shares nothing with other sandboxes, so tests
//! can run in parallel. Ids and times count up and are the same on every run, unless [`Builder::live`] is set.
//!
//! # Participants and time
//!
//! A program leads the participants: [`Sandbox::participant`] takes part in a study, hands in, returns the place or does
//! not come. Nothing else happens by itself: the clock stands still, but for a second for each event, until
//! [`Sandbox::advance`] turns it. Then places that nobody came for and submissions that take too long time out, studies
//! are published at their time, what nobody has reviewed is approved, and the participants of [`SeedStudy::arrivals`] come.
//!
//! ```
//! use prolific_sandbox::{Sandbox, Seed, SeedStudy};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let study = SeedStudy::new("Naming colours").id("s1").places(2).reward(150).published();
//! let sandbox = Sandbox::builder().seed(Seed::new().workspace("w1", "My workspace").study(study)).start().await?;
//!
//! let submission = sandbox.participant("p1").take("s1")?.submit("COMPLETED")?;
//! assert_eq!(submission.status(), "AWAITING REVIEW"); // until the client approves it, or 21 days pass
//! assert!(sandbox.participant("p1").take("s1").is_err()); // once is enough
//! # Ok(())
//! # }
//! ```
//!
//! What can happen to studies and submissions, and the source of each rule, is in [`machines`].
//!
//! # Faults
//!
//! A [`Fault`] makes a call fail: with any status, headers and body, with a response that is lost, cut off, stalled or
//! late, or with a connection that is closed or reset. [`Sandbox::inject`] applies it to the next request, to the nth,
//! to every one, or to those of one operation.
//!
//! ```
//! # use prolific_sandbox::{Fault, Sandbox};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! # let sandbox = Sandbox::start().await?;
//! sandbox.inject(Fault::status(429)); // the next request
//! sandbox.inject(Fault::lost_response().on("participant_groups_create")); // the next create
//! let outage = sandbox.inject(Fault::reset().every()); // every request
//! outage.remove(); // until here
//! # Ok(())
//! # }
//! ```
//!
//! # Seeds
//!
//! A sandbox starts with one user, one workspace with 10,000 pounds, and one project, or with the state that a [`Seed`]
//! describes, in code or in a JSON file: with groups, and studies and their submissions.
//!
//! ```
//! use prolific_sandbox::{Sandbox, Seed, SeedGroup, SeedStudy};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let pilot = SeedGroup::in_workspace("Pilot", "w1").id("g1").participant_ids(["p1", "p2"]);
//! let study = SeedStudy::new("Naming colours").id("s1").submission("p1", "COMPLETED").submission("p2", "COMPLETED");
//! let seed = Seed::new().workspace("w1", "My workspace").balance(50_000).group(pilot).study(study);
//! let sandbox = Sandbox::builder().seed(seed).start().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Webhooks
//!
//! The sandbox delivers events to a receiver on this machine, such as `http://127.0.0.1:8000/events`, signed as
//! documented. A program sets them up as with the service: it creates a secret for the workspace, subscribes a URL to a
//! type of event, and confirms the subscription with the header `X-Hook-Secret` of the response.
//!
//! ```
//! # use std::time::Duration;
//! # use prolific_sandbox::{Sandbox, Seed, SeedStudy};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let study = SeedStudy::new("Naming colours").id("s1").published();
//! # let sandbox = Sandbox::builder().seed(Seed::new().workspace("w1", "Lab").study(study)).start().await?;
//! sandbox.participant("p1").take("s1")?.submit("COMPLETED")?;
//! sandbox.deliver().await; // The receiver has got all events of it, or its failures are noted.
//! sandbox.advance(Duration::from_secs(24 * 3600)).await; // It has got all retries of a day as well.
//! # Ok(())
//! # }
//! ```
//!
//! - Events are delivered in the background, to one URL one after the other. [`Sandbox::deliver`] waits for them. Redirects
//!   are not followed. A receiver may take ten seconds, in which other URLs get their events.
//! - A delivery that fails is repeated up to 11 times in 24 hours, on the clock of the sandbox: the first time within a
//!   minute, then within two, four and so on, at moments that are the same on every run. [`Sandbox::advance`] turns the
//!   clock, and waits for the receiver at each of them.
//! - After five days on which every delivery to a URL for a type of event failed, all subscriptions of this URL to this
//!   type are disabled.
//! - [`Sandbox::redeliver`] delivers an event once more. [`Quirk::RepeatedEvents`] does it with all events, and
//!   [`Quirk::UnorderedEvents`] changes their order: the service promises neither a single delivery nor an order.
//! - `X-Prolific-Request-Timestamp` has the time of this machine, not of the sandbox, so that a receiver which rejects
//!   old requests accepts it unchanged. `X-Timestamp` is there to put events in order, and has the time of the sandbox.
//!
//! # Quirks
//!
//! A [`Quirk`] is something odd that the service does at times. [`Builder::quirk`] turns it on.
//!
//! # Recorded requests
//!
//! [`Sandbox::requests`] returns the last requests with their responses, for assertions. [`check_response`] checks
//! a response against the OpenAPI document, and [`example`] returns a value of a schema for tests without a server.
//!
//! # Command line
//!
//! The binary `prolific-sandbox` serves a sandbox until Ctrl-C. `--help` lists its options.
//!
//! ```text
//! $ cargo run --package prolific-sandbox
//! Serving on http://127.0.0.1:40123 until Ctrl-C. For the client:
//! export PROLIFIC_URL=http://127.0.0.1:40123
//! export PROLIFIC_TOKEN=sandbox-token
//! ```
//!
//! Programs in other languages do with it what a Rust program does with a [`Sandbox`], by way of a control API:
//! [`any_language`] shows it from curl, Python and TypeScript.
//!
//! # Page
//!
//! The address of a sandbox in a browser shows its workspaces with their money, studies, submissions, groups, messages,
//! faults that wait and the last requests, and keeps up with them. Its forms let a participant take part, turn the clock,
//! set a fault, and reset the sandbox: the state goes back to the seed, and faults and recorded requests are removed.
//!
//! Requests of the page are not recorded and use up no fault, except that a new connection of the browser uses up a
//! [`Fault::close_unread`]. Lists show the last 50 items. What is invisible in a text, or steers its direction, is shown as
//! its number, such as `\u{202e}`.
//!
//! # How it works
//!
//! The crate contains the project's OpenAPI document and interprets it at run time: the document decides which paths
//! and methods exist, which of them need a token, and which requests are valid. What an operation does is implemented in
//! code, a file for each resource. An operation without code returns its documented example, or 501 if there is none. [`Builder::examples_only`] lets all operations do so.
//!
//! # Behaviour where the documentation is silent
//!
//! Requests:
//!
//! - Checks run in this order: path (404), token (401), method (405), parameters (400), size (413), missing body (400),
//!   encoding and content type (415), syntax and schema of the body (400), existence of what the path names (404),
//!   the rules of the workflow (400), existence of the page (404).
//! - A body needs the content type `application/json`, with or without parameters. Any other, or none, is 415.
//! - A body has no `Content-Encoding`, or `identity`. Any other is 415, with `Accept-Encoding: identity`.
//! - Every path is served with and without its last slash, for every method. Unknown paths need no token.
//! - `HEAD` is served where `GET` is. `OPTIONS` is 405.
//! - `Authorization` must be exactly the word `Token`, one space, and the token. A 401 has `WWW-Authenticate:
//!   Token`, as Django REST framework sends it.
//! - `null` is the wrong type for a field that is not documented as nullable.
//! - Unknown fields, unknown query parameters and read-only fields in a request are ignored. If a field or a parameter
//!   is repeated, the last one counts, unless the parameter is a list.
//! - Any text is accepted as an id. A participant id that is given twice adds one member. A workspace can have groups
//!   without being in the list of workspaces; a workspace without groups has an empty list. Projects and balances are
//!   those of workspaces that exist, and studies those of projects that exist.
//!
//! Error responses:
//!
//! - `error_code` is 100000 plus 100 times the status. `title` is the standard phrase of the status.
//! - `detail` maps field names to messages if at least one message is about a field, and is a string otherwise. For a
//!   body over 64 KiB, only the first mismatch is reported.
//! - A group with two owners or none is not an error in a single field, so it is reported only when all fields are
//!   valid.
//!
//! Lists and members:
//!
//! - Without `active`, a list includes deleted groups: without a filter, nothing is filtered out.
//! - `search` matches any part of the name and ignores case. Groups are in the order of their creation, members in the
//!   order in which they joined.
//! - Without `limit` or `page_size`, a page has 20 items, which has been seen for workspaces and is documented for
//!   submissions; a page of events has 100, as documented; all members of a group are on one page. There is no maximum.
//!   A list without these parameters has one page with all items.
//! - `limit`, `page` and `page_size` are at least 1, `offset` at least 0. An `offset` past the end returns an empty page.
//!   A `page` past the end is 404, which has been seen for submissions; the first page always exists.
//! - A list has `_links` with `self`, `next`, `previous` and `last`, and `meta` with the total `count`, as far as the
//!   OpenAPI document has them for this list, unless [`Builder::envelope`] turns them off. An `href` has the host of the
//!   request, keeps the other parameters, and is null if there is no such page.
//! - Groups can be listed by `project_id` in place of `workspace_id`. No group belongs to a project, so the list is
//!   empty.
//! - The responses to adding and removing participants contain all members, without pages and without an envelope.
//! - A deleted group can be read, changed and deleted again like any other, and stays deleted.
//! - In an update that replaces the members, those who stay keep the time at which they joined. Those who leave and
//!   return get a new one.
//! - Adding or removing without `participant_ids` changes nothing, and neither does an update without a known field.
//! - The clock starts at `2024-01-01T00:00:00Z`, unless [`Builder::live`] is set, and each event is a second later than
//!   the one before. Times have six, three or no digits after the point, because the service sends all three forms.
//! - The user is the owner and the only member of each workspace. `feeder_studies` has the studies
//!   with a completion code that adds to the group or removes from it.
//!
//! Studies and submissions:
//!
//! - A study that is published is active at once, and one that is scheduled when the clock reaches its time. If the balance
//!   is too low by then, it is a draft again.
//! - An action that a study or a submission does not allow is 400, and changes nothing. To approve or reject again what is
//!   approved or rejected has no effect. `UNREJECT` leads back to the review; `START`, `RETURN`, `UNRETURN` and
//!   `SCREEN_OUT` are 400.
//! - A change of a field that is frozen once a study is scheduled or published is 400, and so is a smaller number of places. Nothing of the
//!   request is changed then. More places make a full, stopped or completed study active again, but not a paused one.
//! - A study that is stopped awaits review as long as something is not reviewed or not finished.
//! - Without a maximum time, the least that is allowed is the maximum: 2 + 2 × the estimate + 2 × its square root, in
//!   minutes, rounded up. A reservation ends after ten minutes with `TIMED-OUT`.
//! - The actions of a completion code are performed in the order in which they are written. An unknown code is kept, and
//!   the submission awaits review. `NOCODE` is shown for none.
//! - A participant who was rejected, returned the place or timed out cannot take part again, unless the study allows several submissions.
//! - Bulk approval passes over what cannot be approved. The same request within five minutes has no effect.
//! - Filters by groups, previous studies and lists of participants decide who can take part, and live groups stay live.
//!   Participants have no other properties, so any other filter lets everybody pass. A group that does not exist has no
//!   members.
//! - The filters that are listed are those of the documented example and those by groups, previous studies and lists of
//!   participants. With `workspace_id`, the groups and studies of the workspace are their choices. None has a tag.
//! - Filter sets are those of the [`Seed`], each in one version. Without a workspace or an organisation, all are listed. A
//!   study with a set is limited by its filters. A set that does not exist or is deleted, and a version that it does not
//!   have, are 400 in a study. Of an eligible count, fewer than 25 are shown as 0.
//! - A copy of a study with a filter set has the set, and does not keep out who took part in the original: a study has filters
//!   or a filter set, not both.
//! - A test study is a copy for test participants, who are not paid. The draft stays a draft.
//!
//! Money:
//!
//! - Amounts are in pounds and pence. The fee is a third of a reward or bonus, and VAT a fifth of the fee, as in the vendor's
//!   examples, each rounded to a hundredth of a penny.
//! - Publishing reserves what all places and all slots of screen-outs cost. An approval pays out of that. What is no longer
//!   needed is free at once.
//! - Too little money is 400, for publishing, more places, approving, bonuses and screening out. Nothing is changed then.
//! - A bonus is paid out of the balance at once, and as often as it is asked for. All lines are paid or none.
//!
//! Messages:
//!
//! - Messages are listed in the order in which they were sent. They can be sent to unknown participants.
//!   The group and the study of a message have to exist.
//!
//! Webhooks:
//!
//! - The secret of a workspace and that of a confirmation look random, and are the same on every run. Without
//!   `workspace_id`, or with one that is not known, no secret is created (400).
//! - A new subscription is disabled, whatever its `is_enabled` says. A wrong secret does not confirm it (400), an update
//!   does not enable it before that (400), and it can be confirmed again, which enables it again. With another URL or
//!   type of event it stays confirmed.
//! - An event keeps the URL that its subscription had when it happened. It is signed with the secret that the workspace
//!   has when it is sent. If the subscription is disabled or deleted by then,
//!   the event is never sent.
//! - An event has the same id in `X-Event-ID` and in the list. It is `FAILED` after a failure even if it will be repeated,
//!   and is listed in the order in which it happened. 10,000 events are kept, and those that are still to be sent.
//! - The body is JSON without white space, as `application/json`. The status is written as in the other responses:
//!   `AWAITING REVIEW`.
//! - `study.progress.change` is sent when a submission is handed in. `study.has_high_return_rate` is never sent, since
//!   nothing says which rate is high.
//! - The five days count from the first failure after the last success. The update that enables a subscription starts
//!   them anew.
//!
//! # Limits
//!
//! - Webhooks go to loopback addresses and `localhost` only, over `http`. Any other `target_url` is 400. The service
//!   requires `https` and a public address.
//! - The control API needs no token. Whoever can reach the address can use it; [`Sandbox::token`] is no secret either.
//! - A [`Fault::close_unread`] applies to the next connection, even if it is for the control API, since it closes it before it
//!   knows.
//! - The sandbox listens on loopback addresses only, without TLS. It rejects a request for another host name, or from a
//!   page of another host, with 403. Such a request is not recorded and uses up no fault.
//! - A body has at most 64 MiB; more is 413. JSON has at most 127 levels of nesting.
//! - There is one account, with access to everything, so no operation of the API returns 403, 422 or 429, except with a
//!   [`Fault`].
//! - Nothing is saved. The last 10,000 requests are recorded, unless [`Builder::record_limit`] says otherwise, and fewer
//!   if they take more than 128 MiB.
//! - There are no surveys, whose lists have been seen with `meta.total` in place of `meta.count`.

// This file has the documentation and the public interface. It knows neither servers nor operations of the API.

mod behaviour;
mod bytes;
mod connection;
mod control;
mod delivery;
mod document;
mod error;
mod fault;
mod faults;
mod machine;
mod operation;
mod origin;
mod outgoing;
mod page;
mod participant;
mod quirk;
mod record;
mod sandbox;
mod schema;
mod seed;
mod server;
mod serving;
mod shared;
mod store;
mod target;
mod ui;
mod webhooks;
mod workflow;

use document::Document;

pub use fault::{Fault, InvalidFault};
pub use faults::InjectedFault;
pub use participant::{Participant, Participation};
pub use quirk::Quirk;
pub use record::RecordedRequest;
pub use sandbox::{Builder, Sandbox};
pub use seed::{Seed, SeedFilterSet, SeedGroup, SeedStudy};
pub use workflow::Refused;

/// Returns an example of a schema of the OpenAPI document as JSON text. `None` if there is no such schema.
///
/// This is the documented example of a request or response with the schema. If there is none, it is put together from
/// the examples of the properties.
///
/// ```
/// let group = prolific_sandbox::example("ParticipantGroup").ok_or("no such schema")?;
/// assert!(group.contains("\"participant_count\":"));
/// # Ok::<(), &str>(())
/// ```
#[must_use]
pub fn example(schema: &str) -> Option<String> {
    Document::embedded().ok()?.example(schema).map(|example| example.to_string())
}

/// Checks a response against the OpenAPI document: whether its operation documents the status, and whether the body
/// matches the schema.
///
/// Use it to test another server, or a client's own mocks. The responses of a sandbox pass. The operations of the control
/// API, which begin with `sandbox_`, are those of its own document.
///
/// # Errors
///
/// A description of what is wrong with the response.
pub fn check_response(operation_id: &str, status: u16, body: &[u8]) -> Result<(), String> {
    let is_control = operation_id.starts_with("sandbox_");
    let document = if is_control { Document::control() } else { Document::embedded() };
    document?.check_response(operation_id, status, body)
}

#[doc = include_str!("any_language.md")]
pub mod any_language {}

#[doc = include_str!("machines.md")]
pub mod machines {}

#[doc = include_str!("quirks.md")]
pub mod quirks {}

/// The program in README.md is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
