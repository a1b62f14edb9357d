//! Support for the contract tests: a server that records one request as bytes, and answers with given bytes.

pub mod raw_server;
