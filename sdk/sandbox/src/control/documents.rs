//! The documents of the sandbox.

use serde_json::Value;

use super::call::Call;
use crate::document::Document;
use crate::error::ApiError;
use crate::shared::Shared;

pub(super) fn api(_: &Shared, _: &Call) -> Result<Value, ApiError> {
    Ok(Document::embedded().map_err(ApiError::bad_request)?.json().clone())
}

pub(super) fn control(_: &Shared, _: &Call) -> Result<Value, ApiError> {
    Ok(Document::control().map_err(ApiError::bad_request)?.json().clone())
}
