//! A participant group of a seed, from code or from JSON.

use serde::Deserialize;

use crate::store::group::Owner;

/// A participant group of a [`Seed`](crate::Seed).
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "GroupFields")]
pub struct SeedGroup {
    pub(crate) id: Option<String>,
    pub(crate) name: String,
    pub(crate) owner: Owner,
    pub(crate) description: Option<String>,
    pub(crate) participant_ids: Vec<String>,
    pub(crate) is_deleted: bool,
}

impl SeedGroup {
    /// Creates a group of a workspace, without members.
    #[must_use]
    pub fn in_workspace(name: impl Into<String>, workspace_id: impl Into<String>) -> Self {
        Self::new(name.into(), Owner::Workspace(workspace_id.into()))
    }

    /// Creates a group of an organisation, without members.
    #[must_use]
    pub fn in_organisation(name: impl Into<String>, organisation_id: impl Into<String>) -> Self {
        Self::new(name.into(), Owner::Organisation(organisation_id.into()))
    }

    pub(crate) fn new(name: String, owner: Owner) -> Self {
        Self { id: None, name, owner, description: None, participant_ids: Vec::new(), is_deleted: false }
    }

    /// Sets the id. By default the group gets the next one that is free.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets the description. By default there is none.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Sets the members, in the order in which they joined.
    #[must_use]
    pub fn participant_ids<T: Into<String>>(mut self, ids: impl IntoIterator<Item = T>) -> Self {
        self.participant_ids = ids.into_iter().map(Into::into).collect();
        self
    }

    /// Marks the group as deleted.
    #[must_use]
    pub fn deleted(mut self) -> Self {
        self.is_deleted = true;
        self
    }
}

/// A group as written in JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupFields {
    id: Option<String>,
    name: String,
    workspace_id: Option<String>,
    organisation_id: Option<String>,
    description: Option<String>,
    #[serde(default)]
    participant_ids: Vec<String>,
    #[serde(default)]
    is_deleted: bool,
}

impl TryFrom<GroupFields> for SeedGroup {
    type Error = &'static str;

    fn try_from(fields: GroupFields) -> Result<Self, Self::Error> {
        let GroupFields { id, name, workspace_id, organisation_id, description, participant_ids, is_deleted } = fields;
        let owner = Owner::from_either(workspace_id, organisation_id);
        let owner = owner.ok_or("a group must have either a workspace_id or an organisation_id")?;
        Ok(Self { id, name, owner, description, participant_ids, is_deleted })
    }
}
