//! The state of one sandbox, and what each operation does to it. Knows no HTTP; input has passed the document's checks.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::error::ApiError;

/// A request that has passed the document's checks.
#[derive(Debug)]
pub(crate) struct Input {
    /// Path and query parameters by name, in their documented types; those not given are missing.
    #[expect(dead_code, reason = "no operation with parameters has a behaviour yet")]
    pub(crate) parameters: Map<String, Value>,
    /// Null if there is none.
    pub(crate) body: Value,
}

/// Everything that a sandbox remembers.
#[derive(Debug, Default)]
pub(crate) struct State {
    groups: BTreeMap<String, Group>,
}

#[derive(Debug)]
struct Group {
    /// The name, the description and the owner, as they are answered.
    attributes: Map<String, Value>,
    members: BTreeSet<String>,
}

impl State {
    /// Performs the operation and gives the body of its documented success, or nothing if it has no behaviour here.
    pub(crate) fn perform(&mut self, operation_id: &str, input: &Input) -> Option<Result<Value, ApiError>> {
        match operation_id {
            "create_participant_group" => Some(Ok(self.create_group(&input.body))),
            _ => None,
        }
    }

    fn create_group(&mut self, body: &Value) -> Value {
        let attributes = ["name", "description", "workspace_id", "organisation_id"];
        let attributes = attributes.map(|name| (name.to_owned(), body[name].clone()));
        let members = body["participant_ids"].as_array().into_iter().flatten();
        let group = Group {
            attributes: attributes.into_iter().collect(),
            members: members.filter_map(Value::as_str).map(str::to_owned).collect(),
        };
        // Groups are never forgotten, so that their number makes the next id.
        let id = format!("{:024x}", self.groups.len() + 1);
        let answer = group.answer(&id);
        self.groups.insert(id, group);
        answer
    }
}

impl Group {
    fn answer(&self, id: &str) -> Value {
        let mut answer = json!({
            "id": id,
            "project_id": null,
            "participant_count": self.members.len(),
            "is_deleted": false,
            "feeder_studies": [],
        });
        for (name, value) in &self.attributes {
            answer[name] = value.clone();
        }
        answer
    }
}
