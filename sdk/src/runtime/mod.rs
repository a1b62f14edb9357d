//! What the generated operations stand on: configuration, transport, answers and errors. Knows no operation, and never
//! imports `generated`.

mod client;
mod config;
mod credential;
mod error;
mod operation;
#[cfg_attr(not(test), expect(dead_code, reason = "no operation of the document has a parameter yet"))]
mod request;
mod response;
mod send;

pub use client::Client;
pub use config::{ClientBuilder, ConfigError};
pub use error::{Attempt, Effect, Error, Kind, Phase, Sent};
pub use operation::Operation;
#[cfg_attr(not(test), expect(unused_imports, reason = "no operation of the document has a parameter yet"))]
pub(crate) use request::{QueryParam, path_segment};
pub use response::ResponseValue;
