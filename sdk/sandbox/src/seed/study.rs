//! A study of a seed with its submissions, from code or from JSON.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value, json};

/// A study of a [`Seed`](crate::Seed): a draft, unless it is [`published`](Self::published).
///
/// In JSON it has the fields of a create request, of which none is needed but the `name`, and can have an `id`, a
/// `project_id`, `published`, `submissions` and a plan: `arrivals` with `count`, `every_seconds` and `code`.
#[derive(Debug, Clone, Deserialize)]
pub struct SeedStudy {
    pub(crate) id: Option<String>,
    pub(crate) project_id: Option<String>,
    #[serde(default)]
    pub(crate) published: bool,
    #[serde(default)]
    pub(crate) submissions: Vec<SeedSubmission>,
    pub(crate) arrivals: Option<Arrivals>,
    #[serde(flatten)]
    pub(crate) fields: Map<String, Value>,
}

/// A participant who has handed in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedSubmission {
    pub(crate) participant_id: String,
    pub(crate) code: Option<String>,
}

/// Participants who come one after the other.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arrivals {
    pub(crate) count: u64,
    pub(crate) every_seconds: u64,
    pub(crate) code: Option<String>,
}

impl SeedStudy {
    /// Creates a draft of a study of ten places, ten minutes and 1.50 pounds, with the completion code `COMPLETED`, which
    /// is reviewed by hand. It is in the first project of the seed.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            id: None,
            project_id: None,
            published: false,
            submissions: Vec::new(),
            arrivals: None,
            fields: Map::new(),
        }
        .field("name", name.into())
    }

    /// Sets the id. By default the study gets the next one that is free.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets the project.
    #[must_use]
    pub fn project(mut self, project_id: impl Into<String>) -> Self {
        self.project_id = Some(project_id.into());
        self
    }

    /// Sets the number of places.
    #[must_use]
    pub fn places(self, places: u64) -> Self {
        self.field("total_available_places", places)
    }

    /// Sets what each participant is paid, in the minor unit: pence.
    #[must_use]
    pub fn reward(self, minor_units: u64) -> Self {
        self.field("reward", minor_units)
    }

    /// Sets any field of a create request, such as `completion_codes` or `filters`, in its JSON.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }

    /// Publishes the study. The balance of the workspace has to be high enough.
    #[must_use]
    pub fn published(mut self) -> Self {
        self.published = true;
        self
    }

    /// Publishes the study, and has a participant hand in with a code.
    #[must_use]
    pub fn submission(mut self, participant_id: impl Into<String>, code: impl Into<String>) -> Self {
        self.submissions.push(SeedSubmission { participant_id: participant_id.into(), code: Some(code.into()) });
        self.published()
    }

    /// Publishes the study, and has it filled over time: so many participants come, one each time that the interval has
    /// passed on the clock of the sandbox, and hand in with a code.
    #[must_use]
    pub fn arrivals(mut self, count: u64, every: Duration, code: impl Into<String>) -> Self {
        self.arrivals = Some(Arrivals { count, every_seconds: every.as_secs(), code: Some(code.into()) });
        self.published()
    }

    /// The fields of a create request.
    pub(crate) fn create_request(&self) -> Map<String, Value> {
        let defaults = json!({
            "description": "A study of the sandbox.",
            "external_study_url": "https://example.org/study",
            "prolific_id_option": "url_parameters",
            "completion_codes": [
                {"code": "COMPLETED", "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}]},
            ],
            "total_available_places": 10,
            "estimated_completion_time": 10,
            "reward": 150,
        });
        let mut fields = defaults.as_object().cloned().unwrap_or_default();
        fields.extend(self.fields.clone());
        fields
    }
}
