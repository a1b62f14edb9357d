//! The submissions of a sandbox, with what is counted of those of each study, so that no rule goes through all of them.

use std::collections::{BTreeMap, HashMap};

use indexmap::IndexMap;

use super::submission::Submission;
use crate::machine::SubmissionStatus;

/// All submissions. They are changed only through [`change`](Self::change), which keeps the numbers right, and none is
/// ever removed.
#[derive(Debug, Default)]
pub(crate) struct Submissions {
    /// By id.
    all: IndexMap<String, Submission>,
    /// By the id of the study.
    rolls: HashMap<String, Roll>,
    /// That of a study without submissions.
    none: Roll,
}

/// The submissions of one study, and how many there are of each kind.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Roll {
    /// The places among all submissions, in the order in which they began.
    own: Vec<usize>,
    /// The same by participant.
    by_participant: HashMap<String, Vec<usize>>,
    /// Without those of which there are none.
    by_status: BTreeMap<SubmissionStatus, u64>,
    /// Those who were screened out with a code, by the code.
    screened_out: BTreeMap<String, u64>,
    /// Those who have finished, and the seconds that all of them together took.
    finished: u64,
    seconds: u64,
}

impl Submissions {
    pub(crate) fn get(&self, id: &str) -> Option<&Submission> {
        self.all.get(id)
    }

    /// In the order in which they began.
    pub(crate) fn values(&self) -> impl DoubleEndedIterator<Item = &Submission> + ExactSizeIterator {
        self.all.values()
    }

    /// Adds a new one.
    pub(crate) fn add(&mut self, submission: Submission) {
        let place = self.all.len();
        let roll = self.rolls.entry(submission.study.clone()).or_default();
        roll.own.push(place);
        roll.by_participant.entry(submission.participant.clone()).or_default().push(place);
        roll.count(&submission, u64::saturating_add);
        self.all.insert(submission.id.clone(), submission);
    }

    /// Changes one, except for its id, study and participant. `None` if there is no such submission.
    pub(crate) fn change<T>(&mut self, id: &str, change: impl FnOnce(&mut Submission) -> T) -> Option<T> {
        let submission = self.all.get_mut(id)?;
        let roll = self.rolls.entry(submission.study.clone()).or_default();
        roll.count(submission, u64::saturating_sub);
        let result = change(submission);
        roll.count(submission, u64::saturating_add);
        roll.by_status.retain(|_, number| *number > 0);
        Some(result)
    }

    /// What is counted of those of a study.
    pub(crate) fn roll(&self, study: &str) -> &Roll {
        self.rolls.get(study).unwrap_or(&self.none)
    }

    /// Those of a study, in the order in which they began.
    pub(crate) fn of(&self, study: &str) -> impl DoubleEndedIterator<Item = &Submission> {
        self.at(&self.roll(study).own)
    }

    /// Those of a participant in a study, in the order in which they began.
    pub(crate) fn of_participant(
        &self,
        study: &str,
        participant: &str,
    ) -> impl DoubleEndedIterator<Item = &Submission> + ExactSizeIterator {
        self.at(self.roll(study).by_participant.get(participant).map_or(&[], Vec::as_slice))
    }

    fn at<'a>(&'a self, places: &'a [usize]) -> impl DoubleEndedIterator<Item = &'a Submission> + ExactSizeIterator {
        places.iter().map(|place| &self.all[*place])
    }
}

impl Roll {
    fn count(&mut self, submission: &Submission, add: fn(u64, u64) -> u64) {
        let one = |number: &mut u64| *number = add(*number, 1);
        one(self.by_status.entry(submission.status).or_default());
        if let Some(seconds) = submission.time_taken() {
            one(&mut self.finished);
            self.seconds = add(self.seconds, seconds);
        }
        if let (SubmissionStatus::ScreenedOut, Some(code)) = (submission.status, &submission.code) {
            one(self.screened_out.entry(code.clone()).or_default());
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.own.len()
    }

    /// How many have this status.
    pub(crate) fn with(&self, status: SubmissionStatus) -> u64 {
        self.by_status.get(&status).copied().unwrap_or_default()
    }

    /// How many have a status that fits.
    pub(crate) fn number(&self, fits: fn(SubmissionStatus) -> bool) -> u64 {
        self.by_status.iter().filter(|(status, _)| fits(**status)).map(|(_, number)| number).sum()
    }

    /// How many were screened out with a code.
    pub(crate) fn screened_out(&self, code: &str) -> u64 {
        self.screened_out.get(code).copied().unwrap_or_default()
    }

    /// The seconds that those who have finished took on average. 0 if nobody has.
    pub(crate) fn average_seconds(&self) -> u64 {
        self.seconds / self.finished.max(1)
    }
}

#[cfg(test)]
impl Submissions {
    /// What would be counted if everything were counted now.
    pub(crate) fn counted_anew(&self, study: &str) -> Roll {
        let mut anew = Self::default();
        for submission in self.values() {
            anew.add(submission.clone());
        }
        anew.roll(study).clone()
    }
}
