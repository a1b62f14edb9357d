//! The build tool's fixture over the SDK's runtime, which knows neither this crate nor the SDK's own operations.

#[path = "../../../build-tools/tests/fixture/generated/mod.rs"]
mod generated;
#[path = "../../../sdk/src/runtime/mod.rs"]
#[allow(dead_code, unused_imports, reason = "some of it is for hand-written code of the SDK")]
mod runtime;

pub use generated::*;
pub use runtime::*;
