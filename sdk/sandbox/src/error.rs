//! The error responses of the sandbox, in the documented form. Knows neither the document nor any operation.

use axum::http::header::{ACCEPT_ENCODING, ALLOW, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::workflow::Refused;

/// One error response.
#[derive(Debug, Clone)]
pub(crate) struct ApiError {
    status: StatusCode,
    /// A text, a list of texts, or lists of texts by field name.
    detail: Value,
    /// Says what would have been right.
    header: Option<(HeaderName, String)>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, detail: impl Into<Value>) -> Self {
        Self { status, detail: detail.into(), header: None }
    }

    pub(crate) fn bad_request(detail: impl Into<Value>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "There is nothing at this address.")
    }

    pub(crate) fn unauthorized() -> Self {
        let error = Self::new(StatusCode::UNAUTHORIZED, "The token is missing or not valid.");
        error.with(WWW_AUTHENTICATE, "Token")
    }

    pub(crate) fn method_not_allowed(allow: impl Into<String>) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "This method is not supported here.").with(ALLOW, allow)
    }

    pub(crate) fn unsupported_encoding() -> Self {
        let detail = "The body must be sent without a Content-Encoding.";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail).with(ACCEPT_ENCODING, "identity")
    }

    fn with(mut self, name: HeaderName, value: impl Into<String>) -> Self {
        self.header = Some((name, value.into()));
        self
    }
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        Self::new(StatusCode::from_u16(refused.status).unwrap_or(StatusCode::BAD_REQUEST), refused.detail)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = json!({"error": {
            "status": self.status.as_u16(),
            "error_code": 100_000 + 100 * u32::from(self.status.as_u16()),
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "detail": self.detail,
        }});
        (self.status, self.header.map(|header| [header]), json_response(&body)).into_response()
    }
}

/// A JSON body with its content type.
pub(crate) fn json_response(body: &Value) -> impl IntoResponse + use<> {
    ([(CONTENT_TYPE, "application/json")], body.to_string())
}
