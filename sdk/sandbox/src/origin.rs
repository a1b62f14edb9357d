//! Where a request comes from. A page in a browser must not drive the sandbox: neither from its own site, nor by a host
//! name of its own that resolves to this machine.

use std::net::IpAddr;

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};

use crate::error::ApiError;

/// An error unless the request is for a loopback address or `localhost`, and comes from no page but one of these.
pub(crate) fn check(target: &Uri, headers: &HeaderMap) -> Result<(), ApiError> {
    let is_own = |value: &HeaderValue, prefix: &str| {
        // A user name could pass for a host.
        let text = value.to_str().ok().filter(|text| !text.contains('@'));
        let uri = text.and_then(|text| format!("{prefix}{text}").parse::<Uri>().ok());
        uri.as_ref().and_then(Uri::host).is_some_and(is_local)
    };
    // A browser says so of what it loads for a page of another site, even where it names no origin.
    let site = headers.get_all("sec-fetch-site").iter().all(|site| site == "same-origin" || site == "none");
    let host = headers.get_all(HOST).iter().all(|host| is_own(host, "http://"));
    let origin = headers.get_all(ORIGIN).iter().all(|origin| is_own(origin, ""));
    let target = target.host().is_none_or(is_local);
    if target && host && origin && site {
        return Ok(());
    }
    let detail =
        "The sandbox serves programs on this machine: use its address or `localhost`, from no page of another site.";
    Err(ApiError::new(StatusCode::FORBIDDEN, detail))
}

/// A name other than `localhost` could be made to lead here by whoever owns it.
fn is_local(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(given: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            headers.append(*name, HeaderValue::from_static(value));
        }
        check(&Uri::from_static("/"), &headers).is_ok()
    }

    #[test]
    fn only_local_names_and_origins_are_served() {
        for host in ["127.0.0.1:40123", "127.0.0.1", "localhost:1", "LOCALHOST", "[::1]:40123"] {
            assert!(of(&[("host", host)]), "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:80",
            "localhost.evil.example",
            "10.0.0.1",
            "127.0.0.1.evil.example",
            "evil.example@127.0.0.1",
            "",
            "a b",
        ] {
            assert!(!of(&[("host", host)]), "{host}");
        }
        assert!(of(&[]), "HTTP/1.0 has no host");
        assert!(check(&Uri::from_static("http://evil.example/"), &HeaderMap::new()).is_err());
        assert!(of(&[("host", "localhost"), ("origin", "http://localhost:8080")]));
        for origin in ["http://evil.example", "null", "https://10.0.0.1", "file://"] {
            assert!(!of(&[("host", "localhost"), ("origin", origin)]), "{origin}");
        }
        assert!(!of(&[("host", "localhost"), ("host", "evil.example")]));
        assert!(of(&[("host", "localhost"), ("sec-fetch-site", "none")]), "typed into the address bar");
        for site in ["cross-site", "same-site"] {
            assert!(!of(&[("host", "localhost"), ("sec-fetch-site", site)]), "{site}");
        }
    }
}
