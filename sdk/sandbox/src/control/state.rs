//! The state as a whole, and its time.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::call::Call;
use crate::error::ApiError;
use crate::seed::Seed;
use crate::shared::Shared;
use crate::store::filter_set::FilterSet;
use crate::store::money::Money;
use crate::store::study::Study;
use crate::store::submission::Submission;
use crate::store::{CURRENCY, Message, Workspace, World};

#[allow(clippy::unnecessary_wraps, reason = "operations have one form")]
pub(super) fn clock(shared: &Shared, _: &Call) -> Result<Value, ApiError> {
    Ok(json!({"now": shared.world(|world| world.clock.now().text())}))
}

/// How far the clock is turned.
pub(super) fn seconds(call: &Call) -> Duration {
    Duration::from_secs(call.body["seconds"].as_u64().unwrap_or_default())
}

pub(super) fn load(shared: &Shared, call: &Call) -> Result<Value, ApiError> {
    let seed: Seed =
        serde_json::from_value(call.body.clone()).map_err(|error| ApiError::bad_request(error.to_string()))?;
    shared.load(seed).map_err(ApiError::bad_request)?;
    Ok(Value::Null)
}

pub(super) fn reset(shared: &Shared, _: &Call) -> Result<Value, ApiError> {
    shared.reset().map_err(|problem| ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, problem))?;
    Ok(Value::Null)
}

#[allow(clippy::unnecessary_wraps, reason = "operations have one form")]
pub(super) fn get(shared: &Shared, _: &Call) -> Result<Value, ApiError> {
    Ok(shared.world(|world| show(world)))
}

fn show(world: &World) -> Value {
    let groups = world.groups.values().map(|group| {
        let mut shown = group
            .to_json(&world.feeders.get(&group.id).into_iter().flatten().map(|study| json!(study)).collect::<Vec<_>>());
        shown["participants"] = group.participants().into();
        shown
    });
    let projects = world
        .projects
        .values()
        .map(|project| json!({"id": project.id, "workspace": project.workspace, "title": project.fields.get("title")}));
    let bonuses = world.bonuses.iter().map(|(id, bonus)| {
        let line =
            |(submission, amount): &(String, Money)| json!({"submission": submission, "amount": amount.to_json()});
        json!({"id": id, "study": bonus.study, "lines": bonus.lines.iter().map(line).collect::<Vec<_>>()})
    });
    let participants = world.participants.iter().map(|(id, email)| json!({"id": id, "test_participant_email": email}));
    json!({
        "now": world.clock.now().text(),
        "user": {"id": world.user.id, "email": world.user.email},
        "workspaces": world.workspaces.values().map(workspace).collect::<Vec<_>>(),
        "projects": projects.collect::<Vec<_>>(),
        "groups": groups.collect::<Vec<_>>(),
        "filter_sets": world.filter_sets.values().map(FilterSet::to_json).collect::<Vec<_>>(),
        "studies": world.studies.values().map(|one| study(world, one)).collect::<Vec<_>>(),
        "submissions": world.submissions.values().map(Submission::to_json).collect::<Vec<_>>(),
        "bonuses": bonuses.collect::<Vec<_>>(),
        "messages": world.messages.values().map(message).collect::<Vec<_>>(),
        "participants": participants.collect::<Vec<_>>(),
    })
}

fn workspace(workspace: &Workspace) -> Value {
    let wallet = &workspace.wallet;
    json!({
        "id": workspace.id,
        "title": workspace.title,
        "currency": CURRENCY,
        "available": wallet.available().to_json(),
        "reserved": wallet.reserved().to_json(),
        "paid": wallet.paid().to_json(),
    })
}

/// The study as the API shows it, with the money that is reserved for it.
fn study(world: &World, study: &Study) -> Value {
    let mut shown = study.to_json(&world.numbers(study));
    let wallet = world.workspaces.get(&study.workspace).map(|workspace| &workspace.wallet);
    shown["reserved"] = wallet.map(|wallet| wallet.reserved_for(&study.id)).unwrap_or_default().to_json();
    shown["is_test"] = study.is_test.into();
    shown
}

/// A message with its receiver, whom the API does not show.
pub(super) fn message(message: &Message) -> Value {
    json!({
        "id": message.id,
        "sender": message.sender,
        "recipient": message.recipient,
        "body": message.body,
        "sent_at": message.sent_at.text(),
        "study": message.study,
    })
}
