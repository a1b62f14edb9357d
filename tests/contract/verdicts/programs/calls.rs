//! An old dependent that makes requests: every method, argument, setter and constructor of the document, and every type
//! that requests contain. Must not read a response further than its type.

use std::time::Duration;

use prolific_sdk::participant_groups::{List, ListParticipants, ParticipantGroups};
use prolific_sdk::types::{
    CreateParticipantGroup, OrganisationId, ParticipantGroupId, ParticipantId, ParticipantIdList,
    UpdateParticipantGroup, WorkspaceId,
};
use prolific_sdk::users::Users;
use prolific_sdk::workspaces::Workspaces;
use prolific_sdk::{Call, Client, Error, Operation, RetryPolicy, operations};

pub fn handles(client: &Client) -> (ParticipantGroups, Workspaces, Users) {
    (client.participant_groups(), client.workspaces(), client.users())
}

/// Ids come as strings, as ids, and as references to ids that a response contained.
pub fn lists(client: &Client, text: &str, owned: WorkspaceId, borrowed: &WorkspaceId) -> [List; 4] {
    let groups = client.participant_groups();
    [groups.list(text), groups.list(text.to_owned()), groups.list(owned), groups.list(borrowed)]
}

pub fn filters(list: List, limit: u64, offset: u64, active: bool, search: String) -> List {
    let list = list.active(active).limit(limit).offset(offset).search(search).search("pilot");
    list.timeout(Duration::from_secs(5)).retry_policy(RetryPolicy::never()).header("x-run", "7")
}

pub fn create(client: &Client, workspace: &WorkspaceId, organisation: OrganisationId, all: Vec<ParticipantId>) {
    let group: CreateParticipantGroup = CreateParticipantGroup::in_workspace("Pilot", workspace).description("First");
    let group = group.participant_ids(["a", "b"]).participant_ids(all.iter());
    let call = client.participant_groups().create(group).header("x-run", "7");
    later(call);
    let mut other = CreateParticipantGroup::in_organisation(String::from("Pilot"), organisation).participant_ids(all);
    other.name.push_str(", run 2");
    other.description = Some("Second".to_owned());
    let name: &String = &other.name;
    let workspace: &Option<WorkspaceId> = &other.workspace_id;
    let organisation: &Option<OrganisationId> = &other.organisation_id;
    let participants: Option<&[ParticipantId]> = other.participant_ids.as_deref();
    println!("{name} {workspace:?} {organisation:?} {participants:?} {:?}", other.description);
    drop(client.participant_groups().create(CreateParticipantGroup::in_organisation("Pilot", "o1")));
}

/// Code that queues calls names what the methods return.
pub fn later<T>(call: Call<T>) -> Call<T> {
    call.timeout(Duration::from_secs(5)).retry_policy(RetryPolicy::new())
}

pub async fn one(client: &Client, id: &ParticipantGroupId) -> Result<(), Error> {
    let groups = client.participant_groups();
    drop(later(groups.get(id)).send().await?);
    drop(later(groups.get("g1")).send_with_response().await?);
    let changes: UpdateParticipantGroup = UpdateParticipantGroup::new().name("Wave 2").participant_ids([""; 0]);
    drop(groups.update(id, changes.clone()).send().await?);
    let call = later(groups.update("g1", UpdateParticipantGroup::default()));
    drop(call.send().await?);
    println!("{:?} {:?}", changes.name.as_deref(), changes.participant_ids.as_deref().map(<[ParticipantId]>::len));
    let call: Call<()> = groups.delete(id.clone());
    call.send().await?;
    groups.delete("g1").send().await
}

pub async fn participants(client: &Client, id: ParticipantGroupId, all: &[String]) -> Result<(), Error> {
    let groups = client.participant_groups();
    let list: ListParticipants = groups.list_participants(&id).limit(50).offset(100).header("x-run", "7");
    drop(list.clone().send().await?);
    drop(list.stream().try_next().await?);
    drop(groups.list_participants("g1").pages().try_next().await?);
    let collected: ParticipantIdList = all.iter().map(String::as_str).collect();
    drop(later(groups.add_participants(&id, collected)).send().await?);
    let typed: Vec<ParticipantId> = collected_ids(all);
    let list = ParticipantIdList::new(typed.iter());
    println!("{:?}", list.participant_ids.as_deref().map(<[ParticipantId]>::len));
    drop(later(groups.remove_participants("g1", list)).send().await?);
    drop(groups.remove_participants(id, ParticipantIdList::new(["p1"])).send().await?);
    Ok(())
}

fn collected_ids(all: &[String]) -> Vec<ParticipantId> {
    all.iter().map(|id| ParticipantId::from(id.as_str())).collect()
}

pub async fn others(client: &Client) -> Result<(), Error> {
    let list: prolific_sdk::workspaces::List = client.workspaces().list().limit(20).offset(0);
    drop(list.clone().stream().try_next().await?);
    drop(list.pages().try_next().await?);
    drop(client.workspaces().list().send_with_response().await?);
    drop(later(client.users().me()).send().await?);
    drop(client.participant_groups().list("w1").stream().try_next().await?);
    drop(client.participant_groups().list("w1").pages().try_next().await?);
    Ok(())
}

/// Ids are texts with a type: keys of maps, parts of messages.
pub fn ids(group: ParticipantGroupId, person: ParticipantId, workspace: WorkspaceId, organisation: OrganisationId) -> String {
    let keys = std::collections::HashMap::from([(group.clone(), 1)]);
    let sorted = std::collections::BTreeSet::from([person.clone(), ParticipantId::default(), "p".into()]);
    let parsed: Result<WorkspaceId, _> = "w1".parse();
    let texts = [group.as_str(), person.as_ref(), workspace.as_str(), organisation.as_str()].join(" ");
    let owned: String = organisation.into();
    format!("{texts} {owned} {group} {workspace} {parsed:?} {} {}", keys.len(), sorted.len())
}

pub const KNOWN: [&Operation; 10] = [
    &operations::PARTICIPANT_GROUPS_LIST,
    &operations::PARTICIPANT_GROUPS_CREATE,
    &operations::PARTICIPANT_GROUPS_GET,
    &operations::PARTICIPANT_GROUPS_UPDATE,
    &operations::PARTICIPANT_GROUPS_DELETE,
    &operations::PARTICIPANT_GROUPS_LIST_PARTICIPANTS,
    &operations::PARTICIPANT_GROUPS_ADD_PARTICIPANTS,
    &operations::PARTICIPANT_GROUPS_REMOVE_PARTICIPANTS,
    &operations::WORKSPACES_LIST,
    &operations::USERS_ME,
];

pub fn is_known(id: &str) -> bool {
    KNOWN.iter().chain(&operations::OPERATIONS.iter().collect::<Vec<_>>()).any(|operation| operation.id == id)
}
