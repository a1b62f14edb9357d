#![doc = include_str!("../README.md")]
//!
//! ## Where to go next
//!
//! The work of a study, in its order. [From a cohort to a follow-up study](guide::follow_up) goes through most of it:
//!
//! 1. **Workspace**: [find it](workspaces::Workspaces::list), [its balance](workspaces::Workspaces::balance) and
//!    [its projects](projects::Projects::list).
//! 2. **Draft**: [create a study](studies::Studies::create). Choose its people [by what filters are
//!    called](types::FilterDefinitionList::select), and [count them](filters::Filters::count_eligible).
//! 3. **Cost**: [of a draft](studies::Studies::cost), or [of an idea](studies::Studies::calculate_cost).
//! 4. **Publish**, pause and stop: [`transition`](studies::Studies::transition).
//! 5. **Submissions**: [list](submissions::Submissions::list) or [count](submissions::Submissions::counts) them.
//! 6. **Approve** [many](submissions::Submissions::bulk_approve), or [approve or reject
//!    one](submissions::Submissions::transition).
//! 7. **Group**: [save the people](participant_groups::ParticipantGroups::create_checked) for later.
//! 8. **Follow-up**: [a study](types::CreateStudy::filters) for the group alone, or [a copy](studies::Studies::duplicate)
//!    of the first.
//! 9. **Message**: [to the group](messages::Messages::send_to_group), or [to one
//!    participant](messages::Messages::send_to_user).
//! 10. **Bonus**: [prepare a quote](bonuses::Bonuses::prepare), look at the total, and [pay](payments::Quote::pay) once.
//! 11. **Events**: [subscribe](webhooks::Webhooks::subscribe) to them, and [receive them](guide::webhooks).
//!
//! [`Client`] lists all resources, and each resource lists its operations. The [guides](guide) cover what applies to
//! all of them: [paying people](guide::paying), [webhooks](guide::webhooks), [authentication](guide::authentication),
//! [failures](guide::when_a_call_fails), [lists](guide::pages), [testing](guide::testing), and [endpoints without a
//! method](guide::migrating#endpoints-without-a-method).
//!
//! ## What calls do
//!
//! Calls that only read change nothing. Of the others, this is known:
//!
#![doc = include_str!("generated/effects.md")]
// What is written above is about everything that there is.
#![cfg_attr(
    not(all(feature = "client", feature = "webhooks")),
    allow(rustdoc::broken_intra_doc_links, reason = "features that are off have no pages")
)]
// Only docs.rs sets this, with a compiler that can show which feature an item needs.
#![cfg_attr(docsrs, feature(doc_cfg))]

// In the order in which the docs show what each adds to `Client`.
mod runtime;

mod generated;

mod ext;
#[cfg(feature = "client")]
pub mod guide;

pub use ext::FilterLookupError;
#[cfg(any(feature = "client", feature = "webhooks"))]
pub use ext::webhooks;
#[cfg(feature = "client")]
pub use ext::{CheckedCreateError, Unverified, payments};
#[cfg(not(feature = "client"))]
pub use generated::types;
pub use runtime::InvalidAmount;
#[cfg(feature = "client")]
pub use {
    generated::*,
    runtime::{
        Attempt, Call, Client, ClientBuilder, ConfigError, Delivery, Effect, Error, ErrorKind, Hook, InvalidHeader,
        Items, NextAttempt, Operation, Page, Pages, Paging, Phase, RawCall, Response, RetryPolicy, RetryStopReason,
    },
};
// Both are of the crate `http`, which the HTTP libraries of Rust share. The only other foreign types in public signatures
// are `serde_json::Value`, where the API sends any JSON, and the traits of serde and of `Stream`.
#[cfg(feature = "client")]
pub use reqwest::{StatusCode, header::HeaderMap};
