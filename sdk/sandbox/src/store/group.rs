//! One participant group and its members. Knows no other group, and no operation.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::clock::{Clock, Moment};

#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) is_deleted: bool,
    pub(crate) owner: Owner,
    pub(crate) description: Option<String>,
    /// When each member joined.
    members: BTreeMap<String, Moment>,
}

/// The workspace or organisation that a group belongs to, by its id.
#[derive(Debug, Clone)]
pub(crate) enum Owner {
    Workspace(String),
    Organisation(String),
}

impl Owner {
    pub(crate) fn from_either(workspace_id: Option<String>, organisation_id: Option<String>) -> Option<Self> {
        match (workspace_id, organisation_id) {
            (Some(id), None) => Some(Self::Workspace(id)),
            (None, Some(id)) => Some(Self::Organisation(id)),
            _ => None,
        }
    }

    /// The workspace's id or the organisation's, of which the other is missing.
    pub(crate) fn ids(&self) -> (Option<&str>, Option<&str>) {
        match self {
            Self::Workspace(id) => (Some(id), None),
            Self::Organisation(id) => (None, Some(id)),
        }
    }
}

impl Group {
    /// A group without members.
    pub(crate) fn new(id: String, name: String, owner: Owner) -> Self {
        Self { id, name, is_deleted: false, owner, description: None, members: BTreeMap::new() }
    }

    pub(crate) fn has(&self, participant: &str) -> bool {
        self.members.contains_key(participant)
    }

    pub(crate) fn member_count(&self) -> usize {
        self.members.len()
    }

    pub(crate) fn members(&self) -> impl Iterator<Item = &String> {
        self.members.keys()
    }

    pub(crate) fn is_in_workspace(&self, workspace_id: &str) -> bool {
        matches!(&self.owner, Owner::Workspace(id) if id == workspace_id)
    }

    /// Skips those who are members already.
    pub(crate) fn add(&mut self, ids: Vec<String>, clock: &mut Clock) {
        for id in ids {
            self.members.entry(id).or_insert_with(|| clock.tick());
        }
    }

    /// Skips those who are not members.
    pub(crate) fn remove(&mut self, ids: &[String]) {
        for id in ids {
            self.members.remove(id);
        }
    }

    /// Makes these the only members. Those who stay keep the moment at which they joined.
    pub(crate) fn replace(&mut self, ids: Vec<String>, clock: &mut Clock) {
        let kept: BTreeSet<_> = ids.iter().collect();
        self.members.retain(|id, _| kept.contains(id));
        self.add(ids, clock);
    }

    /// The group as responses show it, with the studies that add to it or remove from it.
    pub(crate) fn to_json(&self, feeder_studies: &[Value]) -> Value {
        let (workspace_id, organisation_id) = self.owner.ids();
        json!({
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "workspace_id": workspace_id,
            "organisation_id": organisation_id,
            "project_id": null,
            "participant_count": self.members.len(),
            "is_deleted": self.is_deleted,
            "feeder_studies": feeder_studies,
        })
    }

    /// The members as responses show them, in the order in which they joined.
    pub(crate) fn participants(&self) -> Vec<Value> {
        let mut members: Vec<_> = self.members.iter().collect();
        members.sort_unstable_by_key(|(_, moment)| **moment);
        members
            .into_iter()
            .map(|(id, moment)| json!({"participant_id": id, "datetime_created": moment.text()}))
            .collect()
    }
}
