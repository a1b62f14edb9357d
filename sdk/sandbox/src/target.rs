//! Where webhooks are sent: to this machine only. Knows no event.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::http::Uri;

/// A URL on this machine.
#[derive(Debug)]
pub(crate) struct Target {
    /// To be tried in this order.
    pub(crate) addresses: Vec<SocketAddr>,
    /// The host with its port, as it was written.
    pub(crate) host: String,
    /// With the query.
    pub(crate) path: String,
}

impl Target {
    /// `None` if it is no URL with `http` and a loopback address or `localhost`.
    pub(crate) fn parse(url: &str) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        let host = uri.authority().filter(|host| !host.as_str().contains('@'))?;
        let name = host.host().trim_start_matches('[').trim_end_matches(']');
        // Nobody is asked what the name means.
        let ips = if name.eq_ignore_ascii_case("localhost") {
            vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]
        } else {
            vec![name.parse::<IpAddr>().ok().filter(IpAddr::is_loopback)?]
        };
        if uri.scheme_str() != Some("http") {
            return None;
        }
        let port = host.port_u16().unwrap_or(80);
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let addresses = ips.into_iter().map(|ip| (ip, port).into()).collect();
        Some(Self { addresses, host: host.to_string(), path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_urls_on_this_machine_are_targets() {
        for (url, addresses, path) in [
            ("http://127.0.0.1:8000/events?a=b", "[127.0.0.1:8000]", "/events?a=b"),
            ("http://127.9.9.9", "[127.9.9.9:80]", "/"),
            ("HTTP://[::1]:1/", "[[::1]:1]", "/"),
            ("http://LocalHost:8000/#part", "[127.0.0.1:8000, [::1]:8000]", "/"),
        ] {
            let target = Target::parse(url).unwrap();
            assert_eq!((format!("{:?}", target.addresses).as_str(), target.path.as_str()), (addresses, path), "{url}");
        }
        for url in [
            "https://127.0.0.1:8000/events",
            "https://lab.example.org/events",
            "http://lab.example.org/events",
            "http://localhost.example.org/",
            "http://10.0.0.1/",
            "http://0.0.0.0/",
            "http://2130706433/",
            "http://[::ffff:127.0.0.1]/",
            "http://127.0.0.1@lab.example.org/",
            "http://lab.example.org@127.0.0.1/",
            "ftp://127.0.0.1/",
            "127.0.0.1:8000",
            "/events",
            "",
        ] {
            assert!(Target::parse(url).is_none(), "{url}");
        }
    }
}
