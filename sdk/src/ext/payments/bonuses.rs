//! Paying bonuses once: a quote that shows what is paid and to whom, and a payment that a journal knows of.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{PayError, PrepareError};
use super::journal::{BonusIntent, Entry, IntendedBonus, Intent, Journal};
use super::payment::{self, Payment};
use crate::generated::bonuses::Bonuses;
use crate::generated::types::{BulkBonus, MajorUnits, MinorUnits, ParticipantId, SetUpBonuses, StudyId, SubmissionId};
use crate::runtime::{Client, Effect, Error};

/// A bonus to set up: whose, and how much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BonusLine {
    recipient: Recipient,
    amount: MajorUnits,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Recipient {
    Participant(ParticipantId),
    Submission(SubmissionId),
}

impl BonusLine {
    /// A bonus for a participant of the study, in pounds or dollars.
    pub fn for_participant(id: impl Into<ParticipantId>, amount: MajorUnits) -> Self {
        Self { recipient: Recipient::Participant(id.into()), amount }
    }

    /// A bonus for whoever made this submission to the study, in pounds or dollars.
    pub fn for_submission(id: impl Into<SubmissionId>, amount: MajorUnits) -> Self {
        Self { recipient: Recipient::Submission(id.into()), amount }
    }

    fn id(&self) -> &str {
        match &self.recipient {
            Recipient::Participant(id) => id.as_str(),
            Recipient::Submission(id) => id.as_str(),
        }
    }

    /// Why the service cannot be sent this, or the amount in the minor unit.
    fn check(&self) -> Result<MinorUnits, &'static str> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if self.id().is_empty() || !self.id().chars().all(is_plain) {
            return Err("the id is blank, or has characters that ids do not have");
        }
        let minor = self.amount.to_minor().ok_or("the amount has too many digits")?;
        if minor <= MinorUnits::ZERO {
            return Err("the amount is not positive");
        }
        if minor.is_whole() { Ok(minor) } else { Err("the amount has more than two digits behind the point") }
    }
}

/// A bonus that is set up, with what its recipient has had so far.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct QuotedBonus {
    /// Who gets it.
    pub participant: ParticipantId,
    /// How much.
    pub amount: MinorUnits,
    /// The bonuses that the participant has had for the study already.
    pub before: Vec<MinorUnits>,
    /// Whether the participant is on another line of this quote, or has had a bonus for the study already.
    pub is_repeated: bool,
}

/// Bonuses that are set up and not paid: what they cost, and who gets them. Dropping it pays nothing.
///
/// Returned by [`Bonuses::prepare`], which has an example.
#[derive(Debug)]
#[must_use = "nothing is paid until `pay` is called and awaited"]
pub struct Quote {
    client: Client,
    bulk_bonus: BulkBonus,
    study: StudyId,
    currency: Option<String>,
    lines: Vec<QuotedBonus>,
    at_most: Option<MinorUnits>,
    repeats_are_meant: bool,
}

impl Quote {
    /// The bonuses as the service set them up, with their id.
    pub fn bulk_bonus(&self) -> &BulkBonus {
        &self.bulk_bonus
    }

    /// What the participants get together.
    pub fn amount(&self) -> Option<MinorUnits> {
        self.bulk_bonus.amount
    }

    /// The service's fees. `None` if the service did not say.
    pub fn fees(&self) -> Option<MinorUnits> {
        self.bulk_bonus.fees
    }

    /// The VAT. `None` if the service did not say.
    pub fn vat(&self) -> Option<MinorUnits> {
        self.bulk_bonus.vat
    }

    /// What is taken from the balance of the workspace.
    pub fn total(&self) -> MinorUnits {
        self.bulk_bonus.total_amount
    }

    /// The code of the study's currency, if the service said it; it is not documented.
    pub fn currency(&self) -> Option<&str> {
        self.currency.as_deref()
    }

    /// The bonuses, in the order of the lines that were given.
    pub fn lines(&self) -> &[QuotedBonus] {
        &self.lines
    }

    /// The bonuses for participants who are on several lines, or have had a bonus for the study already. If there are any,
    /// [`pay`](Self::pay) fails unless [`allow_repeats`](Self::allow_repeats) says that they are meant.
    pub fn repeats(&self) -> impl Iterator<Item = &QuotedBonus> {
        self.lines.iter().filter(|line| line.is_repeated)
    }

    /// Sets the most that may be taken from the balance, with fees and VAT. No limit by default.
    pub fn at_most(self, total: MinorUnits) -> Self {
        Self { at_most: Some(total), ..self }
    }

    /// Says that [`repeats`](Self::repeats) are meant, and that payments to the same people in the journal are no reason to
    /// stop.
    pub fn allow_repeats(self) -> Self {
        Self { repeats_are_meant: true, ..self }
    }

    /// Pays the bonuses. The request is never repeated after it may have been performed; if its outcome is unknown, the
    /// journal has an unsettled entry, and [`Client::reconcile`] finds out what happened.
    ///
    /// Reads the submissions once more, since time has passed since the quote. Then the journal is asked, in one step with
    /// writing the intent: nothing is sent if it knows of a payment of these bonuses, of an unsettled payment to one of
    /// these people for the study, or, unless repeats are allowed, of a payment to one of them. If the future is dropped
    /// before it ends, the entry is unsettled.
    ///
    /// # Errors
    ///
    /// [`PayError::effect`] says whether the bonuses are paid.
    pub async fn pay(self, journal: &dyn Journal) -> Result<Payment, PayError> {
        payment::check_limit(self.total(), self.at_most)?;
        let repeated = self.lines.iter().position(|line| line.is_repeated);
        if let Some(at) = repeated.filter(|_| !self.repeats_are_meant) {
            return Err(PayError::Repeated { line: at + 1, entry: None });
        }
        // As late as possible: what is there now is not taken for what is paid below.
        let now = Submissions::read(&self.client, &self.study).await.map_err(PayError::NotRead)?;
        let mut lines = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            let before = now.bonuses(&line.participant).unwrap_or_else(|| line.before.clone());
            if before != line.before && !self.repeats_are_meant {
                return Err(PayError::Repeated { line: at + 1, entry: None });
            }
            lines.push(IntendedBonus::new(line.participant.clone(), line.amount, before));
        }
        let intent = BonusIntent {
            bulk_bonus: self.bulk_bonus.id.clone(),
            study: self.study.clone(),
            total: self.total(),
            lines,
        };
        let number = begin(journal, &intent, self.repeats_are_meant)?;
        let sent = self.client.bonuses().pay(&self.bulk_bonus.id).send().await;
        payment::finish(journal, number, sent.map(drop))
    }
}

/// Writes the intent, unless the journal has a reason not to pay.
fn begin(journal: &dyn Journal, intent: &BonusIntent, repeats_are_meant: bool) -> Result<u64, PayError> {
    // Of somebody on several lines, the first.
    let lines: BTreeMap<_, _> =
        intent.lines.iter().enumerate().rev().map(|(at, line)| (&line.participant, at)).collect();
    let against = |entry: &Entry| match entry.intent() {
        Intent::PayBonuses(other) if entry.effect() != Effect::NotApplied => {
            let is_same = other.bulk_bonus == intent.bulk_bonus;
            let met = other.lines.iter().filter_map(|line| lines.get(&line.participant)).min();
            let met = met.filter(|_| other.study == intent.study);
            match () {
                () if (is_same || met.is_some()) && entry.is_unsettled() => {
                    Some(PayError::Unsettled { entry: entry.number() })
                }
                () if is_same => Some(PayError::AlreadyPaid { entry: entry.number() }),
                () if repeats_are_meant => None,
                () => met.map(|at| PayError::Repeated { line: at + 1, entry: Some(entry.number()) }),
            }
        }
        _ => None,
    };
    payment::begin(journal, |known| known.iter().find_map(against), || Intent::PayBonuses(intent.clone()))
}

/// # Paying once
impl Bonuses {
    /// Sets up bonuses and returns a quote: what they cost, who gets them, and who has had a bonus for the study before.
    /// Nothing is paid until [`Quote::pay`] is called.
    ///
    /// Reads the study and its submissions first. The documentation recommends at most 200 lines, and not to prepare
    /// or pay bonuses of a workspace at the same time.
    ///
    /// ```no_run
    /// # async fn example(client: prolific_sdk::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use prolific_sdk::payments::{BonusLine, FileJournal};
    /// use prolific_sdk::types::MinorUnits;
    ///
    /// let journal = FileJournal::open("payments.jsonl")?;
    /// let lines = [
    ///     BonusLine::for_participant("5e9b9c9b0f9c9a0001b0b1f4", "1.50".parse()?),
    ///     BonusLine::for_participant("5e9b9c9b0f9c9a0001b0b1f5", "0.50".parse()?),
    /// ];
    /// let quote = client.bonuses().prepare("64b0f3c2a9d41e0007c5d801", lines).await?;
    /// println!("{} bonuses, {} in all", quote.lines().len(), quote.total().to_major());
    /// quote.at_most(MinorUnits::new(500)).pay(&journal).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When a line cannot be sent, when somebody has not taken part in the study, when a request fails, or when the service
    /// understood other amounts than were sent. Nothing is paid.
    pub async fn prepare(
        &self,
        study: impl Into<StudyId>,
        lines: impl IntoIterator<Item = BonusLine>,
    ) -> Result<Quote, PrepareError> {
        let (study, given) = (study.into(), Vec::from_iter(lines));
        let mut sum = MinorUnits::ZERO;
        let mut amounts = Vec::new();
        for (number, line) in given.iter().enumerate() {
            let amount = line.check().map_err(|reason| PrepareError::InvalidLine { line: number + 1, reason })?;
            sum = sum.checked_add(amount).ok_or(PrepareError::InvalidLine { line: number + 1, reason: TOO_MUCH })?;
            amounts.push(amount);
        }
        if given.is_empty() {
            return Err(PrepareError::NoLines);
        }
        let described = self.client.studies().get(&study).send().await?;
        let taken = Submissions::read(&self.client, &study).await?;
        let mut lines = Vec::new();
        for (number, (line, amount)) in given.iter().zip(amounts).enumerate() {
            let participant = taken.participant(line).ok_or(PrepareError::NotInStudy { line: number + 1 })?;
            let before = taken.bonuses(participant).unwrap_or_default();
            lines.push(QuotedBonus {
                participant: participant.clone(),
                amount,
                is_repeated: !before.is_empty(),
                before,
            });
        }
        let mut counts: BTreeMap<ParticipantId, usize> = BTreeMap::new();
        for line in &lines {
            *counts.entry(line.participant.clone()).or_default() += 1;
        }
        for line in &mut lines {
            line.is_repeated |= counts.get(&line.participant).is_some_and(|count| *count > 1);
        }
        let csv = given.iter().map(|line| format!("{},{}", line.id(), line.amount)).collect::<Vec<_>>().join("\n");
        let bulk_bonus = self.set_up(SetUpBonuses::new(&study, csv)).send().await?;
        let is_other = bulk_bonus.study.as_ref().is_some_and(|other| *other != study)
            || bulk_bonus.amount.is_some_and(|amount| amount != sum);
        if is_other || bulk_bonus.total_amount < sum {
            return Err(PrepareError::Misunderstood { sent: sum, bulk_bonus: Box::new(bulk_bonus) });
        }
        let currency = described.presentment_currency_code.or(described.currency_code);
        Ok(Quote {
            client: self.client.clone(),
            bulk_bonus,
            study,
            currency,
            lines,
            at_most: None,
            repeats_are_meant: false,
        })
    }
}

const TOO_MUCH: &str = "the amounts up to here have too many digits together";

/// Who has taken part in a study, and the bonuses that they were paid.
pub(super) struct Submissions(BTreeMap<SubmissionId, (ParticipantId, Option<Vec<MinorUnits>>)>);

impl Submissions {
    pub(super) async fn read(client: &Client, study: &StudyId) -> Result<Self, Error> {
        let submissions = client.submissions();
        let mut found = BTreeMap::new();
        let mut listed = submissions.list(study).page_size(PAGE_SIZE).stream();
        while let Some(submission) = listed.try_next().await? {
            // The list has them as well, but only the single submission is documented to.
            let bonuses = match submission.bonus_payments {
                Some(bonuses) => Some(bonuses),
                None => submissions.get(&submission.id).send().await?.bonus_payments,
            };
            found.insert(submission.id, (submission.participant_id, bonuses));
        }
        Ok(Self(found))
    }

    /// Reads the submissions of these people one by one, as documented, and not from a list.
    pub(super) async fn look_closer(
        &mut self,
        client: &Client,
        people: &BTreeSet<&ParticipantId>,
    ) -> Result<(), Error> {
        for (id, (participant, bonuses)) in &mut self.0 {
            if people.contains(participant) {
                *bonuses = client.submissions().get(id).send().await?.bonus_payments;
            }
        }
        Ok(())
    }

    fn participant(&self, line: &BonusLine) -> Option<&ParticipantId> {
        match &line.recipient {
            Recipient::Submission(id) => self.0.get(id).map(|(participant, _)| participant),
            Recipient::Participant(id) => {
                self.0.values().map(|(participant, _)| participant).find(|other| *other == id)
            }
        }
    }

    /// All bonuses of a participant for the study. Which of several submissions gets one is not documented. `None` if the
    /// participant is not there, or if the service does not say it of a submission.
    pub(super) fn bonuses(&self, participant: &ParticipantId) -> Option<Vec<MinorUnits>> {
        let mut own = self.0.values().filter(|(other, _)| other == participant).peekable();
        own.peek()?;
        let bonuses: Option<Vec<_>> = own.map(|(_, bonuses)| bonuses.clone()).collect();
        Some(bonuses?.concat())
    }
}

/// The largest page that other clients have been seen to get.
const PAGE_SIZE: u64 = 100;
