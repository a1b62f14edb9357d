//! Support for the contract tests: servers that record requests as bytes, and answer with given bytes or break.

pub mod fault_proxy;
pub mod fault_server;
#[path = "../../sdk/src/raw_server.rs"]
pub mod raw_server;
