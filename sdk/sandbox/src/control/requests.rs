//! The recorded requests.

use serde_json::{Value, json};

use super::call::Call;
use crate::bytes::Bytes;
use crate::error::ApiError;
use crate::record::RecordedRequest;
use crate::shared::Shared;

#[allow(clippy::unnecessary_wraps, reason = "operations have one form")]
pub(super) fn list(shared: &Shared, call: &Call) -> Result<Value, ApiError> {
    let number = |name: &str| call.parameters.get(name).and_then(Value::as_u64);
    let (operation, since) = (call.parameter("operation"), number("since").unwrap_or_default());
    let limit = number("limit").and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
    let selected = shared.log.select(limit, |request| {
        request.number > since && operation.is_none_or(|id| request.operation_id.as_deref() == Some(id))
    });
    let results: Vec<_> = selected.into_iter().map(show).collect();
    Ok(json!({"results": results, "last": shared.log.last(), "dropped": shared.log.dropped()}))
}

fn show(request: RecordedRequest) -> Value {
    let pairs = |pairs: &[(String, String)]| -> Value {
        pairs.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
    };
    json!({
        "number": request.number,
        "operation": request.operation_id,
        "method": request.method,
        "path": request.path,
        "query": pairs(&request.query),
        "headers": pairs(&request.headers),
        "body": Bytes::from(request.body),
        "status": request.status,
        "response_body": Bytes::from(request.response_body),
        "fault": request.fault,
        "milliseconds": request.duration.as_secs_f64() * 1000.0,
    })
}
