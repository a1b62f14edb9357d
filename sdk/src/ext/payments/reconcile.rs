//! Finding out what came of a payment, from what the service shows afterwards. What it does not show is not guessed.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use super::bonuses::Submissions;
use super::error::ReconcileError;
use super::journal::{BonusIntent, Entry, Intent, Journal, PublishIntent, Record, entries};
use crate::generated::types::{MinorUnits, ParticipantId, StudyStatus};
use crate::runtime::{Client, Effect, Error};

/// How long nothing may be visible of a payment that was made. An hour: the documentation says that bonuses are paid within
/// minutes.
pub const SETTLING_TIME: Duration = Duration::from_secs(3600);

/// # Payments
impl Client {
    /// Finds out whether something was done that the journal has an intent for, and writes it to the journal.
    ///
    /// - **Bonuses** are compared with the `bonus_payments` of the study's submissions. They are paid if everybody has
    ///   the bonus on top of what is explained by earlier payments, and not paid if nobody has it and `settling_time` has
    ///   passed since the intent.
    /// - **Publishing** is seen in the status of the study. A draft is not published if `settling_time` has passed.
    ///
    /// In all other cases the result is [`Effect::Unknown`]: ask again later. The settling time is there because the service
    /// pays some minutes after it responds, and because another program may still be sending the request. With
    /// [`SETTLING_TIME`](crate::payments::SETTLING_TIME) unless you know better.
    ///
    /// A bonus of the same amount that somebody pays outside of the journal, between the intent and now, cannot be told from
    /// the intended one. No operation of the API reads a payment back.
    ///
    /// ```no_run
    /// # async fn example(client: prolific_sdk::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use prolific_sdk::Effect;
    /// use prolific_sdk::payments::{FileJournal, Journal, SETTLING_TIME};
    ///
    /// let journal = FileJournal::open("payments.jsonl")?;
    /// for entry in journal.unsettled()? {
    ///     match client.reconcile(&journal, &entry, SETTLING_TIME).await? {
    ///         Effect::Applied => println!("entry {} was paid", entry.number()),
    ///         Effect::NotApplied => println!("entry {} was not paid: prepare it again", entry.number()),
    ///         Effect::Unknown => println!("entry {}: look again later", entry.number()),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the service cannot be asked, or the journal not be used. What came of the entry is as unknown as before.
    pub async fn reconcile(
        &self,
        journal: &dyn Journal,
        entry: &Entry,
        settling_time: Duration,
    ) -> Result<Effect, ReconcileError> {
        let known = journal.entries()?;
        let current = known.iter().find(|other| other.number() == entry.number() && other.intent() == entry.intent());
        let entry = current.ok_or(ReconcileError::NotInJournal)?;
        if !entry.is_unsettled() {
            return Ok(entry.effect());
        }
        // Before the service is asked: what is visible later was not there by then.
        let age = SystemTime::now().duration_since(entry.written_at()).unwrap_or_default();
        let seen = match entry.intent() {
            Intent::PayBonuses(intent) => self.see_bonuses(intent, entry, &known).await?,
            Intent::PublishStudy(intent) => self.see_study(intent).await?,
        };
        let found = match seen {
            Seen::All => Effect::Applied,
            Seen::Nothing if age >= settling_time => Effect::NotApplied,
            Seen::Nothing | Seen::Something => return Ok(Effect::Unknown),
        };
        let mut result = found;
        journal.transact(&mut |records| {
            // Somebody else may have been faster.
            let settled = entries(records).into_iter().find(|other| other.number() == entry.number());
            result = settled.filter(|other| !other.is_unsettled()).map_or(found, |other| other.effect());
            Some(Record::outcome(entry.number(), found))
        })?;
        Ok(result)
    }

    async fn see_bonuses(&self, intent: &BonusIntent, entry: &Entry, known: &[Entry]) -> Result<Seen, Error> {
        let submissions = Submissions::read(self, &intent.study).await?;
        let mut wanted: BTreeMap<(&ParticipantId, MinorUnits), usize> = BTreeMap::new();
        for line in &intent.lines {
            *wanted.entry((&line.participant, line.amount)).or_default() += 1;
        }
        let seen = wanted.into_iter().map(|((participant, amount), times)| {
            let has = count(&submissions.bonuses(participant), amount);
            let explained = explained(intent, entry, known, participant, amount);
            match has.checked_sub(explained) {
                Some(0) => Seen::Nothing,
                Some(more) if more >= times => Seen::All,
                // Of an earlier payment, or of this one, not everything is visible yet.
                Some(_) | None => Seen::Something,
            }
        });
        Ok(seen.reduce(|one, other| if one == other { one } else { Seen::Something }).unwrap_or(Seen::Something))
    }

    async fn see_study(&self, intent: &PublishIntent) -> Result<Seen, Error> {
        Ok(match self.studies().get(&intent.study).send().await?.status {
            StudyStatus::Unpublished => Seen::Nothing,
            StudyStatus::Publishing
            | StudyStatus::Active
            | StudyStatus::Paused
            | StudyStatus::AwaitingReview
            | StudyStatus::Completed => Seen::All,
            // Scheduled by somebody, in the middle of a change, or unknown.
            _ => Seen::Something,
        })
    }
}

/// How much is visible of what was intended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Nothing,
    Something,
    All,
}

/// How many bonuses of this amount a participant has for another reason than this intent: those from before, and those that
/// the journal knows to be paid. One that was paid before and became visible since is not counted twice.
fn explained(
    intent: &BonusIntent,
    entry: &Entry,
    known: &[Entry],
    participant: &ParticipantId,
    amount: MinorUnits,
) -> usize {
    let before = |intent: &BonusIntent| {
        let line = intent.lines.iter().find(|line| line.participant == *participant);
        line.map(|line| count(&line.before, amount))
    };
    let of_study = known.iter().filter_map(|other| match other.intent() {
        Intent::PayBonuses(paid) if paid.study == intent.study => Some((other, paid)),
        _ => None,
    });
    let first = of_study.clone().find_map(|(_, paid)| before(paid)).unwrap_or_default();
    let paid = |is_counted: &dyn Fn(&Entry) -> bool| {
        let counted = of_study.clone().filter(|(other, _)| other.effect() == Effect::Applied && is_counted(other));
        let lines = counted.flat_map(|(_, paid)| &paid.lines);
        lines.filter(|line| line.participant == *participant && line.amount == amount).count()
    };
    let earlier = paid(&|other| other.number() < entry.number());
    let later = paid(&|other| other.number() > entry.number());
    before(intent).unwrap_or_default().max(first + earlier) + later
}

fn count(bonuses: &[MinorUnits], amount: MinorUnits) -> usize {
    bonuses.iter().filter(|bonus| **bonus == amount).count()
}
