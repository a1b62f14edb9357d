//! The hand-written base of the generated operations. Names no operation, and never imports `generated`.
//!
//! In dependency order: `money`, `operation` · `outcome` (kinds, delivery, effect) · `credential`, `headers`, `value`,
//! `timestamp` · `retry` · `request` · `stay` · `body`, `delivery`, `error_body` · `error` · `telemetry` · `response`,
//! `hook` · `client`, `config_error`, `config` · `send` · `call` · `pagination` · `raw`. A file imports only what stands
//! before it.

mod body;
mod call;
mod client;
mod config;
mod config_error;
mod credential;
mod delivery;
mod error;
mod error_body;
mod headers;
mod hook;
mod money;
mod operation;
mod outcome;
mod pagination;
mod raw;
mod request;
mod response;
mod retry;
mod send;
mod stay;
mod telemetry;
mod timestamp;
mod value;

pub use call::Call;
pub use client::Client;
pub use config::ClientBuilder;
pub use config_error::ConfigError;
pub use error::Error;
pub(crate) use error_body::ErrorBody;
pub use headers::InvalidHeader;
pub use hook::{Hook, NextAttempt};
pub use money::{InvalidAmount, MajorUnits, MinorUnits};
pub use operation::Operation;
pub use outcome::{Attempt, Delivery, Effect, ErrorKind, Phase};
pub use pagination::{Items, Page, Pages, Paging};
pub use raw::RawCall;
pub use response::Response;
pub use retry::{RetryPolicy, RetryStopReason};
pub(crate) use timestamp::{compare_timestamps, parse_timestamp};
pub(crate) use value::{given, is_spelling_of, or_default, serialize_id, serialize_number};
