#![doc = include_str!("../README.md")]
#![doc = ""]
#![doc = include_str!("generated/operations.md")]
//!
//! ## What to expect
//!
//! - What is required is an argument, so that a program without it does not compile; the rest has setters. Ids have types
//!   of their own, made from texts with `From`.
//! - A call that fails is sent again where that cannot do its work twice, and only there. When it fails for good,
//!   [`Error::effect`] says whether it changed anything. The guide [When a call fails](guide::when_a_call_fails) has it all.
//! - Lists are read over all their pages with `stream`, or page by page with `pages`.
//! - The API token is sent over https only (plain http to a loopback address excepted), follows no redirect, uses no proxy
//!   from the environment unless told to, and is printed by nothing.
//! - In a response every field is an `Option`, even where the documentation says that it is always there: a field may be
//!   absent or null, fields that are not known are passed over, and enum values that are not known are kept.
//!
//! ## Guides
//!
//! [The first call](guide::first_call), [authentication](guide::authentication),
//! [when a call fails](guide::when_a_call_fails), [pages](guide::pages), [testing](guide::testing), and
//! [from calls by hand](guide::migrating).
//!
//! ## Features
//!
//! | feature | default | what it adds |
//! |---|---|---|
//! | `rustls` | yes | TLS in Rust, with the certificates that the operating system trusts |
//! | `native-tls` | | TLS of the operating system; with both, this one is used |
//! | `schemars` | | `schemars::JsonSchema` for everything in [`types`] |
//!
//! Rust 1.88 or newer is needed, and 1.89 for the sandbox.

// Only docs.rs sets this, with a compiler that can show which feature an item needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod checked_create;
mod generated;
pub mod guide;
mod runtime;

pub use checked_create::{CheckedCreate, Doubt};
pub use generated::{builder, operations, types};
// Both are of the crate `http`, which the HTTP libraries of Rust share. The other foreign names in signatures are
// `serde_json::Value`, where the API sends any JSON, and the traits of serde and of `Stream`.
pub use reqwest::StatusCode;
pub use reqwest::header::HeaderMap;
pub use runtime::{
    Attempt, Call, Client, ClientBuilder, ConfigError, Effect, Error, Items, Kind, Operation, Pages, Phase,
    ResponseValue, RetryPolicy, Sent, Stop,
};

#[cfg(test)]
mod fixture_tests;
#[cfg(test)]
mod raw_server;

/// The examples of the repository's README, compiled and run as tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct RepositoryReadme;
