//! What was ordered to happen to the next requests, in their order.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;

use crate::error::ApiError;

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// It is answered as usual.
    Pass,
    /// It is not performed, and is answered with this status.
    Refused(StatusCode),
    /// It is performed, and its answer does not come back from behind a gateway.
    AnswerLost,
}

impl Order {
    /// What the client gets instead of the answer, if it does not get that.
    pub(crate) fn failure(self) -> Option<ApiError> {
        let status = match self {
            Self::Pass => return None,
            Self::Refused(status) => status,
            Self::AnswerLost => StatusCode::BAD_GATEWAY,
        };
        Some(ApiError::new(status, "This failure was ordered."))
    }

    /// Whether the request is performed.
    pub(crate) fn performs(self) -> bool {
        !matches!(self, Self::Refused(_))
    }
}

/// Those that are still to come. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Orders(Arc<Mutex<VecDeque<Order>>>);

impl Orders {
    pub(crate) fn add(&self, order: Order) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(order);
    }

    pub(crate) fn next(&self) -> Order {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front().unwrap_or(Order::Pass)
    }
}
