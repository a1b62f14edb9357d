//! What the sandbox does, as seen by clients over HTTP and by users of the library and the binary.

#![allow(clippy::unwrap_used, clippy::similar_names, reason = "a test fails by panicking")]

mod account;
mod any_language;
mod binary;
mod control;
mod create;
mod errors;
mod examples;
mod fault_selection;
mod fault_text;
mod faults;
mod filters;
mod groups;
mod http;
mod lifetime;
mod load;
mod members;
mod pages;
mod protocol;
mod quirks;
mod receiver;
mod record;
mod seed;
mod ui;
mod webhooks;
mod workflow;
