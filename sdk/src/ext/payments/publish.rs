//! Publishing a study once, with a look at what it costs, and with a journal.

use super::error::{PayError, PrepareError};
use super::journal::{Entry, Intent, Journal, PublishIntent};
use super::payment::{self, Payment};
use crate::generated::studies::Studies;
use crate::generated::types::{
    MinorUnits, Study, StudyAction, StudyCost, StudyCostAmount, StudyId, StudyStatus, StudyTransition,
};
use crate::runtime::{Client, Effect};

/// A draft that is ready to be published, and what that costs. Dropping it publishes nothing.
///
/// Returned by [`Studies::prepare_publishing`], which has an example.
#[derive(Debug)]
#[must_use = "nothing is published until `publish` is called and awaited"]
pub struct PublishQuote {
    client: Client,
    study: Study,
    total: MinorUnits,
    currency: Option<String>,
    at_most: Option<MinorUnits>,
    repeat_is_meant: bool,
}

impl PublishQuote {
    /// The draft.
    pub fn study(&self) -> &Study {
        &self.study
    }

    /// What publishing reserves of the balance, with fees and taxes.
    pub fn total(&self) -> MinorUnits {
        self.total
    }

    /// The code of the currency, if the service said it.
    pub fn currency(&self) -> Option<&str> {
        self.currency.as_deref()
    }

    /// Sets the most that may be reserved, with fees and taxes. No limit by default.
    pub fn at_most(self, total: MinorUnits) -> Self {
        Self { at_most: Some(total), ..self }
    }

    /// Says that the study is meant to be published though the journal says that it was: an accepted study can become a
    /// draft again, if the balance was too low.
    pub fn allow_repeat(self) -> Self {
        Self { repeat_is_meant: true, ..self }
    }

    /// Publishes the study. The request is never repeated after it may have been performed; if its outcome is unknown,
    /// the journal has an unsettled entry, and [`Client::reconcile`] finds out what happened. Nothing is sent if the
    /// journal has an entry of the same study that is not known to have failed. If the future is dropped before it ends,
    /// the entry is unsettled.
    ///
    /// The cost is that of the draft at the time of the quote: let nobody change it in between.
    ///
    /// # Errors
    ///
    /// [`PayError::effect`] says whether the study is published.
    pub async fn publish(self, journal: &dyn Journal) -> Result<Payment, PayError> {
        payment::check_limit(self.total, self.at_most)?;
        let intent = PublishIntent { study: self.study.id.clone(), total: self.total };
        let against = |entry: &Entry| match entry.intent() {
            Intent::PublishStudy(other) if other.study == intent.study => match entry.effect() {
                Effect::Applied if self.repeat_is_meant => None,
                Effect::Applied => Some(PayError::AlreadyPaid { entry: entry.number() }),
                Effect::Unknown => Some(PayError::Unsettled { entry: entry.number() }),
                Effect::NotApplied => None,
            },
            _ => None,
        };
        let to = || Intent::PublishStudy(intent.clone());
        let number = payment::begin(journal, |known| known.iter().find_map(against), to)?;
        let publish = StudyTransition::new(StudyAction::Publish);
        let sent = self.client.studies().transition(&self.study.id, publish).send().await;
        payment::finish(journal, number, sent.map(drop))
    }
}

/// # Publishing once
impl Studies {
    /// Reads a draft and what it costs, and returns a quote. Nothing is published until [`PublishQuote::publish`] is called.
    ///
    /// ```no_run
    /// # async fn example(client: prolific_sdk::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use prolific_sdk::payments::FileJournal;
    /// use prolific_sdk::types::MinorUnits;
    ///
    /// let journal = FileJournal::open("payments.jsonl")?;
    /// let quote = client.studies().prepare_publishing("64b0f3c2a9d41e0007c5d801").await?;
    /// println!("{} costs {}", quote.study().name, quote.total().to_major());
    /// quote.at_most(MinorUnits::new(50_000)).publish(&journal).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the study is not a draft, when the service does not say what it costs, or when a request fails. Nothing is
    /// published.
    pub async fn prepare_publishing(&self, study: impl Into<StudyId>) -> Result<PublishQuote, PrepareError> {
        let id = study.into();
        let study = self.get(&id).send().await?;
        if study.status != StudyStatus::Unpublished {
            return Err(PrepareError::NotADraft(study.status));
        }
        let cost = self.cost(&id).is_projected(true).send().await?;
        let amounts = parts(&cost);
        let total = amounts.iter().filter_map(|part| part.amount).try_fold(MinorUnits::ZERO, MinorUnits::checked_add);
        let total = total.filter(|total| *total > MinorUnits::ZERO).ok_or(PrepareError::NoCost)?;
        let currency = amounts.into_iter().find_map(|part| part.currency.clone());
        Ok(PublishQuote { client: self.client.clone(), study, total, currency, at_most: None, repeat_is_meant: false })
    }
}

/// The amounts that a cost consists of.
fn parts(cost: &StudyCost) -> Vec<&StudyCostAmount> {
    let breakdowns = cost.rewards.iter().chain(&cost.bonuses);
    let parts =
        breakdowns.flat_map(|part| [&part.rewards, &part.fees, &part.tax, &part.rep_sample_fees, &part.rep_sample_tax]);
    parts.flatten().collect()
}
