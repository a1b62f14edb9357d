//! One submission: who takes part in which study, and how far they are.

use serde_json::{Value, json};

use super::clock::Moment;
use super::money::Money;
use crate::machine::SubmissionStatus;

#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(crate) struct Submission {
    pub(crate) id: String,
    pub(crate) study: String,
    pub(crate) participant: String,
    pub(crate) status: SubmissionStatus,
    /// When the place was reserved, or when the participant began.
    pub(crate) started_at: Moment,
    pub(crate) completed_at: Option<Moment>,
    /// The code that the participant gave.
    pub(crate) code: Option<String>,
    pub(crate) return_requested: Option<Moment>,
    /// The payments beside the reward, in their order.
    pub(crate) bonuses: Vec<Money>,
}

impl Submission {
    /// In seconds.
    pub(crate) fn time_taken(&self) -> Option<u64> {
        self.completed_at.map(|end| end.since(self.started_at).as_secs())
    }

    fn bonus_payments(&self) -> Vec<Value> {
        self.bonuses.iter().map(|bonus| bonus.to_json()).collect()
    }

    /// What lists show. `has_siblings` says whether the participant has others in the study.
    pub(crate) fn summary(&self, reward: u64, has_siblings: bool) -> Value {
        json!({
            "id": self.id,
            "participant_id": self.participant,
            "status": self.status.as_str(),
            "started_at": self.started_at.text(),
            "completed_at": self.completed_at.map(Moment::text),
            "has_siblings": has_siblings,
            "study_code": self.shown_code(),
            "return_requested": self.return_requested.map(Moment::text),
            "is_complete": self.completed_at.is_some(),
            "time_taken": self.time_taken(),
            "reward": reward,
            "bonus_payments": self.bonus_payments(),
            "ip": null,
            "strata": {},
        })
    }

    /// A single submission, which has other names for some properties.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "participant": self.participant,
            "study_id": self.study,
            "status": self.status.as_str(),
            "started_at": self.started_at.text(),
            "completed_at": self.completed_at.map(Moment::text),
            "entered_code": self.shown_code(),
            "return_requested": self.return_requested.map(Moment::text),
            "bonus_payments": self.bonus_payments(),
        })
    }

    /// `NOCODE` stands for none.
    fn shown_code(&self) -> Option<&str> {
        self.completed_at.map(|_| self.code.as_deref().unwrap_or("NOCODE"))
    }
}
