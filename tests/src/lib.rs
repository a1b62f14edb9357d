//! Support for the contract tests: a server that records one request as bytes, and answers with given bytes.

#[path = "../../sdk/src/raw_server.rs"]
pub mod raw_server;
