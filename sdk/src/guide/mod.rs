//! Guides: what to know beside the single operations.

#[doc = include_str!("when_a_call_fails.md")]
pub mod when_a_call_fails {}
