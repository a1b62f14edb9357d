//! What the generated operations stand on: configuration, transport, answers and errors. Knows no operation, and never
//! imports `generated`.

mod call;
mod client;
mod config;
mod credential;
mod error;
mod evidence;
mod operation;
mod pagination;
mod request;
mod response;
mod retry;
mod send;
mod telemetry;
mod timestamp;

pub use call::Call;
pub use client::Client;
pub use config::{ClientBuilder, ConfigError};
pub use error::{Attempt, Effect, Error, Kind, Phase, Sent};
pub use operation::Operation;
pub use pagination::{Items, Pages};
pub(crate) use pagination::{PageState, fingerprint};
pub(crate) use request::{QueryParam, path_segment};
pub use response::ResponseValue;
pub use retry::{RetryPolicy, Stop};
pub(crate) use timestamp::parse_timestamp;
