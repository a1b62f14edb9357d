//! The error responses of the sandbox, in the documented form. Knows neither the document nor any operation.

use axum::http::StatusCode;
use axum::http::header::{ALLOW, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// One error response.
#[derive(Debug, Clone)]
pub(crate) struct ApiError {
    status: StatusCode,
    /// A text, a list of texts, or lists of texts by field name.
    detail: Value,
    allow: Option<String>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, detail: impl Into<Value>) -> Self {
        Self { status, detail: detail.into(), allow: None }
    }

    pub(crate) fn bad_request(detail: impl Into<Value>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "There is nothing at this address.")
    }

    pub(crate) fn method_not_allowed(allow: String) -> Self {
        let detail = "This method is not supported here.";
        Self { allow: Some(allow), ..Self::new(StatusCode::METHOD_NOT_ALLOWED, detail) }
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
        (self.status, self.allow.map(|methods| [(ALLOW, methods)]), json_response(&body)).into_response()
    }
}

/// A JSON body with its content type.
pub(crate) fn json_response(body: &Value) -> impl IntoResponse + use<> {
    ([(CONTENT_TYPE, "application/json")], body.to_string())
}
