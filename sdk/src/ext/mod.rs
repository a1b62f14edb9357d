//! What no description of the API can say. The only hand-written code in this crate that may name an operation; it
//! stands on generated code and on the runtime, and neither knows it.

#[cfg(feature = "client")]
mod checked_create;
mod filter_labels;
#[cfg(feature = "client")]
pub mod payments;
#[cfg(feature = "client")]
mod raw_call;
#[cfg(any(feature = "client", feature = "webhooks"))]
pub mod webhooks;

#[cfg(feature = "client")]
pub use checked_create::{CheckedCreateError, Unverified};
pub use filter_labels::FilterLookupError;
