//! The hand-written base of the generated operations. Names no operation, and never imports `generated`.
//!
//! In dependency order: `money`, `operation` · `outcome` (kinds, delivery, effect) · `credential`, `headers`, `written`, `value`,
//! `timestamp` · `retry` · `request` · `stay` · `body`, `delivery`, `error_body` · `error` · `telemetry` · `response`,
//! `hook` · `client`, `config_error`, `config` · `send` · `call` · `pagination` · `raw`. A file imports only what stands
//! before it. Those without the feature `client` are what types need.

#[cfg(feature = "client")]
mod body;
#[cfg(feature = "client")]
mod call;
#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod config;
#[cfg(feature = "client")]
mod config_error;
#[cfg(feature = "client")]
mod credential;
#[cfg(feature = "client")]
mod delivery;
#[cfg(feature = "client")]
mod error;
#[cfg(feature = "client")]
mod error_body;
#[cfg(feature = "client")]
mod headers;
#[cfg(feature = "client")]
mod hook;
mod money;
#[cfg(feature = "client")]
mod operation;
#[cfg(feature = "client")]
mod outcome;
#[cfg(feature = "client")]
mod pagination;
#[cfg(feature = "client")]
mod raw;
#[cfg(feature = "client")]
mod request;
#[cfg(feature = "client")]
mod response;
#[cfg(feature = "client")]
mod retry;
#[cfg(feature = "client")]
mod send;
#[cfg(feature = "client")]
mod stay;
#[cfg(feature = "client")]
mod telemetry;
mod timestamp;
mod value;
#[cfg(feature = "client")]
mod written;

#[cfg(feature = "client")]
pub(crate) use error_body::ErrorBody;
pub use money::{InvalidAmount, MajorUnits, MinorUnits};
pub(crate) use timestamp::{compare_timestamps, parse_timestamp};
pub(crate) use value::{given, is_spelling_of, or_default, serialize_id, serialize_number};
#[cfg(feature = "client")]
pub use {
    call::Call,
    client::Client,
    config::ClientBuilder,
    config_error::ConfigError,
    error::Error,
    headers::InvalidHeader,
    hook::{Hook, NextAttempt},
    operation::Operation,
    outcome::{Attempt, Delivery, Effect, ErrorKind, Phase},
    pagination::{Items, Page, Pages, Paging},
    raw::RawCall,
    response::Response,
    retry::{RetryPolicy, RetryStopReason},
};
