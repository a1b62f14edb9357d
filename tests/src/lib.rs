//! What several test programs need: servers, which record requests as bytes, and respond with given bytes or break; and
//! comparisons of JSON and of queries.

pub mod fault_proxy;
pub mod fault_server;
pub mod json;
pub mod query;
pub mod raw_server;
pub mod service;

/// The programs of the repository's front page compile.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
