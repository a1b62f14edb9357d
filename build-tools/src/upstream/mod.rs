//! The vendor's document, and what it says that ours does not. `vendor` reads it; the others compare it with ours.

pub mod adopt;
pub mod drift;
pub mod vendor;
