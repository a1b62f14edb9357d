//! Failures that were ordered, to come in their order.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;

use crate::error::ApiError;

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// It is not performed, and is answered with this status.
    Refused(StatusCode),
    /// It is performed, and its answer does not come back from behind a gateway.
    AnswerLost,
}

impl Failure {
    /// With a status of failure. Anything else counts as 500.
    pub(crate) fn refused(status: u16) -> Self {
        let status = StatusCode::from_u16(status).ok();
        let status = status.filter(|status| status.is_client_error() || status.is_server_error());
        Self::Refused(status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
    }

    /// What the client gets instead of the answer.
    pub(crate) fn answer(self) -> ApiError {
        let status = match self {
            Self::Refused(status) => status,
            Self::AnswerLost => StatusCode::BAD_GATEWAY,
        };
        ApiError::new(status, "This failure was ordered.")
    }
}

/// Those that are still to come. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Failures(Arc<Mutex<VecDeque<Failure>>>);

impl Failures {
    pub(crate) fn order(&self, failure: Failure) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(failure);
    }

    pub(crate) fn next(&self) -> Option<Failure> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}
