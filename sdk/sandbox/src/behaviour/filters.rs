//! Filters: how many pass them. What filters there are is the documented example.

use serde_json::json;

use super::request::Performed;
use crate::operation::{Input, Outcome};
use crate::store::World;

/// Fewer than this many are shown as none.
const LEAST: usize = 25;

pub(super) fn perform(world: &mut World, method: &str, input: &Input) -> Performed {
    Ok(Some(match method {
        "count_eligible" => {
            let filters = input.body["filters"].as_array().map_or(&[][..], Vec::as_slice);
            let count = world.participants.keys().filter(|id| world.passes(filters, id)).count();
            Outcome::Object(json!({"count": if count < LEAST { 0 } else { count }}))
        }
        _ => return Ok(None),
    }))
}
