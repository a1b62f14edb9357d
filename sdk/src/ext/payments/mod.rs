//! Paying bonuses and publishing studies: once, and so that it is known afterwards what happened.
//!
//! [`Bonuses::prepare`](crate::bonuses::Bonuses::prepare) and
//! [`Studies::prepare_publishing`](crate::studies::Studies::prepare_publishing) return quotes. A quote is paid with a
//! [`Journal`], which has the intent before the request is sent. [`Client::reconcile`](crate::Client::reconcile) settles what a
//! crash or a lost response left open. The guide [Paying people](crate::guide::paying) leads through all of it.

// `journal` · `file`, `error` · `payment` · `bonuses`, `publish` · `reconcile`: a file imports only what stands before it.
mod bonuses;
mod error;
mod file;
mod journal;
mod payment;
mod publish;
mod reconcile;

pub use bonuses::{BonusLine, Quote, QuotedBonus};
pub use error::{PayError, PrepareError, ReconcileError};
pub use file::FileJournal;
pub use journal::{BonusIntent, Entry, IntendedBonus, Intent, Journal, MemoryJournal, PublishIntent, Record};
pub use payment::Payment;
pub use publish::PublishQuote;
pub use reconcile::SETTLING_TIME;
