//! A loopback HTTP server that behaves like Prolific's REST API, to test clients against. It checks every request, keeps
//! participant groups, and returns documented examples for what it does not keep.
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
//! can run in parallel. Ids and times count up and are the same on every run.
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
//! A sandbox starts with one user, one workspace and no groups, or with the state that a [`Seed`] describes, in code
//! or in a JSON file.
//!
//! ```
//! use prolific_sandbox::{Sandbox, Seed, SeedGroup};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> std::io::Result<()> {
//! let pilot = SeedGroup::in_workspace("Pilot", "w1").id("g1").participant_ids(["p1", "p2"]);
//! let seed = Seed::new().workspace("w1", "My workspace").group(pilot);
//! let sandbox = Sandbox::builder().seed(seed).start().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Recorded requests
//!
//! [`Sandbox::requests`] returns every request so far with its response, for assertions. [`check_response`] checks
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
//! and methods exist, which of them need a token, and which requests are valid. Operations on participant groups and
//! their members, the list of workspaces and the current user are implemented in code. Every other operation of the
//! document returns its documented example, or 501 if there is none.
//!
//! # Behaviour where the documentation is silent
//!
//! Requests:
//!
//! - Checks run in this order: path (404), token (401), method (405), parameters (400), size (413), missing body (400),
//!   content type (415), syntax and schema of the body (400), existence of the group (404), a `limit` of 0
//!   (400).
//! - A body needs the content type `application/json`, with or without parameters. Any other, or none, is 415.
//! - A path without its final slash is unknown. Unknown paths need no token.
//! - `Authorization` must be exactly the word `Token`, one space, and the token.
//! - `null` is the wrong type for a field that is not documented as nullable.
//! - Unknown fields, unknown query parameters and read-only fields in a request are ignored. If a field or a parameter
//!   is repeated, the last one counts, unless the parameter is a list.
//! - Any text is accepted as an id. A participant id that is given twice adds one member. A workspace can have groups
//!   without being in the list of workspaces; a workspace without groups has an empty list.
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
//! - Without `limit`, a page has 200 items; there is no maximum. `limit` is at least 1, `offset` at least 0. An
//!   `offset` past the end returns an empty page.
//! - A list has `_links` with `next`, `previous` and `last`, and `meta` with the total `count`, unless
//!   [`Builder::envelope`] turns them off. An `href` has no host, keeps the other parameters, and is null if there is
//!   no such page.
//! - The responses to adding and removing participants contain all members, without pages and without an envelope.
//! - A deleted group can be read, changed and deleted again like any other, and stays deleted.
//! - In an update that replaces the members, those who stay keep the time at which they joined. Those who leave and
//!   return get a new one.
//! - Adding or removing without `participant_ids` changes nothing, and neither does an update without a known field.
//! - The first membership dates from `2024-01-01T00:00:01Z`, and each one is a second later than the one before. Every
//!   other time has fractions of a second, because the service sends both forms.
//! - The user is the owner and the only member of each workspace. Feeder studies are always an empty list.
//!
//! # Limits
//!
//! - The sandbox listens on loopback addresses only, without TLS. It rejects a request for another host name, or from a
//!   page of another host, with 403. Such a request is not recorded and uses up no fault.
//! - A body has at most 64 MiB; more is 413. JSON has at most 127 levels of nesting.
//! - There is one account, with access to everything, so the sandbox never returns 403, 422 or 429, except with a
//!   [`Fault`].
//! - Nothing is saved. The record of requests is kept until the sandbox ends.

// This file has the documentation and the public interface. It knows neither servers nor operations of the API.

mod behaviour;
mod connection;
mod document;
mod error;
mod fault;
mod faults;
mod operation;
mod origin;
mod outgoing;
mod page;
mod quirk;
mod record;
mod sandbox;
mod workflow;
mod store;
mod participant;
mod machine;
mod schema;
mod seed;
mod server;
mod ui;

use document::Document;

pub use fault::Fault;
pub use faults::InjectedFault;
pub use quirk::Quirk;
pub use record::RecordedRequest;
pub use sandbox::{Builder, Sandbox};
pub use participant::{Participant, Participation};
pub use seed::{Seed, SeedGroup, SeedStudy};
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
/// Use it to test another server, or a client's own mocks. The responses of a sandbox pass.
///
/// # Errors
///
/// A description of what is wrong with the response.
pub fn check_response(operation_id: &str, status: u16, body: &[u8]) -> Result<(), String> {
    Document::embedded()?.check_response(operation_id, status, body)
}

#[doc = include_str!("machines.md")]
pub mod machines {}

/// The program in README.md is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
