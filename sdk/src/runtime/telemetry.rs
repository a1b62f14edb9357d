//! What a call tells those who trace it, in the names of OpenTelemetry's semantic conventions for HTTP. Knows neither
//! bodies nor ids nor the query: the path is the operation's template.

use reqwest::StatusCode;
use tracing::Span;
use tracing::field::Empty;

use super::error::{Attempt, Error, Kind};
use super::operation::Operation;
use super::response::Response;

/// The span of a call, over all its attempts.
pub(super) fn call(operation: &Operation, base_url: &str) -> Span {
    // Evaluated only if somebody listens.
    let url = || reqwest::Url::parse(base_url).ok();
    tracing::info_span!(
        "prolific",
        otel.name = %format_args!("{} {}", operation.method, operation.path),
        otel.kind = "client",
        http.request.method = operation.method,
        url.template = operation.path,
        server.address = url().as_ref().and_then(|url| url.host_str()),
        server.port = url().and_then(|url| url.port_or_known_default()),
        http.request.resend_count = Empty,
        http.response.status_code = Empty,
        error.type = Empty,
    )
}

/// The event of an attempt, inside the span of its call. Times are in seconds.
pub(super) fn attempt(resend_count: usize, attempt: &Attempt, kind: Option<Kind>) {
    let refused = attempt.status.filter(|status| !status.is_success());
    tracing::debug!(
        http.request.resend_count = resend_count,
        http.response.status_code = attempt.status.map(|status| status.as_u16()),
        error.type = refused.as_ref().map(StatusCode::as_str),
        kind = kind.map(tracing::field::debug),
        sent = ?attempt.sent,
        elapsed = attempt.elapsed.as_secs_f64(),
        waited = attempt.waited.as_secs_f64(),
        "attempt"
    );
}

/// How the call ended.
pub(super) fn end(span: &Span, result: &Result<Response, Error>) {
    if span.is_disabled() {
        return;
    }
    let (attempts, status) = match result {
        Ok(response) => (&response.attempts[..], Some(response.status)),
        Err(error) => (error.attempts(), error.status()),
    };
    span.record("http.request.resend_count", attempts.len().saturating_sub(1));
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
    }
    match (status, result) {
        (Some(status), _) if !status.is_success() => span.record("error.type", status.as_str()),
        (_, Err(error)) => span.record("error.type", tracing::field::debug(error.kind())),
        (_, Ok(_)) => span,
    };
}

/// An answer of success that turned out not to be one.
pub(super) fn unusable(span: &Span, status: StatusCode, kind: Kind) {
    if status.is_success() {
        span.record("error.type", tracing::field::debug(kind));
    }
}
