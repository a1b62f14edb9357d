//! The order of a payment: the intent, the request, the outcome.

use std::io;

use super::error::PayError;
use super::journal::{Entry, Intent, Journal, Record, entries};
use crate::generated::types::MinorUnits;
use crate::runtime::{Effect, Error};

/// A payment that the service has accepted. Bonuses arrive in the minutes after that, as documented.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Payment {
    /// The number of its entry in the journal.
    pub entry: u64,
}

/// Whether it costs no more than the caller allows.
pub(super) fn check_limit(total: MinorUnits, at_most: Option<MinorUnits>) -> Result<(), PayError> {
    at_most.filter(|limit| total > *limit).map_or(Ok(()), |limit| Err(PayError::OverLimit { total, limit }))
}

/// Writes the intent and returns its number, unless the entries so far are against it.
pub(super) fn begin(
    journal: &dyn Journal,
    against: impl Fn(&[Entry]) -> Option<PayError>,
    intent: impl Fn() -> Intent,
) -> Result<u64, PayError> {
    let mut begun = Err(PayError::NotWritten(io::Error::other("the journal did not decide")));
    let written = journal.transact(&mut |records| {
        if let Some(reason) = against(&entries(records)) {
            begun = Err(reason);
            return None;
        }
        let (number, record) = Record::intent(records, intent());
        begun = Ok(number);
        Some(record)
    });
    written.map_err(PayError::NotWritten)?;
    begun
}

/// Writes what came of the request.
pub(super) fn finish(journal: &dyn Journal, entry: u64, sent: Result<(), Error>) -> Result<Payment, PayError> {
    let effect = sent.as_ref().map_or_else(Error::effect, |()| Effect::Applied);
    let written = journal.transact(&mut |_| Some(Record::outcome(entry, effect)));
    match (sent, written) {
        (Ok(()), Ok(())) => Ok(Payment { entry }),
        (Err(error), written) => Err(PayError::Failed { entry, error, not_written: written.err() }),
        (Ok(()), Err(source)) => Err(PayError::OutcomeNotWritten { entry, source }),
    }
}
