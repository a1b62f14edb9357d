//! Filters: which there are, and how many participants pass them. Those of the document's example are listed, although
//! everybody passes them, and those that the sandbox evaluates.

use serde_json::{Map, Value, json};

use super::request::{Performed, parameter};
use crate::document::Document;
use crate::error::ApiError;
use crate::operation::{Input, Outcome};
use crate::store::World;

/// The filters by groups, previous studies and lists of people: the id, the title, what it does, and what it takes.
const LISTS: [(&str, &str, &str, &str); 6] = [
    ("participant_group_allowlist", "Participant group allowlist", "Lets in the members of groups.", GROUP),
    ("participant_group_blocklist", "Participant group blocklist", "Keeps out the members of groups.", GROUP),
    ("previous_studies_allowlist", "Previous studies allowlist", "Lets in those who took part in studies.", STUDY),
    ("previous_studies_blocklist", "Previous studies blocklist", "Keeps out those who took part in studies.", STUDY),
    ("custom_allowlist", "Custom allowlist", "Lets in the participants of a list.", "ParticipantID"),
    ("custom_blocklist", "Custom blocklist", "Keeps out the participants of a list.", "ParticipantID"),
];

const GROUP: &str = "ParticipantGroupID";
const STUDY: &str = "StudyID";

pub(super) fn perform(world: &mut World, method: &str, input: &Input) -> Performed {
    Ok(Some(match method {
        "list" => {
            let workspace = parameter(input, "workspace_id").unwrap_or_default();
            let lists = LISTS.map(|(id, title, description, data_type)| {
                json!({
                    "filter_id": id, "title": title, "description": description,
                    "type": "select", "data_type": data_type, "choices": choices(world, workspace, data_type),
                })
            });
            // None of them has a tag.
            let is_wanted = !input.parameters.contains_key("filter_tag");
            let filters = documented()?.into_iter().chain(lists).filter(|_| is_wanted);
            let is_detailed = parameter(input, "detailed") == Some("true");
            let detailed = |(place, mut filter): (usize, Value)| {
                if let Some(filter) = filter.as_object_mut().filter(|_| is_detailed) {
                    filter.extend(details(place));
                }
                filter
            };
            input.window.of(filters.enumerate(), detailed)
        }
        "count_eligible" => {
            let filters = input.body["filters"].as_array().map_or(&[][..], Vec::as_slice);
            Outcome::Object(json!({"count": world.count_eligible(filters)}))
        }
        _ => return Ok(None),
    }))
}

/// The filters of the document's example.
fn documented() -> Result<Vec<Value>, ApiError> {
    let example = Document::embedded().map_err(ApiError::bad_request)?.example("FilterDefinitionList");
    Ok(example.and_then(|mut list| list["results"].as_array_mut().map(std::mem::take)).unwrap_or_default())
}

/// What a filter takes, if it is in the workspace: ids with names.
fn choices(world: &World, workspace: &str, data_type: &str) -> Map<String, Value> {
    match data_type {
        GROUP => {
            let own = world.groups.values().filter(|group| group.is_in_workspace(workspace) && !group.is_deleted);
            own.map(|group| (group.id.clone(), group.name.as_str().into())).collect()
        }
        STUDY => {
            let own = world.studies.values().filter(|study| study.workspace == workspace);
            own.map(|study| (study.id.clone(), study.text("name").into())).collect()
        }
        _ => Map::new(),
    }
}

/// How a filter is presented.
fn details(place: usize) -> Map<String, Value> {
    let shown = json!({
        "researcher_help_text": null,
        "participant_help_text": null,
        "category": "General",
        "subcategory": null,
        "display_order": place,
        "tags": [],
    });
    if let Value::Object(shown) = shown { shown } else { Map::new() }
}
