#![doc = include_str!("../README.md")]
//!
//! ## Where to go next
//!
//! [`Client`] lists the resources, and each resource lists its operations. The [guides](guide) cover what applies to
//! all of them: [authentication](guide::authentication), [failures](guide::when_a_call_fails), [lists](guide::pages),
//! [testing](guide::testing), and [endpoints without a method](guide::migrating#endpoints-without-a-method).
//!
//! ## What calls do
//!
//! Calls that only read change nothing. Of the others, this is known:
//!
#![doc = include_str!("generated/effects.md")]
// Only docs.rs sets this, with a compiler that can show which feature an item needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

// In the order in which the docs show what each adds to `Client`.
mod runtime;

mod generated;

mod ext;
pub mod guide;

pub use ext::{CheckedCreateError, Unverified};
pub use generated::*;
// Both are of the crate `http`, which the HTTP libraries of Rust share. The only other foreign types in public signatures
// are `serde_json::Value`, where the API sends any JSON, and the traits of serde and of `Stream`.
pub use reqwest::StatusCode;
pub use reqwest::header::HeaderMap;
pub use runtime::{
    Attempt, Call, Client, ClientBuilder, ConfigError, Delivery, Effect, Error, ErrorKind, Hook, InvalidHeader, Items,
    NextAttempt, Operation, Page, Pages, Paging, Phase, RawCall, Response, RetryPolicy, RetryStopReason,
};
