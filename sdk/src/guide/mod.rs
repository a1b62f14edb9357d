//! Guides to topics that are not specific to one operation. Their examples are tests: they are compiled, and run unless
//! they need the real service.
//!
//! | guide | what it is about |
//! |---|---|
//! | [`first_call`] | From an empty folder to a participant group, with and without async code |
//! | [`follow_up`] | From the submissions of a study to a follow-up study for the same people |
//! | [`paying`] | Bonuses that are paid once, and known to be |
//! | [`authentication`] | Where the token comes from, where it goes, and where it never goes |
//! | [`when_a_call_fails`] | What happened, whether it took effect, and whether you can retry |
//! | [`pages`] | Lists that are longer than one response |
//! | [`webhooks`] | Receiving events: verified, each once, in any order |
//! | [`testing`] | Testing your code with the sandbox, failures included |
//! | [`migrating`] | Migrating from hand-written reqwest calls, and calling endpoints without a method |

#[doc = include_str!("first_call.md")]
pub mod first_call {}

#[doc = include_str!("follow_up.md")]
pub mod follow_up {}

#[doc = include_str!("paying.md")]
pub mod paying {}

#[doc = include_str!("authentication.md")]
pub mod authentication {}

#[doc = include_str!("when_a_call_fails.md")]
pub mod when_a_call_fails {}

#[doc = include_str!("pages.md")]
pub mod pages {}

#[cfg(feature = "webhooks")]
#[doc = include_str!("webhooks.md")]
#[doc = "```no_run"]
#[doc = include_str!("../../examples/webhook_receiver.rs")]
#[doc = "```"]
pub mod webhooks {}

#[doc = include_str!("testing.md")]
pub mod testing {}

#[doc = include_str!("migrating.md")]
pub mod migrating {}
