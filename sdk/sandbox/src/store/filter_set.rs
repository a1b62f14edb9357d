//! One filter set. Knows no participant.

use serde_json::{Value, json};

use super::group::Owner;

#[derive(Debug)]
pub(crate) struct FilterSet {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) owner: Owner,
    pub(crate) version: u64,
    pub(crate) filters: Vec<Value>,
    pub(crate) is_locked: bool,
    pub(crate) is_deleted: bool,
}

impl FilterSet {
    /// The filter set as lists show it.
    pub(crate) fn to_json(&self) -> Value {
        let (workspace_id, organisation_id) = self.owner.ids();
        json!({
            "id": self.id,
            "version": self.version,
            "is_deleted": self.is_deleted,
            "is_locked": self.is_locked,
            "workspace_id": workspace_id,
            "organisation_id": organisation_id,
            "name": self.name,
            "filters": self.filters,
        })
    }
}
