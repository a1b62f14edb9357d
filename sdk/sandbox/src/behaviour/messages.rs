//! Messages. Those of participants are written by a program or on the page of the sandbox.

use std::time::Duration;

use serde_json::{Value, json};

use super::request::{Performed, parameter, text, texts};
use crate::error::ApiError;
use crate::operation::{Input, Outcome};
use crate::store::clock::Moment;
use crate::store::{Message, World};

/// How long messages can be read.
const KEPT: Duration = Duration::from_secs(30 * 86_400);

pub(super) fn perform(world: &mut World, method: &str, input: &Input) -> Performed {
    Ok(Some(match method {
        "list" => {
            let user = parameter(input, "user_id");
            let after = parameter(input, "created_after");
            if user.is_none() && after.is_none() {
                return Err(ApiError::bad_request("One of user_id and created_after is required."));
            }
            let problem = || ApiError::bad_request(json!({"created_after": ["This is no date."]}));
            let after = after.map(|text| Moment::parse(text).ok_or_else(problem)).transpose()?;
            let excluded = input.parameters.get("excluded_sender_ids").and_then(Value::as_array);
            let kept = recent(world).filter(|message| {
                user.is_none_or(|user| message.sender == user || message.recipient == user)
                    && after.is_none_or(|after| message.sent_at > after)
                    && !excluded.is_some_and(|ids| ids.iter().any(|id| *id == message.sender))
            });
            input.window.of(kept, show)
        }
        // Reading does not mark a message as read, and no operation does.
        "list_unread" => {
            let own = recent(world).filter(|message| message.recipient == world.user.id);
            input.window.of(own, show)
        }
        "send_to_user" => {
            let recipient = text(input, "recipient_id").unwrap_or_default().to_owned();
            send(world, input, &[recipient])?
        }
        "send_bulk" => send(world, input, &texts(input, "ids").unwrap_or_default())?,
        "send_to_group" => {
            let group = world.groups.get(text(input, "participant_group_id").unwrap_or_default());
            let problem = || ApiError::bad_request(json!({"participant_group_id": ["There is no such group."]}));
            let members: Vec<_> = group.ok_or_else(problem)?.members().cloned().collect();
            send(world, input, &members)?
        }
        _ => return Ok(None),
    }))
}

fn recent(world: &World) -> impl Iterator<Item = &Message> {
    let now = world.clock.now();
    world.messages.values().filter(move |message| now.since(message.sent_at) < KEPT)
}

fn send(world: &mut World, input: &Input, recipients: &[String]) -> Result<Outcome, ApiError> {
    let (body, study) = (text(input, "body").unwrap_or_default(), text(input, "study_id"));
    if study.is_some_and(|study| !world.studies.contains_key(study)) {
        return Err(ApiError::bad_request(json!({"study_id": ["There is no such study."]})));
    }
    for recipient in recipients {
        world.write(recipient, body, study);
    }
    Ok(Outcome::Nothing)
}

fn show(message: &Message) -> Value {
    let sent_at = message.sent_at.text();
    let mut data = json!({});
    if let Some(study) = &message.study {
        data["study_id"] = study.as_str().into();
    }
    json!({
        "id": message.id,
        // Documented, and as users have seen them.
        "sender_id": message.sender,
        "sender": message.sender,
        "sent_at": sent_at,
        "datetime_created": sent_at,
        "body": message.body,
        "type": "message",
        "channel_id": message.channel(),
        "data": data,
    })
}
