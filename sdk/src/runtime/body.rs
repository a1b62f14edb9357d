//! A response as received: how much of its body is read, and how that ended. Decides nothing.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde::Deserializer;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use tokio::runtime::Id;
use tokio::time::{Instant, timeout_at};

use super::outcome::BoxError;
use super::stay::stay;

/// How much of a body is kept: of one that is to be decoded, and of one that only explains an error.
pub(super) const SUCCESS_LIMIT: usize = 32 * 1024 * 1024;
pub(super) const ERROR_LIMIT: usize = 64 * 1024;

/// How many JSON values a body may have that is to be decoded. It bounds the memory that the decoded body takes, as a
/// few bytes of JSON, such as `{},`, can be some hundred bytes in memory.
const VALUES_LIMIT: usize = 1_000_000;
/// As how many values an object counts, which takes more memory than others.
const OBJECT: usize = 6;
/// After how many levels of nesting a byte and a value count once more. A type that contains itself is read from a copy on
/// each of its levels.
const LEVELS: usize = 8;

/// A response with a body in some form.
#[derive(Clone, Debug)]
pub(super) struct Received<B> {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: B,
}

impl<B> Received<B> {
    /// The same response with another body.
    pub(super) fn with_body<C>(self, body: C) -> Received<C> {
        Received { status: self.status, headers: self.headers, body }
    }
}

/// What was read of a body.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) bytes: Bytes,
    pub(super) end: End,
}

/// How reading a body ended.
#[derive(Debug)]
pub(super) enum End {
    /// With its last byte.
    Complete,
    /// At the limit.
    TooLarge,
    /// Too early.
    BrokenOff(BoxError),
    /// At the deadline.
    TimedOut(BoxError),
}

/// Reads the body, up to the limit and the deadline.
pub(super) async fn read(mut response: reqwest::Response, limit: usize, deadline: Instant, home: Id) -> Received<Body> {
    let status = response.status();
    // Of a body that says it is too large, only what explains an error is read.
    let too_large = response.content_length().is_some_and(|length| length > limit as u64);
    let limit = if too_large { limit.min(ERROR_LIMIT) } else { limit };
    let headers = std::mem::take(response.headers_mut());
    let mut read = Chunks::default();
    let end = loop {
        match stay(home, timeout_at(deadline, response.chunk())).await {
            Ok(Ok(Ok(Some(mut chunk)))) => {
                let room = limit - read.len();
                let over = chunk.len() > room;
                chunk.truncate(room);
                read.push(chunk);
                if over {
                    break End::TooLarge;
                }
            }
            Ok(Ok(Ok(None))) => break End::Complete,
            // The URL may hold ids.
            Ok(Ok(Err(error))) => break End::BrokenOff(error.without_url().into()),
            Ok(Err(elapsed)) => break End::TimedOut(elapsed.into()),
            Err(moved) => break End::BrokenOff(moved.into()),
        }
    };
    Received { status, headers, body: Body { bytes: read.into(), end } }
}

/// Whether a body of JSON takes too much memory when it is decoded: has more values than the limit, or as much text on deep
/// levels as if it were larger than may be.
pub(super) fn is_too_much(body: &[u8]) -> bool {
    if body.len() <= VALUES_LIMIT / OBJECT {
        return false;
    }
    let (mut values, mut bytes, mut depth, mut in_string, mut escaped) = (0, 0, 0_usize, false, false);
    for byte in body {
        let weight = 1 + depth / LEVELS;
        bytes += weight;
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_string,
            b'"' => in_string = !in_string,
            b'{' if !in_string => values += OBJECT * weight,
            b',' | b'[' if !in_string => values += weight,
            _ => {}
        }
        match byte {
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    values > VALUES_LIMIT || bytes > SUCCESS_LIMIT
}

/// A body that is a text of this media type. An error says why it is not.
pub(super) fn text(received: &Received<Bytes>, media_type: &str) -> Result<String, &'static str> {
    let content_type = received.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = content_type.split(';').map(str::trim);
    if !parts.next().is_some_and(|given| given.eq_ignore_ascii_case(media_type)) {
        return Err("the content type is not the documented one");
    }
    let is_known = |charset: &str| {
        let charset = charset.trim_matches('"');
        ["utf-8", "utf8", "us-ascii"].iter().any(|known| charset.eq_ignore_ascii_case(known))
    };
    let mut parameters = parts.filter_map(|part| part.split_once('='));
    let charset = parameters.find(|(name, _)| name.eq_ignore_ascii_case("charset"));
    match str::from_utf8(&received.body) {
        Ok(text) if charset.is_none_or(|(_, charset)| is_known(charset)) => Ok(text.to_owned()),
        _ => Err("the text is not UTF-8"),
    }
}

/// The text that a JSON object has under a name. Nothing else of it is kept in memory. An error if it is no such object:
/// a list would be read as the values of a type's fields, one after the other.
pub(super) fn text_at(body: &[u8], name: &str) -> Result<Option<String>, serde_json::Error> {
    struct Property<'a>(&'a str);

    impl<'de> Visitor<'de> for Property<'_> {
        type Value = Option<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = None;
            while let Some(name) = map.next_key::<Cow<'de, str>>()? {
                if name == self.0 {
                    found = map.next_value::<Option<String>>()?;
                } else {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            Ok(found)
        }
    }

    serde_json::Deserializer::from_slice(body).deserialize_map(Property(name))
}

/// A body as it arrives. One that comes in one piece, as most do, is not copied.
#[derive(Default)]
struct Chunks {
    first: Bytes,
    all: Vec<u8>,
}

impl Chunks {
    fn len(&self) -> usize {
        self.first.len().max(self.all.len())
    }

    fn push(&mut self, chunk: Bytes) {
        if self.len() == 0 {
            self.first = chunk;
            return;
        }
        if self.all.is_empty() {
            self.all.extend_from_slice(&std::mem::take(&mut self.first));
        }
        self.all.extend_from_slice(&chunk);
    }
}

impl From<Chunks> for Bytes {
    fn from(Chunks { first, all }: Chunks) -> Self {
        if all.is_empty() { first } else { all.into() }
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn the_text_under_a_name_is_found_in_an_object_only() {
        for (body, found) in [
            (r#"{"a": {"id": "inner"}, "id": "g", "b": [1]}"#, Some("g")),
            (r#"{"i\u0064": "g"}"#, Some("g")),
            (r#"{"id": null}"#, None),
            (r#"{"a": {"id": "inner"}}"#, None),
            ("{}", None),
        ] {
            assert_eq!(text_at(body.as_bytes(), "id").unwrap().as_deref(), found, "{body}");
        }
        for body in [r#"["g"]"#, r#"{"id": 7}"#, r#""g""#, "null", "{", ""] {
            assert!(text_at(body.as_bytes(), "id").is_err(), "{body}");
        }
    }

    #[test]
    fn a_text_has_the_documented_type_and_is_utf8() {
        let read = |content_type: Option<&'static str>, body: &'static [u8]| {
            let headers = content_type.map(|given| (CONTENT_TYPE, HeaderValue::from_static(given)));
            let received =
                Received { status: StatusCode::OK, headers: headers.into_iter().collect(), body: body.into() };
            text(&received, "text/csv")
        };
        for content_type in
            ["text/csv", "Text/CSV; header=present", "text/csv;charset=\"UTF-8\"", "text/csv; charset=utf8"]
        {
            assert_eq!(
                read(Some(content_type), "\u{feff}\u{e9}".as_bytes()).as_deref(),
                Ok("\u{feff}\u{e9}"),
                "{content_type}"
            );
        }
        for content_type in [None, Some(""), Some("text/html"), Some("text/csvx"), Some("application/json")] {
            assert_eq!(read(content_type, b"a"), Err("the content type is not the documented one"));
        }
        assert_eq!(read(Some("text/csv"), b"\xe9"), Err("the text is not UTF-8"));
        assert_eq!(read(Some("text/csv; Charset=iso-8859-1"), b"a"), Err("the text is not UTF-8"));
    }

    #[test]
    fn values_are_counted_outside_strings() {
        let list = |item: &str, count: usize| format!("[{}{item}]", format!("{item},").repeat(count - 1));
        assert!(!is_too_much(list("{}", VALUES_LIMIT / 7).as_bytes()));
        assert!(is_too_much(list("{}", VALUES_LIMIT / 6).as_bytes()));
        assert!(is_too_much(list("1", VALUES_LIMIT + 1).as_bytes()));
        assert!(!is_too_much(list(r#"",,,\\\",,,""#, VALUES_LIMIT / 2).as_bytes()));
    }

    #[test]
    fn what_is_nested_counts_for_more() {
        let nested = |levels: usize, inside: &str| format!("{}{inside}{}", "[".repeat(levels), "]".repeat(levels));
        let values = "1,".repeat(VALUES_LIMIT / 2);
        assert!(!is_too_much(nested(LEVELS - 1, &values).as_bytes()));
        assert!(is_too_much(nested(LEVELS * 2, &values).as_bytes()));
        let text = format!("\"{}\"", "[".repeat(SUCCESS_LIMIT / 2));
        assert!(!is_too_much(nested(LEVELS - 1, &text).as_bytes()));
        assert!(is_too_much(nested(LEVELS * 2, &text).as_bytes()));
        let one_by_one = format!("[{}1]", format!("{},", nested(LEVELS - 1, "1")).repeat(VALUES_LIMIT / 20));
        assert!(!is_too_much(one_by_one.as_bytes()), "what is closed is not nested");
    }
}
