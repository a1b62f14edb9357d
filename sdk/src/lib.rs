#![doc = include_str!("../README.md")]
#![doc = ""]
#![doc = include_str!("generated/operations.md")]

mod generated;
mod runtime;

pub use generated::{builder, operations, types};
pub use reqwest::StatusCode;
pub use reqwest::header::HeaderMap;
pub use runtime::{
    Attempt, Client, ClientBuilder, ConfigError, Effect, Error, Items, Kind, Operation, Pages, Phase, ResponseValue,
    Sent,
};

#[cfg(test)]
mod fixture_tests;
#[cfg(test)]
mod raw_server;

/// The examples of the repository's README, compiled and run as tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct RepositoryReadme;
