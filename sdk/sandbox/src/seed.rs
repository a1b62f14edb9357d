//! The state that a sandbox starts with, from code or from a JSON file. Knows neither HTTP nor the document.

use std::collections::BTreeSet;
use std::path::Path;
use std::{fs, io};

use serde::Deserialize;

pub use filter_set::SeedFilterSet;
pub use group::SeedGroup;
pub use study::SeedStudy;

mod filter_set;
mod group;
mod study;

/// The state that a sandbox starts with: the user, workspaces, projects, participant groups, filter sets and studies.
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
/// `workspace_id` or an `organisation_id`; a workspace needs an `id` and a `title`, and can have a `balance`; a project
/// needs an `id`, a `workspace_id` and a `title`; a user, if given, needs an `id` and an `email`. [`SeedStudy`] describes
/// studies, and [`SeedFilterSet`] filter sets. Unknown fields are errors, except those of a study.
///
/// ```
/// let json = r#"{
///     "user": {"id": "u1", "email": "robin@example.org"},
///     "workspaces": [{"id": "w1", "title": "My workspace"}],
///     "groups": [
///         {"id": "g1", "name": "Pilot", "workspace_id": "w1", "participant_ids": ["p1", "p2"]},
///         {"name": "Former", "workspace_id": "w1", "description": "From last year", "is_deleted": true}
///     ],
///     "studies": [{
///         "id": "s1", "name": "Naming colours", "reward": 150, "total_available_places": 20, "published": true,
///         "submissions": [{"participant_id": "p1", "code": "COMPLETED"}, {"participant_id": "p2"}],
///         "arrivals": {"count": 18, "every_seconds": 60, "code": "COMPLETED"}
///     }]
/// }"#;
/// let seed: prolific_sandbox::Seed = serde_json::from_str(json)?;
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Seed {
    pub(crate) user: User,
    pub(crate) workspaces: Vec<Workspace>,
    pub(crate) projects: Vec<SeedProject>,
    pub(crate) groups: Vec<SeedGroup>,
    pub(crate) filter_sets: Vec<SeedFilterSet>,
    pub(crate) studies: Vec<SeedStudy>,
    /// How many people could take part, beside those who are named.
    pub(crate) participants: u64,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedProject {
    pub(crate) id: String,
    pub(crate) workspace_id: String,
    pub(crate) title: String,
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
    /// In the minor unit.
    #[serde(default = "deposit")]
    pub(crate) balance: u64,
}

/// What a workspace has if nothing else is said: 10,000 pounds.
fn deposit() -> u64 {
    1_000_000
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

    /// Adds a workspace of the user. It has a balance of 1,000,000 pence, unless [`balance`](Self::balance) sets another.
    #[must_use]
    pub fn workspace(mut self, id: impl Into<String>, title: impl Into<String>) -> Self {
        self.workspaces.push(Workspace { id: id.into(), title: title.into(), balance: deposit() });
        self
    }

    /// Sets the balance of the workspace that was added last, in the minor unit: pence.
    #[must_use]
    pub fn balance(mut self, minor_units: u64) -> Self {
        if let Some(workspace) = self.workspaces.last_mut() {
            workspace.balance = minor_units;
        }
        self
    }

    /// Adds a project. A workspace without one gets one with its own title, as studies need it.
    #[must_use]
    pub fn project(mut self, id: impl Into<String>, workspace_id: impl Into<String>, title: impl Into<String>) -> Self {
        self.projects.push(SeedProject { id: id.into(), workspace_id: workspace_id.into(), title: title.into() });
        self
    }

    /// Adds a study.
    #[must_use]
    pub fn study(mut self, study: SeedStudy) -> Self {
        self.studies.push(study);
        self
    }

    /// Sets how many people could take part, beside those whom a program names. Filters count them. By default none.
    #[must_use]
    pub fn participants(mut self, count: u64) -> Self {
        self.participants = count;
        self
    }

    /// Adds a group.
    #[must_use]
    pub fn group(mut self, group: SeedGroup) -> Self {
        self.groups.push(group);
        self
    }

    /// Adds a filter set, which studies can have in place of filters.
    #[must_use]
    pub fn filter_set(mut self, filter_set: SeedFilterSet) -> Self {
        self.filter_sets.push(filter_set);
        self
    }

    /// Checks that the ids of one kind are distinct and can be part of a path.
    pub(crate) fn check(&self) -> Result<(), String> {
        distinct("group", "groups", self.groups.iter().filter_map(|group| group.id.as_deref()))?;
        distinct("filter set", "filter sets", self.filter_sets.iter().map(|set| set.id.as_str()))?;
        distinct("study", "studies", self.studies.iter().filter_map(|study| study.id.as_deref()))?;
        distinct("project", "projects", self.projects.iter().map(|project| project.id.as_str()))?;
        distinct("workspace", "workspaces", self.workspaces.iter().map(|workspace| workspace.id.as_str()))
    }
}

fn distinct<'a>(one: &str, many: &str, mut ids: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    match ids.find(|id| id.is_empty() || !seen.insert(*id)) {
        Some("") => Err(format!("the seed has a {one} with an empty id")),
        Some(id) => Err(format!("the seed has two {many} with the id {id}")),
        None => Ok(()),
    }
}
