//! What happens to studies, submissions and money, by a request, by a participant or by the clock. Knows no HTTP and no
//! form of a request.

use std::fmt;

use serde_json::Value;

use crate::store::World;
use crate::store::money::TooLittle;
use crate::store::study::Study;
use crate::store::submission::Submission;

pub(crate) mod beginning;
pub(crate) mod bonuses;
pub(crate) mod changes;
pub(crate) mod codes;
pub(crate) mod eligibility;
pub(crate) mod events;
pub(crate) mod studies;
pub(crate) mod submissions;
pub(crate) mod time;
pub(crate) mod webhooks;

#[cfg(test)]
mod tests;

/// The sandbox refuses what was asked for, as the service would or might. The text says why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub(crate) status: u16,
    /// A text, or texts by the names of fields.
    pub(crate) detail: Value,
}

impl Refused {
    pub(crate) fn because(detail: impl Into<Value>) -> Self {
        Self { status: 400, detail: detail.into() }
    }

    pub(crate) fn unknown() -> Self {
        Self { status: 404, detail: "There is nothing at this address.".into() }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.detail {
            Value::String(text) => f.write_str(text),
            other => other.fmt(f),
        }
    }
}

impl std::error::Error for Refused {}

impl From<TooLittle> for Refused {
    fn from(short: TooLittle) -> Self {
        let (needed, available) = (short.needed.to_json(), short.available.to_json());
        Self::because(format!("The balance of the workspace is too low: {needed} is needed, {available} is available."))
    }
}

impl World {
    pub(crate) fn study(&self, id: &str) -> Result<&Study, Refused> {
        self.studies.get(id).ok_or_else(Refused::unknown)
    }

    pub(crate) fn study_mut(&mut self, id: &str) -> Result<&mut Study, Refused> {
        self.studies.get_mut(id).ok_or_else(Refused::unknown)
    }

    pub(crate) fn submission(&self, id: &str) -> Result<&Submission, Refused> {
        self.submissions.get(id).ok_or_else(Refused::unknown)
    }

    pub(crate) fn change_submission<T>(
        &mut self,
        id: &str,
        change: impl FnOnce(&mut Submission) -> T,
    ) -> Result<T, Refused> {
        self.submissions.change(id, change).ok_or_else(Refused::unknown)
    }
}
