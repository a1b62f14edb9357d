//! The state of one sandbox, and what each operation does to it. Knows no HTTP, and gets only input that has passed the
//! checks of the document.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::error::ApiError;
use crate::group::{Clock, Group};
use crate::operation::{Input, Outcome};
use crate::seed::{Owner, Seed, SeedGroup};

/// Everything that a sandbox remembers.
#[derive(Debug)]
pub(crate) struct State {
    user: Value,
    workspaces: Vec<Value>,
    /// In the order in which they were created.
    groups: Vec<Group>,
    /// The ids that no new group may get.
    ids: BTreeSet<String>,
    clock: Clock,
}

impl State {
    pub(crate) fn new(seed: Seed) -> Self {
        let Seed { user, workspaces, groups } = seed;
        let member = json!({"id": user.id, "email": user.email, "roles": ["WORKSPACE_ADMIN"]});
        let workspaces = workspaces.into_iter().map(
            |workspace| json!({"id": workspace.id, "title": workspace.title, "owner": user.id, "users": [member]}),
        );
        let mut state = Self {
            workspaces: workspaces.collect(),
            user: json!({"id": user.id, "email": user.email}),
            groups: Vec::new(),
            ids: groups.iter().filter_map(|group| group.id.clone()).collect(),
            clock: Clock::default(),
        };
        for group in groups {
            state.insert(group);
        }
        state
    }

    /// Performs the operation. Returns `None`, and does nothing, if it is not implemented here.
    pub(crate) fn perform(&mut self, operation_id: &str, input: &Input) -> Result<Option<Outcome>, ApiError> {
        let outcome = match operation_id {
            "participant_groups_list" => input.window.of(self.groups_of(&input.parameters), Group::to_json),
            "participant_groups_create" => Outcome::Object(self.create(&input.body)?),
            "participant_groups_get" => Outcome::Object(find(&mut self.groups, input)?.to_json()),
            "participant_groups_update" => {
                let group = find(&mut self.groups, input)?;
                if let Some(name) = text(&input.body, "name") {
                    group.name = name;
                }
                if let Some(ids) = participant_ids(&input.body) {
                    group.replace(ids, &mut self.clock);
                }
                Outcome::Object(group.to_json())
            }
            "participant_groups_delete" => {
                find(&mut self.groups, input)?.is_deleted = true;
                Outcome::Nothing
            }
            "participant_groups_list_participants" => {
                input.window.of(find(&mut self.groups, input)?.participants(), |participant| participant)
            }
            "participant_groups_add_participants" => {
                let group = find(&mut self.groups, input)?;
                group.add(participant_ids(&input.body).unwrap_or_default(), &mut self.clock);
                Outcome::Object(json!({"results": group.participants()}))
            }
            "participant_groups_remove_participants" => {
                let group = find(&mut self.groups, input)?;
                group.remove(&participant_ids(&input.body).unwrap_or_default());
                Outcome::Object(json!({"results": group.participants()}))
            }
            "workspaces_list" => input.window.of(&self.workspaces, Value::clone),
            "users_me" => Outcome::Object(self.user.clone()),
            _ => return Ok(None),
        };
        Ok(Some(outcome))
    }

    /// The groups of a workspace. No group of the sandbox belongs to a project.
    fn groups_of(&self, parameters: &Map<String, Value>) -> impl Iterator<Item = &Group> {
        let parameter = |name| parameters.get(name).and_then(Value::as_str);
        let workspace_id = parameter("workspace_id").unwrap_or_default().to_owned();
        let active = parameter("active").map(|active| active == "true");
        let search = parameter("search").unwrap_or_default().to_lowercase();
        self.groups.iter().filter(move |group| {
            group.is_in_workspace(&workspace_id)
                && active.is_none_or(|active| active != group.is_deleted)
                && group.name.to_lowercase().contains(&search)
        })
    }

    fn create(&mut self, body: &Value) -> Result<Value, ApiError> {
        let owner = Owner::from_either(text(body, "workspace_id"), text(body, "organisation_id"));
        let owner = owner.ok_or_else(|| ApiError::bad_request("A group has a workspace or an organisation."))?;
        let mut group = SeedGroup::new(text(body, "name").unwrap_or_default(), owner);
        group.description = text(body, "description");
        group.participant_ids = participant_ids(body).unwrap_or_default();
        Ok(self.insert(group))
    }

    /// Adds a group and returns it as JSON. A group without an id gets the next free one.
    fn insert(&mut self, mut group: SeedGroup) -> Value {
        let mut ids = (self.groups.len() + 1..).map(|number| format!("{number:024x}"));
        let id = group.id.take().or_else(|| ids.find(|id| !self.ids.contains(id))).unwrap_or_default();
        self.ids.insert(id.clone());
        let group = Group::new(id, group, &mut self.clock);
        let json = group.to_json();
        self.groups.push(group);
        json
    }
}

fn find<'a>(groups: &'a mut [Group], input: &Input) -> Result<&'a mut Group, ApiError> {
    let id = input.parameters.get("id").and_then(Value::as_str);
    groups.iter_mut().find(|group| id == Some(&group.id)).ok_or_else(ApiError::not_found)
}

fn text(body: &Value, field: &str) -> Option<String> {
    body[field].as_str().map(str::to_owned)
}

fn participant_ids(body: &Value) -> Option<Vec<String>> {
    let ids = body["participant_ids"].as_array()?;
    Some(ids.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}
