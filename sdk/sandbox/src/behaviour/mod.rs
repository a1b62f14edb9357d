//! What each operation does, a file for each resource: from a request that has passed the checks of the document to the
//! state, and back to JSON. An operation that no file knows returns its documented example.

use request::Performed;

use crate::operation::Input;
use crate::store::World;

mod bonuses;
mod filter_sets;
mod filters;
mod messages;
mod participant_groups;
mod projects;
mod request;
mod studies;
mod submissions;
mod users;
mod webhooks;
mod workspaces;

/// Performs an operation of one resource, by the name of its method.
type Perform = fn(&mut World, &str, &Input) -> Performed;

/// The resources, by what their operations begin with.
const RESOURCES: &[(&str, Perform)] = &[
    ("bonuses_", bonuses::perform),
    ("filter_sets_", filter_sets::perform),
    ("filters_", filters::perform),
    ("messages_", messages::perform),
    ("participant_groups_", participant_groups::perform),
    ("projects_", projects::perform),
    ("studies_", studies::perform),
    ("submissions_", submissions::perform),
    ("users_", users::perform),
    ("webhooks_", webhooks::perform),
    ("workspaces_", workspaces::perform),
];

/// Performs an operation.
pub(crate) fn perform(world: &mut World, operation_id: &str, input: &Input) -> Performed {
    let resource = RESOURCES.iter().find_map(|(prefix, perform)| Some((operation_id.strip_prefix(prefix)?, perform)));
    resource.map_or(Ok(None), |(method, perform)| perform(world, method, input))
}
