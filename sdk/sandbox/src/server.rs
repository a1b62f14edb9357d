//! From an HTTP request to its response: routing, token, checks, dispatch, faults, recording. Knows the form of the
//! document, but no operation.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, any};
use http_body_util::BodyExt;
use serde_json::{Map, Value};

use crate::behaviour;
use crate::connection::Switch;
use crate::document::{Document, JSON, Kind, Operation, Parameter, PathItem, parse_body};
use crate::error::{ApiError, json_response};
use crate::fault::Fault;
use crate::faults::Faults;
use crate::operation::{Input, Outcome};
use crate::origin;
use crate::outgoing::Outgoing;
use crate::page::{Form, Page};
use crate::record::{Log, RecordedRequest};
use crate::store::{World, lock};

/// The largest request body that is accepted.
const BODY_LIMIT: usize = 64 << 20;

/// The largest request body for which every mismatch is reported, instead of only the first.
const THOROUGH_LIMIT: usize = 64 << 10;

/// The HTTP service of one sandbox.
pub(crate) fn router(document: &Document, server: Server) -> Router {
    let server = Arc::new(server);
    let unknown = {
        let server = Arc::clone(&server);
        async move |request: Request| server.exchange(request, None).await
    };
    let mut router = Router::new().fallback(unknown);
    for (path, item) in &document.paths {
        let (server, item) = (Arc::clone(&server), Arc::clone(item));
        let handler = async move |captured: Captured, request: Request| {
            // The router takes an empty segment for a parameter.
            let complete = |captured: &RawPathParams| captured.iter().all(|(_, text)| !text.is_empty());
            let captured = captured.ok().filter(complete);
            server.exchange(request, captured.map(|captured| (&*item, captured))).await
        };
        router = with_both(router, path, any(handler));
    }
    router
}

/// Serves a path with its last slash and without, as the service does.
pub(crate) fn with_both(router: Router, path: &str, methods: MethodRouter) -> Router {
    let other = path.strip_suffix('/').map_or_else(|| format!("{path}/"), str::to_owned);
    router.route(path, methods.clone()).route(&other, methods)
}

/// The path parameters. An error if one is not UTF-8.
pub(crate) type Captured = Result<RawPathParams, RawPathParamsRejection>;

/// A known path, and the parameters in it.
type Target<'a> = (&'a PathItem, RawPathParams);

/// A request body that was read to its end.
pub(crate) type RequestBytes = Result<Vec<u8>, ApiError>;

#[derive(Debug)]
pub(crate) struct Server {
    authorization: String,
    lists: Form,
    examples_only: bool,
    world: Arc<Mutex<World>>,
    log: Log,
    faults: Faults,
}

impl Server {
    pub(crate) fn new(token: &str, lists: Form, world: Arc<Mutex<World>>, log: Log, faults: Faults) -> Self {
        Self { authorization: format!("Token {token}"), lists, examples_only: false, world, log, faults }
    }

    /// Answers every operation with its example, and performs none.
    pub(crate) fn examples_only(self, examples_only: bool) -> Self {
        Self { examples_only, ..self }
    }

    /// Reads a request, performs it, records it and returns the response, as far as a fault allows it.
    ///
    /// The body is read even if nothing depends on it, because a client that is still writing might miss the response.
    /// The delay comes after everything else, because a client that gives up cancels what is left.
    async fn exchange(&self, request: Request, target: Option<Target<'_>>) -> Response {
        let start = Instant::now();
        let (head, body) = request.into_parts();
        let body = read(body).await;
        let operation = target.as_ref().and_then(|(item, _)| find(item, &head.method));
        if let Err(error) = origin::check(&head.uri, &head.headers) {
            return error.into_response();
        }
        let fault = self.faults.for_request(operation.map(|operation| operation.id.as_str()));
        let named = fault.as_ref().map(Fault::to_string);
        let fault = fault.unwrap_or_else(|| Fault::delay(Duration::ZERO));
        let operation_id = operation.map(|operation| operation.id.clone());
        let response = fault.performed.then(|| match target {
            Some(target) => self.respond(target, &head, &body).into_response(),
            None => ApiError::not_found().into_response(),
        });
        let outgoing = Outgoing::new(fault.effect, response.unwrap_or_default(), &head.method).await;
        let record = RecordedRequest::new(&head, body.unwrap_or_default(), outgoing.status(), outgoing.body());
        self.log.push(RecordedRequest { operation_id, fault: named, duration: start.elapsed(), ..record });
        if !fault.delay.is_zero() {
            tokio::time::sleep(fault.delay).await;
        }
        let connection = head.extensions.get::<Switch>().cloned();
        outgoing.send(connection.unwrap_or_default()).await
    }

    fn respond(&self, (item, captured): Target, head: &Parts, body: &RequestBytes) -> Result<Response, ApiError> {
        let operation = find(item, &head.method);
        if operation.map_or(item.secured, |operation| operation.secured) {
            self.authenticate(&head.headers)?;
        }
        let operation = operation.ok_or_else(|| not_allowed(item))?;
        let parameters = check_parameters(operation, &captured, head.uri.query())?;
        let page = Page::requested(operation, &parameters)?;
        let body = body.as_ref().map_err(Clone::clone)?;
        let body = check_body(operation, head, body)?;
        let input = Input { parameters, body, window: page.window(&self.lists) };
        self.perform(operation, &input, page, head)
    }

    fn authenticate(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        let given = headers.get(AUTHORIZATION).map(HeaderValue::as_bytes);
        if given == Some(self.authorization.as_bytes()) {
            return Ok(());
        }
        Err(ApiError::unauthorized())
    }

    fn perform(&self, operation: &Operation, input: &Input, page: Page, head: &Parts) -> Result<Response, ApiError> {
        let outcome =
            if self.examples_only { None } else { behaviour::perform(&mut lock(&self.world), &operation.id, input)? };
        let success = &operation.success;
        let Some(media_type) = &success.media_type else { return Ok(success.status.into_response()) };
        let mut header = None;
        let body = match outcome {
            Some(Outcome::Object(body)) => Some(body),
            Some(Outcome::WithHeader(body, one)) => {
                header = Some([one]);
                Some(body)
            }
            Some(Outcome::List { items, total }) => Some(page.response(operation, items, total, head, &self.lists)?),
            Some(Outcome::Nothing) | None => success.example.clone(),
        };
        let Some(body) = body else {
            let detail =
                "The sandbox does not implement this operation, and the document has no example of its response.";
            return Err(ApiError::new(StatusCode::NOT_IMPLEMENTED, detail));
        };
        let response = match body {
            Value::String(text) if media_type != JSON => ([(CONTENT_TYPE, media_type.clone())], text).into_response(),
            body => json_response(&body).into_response(),
        };
        Ok((success.status, header, response).into_response())
    }
}

/// The operation of a method. `HEAD` is served where `GET` is.
pub(crate) fn find<'a>(item: &'a PathItem, method: &Method) -> Option<&'a Operation> {
    let own = item.operations.get(method.as_str());
    own.or_else(|| if method == Method::HEAD { item.operations.get("GET") } else { None })
}

/// What is allowed instead.
pub(crate) fn not_allowed(item: &PathItem) -> ApiError {
    let methods = item.operations.keys().map(String::as_str);
    let methods: BTreeSet<_> = methods.flat_map(|each| [Some(each), head_of(each)]).flatten().collect();
    ApiError::method_not_allowed(Vec::from_iter(methods).join(", "))
}

fn head_of(method: &str) -> Option<&'static str> {
    (method == "GET").then_some("HEAD")
}

/// Reads a body to its end, and discards one that is over the limit.
pub(crate) async fn read(mut body: Body) -> RequestBytes {
    let mut bytes = Vec::new();
    let mut size = 0;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| ApiError::bad_request(error.to_string()))?;
        let data = frame.data_ref().map_or(&[][..], |data| data);
        size += data.len();
        if size <= BODY_LIMIT {
            bytes.extend_from_slice(data);
        } else {
            bytes = Vec::new();
        }
    }
    if size > BODY_LIMIT {
        let detail = format!("A body may have at most {BODY_LIMIT} bytes; this one has {size}.");
        return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, detail));
    }
    Ok(bytes)
}

/// Parameters that the service takes in place of required ones, which the document does not say: the id of the
/// operation, the name of the required parameter, and that of the other.
const ALTERNATIVES: [(&str, &str, &str); 1] = [("participant_groups_list", "workspace_id", "project_id")];

pub(crate) fn check_parameters(
    operation: &Operation,
    captured: &RawPathParams,
    query: Option<&str>,
) -> Result<Map<String, Value>, ApiError> {
    let mut given = Vec::new();
    given.extend(form_urlencoded::parse(query.unwrap_or_default().as_bytes()));
    given.extend(captured.iter().map(|(name, text)| (name.into(), text.into())));
    let mut values = Map::new();
    for Parameter { name, kind } in &operation.parameters {
        values.extend(value(kind, name, &given).map(|value| (name.clone(), value)));
    }
    let mut checked = values.clone();
    for (_, name, other) in ALTERNATIVES.iter().filter(|(id, ..)| *id == operation.id) {
        if let Some((_, value)) = given.iter().rfind(|(given, _)| given == other)
            && !values.contains_key(*name)
        {
            checked.insert((*name).to_owned(), plain(&Kind::Text, value));
            values.insert((*other).to_owned(), plain(&Kind::Text, value));
        }
    }
    operation.parameter_check.check(&checked.into()).map_err(ApiError::bad_request)?;
    Ok(values)
}

/// The value of a parameter, if it is given.
fn value(kind: &Kind, name: &str, given: &[(Cow<'_, str>, Cow<'_, str>)]) -> Option<Value> {
    let mut texts = given.iter().filter(|(given, _)| given == name).map(|(_, text)| text.as_ref()).peekable();
    match kind {
        Kind::Object(properties) => {
            let fields = properties.iter().filter_map(|(property, kind)| {
                Some((property.clone(), value(kind, &format!("{name}[{property}]"), given)?))
            });
            let fields: Map<_, _> = fields.collect();
            (!fields.is_empty()).then_some(fields.into())
        }
        Kind::List { item, commas: false } => {
            texts.peek().is_some().then(|| texts.map(|text| plain(item, text)).collect())
        }
        Kind::List { item, commas: true } => Some(texts.last()?.split(',').map(|text| plain(item, text)).collect()),
        Kind::Text | Kind::Literal => Some(plain(kind, texts.last()?)),
    }
}

/// A number or a boolean, if it is one: another text fails the check of the type.
fn plain(kind: &Kind, text: &str) -> Value {
    match kind {
        Kind::Literal => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
        _ => text.into(),
    }
}

pub(crate) fn check_body(operation: &Operation, head: &Parts, bytes: &[u8]) -> Result<Value, ApiError> {
    let Some(body) = &operation.body else {
        return Ok(Value::Null);
    };
    if bytes.is_empty() {
        return if body.required { Err(ApiError::bad_request("A body is required.")) } else { Ok(Value::Null) };
    }
    let encodings =
        head.headers.get_all(CONTENT_ENCODING).iter().flat_map(|value| value.as_bytes().split(|c| *c == b','));
    if encodings.map(<[u8]>::trim_ascii).any(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity")) {
        return Err(ApiError::unsupported_encoding());
    }
    let content_type = head.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !media_type.eq_ignore_ascii_case(&body.media_type) {
        let detail = format!("The Content-Type must be {}.", body.media_type);
        return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
    }
    let value = parse_body(&body.media_type, bytes).map_err(ApiError::bad_request)?;
    let thorough = bytes.len() <= THOROUGH_LIMIT;
    let checked = if thorough { body.check.check(&value) } else { body.check.check_briefly(&value) };
    checked.map_err(ApiError::bad_request)?;
    Ok(value)
}

#[cfg(test)]
mod tests;
