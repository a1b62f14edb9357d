//! The state that a sandbox starts with, from code or from a JSON file. Knows neither HTTP nor the document.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, io};

use serde::Deserialize;

/// The state that a sandbox starts with: the user, the workspaces and the participant groups.
///
/// ```
/// use prolific_sandbox::{Seed, SeedGroup};
///
/// let pilot = SeedGroup::in_workspace("Pilot", "w1").id("g1").participant_ids(["p1", "p2"]);
/// let seed = Seed::new().workspace("w1", "My workspace").group(pilot);
/// ```
///
/// A seed can also be written in JSON, for [`from_file`](Self::from_file) or any serde deserializer. A group has the
/// fields of a create request, and can have an `id` and `is_deleted`. A group needs a `name` and either a
/// `workspace_id` or an `organisation_id`; a workspace needs an `id` and a `title`; a user, if given, needs an `id`
/// and an `email`. Unknown fields are errors.
///
/// ```
/// let json = r#"{
///     "user": {"id": "u1", "email": "robin@example.org"},
///     "workspaces": [{"id": "w1", "title": "My workspace"}],
///     "groups": [
///         {"id": "g1", "name": "Pilot", "workspace_id": "w1", "participant_ids": ["p1", "p2"]},
///         {"name": "Former", "workspace_id": "w1", "description": "From last year", "is_deleted": true}
///     ]
/// }"#;
/// let seed: prolific_sandbox::Seed = serde_json::from_str(json)?;
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Seed {
    pub(crate) user: User,
    pub(crate) workspaces: Vec<Workspace>,
    pub(crate) groups: Vec<SeedGroup>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) email: String,
}

impl Default for User {
    fn default() -> Self {
        Self { id: "60a42f4c693c29420793cb73".to_owned(), email: "robin@example.org".to_owned() }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Workspace {
    pub(crate) id: String,
    pub(crate) title: String,
}

impl Seed {
    /// Creates a seed with no workspaces or groups. The user is `robin@example.org` unless [`user`](Self::user) sets
    /// another.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a seed from a JSON file.
    ///
    /// # Errors
    ///
    /// If the file cannot be read; [`io::ErrorKind::InvalidData`] if it does not contain a seed. The message has the
    /// file, the line, the column and the problem.
    pub fn from_file(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let problem =
            |kind, problem: &dyn ToString| io::Error::new(kind, format!("{}: {}", path.display(), problem.to_string()));
        let text = fs::read_to_string(path).map_err(|error| problem(error.kind(), &error))?;
        serde_json::from_str(&text).map_err(|error| problem(io::ErrorKind::InvalidData, &error))
    }

    /// Sets the user to whom the token belongs.
    #[must_use]
    pub fn user(mut self, id: impl Into<String>, email: impl Into<String>) -> Self {
        self.user = User { id: id.into(), email: email.into() };
        self
    }

    /// Adds a workspace of the user.
    #[must_use]
    pub fn workspace(mut self, id: impl Into<String>, title: impl Into<String>) -> Self {
        self.workspaces.push(Workspace { id: id.into(), title: title.into() });
        self
    }

    /// Adds a group.
    #[must_use]
    pub fn group(mut self, group: SeedGroup) -> Self {
        self.groups.push(group);
        self
    }

    /// Checks that the ids of the groups are distinct and can be part of a path.
    pub(crate) fn check(&self) -> Result<(), String> {
        let mut seen = BTreeSet::new();
        let mut ids = self.groups.iter().filter_map(|group| group.id.as_deref());
        match ids.find(|id| id.is_empty() || !seen.insert(*id)) {
            Some("") => Err("the seed has a group with an empty id".to_owned()),
            Some(id) => Err(format!("the seed has two groups with the id {id}")),
            None => Ok(()),
        }
    }
}

/// A participant group of a [`Seed`].
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
