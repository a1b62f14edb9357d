//! One binary for all contract tests: what is generated, against what is documented; what is sent, against what is
//! agreed; the workspace, against its rules.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod architecture;
mod calls;
mod compile_fail;
mod dependencies;
mod document;
mod documented_fields;
mod documented_operations;
mod errors;
mod example_programs;
mod examples;
mod failures;
mod faults;
mod fixture;
mod forms;
mod forward_compatibility;
mod generated;
mod interop;
mod layers;
mod memory;
mod nowhere;
mod pages;
mod payments;
mod promises;
mod properties;
mod public_api;
mod raw;
mod sandbox;
mod schemas;
mod verdicts;
mod webhooks;
mod wire;
