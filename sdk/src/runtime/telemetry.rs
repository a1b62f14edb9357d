//! What a call shows to those who trace it, in the names of OpenTelemetry's semantic conventions for HTTP. Knows
//! neither bodies nor ids nor the query: the path is the operation's template.

use reqwest::{StatusCode, Url};
use tracing::Span;
use tracing::field::{Empty, debug};

use super::operation::Operation;
use super::outcome::{Attempt, ErrorKind};

/// The span of a call, across all attempts.
pub(super) fn call(operation: &Operation, base: &Url) -> Span {
    tracing::info_span!(
        "prolific",
        otel.name = %format_args!("{} {}", operation.method, operation.path),
        otel.kind = "client",
        http.request.method = operation.method,
        url.template = operation.path,
        server.address = base.host_str(),
        server.port = base.port_or_known_default(),
        http.request.resend_count = Empty,
        http.response.status_code = Empty,
        error.type = Empty,
    )
}

/// The event of an attempt, inside the span of its call. Times are in seconds.
pub(super) fn attempt(resend_count: usize, attempt: &Attempt, kind: Option<ErrorKind>) {
    let failed = attempt.status.filter(|status| !status.is_success());
    tracing::debug!(
        http.request.resend_count = resend_count,
        http.response.status_code = attempt.status.map(|status| status.as_u16()),
        error.type = failed.as_ref().map(StatusCode::as_str),
        kind = kind.map(debug),
        delivery = ?attempt.delivery,
        elapsed = attempt.elapsed.as_secs_f64(),
        waited = attempt.waited.as_secs_f64(),
        "attempt"
    );
}

/// How the call ended: with these attempts, the last of which came to this status, and with an error of this kind.
pub(super) fn end(span: &Span, attempts: &[Attempt], status: Option<StatusCode>, kind: Option<ErrorKind>) {
    if span.is_disabled() {
        return;
    }
    span.record("http.request.resend_count", attempts.len().saturating_sub(1));
    if let Some(status) = status {
        span.record("http.response.status_code", status.as_u16());
    }
    match (status, kind) {
        (Some(status), _) if !status.is_success() => span.record("error.type", status.as_str()),
        (_, Some(kind)) => span.record("error.type", debug(kind)),
        (_, None) => span,
    };
}

/// The success with which the call ended cannot be used.
pub(super) fn unusable(span: &Span, kind: ErrorKind) {
    span.record("error.type", debug(kind));
}
