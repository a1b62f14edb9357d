//! Why nothing was prepared, paid or found out.

use std::{fmt, io};

use crate::generated::types::{BulkBonus, MinorUnits, StudyStatus};
use crate::runtime::{Effect, Error};

/// Why there is no quote. Nothing is paid or published.
#[non_exhaustive]
pub enum PrepareError {
    /// There are no lines.
    NoLines,
    /// A line cannot be sent. Lines are counted from 1.
    InvalidLine {
        /// Which one.
        line: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A line is for somebody who is not in the study's list of submissions.
    NotInStudy {
        /// Which one, from 1.
        line: usize,
    },
    /// The service set up other bonuses than were sent. They are not paid unless you pay them by their id.
    Misunderstood {
        /// What the lines have together.
        sent: MinorUnits,
        /// What the service set up.
        bulk_bonus: Box<BulkBonus>,
    },
    /// The study is not a draft.
    NotADraft(StudyStatus),
    /// The cost of the study is not in the response, or has too many digits.
    NoCost,
    /// A request failed.
    Request(Error),
}

impl From<Error> for PrepareError {
    fn from(error: Error) -> Self {
        Self::Request(error)
    }
}

impl fmt::Display for PrepareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLines => f.write_str("there are no bonuses to set up"),
            Self::InvalidLine { line, reason } => write!(f, "line {line} of the bonuses: {reason}"),
            Self::NotInStudy { line } => {
                write!(f, "line {line} of the bonuses is for somebody without a submission to the study")
            }
            Self::Misunderstood { sent, bulk_bonus } => write!(
                f,
                "the bonuses sum up to {sent} in the minor unit, and the service set up {}",
                bulk_bonus.amount.unwrap_or(bulk_bonus.total_amount)
            ),
            Self::NotADraft(status) => write!(f, "the study is not a draft: its status is {status}"),
            Self::NoCost => f.write_str("the service does not say what the study costs"),
            Self::Request(_) => f.write_str("a request failed; nothing is paid, and it can be prepared again"),
        }
    }
}

impl PrepareError {
    /// The service's own words, if a request was rejected. See [`Error::message`].
    pub fn message(&self) -> Option<String> {
        match self {
            Self::Request(error) => error.message(),
            _ => None,
        }
    }
}

impl std::error::Error for PrepareError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Request(error) => Some(error),
            _ => None,
        }
    }
}

/// Why a payment was not made, or is not known to be made: [`effect`](Self::effect).
#[non_exhaustive]
pub enum PayError {
    /// It would cost more than the caller allows. Nothing was sent.
    OverLimit {
        /// What it would cost.
        total: MinorUnits,
        /// What the caller allows.
        limit: MinorUnits,
    },
    /// Somebody is on several lines, or has a bonus for the study already, by the submissions or by the journal. Nothing was
    /// sent. [`Quote::allow_repeats`](super::Quote::allow_repeats) says that this is meant.
    #[non_exhaustive]
    Repeated {
        /// The first line of the quote that it is so of, from 1.
        line: usize,
        /// The number of the entry with the earlier bonus, if it is in the journal.
        entry: Option<u64>,
    },
    /// The journal has this payment already. Nothing was sent.
    AlreadyPaid {
        /// The number of the entry.
        entry: u64,
    },
    /// The journal does not know what came of an earlier payment to one of these people, or for this study. Nothing was sent.
    /// [`Client::reconcile`](crate::Client::reconcile) finds it out.
    Unsettled {
        /// The number of the entry.
        entry: u64,
    },
    /// The intent could not be written to the journal. Nothing was sent.
    NotWritten(io::Error),
    /// The submissions could not be read. Nothing was sent.
    NotRead(Error),
    /// The request failed; its [`Error::effect`] says what is known. If that is not known, or if the journal could not be
    /// written, the entry is unsettled.
    #[non_exhaustive]
    Failed {
        /// The number of the entry.
        entry: u64,
        /// The error of the request.
        error: Error,
        /// Why the outcome could not be written to the journal.
        not_written: Option<io::Error>,
    },
    /// The payment was made, and the journal could not be told. Its entry is unsettled.
    OutcomeNotWritten {
        /// The number of the entry.
        entry: u64,
        /// Why the journal could not be written.
        source: io::Error,
    },
}

impl PayError {
    /// The service's own words, if a request was rejected. See [`Error::message`].
    pub fn message(&self) -> Option<String> {
        match self {
            Self::Failed { error, .. } | Self::NotRead(error) => error.message(),
            _ => None,
        }
    }

    /// Whether the payment was made, by this call or, as the journal says, by an earlier one.
    pub fn effect(&self) -> Effect {
        match self {
            Self::Failed { error, .. } => error.effect(),
            Self::OutcomeNotWritten { .. } | Self::AlreadyPaid { .. } => Effect::Applied,
            Self::Unsettled { .. } => Effect::Unknown,
            Self::OverLimit { .. } | Self::Repeated { .. } | Self::NotWritten(_) | Self::NotRead(_) => {
                Effect::NotApplied
            }
        }
    }
}

impl fmt::Display for PayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OverLimit { total, limit } => {
                write!(f, "nothing was sent: {total} in the minor unit is more than the limit of {limit}")
            }
            Self::Repeated { line, entry } => {
                write!(
                    f,
                    "nothing was sent: line {line} is for somebody who is on another line or has a bonus for the study"
                )?;
                if let Some(entry) = entry {
                    write!(f, " (entry {entry} of the journal)")?;
                }
                f.write_str("; `allow_repeats` says that this is meant")
            }
            Self::AlreadyPaid { entry } => {
                write!(f, "nothing was sent: this was paid already, by entry {entry} of the journal")
            }
            Self::Unsettled { entry } => write!(
                f,
                "nothing was sent: it is not known what came of entry {entry} of the journal; `Client::reconcile` finds \
                 it out"
            ),
            Self::NotWritten(_) => f.write_str("nothing was sent: the intent could not be written to the journal"),
            Self::NotRead(_) => f.write_str("nothing was sent: the submissions could not be read"),
            Self::Failed { entry, error, .. } => match error.effect() {
                Effect::NotApplied => write!(f, "nothing was paid (entry {entry} of the journal)"),
                Effect::Applied => {
                    write!(f, "it was paid, but the response cannot be used (entry {entry} of the journal)")
                }
                Effect::Unknown => write!(f, "it is not known whether it was paid (entry {entry} of the journal)"),
            },
            Self::OutcomeNotWritten { entry, .. } => {
                write!(f, "it was paid, but that could not be written to the journal (entry {entry})")
            }
        }
    }
}

impl std::error::Error for PayError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotWritten(source) | Self::OutcomeNotWritten { source, .. } => Some(source),
            Self::Failed { error, .. } | Self::NotRead(error) => Some(error),
            _ => None,
        }
    }
}

/// Why it was not found out what came of an entry. Nothing is changed.
#[non_exhaustive]
pub enum ReconcileError {
    /// The service could not be asked.
    Request(Error),
    /// The journal could not be read, or what was found out could not be written to it.
    Journal(io::Error),
    /// The entry is not in this journal.
    NotInJournal,
}

impl From<Error> for ReconcileError {
    fn from(error: Error) -> Self {
        Self::Request(error)
    }
}

impl From<io::Error> for ReconcileError {
    fn from(error: io::Error) -> Self {
        Self::Journal(error)
    }
}

impl fmt::Display for ReconcileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request(_) => "the service could not be asked what came of a payment",
            Self::Journal(_) => "the journal could not be read or written",
            Self::NotInJournal => "the entry is not in this journal",
        })
    }
}

impl std::error::Error for ReconcileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Request(error) => Some(error),
            Self::Journal(error) => Some(error),
            Self::NotInJournal => None,
        }
    }
}

/// The text first: programs show the errors that end them in this form.
macro_rules! debug {
    ($($name:ident),*) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match std::error::Error::source(self) {
                    Some(source) => write!(f, "{self}: {source:?}"),
                    None => write!(f, "{self}"),
                }
            }
        })*
    };
}

debug!(PrepareError, PayError, ReconcileError);
