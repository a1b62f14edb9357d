//! The user of the token, and test participants.

use serde_json::json;

use super::request::{Performed, text};
use crate::error::ApiError;
use crate::operation::{Input, Outcome};
use crate::store::World;

pub(super) fn perform(world: &mut World, method: &str, input: &Input) -> Performed {
    Ok(Some(match method {
        "me" => Outcome::Object(json!({"id": world.user.id, "email": world.user.email})),
        "create_test_participant" => {
            let email = text(input, "email").unwrap_or_default().to_owned();
            if !email.contains('@') {
                return Err(ApiError::bad_request(json!({"email": ["This is no email address."]})));
            }
            if world.participants.values().flatten().any(|known| *known == email) {
                return Err(ApiError::bad_request(json!({"email": ["There is an account with this address."]})));
            }
            let id = world.next_id("7e");
            world.participants.insert(id.clone(), Some(email));
            Outcome::Object(json!({"participant_id": id}))
        }
        _ => return Ok(None),
    }))
}
