//! Faults.

use serde_json::{Value, json};

use super::call::Call;
use crate::error::ApiError;
use crate::fault::Fault;
use crate::faults::Injected;
use crate::shared::Shared;

#[allow(clippy::unnecessary_wraps, reason = "operations have one form")]
pub(super) fn list(shared: &Shared, _: &Call) -> Result<Value, ApiError> {
    Ok(json!({"results": shared.faults.list().iter().map(show).collect::<Vec<_>>()}))
}

pub(super) fn inject(shared: &Shared, call: &Call) -> Result<Value, ApiError> {
    let fault = serde_json::from_value::<Fault>(call.body.clone());
    let fault = fault.map_err(|error| ApiError::bad_request(error.to_string()))?;
    let id = shared.faults.inject(fault.clone()).id();
    Ok(show(&Injected { id, fault, seen: 0 }))
}

#[allow(clippy::unnecessary_wraps, reason = "operations have one form")]
pub(super) fn clear(shared: &Shared, _: &Call) -> Result<Value, ApiError> {
    shared.faults.clear();
    Ok(Value::Null)
}

pub(super) fn remove(shared: &Shared, call: &Call) -> Result<Value, ApiError> {
    let id = call.parameters.get("fault_id").and_then(Value::as_u64);
    if id.is_some_and(|id| shared.faults.remove(id)) { Ok(Value::Null) } else { Err(ApiError::not_found()) }
}

/// The JSON of the fault, with what the sandbox knows of it.
fn show(injected: &Injected) -> Value {
    let mut shown = json!(injected.fault);
    shown["id"] = injected.id.into();
    shown["text"] = injected.fault.to_string().into();
    shown["seen"] = injected.seen.into();
    shown
}
