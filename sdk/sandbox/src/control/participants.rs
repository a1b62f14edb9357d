//! What participants do.

use serde_json::{Value, json};

use super::call::Call;
use super::state;
use crate::error::ApiError;
use crate::shared::Shared;
use crate::store::World;

pub(super) fn take(shared: &Shared, call: &Call) -> Result<Value, ApiError> {
    let participant = call.parameter("participant_id").unwrap_or_default();
    let study = call.field("study_id").unwrap_or_default();
    shared.world(|world| {
        check_study(world, study)?;
        let id = world.take(study, participant)?;
        if call.body["begin"].as_bool().unwrap_or(true) {
            world.begin_submission(&id)?;
        }
        Ok(world.submission(&id)?.to_json())
    })
}

pub(super) fn transition(shared: &Shared, call: &Call) -> Result<Value, ApiError> {
    let id = call.parameter("submission_id").unwrap_or_default();
    let action = call.field("action").unwrap_or_default();
    let code = call.field("code");
    if code.is_some() && action != "SUBMIT" {
        return Err(ApiError::bad_request(json!({"code": ["Only SUBMIT has a code."]})));
    }
    shared.world(|world| {
        match action {
            "BEGIN" => world.begin_submission(id),
            "SUBMIT" => world.hand_in(id, code),
            "RETURN" => world.return_submission(id),
            "NO_SHOW" => world.no_show(id),
            _ => world.time_out(id),
        }?;
        Ok(world.submission(id)?.to_json())
    })
}

pub(super) fn write(shared: &Shared, call: &Call) -> Result<Value, ApiError> {
    let participant = call.parameter("participant_id").unwrap_or_default();
    let (body, study) = (call.field("body").unwrap_or_default(), call.field("study_id"));
    shared.world(|world| {
        if let Some(study) = study {
            check_study(world, study)?;
        }
        world.receive(participant, body, study);
        Ok(world.messages.last().map(|(_, message)| state::message(message)).unwrap_or_default())
    })
}

fn check_study(world: &World, id: &str) -> Result<(), ApiError> {
    let problem = || ApiError::bad_request(json!({"study_id": ["There is no such study."]}));
    if world.studies.contains_key(id) { Ok(()) } else { Err(problem()) }
}
