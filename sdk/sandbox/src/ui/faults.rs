//! The faults of the page: what its form offers and says, and how one that waits is described. What a fault cannot be is
//! not decided here.

use axum::http::StatusCode;

use crate::fault::{Effect, Fault, InvalidFault, Selection};

/// The statuses that the form offers.
pub(super) const STATUSES: &[StatusCode] = &[
    StatusCode::BAD_REQUEST,
    StatusCode::UNAUTHORIZED,
    StatusCode::FORBIDDEN,
    StatusCode::NOT_FOUND,
    StatusCode::CONFLICT,
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::INTERNAL_SERVER_ERROR,
    StatusCode::BAD_GATEWAY,
    StatusCode::SERVICE_UNAVAILABLE,
    StatusCode::GATEWAY_TIMEOUT,
];

/// The effects that it offers besides: those of requests. The browser could use up one that closes a connection.
pub(super) const EFFECTS: &[(&str, &str)] = &[
    ("lost-response", "The response is lost"),
    ("reset", "The connection is reset"),
    ("cut-body", "The body is cut off"),
    ("stalled-body", "The body stops in the middle"),
    ("delay=0", "Nothing else, only a delay"),
];

/// Reads a fault from the fields of a form, by way of the text that it makes.
pub(super) fn read<'a>(field: &impl Fn(&str) -> &'a str) -> Result<Fault, String> {
    let mut text = field("effect").to_owned();
    for (name, before) in [("operation", ""), ("delay", "delay=")] {
        if !field(name).is_empty() {
            text += &format!(":{before}{}", field(name));
        }
    }
    match field("which") {
        "" => {}
        "every" => text += ":every",
        nth => text += &format!(":nth={nth}"),
    }
    text.parse().map_err(|InvalidFault(problem)| problem)
}

/// What a fault does.
pub(super) fn effect(fault: &Fault) -> String {
    let mut text = match &fault.effect {
        Effect::Replace(replacement) => replacement.status.to_string(),
        Effect::Close => EFFECTS[0].1.to_owned(),
        Effect::Reset => EFFECTS[1].1.to_owned(),
        Effect::CutBody => EFFECTS[2].1.to_owned(),
        Effect::StallBody => EFFECTS[3].1.to_owned(),
        Effect::Keep => "The usual response".to_owned(),
        Effect::CloseUnread => "The connection closes unread".to_owned(),
    };
    if !fault.delay.is_zero() {
        text += &format!(", after {} s", fault.delay.as_secs_f64());
    }
    text
}

/// Which requests are left for a fault that has seen so many.
pub(super) fn requests(fault: &Fault, seen: usize) -> String {
    let what = if matches!(fault.effect, Effect::CloseUnread) { "connection" } else { "request" };
    match fault.selection {
        Some(Selection::Every) => format!("Every {what}"),
        Some(Selection::Nth(nth)) if nth > seen + 1 => format!("The {what} that is number {} from now", nth - seen),
        _ => format!("The next {what}"),
    }
}
