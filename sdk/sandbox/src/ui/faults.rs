//! The faults of the page: what a form says, and how one that waits is described.

use std::time::Duration;

use axum::http::StatusCode;

use crate::fault::{Effect, Fault, Selection};

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
    ("lost", "The response is lost"),
    ("reset", "The connection is reset"),
    ("cut", "The body is cut off"),
    ("stalled", "The body stops in the middle"),
    ("late", "Nothing else, only a delay"),
];

/// The longest delay that the form takes.
const LONGEST: f64 = 3600.0;

/// Reads a fault from the fields of a form.
pub(super) fn read<'a>(field: &impl Fn(&str) -> &'a str, operations: &[String]) -> Result<Fault, String> {
    let mut fault = match field("effect") {
        "lost" => Fault::lost_response(),
        "reset" => Fault::reset(),
        "cut" => Fault::cut_body(),
        "stalled" => Fault::stalled_body(),
        "late" => Fault::delay(Duration::ZERO),
        given => match STATUSES.iter().find(|status| status.as_str() == given) {
            Some(status) => Fault::status(status.as_u16()),
            None => return Err("The page has no such fault.".to_owned()),
        },
    };
    let seconds: f64 = Some(field("delay")).filter(|text| !text.is_empty()).map_or(Ok(0.0), str::parse).unwrap_or(-1.0);
    if !(0.0..=LONGEST).contains(&seconds) {
        return Err(format!("A delay is from 0 to {LONGEST} seconds."));
    }
    fault.delay = Duration::from_secs_f64(seconds);
    let operation = field("operation");
    if !operation.is_empty() {
        if !operations.iter().any(|id| id == operation) {
            return Err("The API has no such operation.".to_owned());
        }
        fault.operation = Some(operation.to_owned());
    }
    fault.selection = match field("which") {
        "every" => Some(Selection::Every),
        nth => match nth.parse() {
            Ok(nth) if nth > 0 => Some(Selection::Nth(nth)),
            _ => return Err("Requests are counted from 1.".to_owned()),
        },
    };
    Ok(fault)
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
