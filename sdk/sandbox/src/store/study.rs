//! One study: what its author has written, and where it stands. Knows neither submissions nor money.

use serde_json::{Map, Value, json};

use super::clock::Moment;
use super::money::{Money, Price};
use crate::machine::StudyStatus;

#[derive(Debug)]
pub(crate) struct Study {
    pub(crate) id: String,
    pub(crate) workspace: String,
    pub(crate) project: String,
    /// The documented properties that were sent, as they were sent.
    pub(crate) fields: Map<String, Value>,
    /// Its names in lower case, so that a search through all studies does not go through their fields.
    pub(crate) names: String,
    pub(crate) status: StudyStatus,
    /// Whether it was stopped: no places are filled any more.
    pub(crate) is_stopped: bool,
    /// Whether it is for test participants, who are not paid.
    pub(crate) is_test: bool,
    pub(crate) date_created: Moment,
    pub(crate) published_at: Option<Moment>,
    pub(crate) publish_at: Option<Moment>,
}

/// The names in the fields of a study, in lower case, each on a line.
pub(crate) fn names(fields: &Map<String, Value>) -> String {
    let name = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default().to_lowercase();
    ["name", "internal_name"].map(name).join("\n")
}

impl Study {
    /// Changes the fields. Returns those that it had.
    pub(crate) fn replace_fields(&mut self, fields: Map<String, Value>) -> Map<String, Value> {
        self.names = names(&fields);
        std::mem::replace(&mut self.fields, fields)
    }

    pub(crate) fn number(&self, name: &str) -> u64 {
        self.fields.get(name).and_then(Value::as_u64).unwrap_or_default()
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        self.fields.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub(crate) fn list(&self, name: &str) -> &[Value] {
        self.fields.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn places(&self) -> u64 {
        self.number("total_available_places")
    }

    /// What one participant costs.
    pub(crate) fn price(&self) -> Price {
        if self.is_test { Price::default() } else { Price::of(Money::minor(self.number("reward"))) }
    }

    /// In minutes: what was sent, or the least that is allowed.
    pub(crate) fn maximum_time(&self) -> u64 {
        let given = self.number("maximum_allowed_time");
        if given > 0 { given } else { least_maximum_time(self.number("estimated_completion_time")) }
    }

    /// A limit of `submissions_config`. `None` if there is none.
    pub(crate) fn limit(&self, name: &str, default: Option<u64>) -> Option<u64> {
        match self.fields.get("submissions_config").map(|config| &config[name]) {
            None | Some(Value::Null) => default,
            Some(value) => value.as_u64(),
        }
    }

    /// Whether its fields are complete. Money is not looked at.
    pub(crate) fn is_ready(&self) -> bool {
        let is_given = |name: &str| self.fields.get(name).is_some_and(|value| !value.is_null() && value != "");
        let numbers = ["total_available_places", "estimated_completion_time", "reward"];
        numbers.into_iter().all(|name| self.number(name) > 0)
            && ["name", "description"].into_iter().all(is_given)
            && ["external_study_url", "access_details", "data_collection_method"].into_iter().any(is_given)
            && !self.list("completion_codes").is_empty()
    }

    /// The completion code with this text.
    pub(crate) fn code(&self, text: &str) -> Option<&Value> {
        self.list("completion_codes").iter().find(|code| code["code"] == text)
    }

    /// What a list of studies shows.
    pub(crate) fn summary(&self, numbers: &Numbers) -> Value {
        json!({
            "id": self.id,
            "name": self.text("name"),
            "internal_name": self.fields.get("internal_name"),
            "status": self.status.as_str(),
            "study_type": "SINGLE",
            "estimated_completion_time": self.number("estimated_completion_time"),
            "total_available_places": self.places(),
            "places_taken": numbers.places_taken,
            "number_of_submissions": numbers.submissions,
            "reward": self.number("reward"),
            "total_cost": self.total_cost(),
            "published_at": self.published_at.map(Moment::text),
            "publish_at": self.publish_at.map(Moment::text),
            "date_created": self.date_created.text(),
            "is_ready_to_publish": self.is_ready(),
        })
    }

    fn total_cost(&self) -> Value {
        self.price().total().times(self.places()).map_or(Value::Null, Money::to_json)
    }

    /// The study as it is returned.
    pub(crate) fn to_json(&self, numbers: &Numbers) -> Value {
        let mut shown = self.fields.clone();
        let summary = self.summary(numbers);
        let derived = summary.as_object().into_iter().flatten();
        // The reward of a study per hour, in the minor unit.
        let (reward, minutes) = (self.number("reward"), self.number("estimated_completion_time").max(1));
        let per_hour = u128::from(reward) * 60 / u128::from(minutes);
        let more = json!({
            "project": self.project,
            "workspace": self.workspace,
            "maximum_allowed_time": self.maximum_time(),
            "currency_code": numbers.currency,
            "presentment_currency_code": numbers.currency,
            "estimated_reward_per_hour": u64::try_from(per_hour).unwrap_or(u64::MAX),
            "average_reward_per_hour": numbers.average_reward_per_hour,
            "is_underpaying": per_hour < 600,
            "has_credentials": self.fields.get("credential_pool_id").is_some_and(|pool| !pool.is_null()),
        });
        let more = more.as_object().into_iter().flatten();
        shown
            .extend(derived.filter(|(name, _)| *name != "study_type").chain(more).map(|(k, v)| (k.clone(), v.clone())));
        for code in shown.get_mut("completion_codes").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(code) = code.as_object_mut() {
                code.entry("actor").or_insert_with(|| "participant".into());
            }
        }
        Value::Object(shown)
    }
}

/// What is shown of a study that others know.
#[derive(Debug)]
pub(crate) struct Numbers {
    pub(crate) submissions: usize,
    pub(crate) places_taken: u64,
    pub(crate) currency: &'static str,
    pub(crate) average_reward_per_hour: Value,
}

/// The least maximum time for an estimate, in minutes: 2 + 2 × the estimate + 2 × its square root, rounded up.
pub(crate) fn least_maximum_time(estimate: u64) -> u64 {
    // Twice the root is the root of four times the estimate.
    let four = estimate.saturating_mul(4);
    let root = four.isqrt();
    let rounded = if root * root == four { root } else { root + 1 };
    estimate.saturating_mul(2).saturating_add(2).saturating_add(rounded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_maximum_time_is_the_formula_rounded_up() {
        // For five minutes, 16.47.
        assert_eq!([1, 5, 10, 25].map(least_maximum_time), [6, 17, 29, 62]);
    }
}
