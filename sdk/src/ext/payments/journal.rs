//! What a journal is: intents before requests, outcomes after them. Knows no file and sends nothing.

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::generated::types::{BulkBonusId, MinorUnits, ParticipantId, StudyId};
use crate::runtime::Effect;

/// Remembers what a program is about to pay for, and what came of it, so that a program that crashed or lost a response
/// knows what it has to look into: [`unsettled`](Self::unsettled) lists it.
///
/// The intent is written before the request is sent, and the outcome after it. All programs that pay for the same studies
/// should share one journal: it is what keeps two of them from paying the same people.
///
/// [`FileJournal`](super::FileJournal) is a file, and [`MemoryJournal`] is for tests. To keep a journal in a database,
/// implement [`transact`](Self::transact): in a serializable transaction, read all records in their order, and insert the one
/// that `decide` returns. [`Record`] is written and read with serde.
///
/// Payments call it from async code and wait for it, so it should not block for long.
pub trait Journal: Send + Sync {
    /// Passes all records so far to `decide`, and appends the record that it returns, if it returns one. Nobody else
    /// appends in between, and the record is in permanent storage when this returns. `decide` may be called several times
    /// if the transaction has to be repeated; the last call counts.
    ///
    /// # Errors
    ///
    /// When the records cannot be read, or the record may not be in permanent storage. Nothing is paid then.
    fn transact(&self, decide: &mut dyn FnMut(&[Record]) -> Option<Record>) -> io::Result<()>;

    /// All entries, oldest first.
    ///
    /// # Errors
    ///
    /// When the records cannot be read.
    fn entries(&self) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        self.transact(&mut |records| {
            entries = self::entries(records);
            None
        })?;
        Ok(entries)
    }

    /// Writes what came of an entry, for somebody who has found it out in another way, such as in the web application, because
    /// [`Client::reconcile`](crate::Client::reconcile) cannot. That something was applied is not taken back.
    ///
    /// # Errors
    ///
    /// When the outcome cannot be written.
    fn settle(&self, entry: &Entry, effect: Effect) -> io::Result<()> {
        self.transact(&mut |_| Some(Record::outcome(entry.number, effect)))
    }

    /// The entries whose outcome is not known, oldest first. [`Client::reconcile`](crate::Client::reconcile) finds it out.
    ///
    /// # Errors
    ///
    /// When the records cannot be read.
    fn unsettled(&self) -> io::Result<Vec<Entry>> {
        Ok(self.entries()?.into_iter().filter(Entry::is_unsettled).collect())
    }
}

/// What is stored: an intent or an outcome. A JSON object, if written with `serde_json`.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Record(Stored);

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Stored {
    /// `entry` is its number in the journal, from 1.
    Intent { entry: u64, at: u64, to: Intent },
    Outcome {
        entry: u64,
        #[serde(with = "StoredEffect")]
        effect: Effect,
    },
}

/// How an effect is stored.
#[derive(Deserialize, Serialize)]
#[serde(remote = "Effect", rename_all = "snake_case")]
enum StoredEffect {
    NotApplied,
    Unknown,
    Applied,
}

/// What a program was about to do.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Intent {
    /// To pay bonuses that are set up.
    PayBonuses(BonusIntent),
    /// To publish a study.
    PublishStudy(PublishIntent),
}

/// Bonuses that are to be paid.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[non_exhaustive]
pub struct BonusIntent {
    /// The bonuses as they were set up.
    pub bulk_bonus: BulkBonusId,
    /// The study.
    pub study: StudyId,
    /// What is taken from the balance, with fees and VAT.
    pub total: MinorUnits,
    /// A line for each bonus.
    pub lines: Vec<IntendedBonus>,
}

/// A bonus that is to be paid.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[non_exhaustive]
pub struct IntendedBonus {
    /// Who gets it.
    pub participant: ParticipantId,
    /// How much.
    pub amount: MinorUnits,
    /// The bonuses that the participant had for the study before.
    pub before: Vec<MinorUnits>,
}

impl IntendedBonus {
    pub(super) fn new(participant: ParticipantId, amount: MinorUnits, before: Vec<MinorUnits>) -> Self {
        Self { participant, amount, before }
    }
}

/// A study that is to be published.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PublishIntent {
    /// The study.
    pub study: StudyId,
    /// What it costs, with fees and VAT.
    pub total: MinorUnits,
}

/// Something that a program was about to do, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    number: u64,
    at: u64,
    intent: Intent,
    effect: Effect,
}

impl Entry {
    /// Its number in the journal, from 1.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// When the intent was written, to the second, by the clock of the program that wrote it.
    pub fn written_at(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(self.at)).unwrap_or(SystemTime::UNIX_EPOCH)
    }

    /// What the program was about to do.
    pub fn intent(&self) -> &Intent {
        &self.intent
    }

    /// Whether it was done, as far as the journal knows: [`Effect::Unknown`] while it is not settled.
    pub fn effect(&self) -> Effect {
        self.effect
    }

    /// Whether it is not known what came of it.
    pub fn is_unsettled(&self) -> bool {
        self.effect == Effect::Unknown
    }
}

impl Record {
    /// The intent that follows these records.
    pub(super) fn intent(records: &[Self], to: Intent) -> (u64, Self) {
        let entry = last_entry(records) + 1;
        let at = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        (entry, Self(Stored::Intent { entry, at, to }))
    }

    /// Whether it can stand after these: entries are counted from 1, and an outcome is of one of them.
    pub(super) fn follows(&self, records: &[Self]) -> bool {
        let last = last_entry(records);
        match self.0 {
            Stored::Intent { entry, .. } => entry == last + 1,
            Stored::Outcome { entry, .. } => (1..=last).contains(&entry),
        }
    }

    pub(super) fn outcome(entry: u64, effect: Effect) -> Self {
        Self(Stored::Outcome { entry, effect })
    }
}

/// The number of the last entry; 0 if there is none.
fn last_entry(records: &[Record]) -> u64 {
    let number = |record: &Record| match record.0 {
        Stored::Intent { entry, .. } => Some(entry),
        Stored::Outcome { .. } => None,
    };
    records.iter().rev().find_map(number).unwrap_or_default()
}

/// What the records say. That something was done is never taken back: whoever found that it was not may have looked too early.
pub(super) fn entries(records: &[Record]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for Record(record) in records {
        match record {
            Stored::Intent { entry, at, to } => {
                entries.push(Entry { number: *entry, at: *at, intent: to.clone(), effect: Effect::Unknown });
            }
            Stored::Outcome { entry, effect } => {
                // Most are of the last entries.
                let of_entry = |known: &&mut Entry| known.number == *entry;
                if let Some(entry) = entries.iter_mut().rev().find(of_entry)
                    && (entry.is_unsettled() || *effect == Effect::Applied)
                {
                    entry.effect = *effect;
                }
            }
        }
    }
    entries
}

/// A journal in memory, which ends with the program: for tests, and for what need not be known after a crash.
#[derive(Debug, Default)]
pub struct MemoryJournal(Mutex<Vec<Record>>);

impl MemoryJournal {
    /// An empty journal.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl Journal for MemoryJournal {
    fn transact(&self, decide: &mut dyn FnMut(&[Record]) -> Option<Record>) -> io::Result<()> {
        // A panic in `decide` leaves the records as they were.
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(record) = decide(&records) {
            records.push(record);
        }
        Ok(())
    }
}
