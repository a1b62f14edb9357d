//! An old dependent that reads responses: every field with its type, every variant, every trait of a type that is only
//! received. Makes requests only for what they respond with.

use prolific_sdk::types::{
    ApiError, ApiErrorDetail, ApiErrorInfo, CurrentUser, FeederAction, FeederCompletionCode, FeederStudy,
    GroupParticipant, GroupParticipantList, OrganisationId, PageLink, PageLinks, PageMeta, ParticipantGroup,
    ParticipantGroupId, ParticipantGroupList, ParticipantId, ProjectId, StudyId, Timestamp, UserId, Workspace,
    WorkspaceId, WorkspaceList, WorkspaceUser,
};
use prolific_sdk::{Call, Error, Page, Response};

/// What the methods respond with, for code that passes it on.
pub async fn methods(client: &prolific_sdk::Client, id: &str) -> Result<ParticipantGroup, Error> {
    let me: CurrentUser = client.users().me().send().await?;
    println!("{}", me.email);
    let groups = client.participant_groups();
    let mut all: Vec<ParticipantGroup> = list(groups.list("w1").send().await?);
    let members: Response<GroupParticipantList> = groups.list_participants(id).send_with_response().await?;
    println!("{} {}", people(members.body()).len(), client.workspaces().list().send().await?.results.len());
    while let Some(group) = groups.list("w1").stream().try_next().await? {
        all.push(group);
    }
    groups.get(id).send().await
}

/// The call of an operation, and what it responds with.
pub fn calls(client: &prolific_sdk::Client, id: &str, ids: [prolific_sdk::types::ParticipantIdList; 2]) -> Calls {
    let (groups, [add, remove]) = (client.participant_groups(), ids);
    Calls {
        group: groups.get(id),
        updated: groups.update(id, Default::default()),
        added: groups.add_participants(id, add),
        removed: groups.remove_participants(id, remove),
    }
}

pub struct Calls {
    pub group: Call<ParticipantGroup>,
    pub updated: Call<ParticipantGroup>,
    pub added: Call<GroupParticipantList>,
    pub removed: Call<GroupParticipantList>,
}

fn list(list: ParticipantGroupList) -> Vec<ParticipantGroup> {
    groups(list)
}

/// Deletes a group as the last thing that a function does.
pub async fn last(client: &prolific_sdk::Client, id: &str) -> Result<(), Error> {
    client.participant_groups().delete(id).send().await
}

pub fn group(group: &ParticipantGroup) -> String {
    let id: Option<&ParticipantGroupId> = group.id.as_ref();
    let name: Option<&str> = group.name.as_deref();
    let description: &Option<String> = &group.description;
    let workspace: Option<&WorkspaceId> = group.workspace_id.as_ref();
    let organisation: Option<&OrganisationId> = group.organisation_id.as_ref();
    #[allow(deprecated)]
    let project: Option<&ProjectId> = group.project_id.as_ref();
    let count: Option<u64> = group.participant_count;
    let deleted: bool = group.is_deleted.unwrap_or(false);
    let studies: &[FeederStudy] = group.feeder_studies.as_deref().unwrap_or_default();
    format!("{id:?} {name:?} {description:?} {workspace:?} {organisation:?} {project:?} {count:?} {deleted} {}", studies.len())
}

/// Takes a response apart, with `..` for what comes later.
pub fn study(study: FeederStudy) -> Option<FeederAction> {
    let FeederStudy { id, name, internal_name, status, feeder_completion_codes, .. } = study;
    let id: Option<StudyId> = id;
    let texts: [Option<String>; 3] = [name, internal_name, status];
    println!("{id:?} {texts:?}");
    let code: FeederCompletionCode = feeder_completion_codes?.pop()?;
    let FeederCompletionCode { code, code_type, action, .. } = code;
    let texts: [Option<String>; 2] = [code, code_type];
    println!("{texts:?}");
    action
}

pub fn action(action: &FeederAction) -> (&'static str, bool) {
    let other: FeederAction = FeederAction::from("SOMETHING");
    let parsed: Result<FeederAction, _> = "SOMETHING".parse();
    println!("{action} {} {parsed:?} {:?}", other.as_str(), FeederAction::default());
    let what = match action {
        FeederAction::AddToParticipantGroup => "adds",
        FeederAction::RemoveFromParticipantGroup => "removes",
        FeederAction::Other(_) => "other",
        _ => "unknown",
    };
    (what, *action > other)
}

pub fn groups(list: ParticipantGroupList) -> Vec<ParticipantGroup> {
    let meta: Option<&PageMeta> = list.meta.as_ref();
    let count: Option<u64> = meta.and_then(|meta| meta.count);
    println!("{count:?} {:?}", links(list.links.as_ref()));
    println!("{:?}", list.items().first().and_then(|item| ParticipantGroupList::key(item)));
    list.results.unwrap_or_default()
}

pub fn links(links: Option<&PageLinks>) -> Option<String> {
    let links: PageLinks = links?.clone();
    let all: [Option<PageLink>; 3] = [links.next, links.previous, links.last];
    let [next, ..] = all;
    let next = next?;
    let title: Option<String> = next.title;
    println!("{title:?}");
    next.href
}

pub fn people(list: &GroupParticipantList) -> Vec<(ParticipantId, Option<std::time::SystemTime>)> {
    let items: Vec<GroupParticipant> = list.results.clone().unwrap_or_default();
    println!("{:?} {:?}", list.links.as_ref().is_some(), list.meta.as_ref().and_then(|meta| meta.count));
    let time = |person: &GroupParticipant| person.datetime_created.as_ref().and_then(Timestamp::to_system_time);
    items.into_iter().map(|person| (person.participant_id.clone().unwrap_or_default(), time(&person))).collect()
}

pub fn workspaces(list: WorkspaceList) -> Vec<(String, Option<f64>)> {
    println!("{:?} {:?}", list.links.is_some(), list.meta.is_some());
    let all: Vec<Workspace> = list.results;
    all.into_iter().map(workspace).collect()
}

#[allow(deprecated)]
pub fn workspace(workspace: Workspace) -> (String, Option<f64>) {
    let id: WorkspaceId = workspace.id;
    let title: String = workspace.title;
    let owner: Option<UserId> = workspace.owner;
    let users: Vec<WorkspaceUser> = workspace.users.unwrap_or_default();
    for user in &users {
        let id: &UserId = &user.id;
        let roles: &[String] = user.roles.as_deref().unwrap_or_default();
        println!("{id} {:?} {:?} {roles:?}", user.name.as_deref(), user.email.as_deref());
    }
    let description: String = workspace.description.unwrap_or_default();
    (format!("{id} {title} {owner:?} {description}"), workspace.naivety_distribution_rate)
}

pub fn me(user: CurrentUser) -> (UserId, String) {
    (user.id, user.email)
}

pub fn error(error: &Error) -> Option<String> {
    let body: ApiError = error.api_error()?;
    let info: ApiErrorInfo = body.error.unwrap_or_default();
    let numbers: [Option<i64>; 2] = [info.status, info.error_code];
    let texts: [Option<String>; 3] = [info.title, info.additional_information, info.traceback];
    let interactive: Option<bool> = info.interactive;
    println!("{numbers:?} {texts:?} {interactive:?} {:?}", body.message);
    let detail: ApiErrorDetail = info.detail.or(body.detail)?;
    Some(match detail {
        ApiErrorDetail::Text(text) => text,
        ApiErrorDetail::List(items) => items.iter().map(ToString::to_string).collect(),
        ApiErrorDetail::Fields(fields) => fields.keys().cloned().collect::<Vec<_>>().join(" "),
        _ => String::new(),
    })
}

/// Values for tests, which have no service.
pub fn stand_ins() -> (ParticipantGroup, CurrentUser, Workspace, GroupParticipant, PageLinks, ApiError) {
    let mut group = ParticipantGroup::default();
    group.name = Some("Pilot".to_owned());
    (group, CurrentUser::default(), Workspace::default(), GroupParticipant::default(), PageLinks::default(), ApiError::default())
}

/// Code that works for each list.
pub fn first<P: Page>(page: P) -> Option<P::Item> {
    page.into_items().into_iter().next()
}

pub fn firsts(
    groups: ParticipantGroupList,
    people: GroupParticipantList,
    workspaces: WorkspaceList,
) -> (Option<ParticipantGroup>, Option<GroupParticipant>, Option<Workspace>) {
    (first(groups), first(people), first(workspaces))
}
