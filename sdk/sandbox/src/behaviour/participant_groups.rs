//! Groups and their members.

use serde_json::{Value, json};

use super::request::{Performed, parameter, text, texts};
use crate::error::ApiError;
use crate::operation::{Input, Outcome};
use crate::store::World;
use crate::store::clock::Clock;
use crate::store::group::{Group, Owner};

pub(super) fn perform(world: &mut World, method: &str, input: &Input) -> Performed {
    Ok(Some(match method {
        "list" => {
            let search = parameter(input, "search").unwrap_or_default().to_lowercase();
            let workspace = parameter(input, "workspace_id").unwrap_or_default();
            let active = parameter(input, "active").map(|active| active == "true");
            let groups = world.groups.values().filter(|group| {
                group.is_in_workspace(workspace)
                    && active.is_none_or(|active| active != group.is_deleted)
                    && (search.is_empty() || group.name.to_lowercase().contains(&search))
            });
            input.window.of(groups, |group| show(world, group))
        }
        "create" => {
            let given = |name: &str| text(input, name).map(str::to_owned);
            let owner = Owner::from_either(given("workspace_id"), given("organisation_id"));
            let owner = owner.ok_or_else(|| ApiError::bad_request("A group has a workspace or an organisation."))?;
            let id = world.next_group_id();
            let mut group = Group::new(id.clone(), given("name").unwrap_or_default(), owner);
            group.description = given("description");
            group.add(texts(input, "participant_ids").unwrap_or_default(), &mut world.clock);
            let shown = show(world, &group);
            world.groups.insert(id, group);
            Outcome::Object(shown)
        }
        "get" => Outcome::Object(show(world, find(world, input)?)),
        "update" => {
            let (group, clock) = find_mut(world, input)?;
            if let Some(name) = text(input, "name") {
                name.clone_into(&mut group.name);
            }
            if let Some(ids) = texts(input, "participant_ids") {
                group.replace(ids, clock);
            }
            Outcome::Object(show(world, find(world, input)?))
        }
        "delete" => {
            find_mut(world, input)?.0.is_deleted = true;
            Outcome::Nothing
        }
        "list_participants" => input.window.of(find(world, input)?.participants(), |participant| participant),
        "add_participants" => {
            let (group, clock) = find_mut(world, input)?;
            group.add(texts(input, "participant_ids").unwrap_or_default(), clock);
            Outcome::Object(json!({"results": group.participants()}))
        }
        "remove_participants" => {
            let (group, _) = find_mut(world, input)?;
            group.remove(&texts(input, "participant_ids").unwrap_or_default());
            Outcome::Object(json!({"results": group.participants()}))
        }
        _ => return Ok(None),
    }))
}

fn find<'a>(world: &'a World, input: &Input) -> Result<&'a Group, ApiError> {
    world.groups.get(parameter(input, "id").unwrap_or_default()).ok_or_else(ApiError::not_found)
}

fn find_mut<'a>(world: &'a mut World, input: &Input) -> Result<(&'a mut Group, &'a mut Clock), ApiError> {
    let World { groups, clock, .. } = world;
    let group = groups.get_mut(parameter(input, "id").unwrap_or_default()).ok_or_else(ApiError::not_found)?;
    Ok((group, clock))
}

/// A group, with the studies whose completion codes add to it or remove from it.
fn show(world: &World, group: &Group) -> Value {
    let feeders = world.feeders.get(&group.id).into_iter().flatten().filter_map(|id| world.studies.get(id));
    let feeders: Vec<_> = feeders
        .map(|study| {
            let codes = study.list("completion_codes").iter().flat_map(|code| {
                let actions = code["actions"].as_array().into_iter().flatten();
                let ours = actions.filter(|action| action["participant_group"] == group.id.as_str());
                ours.map(move |action| {
                    json!({"code": code["code"], "code_type": code["code_type"], "action": action["action"]})
                })
            });
            json!({
                "id": study.id,
                "name": study.text("name"),
                "internal_name": study.fields.get("internal_name"),
                "status": study.status.as_str(),
                "feeder_completion_codes": codes.collect::<Vec<_>>(),
            })
        })
        .collect();
    group.to_json(&feeders)
}
