//! From an HTTP request to an answer: routing, token, checks, dispatch. Knows the document's form, but no operation.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http_body_util::BodyExt;
use serde_json::{Map, Value};

use crate::behaviour::{Input, State};
use crate::document::{Document, Kind, Operation, PathItem};
use crate::error::{ApiError, json_response};

/// The largest request body that is accepted.
const BODY_LIMIT: usize = 64 << 20;

/// The largest request body of which every mismatch is reported, and not the first one alone.
const THOROUGH_LIMIT: usize = 64 << 10;

/// The HTTP service of one sandbox, with a fresh state.
pub(crate) fn router(document: &Document, token: &str) -> Router {
    let server = Arc::new(Server { authorization: format!("Token {token}"), state: Mutex::default() });
    let mut router = Router::new().fallback(|request: Request| async {
        // Nothing depends on the body, but a client that still writes may not get to see the answer.
        let _ = read(request.into_body()).await;
        ApiError::not_found()
    });
    for (path, item) in &document.paths {
        let (server, item) = (Arc::clone(&server), Arc::clone(item));
        let handler = async move |captured: Captured, request: Request| server.answer(&item, captured, request).await;
        router = router.route(path, any(handler));
    }
    router
}

/// The path parameters. There are none if one is not UTF-8.
type Captured = Result<RawPathParams, RawPathParamsRejection>;

#[derive(Debug)]
struct Server {
    authorization: String,
    state: Mutex<State>,
}

impl Server {
    async fn answer(&self, item: &PathItem, captured: Captured, request: Request) -> Result<Response, ApiError> {
        let (head, body) = request.into_parts();
        let body = read(body).await;
        // The router takes an empty segment for a parameter.
        let complete = |captured: &RawPathParams| captured.iter().all(|(_, text)| !text.is_empty());
        let captured = captured.ok().filter(complete).ok_or_else(ApiError::not_found)?;
        let operation = item.operations.get(head.method.as_str());
        if operation.map_or(item.secured, |operation| operation.secured) {
            self.authenticate(&head.headers)?;
        }
        let Some(operation) = operation else {
            let methods: Vec<_> = item.operations.keys().map(String::as_str).collect();
            return Err(ApiError::method_not_allowed(methods.join(", ")));
        };
        let input = Input {
            parameters: check_parameters(operation, &captured, head.uri.query())?,
            body: check_body(operation, &head, &body?)?,
        };
        self.perform(operation, &input)
    }

    fn authenticate(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        let given = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
        if given == Some(self.authorization.as_bytes()) {
            return Ok(());
        }
        Err(ApiError::new(StatusCode::UNAUTHORIZED, "The token is missing or not valid."))
    }

    fn perform(&self, operation: &Operation, input: &Input) -> Result<Response, ApiError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let outcome = state.perform(&operation.id, input).transpose()?;
        let success = &operation.success;
        if !success.has_content {
            return Ok(success.status.into_response());
        }
        let Some(body) = outcome.as_ref().or(success.example.as_ref()) else {
            let detail = "The sandbox has no behaviour for this operation, and the document no example.";
            return Err(ApiError::new(StatusCode::NOT_IMPLEMENTED, detail));
        };
        Ok((success.status, json_response(body)).into_response())
    }
}

/// Reads a body to its end. What is over the limit is thrown away.
async fn read(mut body: Body) -> Result<Vec<u8>, ApiError> {
    let mut bytes = Vec::new();
    let mut size = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| bad_request(error.to_string()))?;
        let data = frame.data_ref().map_or(&[][..], |data| data);
        size += data.len();
        if size <= BODY_LIMIT {
            bytes.extend_from_slice(data);
        } else {
            bytes = Vec::new();
        }
    }
    if size > BODY_LIMIT {
        let detail = format!("A body may have {BODY_LIMIT} bytes; this one has {size}.");
        return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, detail));
    }
    Ok(bytes)
}

fn check_parameters(
    operation: &Operation,
    captured: &RawPathParams,
    query: Option<&str>,
) -> Result<Map<String, Value>, ApiError> {
    let mut given = Vec::new();
    given.extend(form_urlencoded::parse(query.unwrap_or_default().as_bytes()));
    given.extend(captured.iter().map(|(name, text)| (name.into(), text.into())));
    let mut values = Map::new();
    for parameter in &operation.parameters {
        let name = &parameter.name;
        let texts: Vec<_> = given.iter().filter(|(given, _)| given == name).map(|(_, text)| text.as_ref()).collect();
        let Some(last) = texts.last() else { continue };
        let value = match parameter.kind {
            Kind::Text => text(last),
            Kind::Literal => literal(last),
            Kind::TextList => texts.into_iter().map(text).collect(),
            Kind::LiteralList => texts.into_iter().map(literal).collect(),
        };
        values.insert(name.clone(), value);
    }
    let values = Value::Object(values);
    operation.parameter_check.check(&values).map_err(bad_request)?;
    if let Value::Object(values) = values { Ok(values) } else { Ok(Map::new()) }
}

fn text(text: &str) -> Value {
    text.into()
}

/// The value if the text is one; otherwise the text, which does not pass the check for the type.
fn literal(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

fn check_body(operation: &Operation, head: &Parts, bytes: &[u8]) -> Result<Value, ApiError> {
    let Some(body) = &operation.body else {
        return Ok(Value::Null);
    };
    if bytes.is_empty() {
        return if body.required { Err(bad_request("A body is required.")) } else { Ok(Value::Null) };
    }
    let content_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case("application/json") {
        let detail = "The Content-Type must be application/json.";
        return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    let value = serde_json::from_slice(bytes).map_err(|error| bad_request(format!("Not JSON: {error}.")))?;
    let thorough = bytes.len() <= THOROUGH_LIMIT;
    let checked = if thorough { body.check.check(&value) } else { body.check.check_briefly(&value) };
    checked.map_err(bad_request)?;
    Ok(value)
}

fn bad_request(detail: impl Into<Value>) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, detail)
}

#[cfg(test)]
mod tests;
