//! What a study may consist of, and what of it can be changed when.

use serde_json::{Map, Value, json};

use super::Refused;
use crate::machine::StudyStatus;
use crate::store::World;
use crate::store::money::Money;
use crate::store::study::{Study, least_maximum_time};

/// What can be changed after publishing.
const EDITABLE: [&str; 5] =
    ["internal_name", "total_available_places", "access_details", "data_collection_metadata", "submissions_config"];

impl World {
    /// Changes a study. Nothing changes if one of the changes is not allowed.
    pub(crate) fn update_study(&mut self, id: &str, changes: Map<String, Value>) -> Result<(), Refused> {
        let study = self.study(id)?;
        let changes: Map<_, _> =
            changes.into_iter().filter(|(name, value)| study.fields.get(name) != Some(value)).collect();
        let is_draft = study.status == StudyStatus::Unpublished;
        if !is_draft {
            let frozen = changes.iter().filter(|(name, value)| {
                let is_more_slots = *name == "completion_codes" && raises_slots(study, value);
                !EDITABLE.contains(&name.as_str()) && !is_more_slots
            });
            let problem = "This field can only be changed in a draft.";
            let frozen: Map<_, _> = frozen.map(|(name, _)| (name.clone(), json!([problem]))).collect();
            if !frozen.is_empty() {
                return Err(Refused::because(Value::Object(frozen)));
            }
        }
        let mut fields = study.fields.clone();
        for (name, value) in changes {
            match (fields.get_mut(&name), value) {
                // Tasks are added, not replaced.
                (Some(Value::Array(tasks)), Value::Array(more)) if name == "access_details" && !is_draft => {
                    tasks.extend(more);
                }
                (_, value) => drop(fields.insert(name, value)),
            }
        }
        let places = |fields: &Map<String, Value>| fields.get("total_available_places").and_then(Value::as_u64);
        let (before, after) = (places(&study.fields), places(&fields));
        if !is_draft && after < before {
            let problem = "The number of places cannot be lowered after the study was published.";
            return Err(Refused::because(json!({"total_available_places": [problem]})));
        }
        self.check_fields(&fields)?;
        let project = fields.get("project").and_then(Value::as_str).map(str::to_owned);
        let workspace = match project.as_ref().map(|project| self.projects.get(project)) {
            Some(None) => return Err(Refused::because(json!({"project": ["There is no such project."]}))),
            Some(Some(found)) => Some(found.workspace.clone()),
            None => None,
        };
        let study = self.study_mut(id)?;
        let old = study.replace_fields(fields);
        let was_stopped = study.is_stopped;
        let reopens = after > before && matches!(study.status, StudyStatus::Completed | StudyStatus::AwaitingReview);
        if after > before {
            study.is_stopped = false;
        }
        let cost = if is_draft || study.status == StudyStatus::Scheduled { Ok(()) } else { self.cost_after(id) };
        if let Err(refused) = cost {
            let study = self.study_mut(id)?;
            study.replace_fields(old);
            study.is_stopped = was_stopped;
            return Err(refused);
        }
        let study = self.study_mut(id)?;
        if let (Some(project), Some(workspace)) = (project, workspace) {
            (study.project, study.workspace) = (project, workspace);
        }
        if reopens {
            self.move_study(id, "more places", StudyStatus::Active)?;
        }
        self.review(id)
    }

    /// What the schema cannot say of a study.
    pub(super) fn check_fields(&self, fields: &Map<String, Value>) -> Result<(), Refused> {
        check(fields)?;
        let Some(id) = fields.get("filter_set_id").and_then(Value::as_str) else { return Ok(()) };
        let set = self.filter_sets.get(id).filter(|set| !set.is_deleted);
        let missing = || Refused::because(json!({"filter_set_id": ["There is no such filter set."]}));
        let set = set.ok_or_else(missing)?;
        let version = fields.get("filter_set_version").and_then(Value::as_u64);
        if version.is_some_and(|version| version != set.version) {
            return Err(Refused::because(json!({"filter_set_version": ["The filter set has no such version."]})));
        }
        Ok(())
    }

    /// Holds what a changed study costs.
    fn cost_after(&mut self, id: &str) -> Result<(), Refused> {
        let study = self.study(id)?;
        if study.is_stopped {
            return Ok(());
        }
        let cost = self.cost_of_running(study)?;
        let has_ended = study.status == StudyStatus::Completed && cost == Money::ZERO;
        if has_ended { Ok(()) } else { self.hold(id, cost) }
    }
}

/// Whether new completion codes differ from those of a study only in more slots.
fn raises_slots(study: &Study, codes: &Value) -> bool {
    fn same(old: &Value, new: &Value) -> bool {
        match (old, new) {
            (Value::Object(old), Value::Object(new)) => {
                // The service adds who acts when it returns a code.
                let keys = |of: &Map<String, Value>| of.keys().filter(|key| *key != "actor").count();
                keys(old) == keys(new)
                    && old.iter().all(|(key, old)| match new.get(key) {
                        Some(new) if key == "slots" => new.as_u64() >= old.as_u64(),
                        Some(new) => same(old, new),
                        None => key == "actor",
                    })
            }
            (Value::Array(old), Value::Array(new)) => {
                old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same(old, new))
            }
            (old, new) => old == new,
        }
    }
    study.fields.get("completion_codes").is_some_and(|old| same(old, codes))
}

/// What depends on nothing but the study.
fn check(fields: &Map<String, Value>) -> Result<(), Refused> {
    let number = |name: &str| fields.get(name).and_then(Value::as_u64);
    let mut wrong = Map::new();
    let mut add = |name: &str, problem: String| drop(wrong.insert(name.to_owned(), json!([problem])));
    let codes: Vec<_> = fields.get("completion_codes").and_then(Value::as_array).into_iter().flatten().collect();
    let texts: Vec<_> = codes.iter().map(|code| &code["code"]).filter(|code| !code.is_null()).collect();
    if texts.iter().enumerate().any(|(at, code)| texts[..at].contains(code)) {
        add("completion_codes", "A code is given twice.".to_owned());
    }
    if let (Some(estimate), Some(maximum)) = (number("estimated_completion_time"), number("maximum_allowed_time")) {
        let least = least_maximum_time(estimate);
        if maximum < least {
            add("maximum_allowed_time", format!("For this estimate, it is at least {least} minutes."));
        }
    }
    let filters = fields.get("filters").and_then(Value::as_array).is_some_and(|list| !list.is_empty());
    if filters && fields.get("filter_set_id").is_some_and(|id| !id.is_null()) {
        add("filter_set_id", "A study has filters or a filter set, not both.".to_owned());
    }
    for name in ["study_labels", "content_warnings"] {
        if fields.get(name).and_then(Value::as_array).is_some_and(|list| list.len() > 1) {
            add(name, "Only one is accepted.".to_owned());
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Refused::because(Value::Object(wrong))) }
}
