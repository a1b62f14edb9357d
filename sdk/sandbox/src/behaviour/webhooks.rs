//! Webhooks: secrets, subscriptions, and the log of events.

use serde_json::{Value, json};

use super::request::{Performed, parameter, text};
use crate::error::ApiError;
use crate::operation::{Input, Outcome};
use crate::store::World;
use crate::store::webhook::{Event, EventStatus, Secret, Subscription};

const EVENT_TYPES: [(&str, &str); 4] = [
    ("study.status.change", "A study has another status."),
    ("study.progress.change", "The progress of a study has changed."),
    ("study.has_high_return_rate", "Many participants return their submissions of a study."),
    ("submission.status.change", "A submission has another status."),
];

pub(super) fn perform(world: &mut World, method: &str, input: &Input) -> Performed {
    let id = parameter(input, "subscription_id").unwrap_or_default();
    let field = |name| text(input, name).unwrap_or_default();
    let webhooks = &world.webhooks;
    Ok(Some(match method {
        "list_event_types" => {
            input.window.of(EVENT_TYPES, |(name, description)| json!({"event_type": name, "description": description}))
        }
        "list_secrets" => {
            let workspace = parameter(input, "workspace_id").unwrap_or_default();
            input.window.of(webhooks.secrets.get(workspace), show_secret)
        }
        "create_secret" => Outcome::Object(show_secret(world.create_secret(field("workspace_id"))?)),
        "list_subscriptions" => {
            let workspace = parameter(input, "workspace_id");
            let is_enabled = input.parameters.get("is_enabled").and_then(Value::as_bool).unwrap_or(true);
            let found = webhooks.subscriptions.values().filter(|subscription| {
                subscription.is_enabled == is_enabled
                    && workspace.is_none_or(|workspace| subscription.workspace == workspace)
            });
            input.window.of(found, show)
        }
        "create_subscription" => {
            let created = world.subscribe(field("workspace_id"), field("event_type"), field("target_url"))?;
            Outcome::WithHeader(show(created), ("x-hook-secret", created.hook_secret.clone()))
        }
        "get_subscription" => Outcome::Object(show(world.subscription(id)?)),
        "confirm_subscription" => {
            world.confirm(id, field("secret"))?;
            Outcome::Object(show(world.subscription(id)?))
        }
        "update_subscription" => {
            world.update_subscription(id, &input.body)?;
            Outcome::Object(show(world.subscription(id)?))
        }
        "delete_subscription" => {
            world.unsubscribe(id)?;
            Outcome::Nothing
        }
        "list_events" => {
            world.subscription(id)?;
            let statuses = parameter(input, "status").map(statuses).transpose()?;
            let resource = parameter(input, "resource_id");
            let found = webhooks.events.values().filter(|event| {
                event.subscription == id
                    && statuses.as_ref().is_none_or(|statuses| statuses.contains(&event.status))
                    && resource.is_none_or(|resource| event.payload["resource_id"] == resource)
            });
            input.window.of(found, show_event)
        }
        _ => return Ok(None),
    }))
}

/// One status, or several in a JSON array.
fn statuses(text: &str) -> Result<Vec<EventStatus>, ApiError> {
    let names = serde_json::from_str::<Vec<String>>(text).unwrap_or_else(|_| vec![text.to_owned()]);
    let known = |name: &String| EventStatus::ALL.into_iter().find(|status| status.as_str() == name);
    let problem = "This is neither a status of an event nor a JSON array of them.";
    let statuses: Option<_> = names.iter().map(known).collect();
    statuses.ok_or_else(|| ApiError::bad_request(json!({"status": [problem]})))
}

fn show_secret(secret: &Secret) -> Value {
    json!({"id": secret.id, "value": secret.value, "workspace_id": secret.workspace})
}

fn show(subscription: &Subscription) -> Value {
    json!({
        "id": subscription.id,
        "event_type": subscription.kind,
        "target_url": subscription.target,
        "is_enabled": subscription.is_enabled,
        "workspace_id": subscription.workspace,
    })
}

fn show_event(event: &Event) -> Value {
    json!({
        "id": event.id,
        "datetime_created": event.created.text(),
        "datetime_updated": event.updated.text(),
        "event_type": event.kind,
        "resource_id": event.payload["resource_id"],
        "status": event.status.as_str(),
        "target_url": event.target,
        "payload": event.payload,
    })
}
