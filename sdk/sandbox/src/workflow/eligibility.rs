//! Who can take part: the filters that name groups, studies and people. Participants of a sandbox have no other
//! properties, so that every other filter lets everybody pass.

use serde_json::Value;

use crate::store::World;
use crate::store::study::Study;

/// Fewer than this many are shown as none.
const LEAST: usize = 25;

impl World {
    /// Whether a participant passes the filters of a study, or those of its filter set.
    pub(crate) fn is_eligible(&self, study: &Study, participant: &str) -> bool {
        let set = self.filter_sets.get(study.text("filter_set_id"));
        self.passes(study.list("filters"), participant) && set.is_none_or(|set| self.passes(&set.filters, participant))
    }

    /// How many participants pass all of the filters. Fewer than 25 are shown as none.
    pub(crate) fn count_eligible(&self, filters: &[Value]) -> usize {
        let count = self.participants.keys().filter(|id| self.passes(filters, id)).count();
        if count < LEAST { 0 } else { count }
    }

    /// Whether a participant passes all of the filters. Of the values of one, each will do.
    fn passes(&self, filters: &[Value], participant: &str) -> bool {
        filters.iter().all(|filter| self.passes_one(filter, participant))
    }

    fn passes_one(&self, filter: &Value, participant: &str) -> bool {
        if let Some(filters) = filter["selected_filters"].as_array() {
            return if filter["filter_id"] == "or" {
                filters.iter().any(|filter| self.passes_one(filter, participant))
            } else {
                self.passes(filters, participant)
            };
        }
        let mut values = filter["selected_values"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let in_group = |id: &str| self.groups.get(id).is_some_and(|group| group.has(participant));
        match filter["filter_id"].as_str().unwrap_or_default() {
            "participant_group_allowlist" => values.any(in_group),
            "participant_group_blocklist" => !values.any(in_group),
            "previous_studies_allowlist" => values.any(|study| self.took_part(study, participant)),
            "previous_studies_blocklist" => !values.any(|study| self.took_part(study, participant)),
            "custom_allowlist" => values.any(|id| id == participant),
            "custom_blocklist" => !values.any(|id| id == participant),
            _ => true,
        }
    }

    fn took_part(&self, study: &str, participant: &str) -> bool {
        let mut own = self.submissions.of_participant(study, participant);
        own.any(|submission| submission.status.has_taken_part())
    }
}
