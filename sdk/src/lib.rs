#![doc = include_str!("../README.md")]
// Only docs.rs sets this, with a compiler that can show which feature an item needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod ext;
mod generated;
pub mod guide;
mod runtime;

pub use ext::{CheckedCreateError, Unverified};
pub use generated::*;
// Both are of the crate `http`, which the HTTP libraries of Rust share. The other foreign names in signatures are
// `serde_json::Value`, where the API sends any JSON, and the traits of serde and of `Stream`.
pub use reqwest::StatusCode;
pub use reqwest::header::HeaderMap;
pub use runtime::{
    Attempt, Call, Client, ClientBuilder, ConfigError, Delivery, Effect, Error, ErrorKind, Hook, InvalidHeader, Items,
    NextAttempt, Operation, Page, Pages, Phase, RawCall, Response, RetryPolicy, RetryStopReason,
};
