//! Guides: what to know beside the single operations. Each example in them is a test: it is compiled, and run
//! unless it needs a file of yours.
//!
//! | guide | what it answers |
//! |---|---|
//! | [`first_call`] | From an empty folder to a participant group, with and without `async` |
//! | [`authentication`] | Where the token comes from, where it goes, and where it never goes |
//! | [`when_a_call_fails`] | What happened, did it take effect, may I send it again |
//! | [`pages`] | Lists that are longer than one answer |
//! | [`testing`] | Testing your code with the sandbox, failures included |
//! | [`migrating`] | From calls that are written by hand |

#[doc = include_str!("first_call.md")]
pub mod first_call {}

#[doc = include_str!("authentication.md")]
pub mod authentication {}

#[doc = include_str!("when_a_call_fails.md")]
pub mod when_a_call_fails {}

#[doc = include_str!("pages.md")]
pub mod pages {}

#[doc = include_str!("testing.md")]
pub mod testing {}

#[doc = include_str!("migrating.md")]
pub mod migrating {}
