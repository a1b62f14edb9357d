//! Webhooks: subscriptions, which report events to a server of yours, and what that server needs.
//!
//! - **The calls** are methods of [`Webhooks`](crate::webhooks::Webhooks), the handle that `client.webhooks()` returns.
//!   [`subscribe`](crate::webhooks::Webhooks::subscribe) creates a subscription and confirms it. They need the feature
//!   `client`.
//! - **The receiver** needs the feature `webhooks`, and not the client: with `default-features = false`, neither reqwest
//!   nor TLS is compiled. [`Verifier`](crate::webhooks::Verifier) checks that a request comes from Prolific, and reads
//!   the [`Event`](crate::webhooks::Event). [`Seen`](crate::webhooks::Seen) makes sure that an event that is delivered
//!   several times is handled once.
//!
//! The [guide](crate::guide::webhooks) shows how they work together.

#[cfg(feature = "webhooks")]
mod event;
#[cfg(feature = "webhooks")]
mod seen;
#[cfg(feature = "client")]
mod subscribe;
#[cfg(feature = "webhooks")]
mod verify;

#[cfg(feature = "client")]
pub use crate::generated::webhooks::*;
#[cfg(feature = "webhooks")]
pub use event::{Event, VerifyError};
#[cfg(feature = "webhooks")]
pub use seen::{OnceError, Progress, Seen, SeenInMemory};
#[cfg(feature = "client")]
pub use subscribe::SubscribeError;
#[cfg(feature = "webhooks")]
pub use verify::Verifier;
