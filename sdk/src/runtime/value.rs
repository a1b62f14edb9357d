//! Values as they go over the wire: JSON that is written once, ids that are not blank, fields that may be missing.

use std::cell::Cell;

use bytes::Bytes;
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Error as _, Serialize, Serializer};
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

/// For generated ids: writes the text, unless it is a blank id in a request.
pub(crate) fn serialize_id<S: Serializer>(id: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if WRITING.get() == Writing::Request && is_blank(id) {
        WRITING.set(Writing::Blank);
        return Err(S::Error::custom("an id is blank"));
    }
    serializer.serialize_str(id)
}

/// For what may be left out and may be null: what is there, null included.
pub(crate) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// For generated enums: whether a text is another spelling of a documented value.
pub(crate) fn is_spelling_of(documented: &str, text: &str) -> bool {
    let same = |c: char| if matches!(c, '_' | '-') { ' ' } else { c.to_ascii_uppercase() };
    documented.chars().map(same).eq(text.chars().map(same))
}

/// For the numbers of generated unions: writes `18` instead of `18.0`, since some are meant to be integers.
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
pub(crate) fn serialize_number<S: Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    // All integers up to here are exact.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "it is an integer, and smaller than that")]
    if number.fract() == 0.0 && number.abs() < EXACT {
        return serializer.serialize_i64(*number as i64);
    }
    serializer.serialize_f64(*number)
}

/// Whether there is nothing in a text but whitespace.
pub(super) fn is_blank(text: &str) -> bool {
    // Of no width, and the soft hyphen.
    let is_invisible = |c| matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    text.chars().all(|c| c.is_whitespace() || c.is_control() || is_invisible(c))
}

/// For fields that are documented as always there: the value, or the empty one if it is null.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Id(&'static str);

    impl Serialize for Id {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serialize_id(self.0, serializer)
        }
    }

    struct Unwritable;

    impl Serialize for Unwritable {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(S::Error::custom("no"))
        }
    }

    #[test]
    fn a_blank_id_is_refused_in_a_request_at_any_depth_and_stored_otherwise() {
        for blank in ["", " ", "\r\n"] {
            assert_eq!(request_body(&[[Some(Id("a"))], [Some(Id(blank))]]), Err("an id in the body is blank"));
            assert!(serde_json::to_string(&Id(blank)).is_ok(), "after a request that failed as well");
        }
        assert_eq!(request_body(&[Id("a")]).unwrap(), r#"["a"]"#);
        assert_eq!(request_body(&Unwritable), Err("the body cannot be written as JSON"));
    }
}
