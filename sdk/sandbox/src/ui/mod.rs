//! The page of a sandbox, at its address: the state to look at, and forms to act on it. Its requests are not recorded, and
//! no fault applies to them.

use std::hash::{DefaultHasher, Hash, Hasher};

use askama::Template;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HOST, IF_NONE_MATCH, LOCATION};
use axum::http::header::{ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};

use crate::error::ApiError;
use crate::origin;
pub(crate) use subject::Ui;
use text::Text;

mod actions;
mod faults;
mod parts;
mod rows;
mod subject;
mod text;
mod view;

/// The page loads its own style and script, sends its own forms, and does nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 4] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Without any, a browser names no origin for the forms.
    (REFERRER_POLICY, "same-origin"),
    (CACHE_CONTROL, "no-cache"),
];

/// The routes of the page.
pub(crate) fn router(ui: Ui) -> Router {
    let file =
        |content_type: &'static str, text: &'static str| get(async move || ([(CONTENT_TYPE, content_type)], text));
    let icon = || file("image/svg+xml", include_str!("icon.svg"));
    Router::new()
        .route("/", get(show).fallback(async || ApiError::not_found()))
        .route("/_sandbox/ui/style.css", file("text/css; charset=utf-8", include_str!("style.css")))
        .route("/_sandbox/ui/live.js", file("text/javascript; charset=utf-8", include_str!("live.js")))
        .route("/_sandbox/ui/icon.svg", icon())
        // Browsers ask for it on their own, which would be recorded.
        .route("/favicon.ico", icon())
        .route("/_sandbox/ui/act/{action}", post(act))
        .layer(middleware::from_fn(guard))
        .with_state(ui)
}

/// Serves the page and its forms to browsers that are on the page already, or come from nowhere.
async fn guard(request: Request, next: Next) -> Response {
    if let Err(error) = origin::check(request.uri(), request.headers()).and_then(|()| same_origin(request.headers())) {
        return error.into_response();
    }
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// An error if a page sent the request that is not this one, such as that of another program on this machine.
fn same_origin(headers: &HeaderMap) -> Result<(), ApiError> {
    let host = headers.get(HOST).map(HeaderValue::as_bytes);
    let is_own = |origin: &HeaderValue| origin.as_bytes().strip_prefix(b"http://") == host;
    if headers.get_all(ORIGIN).iter().all(is_own) {
        return Ok(());
    }
    Err(ApiError::new(StatusCode::FORBIDDEN, "The forms of the sandbox are sent from its own page."))
}

/// The page. 304 if it is the one that the browser has.
async fn show(State(ui): State<Ui>, headers: HeaderMap) -> Response {
    let shown = match page(&ui, None) {
        Ok(shown) => shown,
        Err(error) => return error.into_response(),
    };
    let mut hasher = DefaultHasher::new();
    shown.hash(&mut hasher);
    let tag = format!("\"{:016x}\"", hasher.finish());
    if headers.get(IF_NONE_MATCH).is_some_and(|given| given.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response();
    }
    ([(ETAG, tag)], Html(shown)).into_response()
}

/// Performs a form. The browser is sent back to the section of the page, or sees the page with the problem.
async fn act(State(ui): State<Ui>, Path(action): Path<String>, body: Bytes) -> Response {
    let form = form_urlencoded::parse(&body).into_owned().collect();
    match actions::perform(&ui, &action, &form).await {
        Ok(section) => (StatusCode::SEE_OTHER, [(LOCATION, format!("/#{section}"))]).into_response(),
        Err(problem) => (StatusCode::BAD_REQUEST, page(&ui, Some(&problem)).map(Html)).into_response(),
    }
}

fn page(ui: &Ui, problem: Option<&str>) -> Result<String, ApiError> {
    let page = view::Page::new(ui, problem.map(Text::of));
    page.render().map_err(|error| ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}
