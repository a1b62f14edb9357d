//! What is sent for a request: the usual response, or what a fault makes of it. Knows no operation, and not which
//! requests a fault applies to.

use std::future;

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_LENGTH;
use axum::http::response::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, Collected, Full};

use crate::connection::{Ending, Switch};
use crate::error::ApiError;
use crate::fault::{Effect, Replacement};

/// What is sent for one request.
#[derive(Debug)]
pub(crate) struct Outgoing {
    /// `None` if the connection ends without a response.
    head: Option<Parts>,
    /// The part of the body that is sent.
    body: Bytes,
    then: Then,
}

/// What happens after that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// The response is complete.
    Complete,
    Close,
    Reset,
    /// The connection stays open, and nothing more is sent.
    Stall,
}

impl Outgoing {
    /// `response` is the usual response. It matters only to effects that perform the request.
    pub(crate) async fn new(effect: Effect, response: Response, method: &Method) -> Self {
        match effect {
            Effect::Keep => Self::complete(response).await,
            Effect::Replace(replacement) => Self::complete(replacement.into_response()).await,
            Effect::Close | Effect::CloseUnread => Self::nothing(Then::Close),
            Effect::Reset => Self::nothing(Then::Reset),
            Effect::CutBody => Self::half(response, method, Then::Close).await,
            Effect::StallBody => Self::half(response, method, Then::Stall).await,
        }
    }

    async fn complete(response: Response) -> Self {
        let (head, body) = response.into_parts();
        // The body is in memory and arrives in one piece.
        let body = body.collect().await.map(Collected::to_bytes).unwrap_or_default();
        Self { head: Some(head), body, then: Then::Complete }
    }

    fn nothing(then: Then) -> Self {
        Self { head: None, body: Bytes::new(), then }
    }

    async fn half(response: Response, method: &Method, then: Then) -> Self {
        let mut outgoing = Self::complete(response).await;
        let length = outgoing.body.len();
        if length == 0 || method == Method::HEAD {
            return Self::nothing(then);
        }
        if let Some(head) = &mut outgoing.head {
            head.headers.insert(CONTENT_LENGTH, length.into());
        }
        outgoing.body.truncate(length / 2);
        Self { then, ..outgoing }
    }

    pub(crate) fn status(&self) -> Option<StatusCode> {
        self.head.as_ref().map(|head| head.status)
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    /// Returns what the server has to write. `switch` belongs to the connection.
    pub(crate) async fn send(self, switch: Switch) -> Response {
        let Self { head, body, then } = self;
        match (head, then) {
            (Some(head), Then::Complete) => Response::from_parts(head, body.into()),
            (Some(head), then) => Response::from_parts(head, incomplete(body, then, switch)),
            (None, Then::Stall) => future::pending().await,
            (None, then) => {
                switch.end(if then == Then::Reset { Ending::Reset } else { Ending::Close });
                // The server fails to write it, and drops the connection.
                Response::default()
            }
        }
    }
}

/// A body that never ends after this half.
fn incomplete(half: Bytes, then: Then, switch: Switch) -> Body {
    let rest = async move {
        // The server polls this after it has taken the half.
        if then == Then::Close {
            switch.end(Ending::CloseWhenWritten);
        }
        future::pending().await
    };
    // `map_frame` hides the length of the half, which would contradict the header.
    Body::new(Full::new(half).map_frame(|frame| frame).with_trailers(rest))
}

impl IntoResponse for Replacement {
    fn into_response(self) -> Response {
        let Self { status, headers, body } = self;
        let mut response = match body {
            Some(body) => (status, body).into_response(),
            None if status.as_u16() >= 400 => {
                ApiError::new(status, "This response is an injected fault.").into_response()
            }
            None => status.into_response(),
        };
        response.headers_mut().extend(headers);
        response
    }
}
