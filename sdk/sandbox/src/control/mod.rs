//! The control API under `/_sandbox/`, with which programs in any language do what a Rust program does with a
//! `Sandbox`: from a request to its response. What an operation does is in a file for each resource.
//!
//! It needs no token, which would protect nothing: the sandbox listens on loopback addresses only, refuses pages of
//! other sites, and keeps nothing that is worth more than the test in which it runs. Its requests are not recorded, and
//! use up no fault.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::Value;

use call::Call;

use crate::document::{Document, PathItem};
use crate::error::{ApiError, json_response};
use crate::origin;
use crate::server::{self, Captured, RequestBytes};
use crate::shared::Shared;

mod call;
mod documents;
mod faults;
mod participants;
mod requests;
mod state;

#[cfg(test)]
mod tests;

/// Returns the body of the response. It is not sent if the operation has none.
type Perform = fn(&Shared, &Call) -> Result<Value, ApiError>;

/// The operation that waits: receivers of webhooks may have something to do.
const ADVANCE: &str = "sandbox_clock_advance";

/// Every operation of the document, by its id.
const OPERATIONS: &[(&str, Perform)] = &[
    ("sandbox_api_document", documents::api),
    (ADVANCE, state::clock),
    ("sandbox_clock_get", state::clock),
    ("sandbox_document", documents::control),
    ("sandbox_faults_clear", faults::clear),
    ("sandbox_faults_inject", faults::inject),
    ("sandbox_faults_list", faults::list),
    ("sandbox_faults_remove", faults::remove),
    ("sandbox_participants_take", participants::take),
    ("sandbox_participants_write", participants::write),
    ("sandbox_requests_list", requests::list),
    ("sandbox_reset", state::reset),
    ("sandbox_seed_load", state::load),
    ("sandbox_state_get", state::get),
    ("sandbox_submissions_transition", participants::transition),
];

/// The routes of the control API, and everything else under its address, which is not found.
pub(crate) fn router(shared: &Shared) -> Result<Router, String> {
    let mut router = Router::new();
    let unknown = async |request: Request| exchange(request, None).await;
    for path in ["/_sandbox", "/_sandbox/", "/_sandbox/{*rest}"] {
        router = router.route(path, any(unknown));
    }
    for (path, item) in &Document::control()?.paths {
        let (shared, item) = (shared.clone(), Arc::clone(item));
        let handler =
            async move |captured: Captured, request: Request| exchange(request, Some((&shared, &item, captured))).await;
        router = server::with_both(router, path, any(handler));
    }
    Ok(router)
}

async fn exchange(request: Request, target: Option<(&Shared, &PathItem, Captured)>) -> Response {
    let (head, body) = request.into_parts();
    let body = server::read(body).await;
    if let Err(error) = origin::check(&head.uri, &head.headers) {
        return error.into_response();
    }
    match target {
        Some((shared, item, captured)) => respond(shared, item, captured, &head, &body).await.into_response(),
        None => ApiError::not_found().into_response(),
    }
}

async fn respond(
    shared: &Shared,
    item: &PathItem,
    captured: Captured,
    head: &Parts,
    body: &RequestBytes,
) -> Result<Response, ApiError> {
    // The router takes an empty segment for a parameter.
    let complete = captured.ok().filter(|captured| captured.iter().all(|(_, text)| !text.is_empty()));
    let captured = complete.ok_or_else(ApiError::not_found)?;
    let operation = server::find(item, &head.method).ok_or_else(|| server::not_allowed(item))?;
    let parameters = server::check_parameters(operation, &captured, head.uri.query())?;
    let body = server::check_body(operation, head, body.as_ref().map_err(Clone::clone)?)?;
    let perform = OPERATIONS.iter().find(|(id, _)| *id == operation.id);
    let (_, perform) = perform.ok_or_else(|| ApiError::new(StatusCode::NOT_IMPLEMENTED, "This does nothing yet."))?;
    let call = Call { parameters, body };
    if operation.id == ADVANCE {
        shared.advance(state::seconds(&call)).await;
    }
    let shown = perform(shared, &call)?;
    let success = &operation.success;
    if success.media_type.is_some() {
        Ok((success.status, json_response(&shown)).into_response())
    } else {
        Ok(success.status.into_response())
    }
}
