//! What each operation does, a file for each resource: from a request that has passed the checks of the document to the
//! state, and back to JSON. An operation that no file knows returns its documented example.

use serde_json::Value;

use crate::error::ApiError;
use crate::operation::{Input, Outcome};
use crate::store::World;

mod bonuses;
mod filters;
mod messages;
mod participant_groups;
mod projects;
mod studies;
mod submissions;
mod users;
mod webhooks;
mod workspaces;

/// `None` if the operation is not implemented. It has done nothing then.
type Performed = Result<Option<Outcome>, ApiError>;

/// The resources, by what their operations begin with.
const RESOURCES: &[(&str, fn(&mut World, &str, &Input) -> Performed)] = &[
    ("bonuses_", bonuses::perform),
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

/// A parameter that is a text.
fn parameter<'a>(input: &'a Input, name: &str) -> Option<&'a str> {
    input.parameters.get(name).and_then(Value::as_str)
}

/// A field of the body that is a text.
fn text<'a>(input: &'a Input, name: &str) -> Option<&'a str> {
    input.body[name].as_str()
}

/// A field of the body that is a list of texts.
fn texts(input: &Input, name: &str) -> Option<Vec<String>> {
    let list = input.body[name].as_array()?;
    Some(list.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}
