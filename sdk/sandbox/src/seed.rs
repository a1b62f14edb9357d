//! The state that a sandbox starts with, from code or from a JSON file. Knows neither HTTP nor the document.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;
use std::{fs, io};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::store::group::Owner;

/// The state that a sandbox starts with: the user, workspaces, projects, participant groups and studies.
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
/// studies. Unknown fields are errors, except those of a study.
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

    /// Checks that the ids of one kind are distinct and can be part of a path.
    pub(crate) fn check(&self) -> Result<(), String> {
        distinct("group", "groups", self.groups.iter().filter_map(|group| group.id.as_deref()))?;
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

/// A study of a [`Seed`]: a draft, unless it is [`published`](Self::published).
///
/// In JSON it has the fields of a create request, of which none is needed but the `name`, and can have an `id`, a
/// `project_id`, `published`, `submissions` and a plan: `arrivals` with `count`, `every_seconds` and `code`.
#[derive(Debug, Clone, Deserialize)]
pub struct SeedStudy {
    pub(crate) id: Option<String>,
    pub(crate) project_id: Option<String>,
    #[serde(default)]
    pub(crate) published: bool,
    #[serde(default)]
    pub(crate) submissions: Vec<SeedSubmission>,
    pub(crate) arrivals: Option<Arrivals>,
    #[serde(flatten)]
    pub(crate) fields: Map<String, Value>,
}

/// A participant who has handed in.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedSubmission {
    pub(crate) participant_id: String,
    pub(crate) code: Option<String>,
}

/// Participants who come one after the other.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Arrivals {
    pub(crate) count: u64,
    pub(crate) every_seconds: u64,
    pub(crate) code: Option<String>,
}

impl SeedStudy {
    /// Creates a draft of a study of ten places, ten minutes and 1.50 pounds, with the completion code `COMPLETED`, which
    /// is reviewed by hand. It is in the first project of the seed.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            id: None,
            project_id: None,
            published: false,
            submissions: Vec::new(),
            arrivals: None,
            fields: Map::new(),
        }
        .field("name", name.into())
    }

    /// Sets the id. By default the study gets the next one that is free.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Sets the project.
    #[must_use]
    pub fn project(mut self, project_id: impl Into<String>) -> Self {
        self.project_id = Some(project_id.into());
        self
    }

    /// Sets the number of places.
    #[must_use]
    pub fn places(self, places: u64) -> Self {
        self.field("total_available_places", places)
    }

    /// Sets what each participant is paid, in the minor unit: pence.
    #[must_use]
    pub fn reward(self, minor_units: u64) -> Self {
        self.field("reward", minor_units)
    }

    /// Sets any field of a create request, such as `completion_codes` or `filters`, in its JSON.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }

    /// Publishes the study. The balance of the workspace has to be high enough.
    #[must_use]
    pub fn published(mut self) -> Self {
        self.published = true;
        self
    }

    /// Publishes the study, and has a participant hand in with a code.
    #[must_use]
    pub fn submission(mut self, participant_id: impl Into<String>, code: impl Into<String>) -> Self {
        self.submissions.push(SeedSubmission { participant_id: participant_id.into(), code: Some(code.into()) });
        self.published()
    }

    /// Publishes the study, and has it filled over time: so many participants come, one each time that the interval has
    /// passed on the clock of the sandbox, and hand in with a code.
    #[must_use]
    pub fn arrivals(mut self, count: u64, every: Duration, code: impl Into<String>) -> Self {
        self.arrivals = Some(Arrivals { count, every_seconds: every.as_secs(), code: Some(code.into()) });
        self.published()
    }

    /// The fields of a create request.
    pub(crate) fn create_request(&self) -> Map<String, Value> {
        let defaults = json!({
            "description": "A study of the sandbox.",
            "external_study_url": "https://example.org/study",
            "prolific_id_option": "url_parameters",
            "completion_codes": [
                {"code": "COMPLETED", "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}]},
            ],
            "total_available_places": 10,
            "estimated_completion_time": 10,
            "reward": 150,
        });
        let mut fields = defaults.as_object().cloned().unwrap_or_default();
        fields.extend(self.fields.clone());
        fields
    }
}
