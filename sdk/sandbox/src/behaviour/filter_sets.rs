//! Filter sets: those of the seed.

use serde_json::Value;

use super::request::{Performed, parameter};
use crate::error::ApiError;
use crate::operation::{Input, Outcome};
use crate::store::World;
use crate::store::filter_set::FilterSet;

pub(super) fn perform(world: &mut World, method: &str, input: &Input) -> Performed {
    Ok(Some(match method {
        "list" => {
            let (workspace, organisation) = (parameter(input, "workspace_id"), parameter(input, "organisation_id"));
            let is_wanted = |set: &&FilterSet| {
                let (of_workspace, of_organisation) = set.owner.ids();
                (workspace.is_none() && organisation.is_none())
                    || workspace.is_some_and(|id| of_workspace == Some(id))
                    || organisation.is_some_and(|id| of_organisation == Some(id))
            };
            input.window.of(world.filter_sets.values().filter(is_wanted), FilterSet::to_json)
        }
        "get" => {
            let set = world.filter_sets.get(parameter(input, "id").unwrap_or_default());
            let version = input.parameters.get("version_number").and_then(Value::as_u64);
            let set = set.filter(|set| version.is_none_or(|version| version == set.version));
            let set = set.ok_or_else(ApiError::not_found)?;
            let mut shown = set.to_json();
            shown["eligible_participant_count"] = world.count_eligible(&set.filters).into();
            Outcome::Object(shown)
        }
        _ => return Ok(None),
    }))
}
