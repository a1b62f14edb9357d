//! Headers of the caller: which may be sent, and which are the SDK's alone.

use std::fmt;

use reqwest::header::{HeaderName, HeaderValue};

/// What authenticates, what says where the request goes, what frames the body, what says how the body or the
/// response is encoded, and what makes another request of it.
const RESERVED: &[&str] = &[
    "accept-encoding",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-forwarded-host",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
];

/// A header that cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidHeader(pub(super) &'static str);

impl fmt::Display for InvalidHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for InvalidHeader {}

/// The name and the value, unless the header cannot be sent. The value counts as secret.
pub(super) fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), InvalidHeader> {
    let name = HeaderName::try_from(name).map_err(|_| InvalidHeader("the header name is not valid in HTTP"))?;
    if RESERVED.contains(&name.as_str()) {
        return Err(InvalidHeader(
            "the header is reserved for the SDK, because it authenticates, routes or frames the request",
        ));
    }
    let invalid = |_| InvalidHeader("the header value is not valid in HTTP");
    let mut value = HeaderValue::try_from(value).map_err(invalid)?;
    value.set_sensitive(true);
    Ok((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_of_the_sdk_or_one_that_http_does_not_allow_is_refused() {
        for name in RESERVED {
            assert!(header(name, "x").is_err() && header(&name.to_uppercase(), "x").is_err(), "{name}");
        }
        for (name, value) in [("", "x"), ("a b", "x"), ("x\r\n", "x"), ("x", "a\r\nb"), ("x", "a\0")] {
            assert!(header(name, value).is_err(), "{name:?} {value:?}");
        }
        let (name, value) = header("TraceParent", "00-1-2-01").unwrap();
        assert_eq!((name.as_str(), value.to_str().unwrap(), value.is_sensitive()), ("traceparent", "00-1-2-01", true));
    }
}
