//! Creating a group, and looking for it when the outcome is not known: what tells a group from others, and how far a
//! list can be trusted, no description of the API says.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use crate::generated::participant_groups::ParticipantGroups;
use crate::generated::types::{CreateParticipantGroup, ParticipantGroup, ParticipantGroupId, WorkspaceId};
use crate::runtime::{Effect, Error};

/// How many pages of a list are read at most.
const MOST_PAGES: u32 = 1_000;

/// Why [`ParticipantGroups::create_checked`] failed, and what is known about the group.
///
/// ```
/// use prolific_sdk::{CheckedCreateError, Effect};
///
/// fn next_step(error: &CheckedCreateError) -> &'static str {
///     match error {
///         CheckedCreateError::Failed(error) if error.effect() == Effect::NotApplied => "correct it, or try again",
///         CheckedCreateError::Failed(_) => "it exists: find it in the list",
///         CheckedCreateError::NotFound(_) => "look again in a few minutes",
///         _ => "look for it in Prolific's web application",
///     }
/// }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum CheckedCreateError {
    /// The effect of the request is known: [`Error::effect`] says whether the group exists. Or the list could not be
    /// read beforehand, and the request was not sent.
    Failed(Error),
    /// The outcome of the request is unknown, and the group is not in the list.
    ///
    /// That is no proof. The service may still be working on the request, and how soon a new group is listed is not
    /// documented. Look again later before you create it again.
    NotFound(Error),
    /// The outcome of the request is unknown, and the list cannot tell.
    Unverified {
        /// The error of the request.
        error: Error,
        /// Why the list cannot tell.
        reason: Unverified,
    },
}

/// Why a list cannot tell whether a group was created.
#[derive(Debug)]
#[non_exhaustive]
pub enum Unverified {
    /// Groups of an organisation cannot be listed.
    NotListable,
    /// The list could not be read.
    ListFailed(Error),
    /// Several groups of this name have appeared: somebody else created one at the same time.
    Ambiguous,
}

impl fmt::Display for Unverified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotListable => f.write_str("groups of an organisation cannot be listed"),
            Self::ListFailed(error) => write!(f, "the list could not be read ({error})"),
            Self::Ambiguous => f.write_str("several new groups have its name"),
        }
    }
}

impl CheckedCreateError {
    /// The error of the request, or of the list that was read before it.
    pub fn error(&self) -> &Error {
        match self {
            Self::Failed(error) | Self::NotFound(error) | Self::Unverified { error, .. } => error,
        }
    }

    /// Consumes this value and returns the same error as [`error`](Self::error).
    pub fn into_error(self) -> Error {
        match self {
            Self::Failed(error) | Self::NotFound(error) | Self::Unverified { error, .. } => error,
        }
    }
}

impl fmt::Display for CheckedCreateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) if error.effect() == Effect::Applied => f.write_str(
                "the group was created, but the response cannot be used, and the list does not show which it is",
            ),
            Self::Failed(_) => f.write_str("the group was not created"),
            Self::NotFound(_) => {
                f.write_str("it is unknown whether the group was created; it is not in the list so far")
            }
            Self::Unverified { reason, .. } => write!(f, "it is unknown whether the group was created: {reason}"),
        }
    }
}

impl std::error::Error for CheckedCreateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.error())
    }
}

/// # Checked create
impl ParticipantGroups {
    /// Creates a group like [`create`](Self::create), and looks for it in the list of its workspace if the outcome of
    /// the request is unknown, or if the group exists and its response could not be read or has no id. The request is
    /// not retried after it may have taken effect.
    ///
    /// The new group is recognised by its name, and by not being in the list before the call, so the list is read
    /// first, at the cost of one request per page, of which there may be 1,000. If somebody else creates a group with
    /// the same name in the same workspace in the meantime, that group can be mistaken for yours: use a name that
    /// nobody else uses. All of it ends within the client's timeout: a third of it is for the list before, and at least
    /// a third for the list after.
    ///
    /// ```no_run
    /// # async fn example(client: prolific_sdk::Client) -> Result<(), prolific_sdk::CheckedCreateError> {
    /// use prolific_sdk::CheckedCreateError;
    /// use prolific_sdk::types::CreateParticipantGroup;
    ///
    /// let group = CreateParticipantGroup::in_workspace("Pilot cohort, run 2026-11-23/7", "62fce6fff0a78eb4f3ebc09c");
    /// match client.participant_groups().create_checked(group).await {
    ///     Ok(group) => println!("created {:?}", group.id),
    ///     Err(CheckedCreateError::NotFound(error)) => println!("not in the list so far, look again later: {error}"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the group is not known to exist, or is known to exist but cannot be found. [`CheckedCreateError`] says
    /// what is known.
    pub async fn create_checked(&self, group: CreateParticipantGroup) -> Result<ParticipantGroup, CheckedCreateError> {
        let (name, workspace) = (group.name.clone(), group.workspace_id.clone());
        let started = Instant::now();
        let by_third = |third| {
            let until = |timeout: Duration| started.checked_add((timeout / 3).saturating_mul(third));
            self.client.until(until).participant_groups()
        };
        let before = match &workspace {
            Some(workspace) => named(&by_third(1), &name, workspace).await.map_err(CheckedCreateError::Failed)?,
            None => Vec::new(),
        };
        let sent = by_third(2).create(group).send().await;
        match &sent {
            Ok(group) if group.id.is_none() => {}
            Err(error) if error.may_have_taken_effect() => {}
            _ => return sent.map_err(CheckedCreateError::Failed),
        }
        let found = match &workspace {
            Some(workspace) => named(&by_third(3), &name, workspace).await.map_err(Unverified::ListFailed),
            None => Err(Unverified::NotListable),
        };
        let known: BTreeSet<_> = before.iter().map(id).collect();
        let is_new = |group: &ParticipantGroup| !known.contains(&id(group));
        let new = found.map(|groups| groups.into_iter().filter(is_new).collect::<Vec<_>>());
        match (new, sent) {
            (Ok(mut groups), _) if groups.len() == 1 => Ok(groups.remove(0)),
            // It exists, and the service did not say its id.
            (_, Ok(group)) => Ok(group),
            (_, Err(error)) if error.effect() == Effect::Applied => Err(CheckedCreateError::Failed(error)),
            (Ok(groups), Err(error)) if groups.is_empty() => Err(CheckedCreateError::NotFound(error)),
            (Ok(_), Err(error)) => Err(CheckedCreateError::Unverified { error, reason: Unverified::Ambiguous }),
            (Err(reason), Err(error)) => Err(CheckedCreateError::Unverified { error, reason }),
        }
    }
}

/// The groups of a workspace that have this name and are not deleted. All of them are read: what `search` finds is not
/// documented.
async fn named(
    groups: &ParticipantGroups,
    name: &str,
    workspace: &WorkspaceId,
) -> Result<Vec<ParticipantGroup>, Error> {
    let mut list = groups.list(workspace).active(true).pages().at_most(MOST_PAGES).items();
    let mut found = Vec::new();
    while let Some(group) = list.try_next().await? {
        if group.name.as_deref().is_some_and(|other| other.trim() == name.trim()) {
            found.push(group);
        }
    }
    Ok(found)
}

fn id(group: &ParticipantGroup) -> Option<&str> {
    group.id.as_ref().map(ParticipantGroupId::as_str)
}
