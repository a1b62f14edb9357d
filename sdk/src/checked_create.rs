//! Creating a group, and looking for it when the outcome is not known. The one place outside `generated` that knows an
//! operation: what tells a group from others, and how far the list can be trusted, no description of the API says.

use std::collections::BTreeSet;

use crate::types::{ActiveFilter, CreateParticipantGroup, ParticipantGroup, ParticipantGroupId, WorkspaceId};
use crate::{Client, Effect, Error};

/// What is known of a group after [`Client::create_participant_group_checked`].
#[derive(Debug)]
#[non_exhaustive]
pub enum CheckedCreate {
    /// It exists, and this is it: as the service answered it, or as it was found in the list.
    Created(ParticipantGroup),
    /// The outcome of the request is unknown, and the list does not have the group.
    ///
    /// That is no proof. The service may still be working on the request, and how soon a new group is listed is not
    /// documented. Look again after some time before you create it anew.
    NotFound(Error),
    /// The outcome of the request is unknown, and the list cannot tell it.
    CannotTell {
        /// Of the request.
        error: Error,
        /// Why the list cannot tell.
        doubt: Doubt,
    },
}

/// Why a list cannot tell whether a group was created.
#[derive(Debug)]
#[non_exhaustive]
pub enum Doubt {
    /// Groups of an organisation cannot be listed.
    NotListed,
    /// The list could not be read.
    ListFailed(Error),
    /// More than one group of this name has appeared: somebody else made one at the same time.
    Several,
}

impl Client {
    /// Creates a group like [`create_participant_group`](Self::create_participant_group), and looks for it in the list of
    /// its workspace if the request ends so that the outcome is unknown, or that the group exists but its answer could not
    /// be read. The request is not sent again for it.
    ///
    /// The group is recognised by its name, and by not having been in the list before: the list is read first, at the
    /// price of a request for each of its pages. If somebody else makes a group of the same name in the same workspace
    /// meanwhile, that one can be taken for yours: put something into the name that nobody else puts there. Each of these
    /// requests has the client's whole timeout for itself.
    ///
    /// ```no_run
    /// # async fn create(client: prolific_sdk::Client) -> Result<(), prolific_sdk::Error> {
    /// use prolific_sdk::CheckedCreate;
    /// use prolific_sdk::types::CreateParticipantGroup;
    ///
    /// let group = CreateParticipantGroup::in_workspace("Pilot cohort, run 2026-11-23/7", "62fce6fff0a78eb4f3ebc09c");
    /// match client.create_participant_group_checked(group).await? {
    ///     CheckedCreate::Created(group) => println!("created {:?}", group.id),
    ///     CheckedCreate::NotFound(error) => println!("not there so far, look again later: {error}"),
    ///     other => println!("look in Prolific's web application: {other:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the list cannot be read beforehand, in which case nothing was sent; and when the create fails with an effect
    /// that is known. After [`Effect::Done`] the group exists, and the list did not tell which one it is.
    pub async fn create_participant_group_checked(
        &self,
        group: CreateParticipantGroup,
    ) -> Result<CheckedCreate, Error> {
        let (name, workspace) = (group.name.clone(), group.workspace_id.clone());
        let before = match &workspace {
            Some(workspace) => self.groups_named(&name, workspace).await?,
            None => Vec::new(),
        };
        let error = match self.create_participant_group(group).send().await {
            Ok(group) => return Ok(CheckedCreate::Created(group.into_inner())),
            Err(error) if error.may_have_taken_effect() => error,
            Err(error) => return Err(error),
        };
        let found = match &workspace {
            Some(workspace) => self.groups_named(&name, workspace).await.map_err(Doubt::ListFailed),
            None => Err(Doubt::NotListed),
        };
        let known: BTreeSet<_> = before.iter().map(id).collect();
        let is_new = |group: &ParticipantGroup| !known.contains(&id(group));
        let new = found.map(|groups| groups.into_iter().filter(is_new).collect::<Vec<_>>());
        match new {
            Ok(mut groups) if groups.len() == 1 => Ok(CheckedCreate::Created(groups.remove(0))),
            _ if error.effect() == Effect::Done => Err(error),
            Ok(groups) if groups.is_empty() => Ok(CheckedCreate::NotFound(error)),
            Ok(_) => Ok(CheckedCreate::CannotTell { error, doubt: Doubt::Several }),
            Err(doubt) => Ok(CheckedCreate::CannotTell { error, doubt }),
        }
    }

    /// The groups of a workspace that have this name and are not deleted. All of them are read: what `search` finds is
    /// not documented.
    async fn groups_named(&self, name: &str, workspace: &WorkspaceId) -> Result<Vec<ParticipantGroup>, Error> {
        let mut list = self.list_participant_groups(workspace.clone()).active(ActiveFilter::True).stream();
        let mut found = Vec::new();
        while let Some(group) = list.next().await.transpose()? {
            if group.name.as_deref().is_some_and(|other| other.trim() == name.trim()) {
                found.push(group);
            }
        }
        Ok(found)
    }
}

fn id(group: &ParticipantGroup) -> Option<&str> {
    group.id.as_ref().map(ParticipantGroupId::as_str)
}
