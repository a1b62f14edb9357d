//! One participant group and its members. Knows no other group, and no operation.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::seed::{Owner, SeedGroup};

/// Gives each membership of a sandbox its own moment, the same on every run.
#[derive(Debug, Default)]
pub(crate) struct Clock(u64);

impl Clock {
    fn tick(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }

    /// The moment in RFC 3339 format. Every other one has fractions of a second, because the service sends both forms.
    /// The texts repeat after 31 days, which is 2678400 memberships.
    fn text(moment: u64) -> String {
        let (day, second) = (moment / 86_400 % 31 + 1, moment % 86_400);
        let fraction = if moment.is_multiple_of(2) { ".500000" } else { "" };
        format!("2024-01-{day:02}T{:02}:{:02}:{:02}{fraction}Z", second / 3600, second / 60 % 60, second % 60)
    }
}

#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) is_deleted: bool,
    owner: Owner,
    description: Option<String>,
    /// The moment at which each member joined.
    members: BTreeMap<String, u64>,
}

impl Group {
    pub(crate) fn new(id: String, seed: SeedGroup, clock: &mut Clock) -> Self {
        let SeedGroup { id: _, name, owner, description, participant_ids, is_deleted } = seed;
        let mut group = Self { id, name, is_deleted, owner, description, members: BTreeMap::new() };
        group.add(participant_ids, clock);
        group
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

    /// The group as responses show it.
    pub(crate) fn to_json(&self) -> Value {
        let (workspace_id, organisation_id) = match &self.owner {
            Owner::Workspace(id) => (Some(id), None),
            Owner::Organisation(id) => (None, Some(id)),
        };
        json!({
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "workspace_id": workspace_id,
            "organisation_id": organisation_id,
            "project_id": null,
            "participant_count": self.members.len(),
            "is_deleted": self.is_deleted,
            "feeder_studies": [],
        })
    }

    /// The members as responses show them, in the order in which they joined.
    pub(crate) fn participants(&self) -> Vec<Value> {
        let mut members: Vec<_> = self.members.iter().collect();
        members.sort_unstable_by_key(|(_, moment)| **moment);
        let to_json =
            |(id, moment): (&String, &u64)| json!({"participant_id": id, "datetime_created": Clock::text(*moment)});
        members.into_iter().map(to_json).collect()
    }
}
