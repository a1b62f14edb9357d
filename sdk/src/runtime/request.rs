//! The parts of a URL that come from the caller. Knows what they may not do to it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};

use super::error::Error;
use super::operation::Operation;

/// All that is not unreserved in a URL (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A path parameter as one segment of the URL.
///
/// Refuses what could make another path of it: nothing and blanks, `.` and `..`, which URL parsers resolve even when they are
/// escaped, and slashes and percent signs, which a service or something in front of it may decode once more than it
/// should. Anything else is escaped.
pub(crate) fn path_segment(operation: &'static Operation, value: &impl ToString) -> Result<String, Error> {
    let value = value.to_string();
    match value.as_str() {
        text if text.trim().is_empty() => Err(Error::input(operation, "an id is empty or blank")),
        "." | ".." => Err(Error::input(operation, "an id is `.` or `..`, which would change the path")),
        text if text.contains(['/', '\\', '%']) => Err(Error::input(
            operation,
            "an id has a slash, a backslash or a percent sign, which could change the path",
        )),
        text => Ok(utf8_percent_encode(text, RESERVED).to_string()),
    }
}

/// A query parameter. One that is `None` is left out.
#[derive(Debug)]
pub(crate) struct QueryParam<'a, T> {
    name: &'static str,
    value: &'a T,
    is_id: bool,
}

impl<'a, T> QueryParam<'a, T> {
    pub(crate) fn new(name: &'static str, value: &'a T) -> Self {
        Self { name, value, is_id: false }
    }

    /// One that may not be empty: a service could take an empty id for none, and answer what is somebody else's.
    pub(crate) fn id(name: &'static str, value: &'a T) -> Self {
        Self { name, value, is_id: true }
    }
}

impl<T: Serialize> Serialize for QueryParam<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.is_id
            && serde_json::to_value(self.value)
                .is_ok_and(|value| value.as_str().is_some_and(|text| text.trim().is_empty()))
        {
            return Err(S::Error::custom("an id is empty"));
        }
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(self.name, self.value)?;
        map.end()
    }
}
