//! Finding out what came of a payment, from what the service shows afterwards. What it does not show is not guessed.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use super::bonuses::Submissions;
use super::error::ReconcileError;
use super::journal::{BonusIntent, Entry, IntendedBonus, Intent, Journal, PublishIntent, Record, entries};
use crate::generated::types::{MinorUnits, ParticipantId, StudyId, StudyStatus};
use crate::runtime::{Client, Effect, Error};

/// How long nothing may be visible of a payment that was made. An hour: the documentation says that bonuses are paid within
/// minutes.
pub const SETTLING_TIME: Duration = Duration::from_secs(3600);

/// # Payments
impl Client {
    /// Finds out whether something was done that the journal has an intent for, and writes it to the journal.
    ///
    /// - **Bonuses** are compared with the `bonus_payments` of the study's submissions. They are paid if everybody has
    ///   the bonus on top of what was there before and what is known of earlier payments. They are not paid if everybody
    ///   has what was there before, and `settling_time` has passed since the intent.
    /// - **Publishing** is seen in the status of the study. A draft is not published if `settling_time` has passed.
    ///
    /// In all other cases the result is [`Effect::Unknown`]: ask again later. The settling time is there because the service
    /// pays some minutes after it responds, and because another program may still be sending the request. With
    /// [`SETTLING_TIME`](crate::payments::SETTLING_TIME) unless you know better.
    ///
    /// A bonus of the same amount that somebody pays outside of the journal after the intent cannot be told from the intended
    /// one. No operation of the API reads a payment back.
    ///
    /// ```no_run
    /// # async fn example(client: prolific_sdk::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use prolific_sdk::Effect;
    /// use prolific_sdk::payments::{FileJournal, Journal, SETTLING_TIME};
    ///
    /// let journal = FileJournal::open("payments.jsonl")?;
    /// for entry in journal.unsettled()? {
    ///     match client.reconcile(&journal, &entry, SETTLING_TIME).await {
    ///         Ok(Effect::Applied) => println!("entry {} was paid", entry.number()),
    ///         Ok(Effect::NotApplied) => println!("entry {} was not paid: prepare it again", entry.number()),
    ///         Ok(Effect::Unknown) => println!("entry {}: look again later", entry.number()),
    ///         Err(error) => println!("entry {}: {error}", entry.number()),
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
            let settled = settled.filter(|other| !other.is_unsettled());
            result = settled.as_ref().map_or(found, Entry::effect);
            settled.is_none().then(|| Record::outcome(entry.number(), found))
        })?;
        Ok(result)
    }

    async fn see_bonuses(&self, intent: &BonusIntent, entry: &Entry, known: &[Entry]) -> Result<Seen, Error> {
        let mut submissions = Submissions::read(self, &intent.study).await?;
        let seen = see(intent, entry, known, &submissions);
        if seen == Seen::All {
            return Ok(seen);
        }
        // That something is not there, a list does not prove.
        let people = intent.lines.iter().map(|line| &line.participant).collect();
        submissions.look_closer(self, &people).await?;
        Ok(see(intent, entry, known, &submissions))
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

/// How much of the bonuses is in these submissions.
fn see(intent: &BonusIntent, entry: &Entry, known: &[Entry], submissions: &Submissions) -> Seen {
    let mut wanted: BTreeMap<(&ParticipantId, MinorUnits), usize> = BTreeMap::new();
    for line in &intent.lines {
        *wanted.entry((&line.participant, line.amount)).or_default() += 1;
    }
    let seen = wanted.into_iter().map(|((participant, amount), times)| {
        let Some(bonuses) = submissions.bonuses(participant) else { return Seen::Something };
        let has = count(&bonuses, amount);
        let before = of_person(intent, participant).map_or(0, |line| count(&line.before, amount));
        let explained = before.max(paid_before(entry, known, &intent.study, participant, amount));
        match has {
            // Neither this one nor one that was paid before and not visible then.
            has if has == before => Seen::Nothing,
            has if has >= explained + times => Seen::All,
            _ => Seen::Something,
        }
    });
    seen.reduce(|one, other| if one == other { one } else { Seen::Something }).unwrap_or(Seen::Something)
}

/// How many bonuses of this amount a participant has by what the journal knows: those from before its first payment, and
/// those that it knows to be paid before this entry. There are none after it: nobody is paid who has an unsettled entry.
fn paid_before(
    entry: &Entry,
    known: &[Entry],
    study: &StudyId,
    participant: &ParticipantId,
    amount: MinorUnits,
) -> usize {
    let earlier = known.iter().filter(|other| other.number() < entry.number());
    let earlier = earlier.filter_map(|other| match other.intent() {
        Intent::PayBonuses(paid) if paid.study == *study => Some((other, paid)),
        _ => None,
    });
    let first = earlier.clone().find_map(|(_, paid)| of_person(paid, participant));
    let paid = earlier.filter(|(other, _)| other.effect() == Effect::Applied).flat_map(|(_, paid)| &paid.lines);
    let paid = paid.filter(|line| line.participant == *participant && line.amount == amount).count();
    first.map_or(0, |line| count(&line.before, amount)) + paid
}

fn of_person<'a>(intent: &'a BonusIntent, participant: &ParticipantId) -> Option<&'a IntendedBonus> {
    intent.lines.iter().find(|line| line.participant == *participant)
}

fn count(bonuses: &[MinorUnits], amount: MinorUnits) -> usize {
    bonuses.iter().filter(|bonus| **bonus == amount).count()
}
