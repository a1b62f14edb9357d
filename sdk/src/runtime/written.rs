//! What of a request is JSON or a query, written once. An id that is blank is refused there.

use std::cell::Cell;

use bytes::Bytes;
use serde::ser::Serialize;
use serde_json::Value;

thread_local! {
    /// What is known of blank ids while a request is written on this thread.
    static WRITING: Cell<Writing> = const { Cell::new(Writing::NoRequest) };
}

#[derive(Clone, Copy, PartialEq)]
enum Writing {
    /// Ids are written as they are: a program may store what it received.
    NoRequest,
    Request,
    /// An id was blank.
    Blank,
}

/// Ends the writing of a request, however it ends.
struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        WRITING.set(Writing::NoRequest);
    }
}

/// A value as the JSON body of a request. The reason why there is none repeats nothing of the value.
pub(super) fn request_body(value: &impl Serialize) -> Result<Bytes, &'static str> {
    // Most bodies fit.
    let mut bytes = Vec::with_capacity(512);
    written(
        || serde_json::to_writer(&mut bytes, value),
        "an id in the body is blank",
        "the body cannot be written as JSON",
    )?;
    Ok(bytes.into())
}

/// The fields of an object as the texts that a query has for them.
pub(super) fn query_object(value: &impl Serialize) -> Result<Vec<(String, String)>, &'static str> {
    const UNWRITABLE: &str = "an object in the query has a field that cannot be written there";
    let text = |value| match value {
        Value::String(text) => Ok(text),
        Value::Bool(truth) => Ok(truth.to_string()),
        // `1`, and not `1.0`, as of a number by itself.
        Value::Number(number) => {
            Ok(number.as_f64().filter(|_| number.is_f64()).map_or(number.to_string(), |number| number.to_string()))
        }
        Value::Null | Value::Array(_) | Value::Object(_) => Err(UNWRITABLE),
    };
    match written(|| serde_json::to_value(value), "an id in the query is blank", UNWRITABLE)? {
        Value::Object(fields) => fields.into_iter().map(|(name, field)| Ok((name, text(field)?))).collect(),
        _ => Err(UNWRITABLE),
    }
}

/// What is written for a request, or the reason why it is not: an id is blank, or something else.
fn written<T>(
    write: impl FnOnce() -> serde_json::Result<T>,
    blank: &'static str,
    other: &'static str,
) -> Result<T, &'static str> {
    let _guard = Guard;
    WRITING.set(Writing::Request);
    write().map_err(|_| if WRITING.get() == Writing::Blank { blank } else { other })
}

/// Whether an id must not be written, since it is blank and is written for a request.
pub(super) fn is_refused(id: &str) -> bool {
    let refused = WRITING.get() != Writing::NoRequest && is_blank(id);
    if refused {
        WRITING.set(Writing::Blank);
    }
    refused
}

/// Whether there is nothing in a text but whitespace.
pub(super) fn is_blank(text: &str) -> bool {
    // Of no width, and the soft hyphen.
    let is_invisible = |c| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    text.chars().all(|c| c.is_whitespace() || c.is_control() || is_invisible(c))
}
