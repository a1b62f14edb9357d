//! A filter set of a seed, from code or from JSON.

use serde::Deserialize;
use serde_json::Value;

use crate::store::group::Owner;

/// A filter set of a [`Seed`](crate::Seed). The API of the sandbox reads filter sets, and does not change them.
///
/// In JSON it has an `id`, a `name`, `filters` in the form of the API, and either a `workspace_id` or an
/// `organisation_id`, and can have a `version`, `is_locked` and `is_deleted`.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Fields")]
pub struct SeedFilterSet {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) owner: Owner,
    pub(crate) version: u64,
    pub(crate) filters: Vec<Value>,
    pub(crate) is_locked: bool,
    pub(crate) is_deleted: bool,
}

impl SeedFilterSet {
    /// Creates a filter set of a workspace, in its first version and without filters, which everybody passes.
    #[must_use]
    pub fn in_workspace(id: impl Into<String>, name: impl Into<String>, workspace_id: impl Into<String>) -> Self {
        Self::new(id.into(), name.into(), Owner::Workspace(workspace_id.into()))
    }

    /// Creates a filter set of an organisation, in its first version and without filters, which everybody passes.
    #[must_use]
    pub fn in_organisation(id: impl Into<String>, name: impl Into<String>, organisation_id: impl Into<String>) -> Self {
        Self::new(id.into(), name.into(), Owner::Organisation(organisation_id.into()))
    }

    fn new(id: String, name: String, owner: Owner) -> Self {
        Self { id, name, owner, version: 1, filters: Vec::new(), is_locked: false, is_deleted: false }
    }

    /// Adds a filter in its JSON, as in a study. Participants have to pass all of them.
    #[must_use]
    pub fn filter(mut self, filter: impl Into<Value>) -> Self {
        self.filters.push(filter.into());
        self
    }

    /// Sets the version. The sandbox has no other one.
    #[must_use]
    pub fn version(mut self, version: u64) -> Self {
        self.version = version;
        self
    }

    /// Marks the filter set as deleted.
    #[must_use]
    pub fn deleted(mut self) -> Self {
        self.is_deleted = true;
        self
    }
}

/// A filter set as written in JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    id: String,
    name: String,
    workspace_id: Option<String>,
    organisation_id: Option<String>,
    version: Option<u64>,
    #[serde(default)]
    filters: Vec<Value>,
    #[serde(default)]
    is_locked: bool,
    #[serde(default)]
    is_deleted: bool,
}

impl TryFrom<Fields> for SeedFilterSet {
    type Error = &'static str;

    fn try_from(fields: Fields) -> Result<Self, Self::Error> {
        let Fields { id, name, workspace_id, organisation_id, version, filters, is_locked, is_deleted } = fields;
        let owner = Owner::from_either(workspace_id, organisation_id);
        let owner = owner.ok_or("a filter set must have either a workspace_id or an organisation_id")?;
        Ok(Self { id, name, owner, version: version.unwrap_or(1), filters, is_locked, is_deleted })
    }
}
