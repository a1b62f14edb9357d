//! Which settings are accepted, and which are refused.

use super::*;

/// For a loopback address, which needs no TLS.
fn builder() -> ClientBuilder {
    ClientBuilder::new().token("t").base_url("http://127.0.0.1:4010")
}

fn with_url(url: &str) -> Result<Client, ConfigError> {
    ClientBuilder::new().token("canary").base_url(url).build()
}

#[test]
fn a_client_needs_a_token() {
    assert!(matches!(ClientBuilder::new().build(), Err(ConfigError::MissingToken)));
    assert!(matches!(ClientBuilder::new().token("").build(), Err(ConfigError::MissingToken)));
    assert!(matches!(ClientBuilder::new().token("a b").build(), Err(ConfigError::InvalidToken { .. })));
}

#[test]
fn plain_http_is_for_loopback_addresses_only() {
    for url in ["http://127.0.0.1:4010", "http://127.9.9.9", "http://[::1]:80", "http://localhost:1/"] {
        assert!(with_url(url).is_ok(), "{url}");
    }
    for url in ["http://api.prolific.com", "http://10.0.0.1", "http://localhost.example.com", "http://0.0.0.0"] {
        assert!(matches!(with_url(url), Err(ConfigError::InsecureUrl)), "{url}");
    }
}

#[test]
fn an_invalid_base_url_is_refused_without_repeating_it() {
    for url in [
        "",
        "canary",
        "ftp://canary",
        "https://canary@h",
        "https://u:canary@h",
        "https://h/?canary",
        "https://h/#canary",
    ] {
        let error = with_url(url).unwrap_err();
        assert!(matches!(error, ConfigError::InvalidUrl { .. }), "{url}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    }
}

#[test]
fn connecting_must_end_before_the_attempt_and_the_call_do() {
    let seconds = Duration::from_secs;
    let build = |connect, attempt, call| {
        builder().connect_timeout(seconds(connect)).attempt_timeout(seconds(attempt)).timeout(seconds(call)).build()
    };
    assert!(build(1, 2, 2).is_ok());
    for (connect, attempt, call) in [(2, 2, 9), (3, 2, 9), (0, 2, 9), (0, 0, 9), (2, 9, 2), (3, 9, 2), (1, 2, 0)] {
        let result = build(connect, attempt, call);
        assert!(matches!(result, Err(ConfigError::InvalidTimeouts)), "{connect}, {attempt}, {call}");
    }
}

#[test]
fn the_time_to_connect_follows_the_others_unless_it_is_set() {
    let built = |builder: ClientBuilder| builder.build().unwrap().inner.settings.connect_timeout;
    assert_eq!(built(builder()), Duration::from_secs(5));
    assert_eq!(built(builder().timeout(Duration::from_secs(3))), Duration::from_millis(1500));
    assert_eq!(built(builder().attempt_timeout(Duration::from_secs(2))), Duration::from_secs(1));
    for builder in [builder().timeout(Duration::MAX), builder().attempt_timeout(Duration::MAX)] {
        assert_eq!(built(builder), Duration::from_secs(5));
    }
}

#[test]
fn an_invalid_proxy_is_refused_without_repeating_it() {
    for url in ["", "canary proxy", "http://", "http://user:canary@", "socks5://canary", "proxy:3128"] {
        let error = builder().proxy(url).build().unwrap_err();
        assert!(matches!(error, ConfigError::InvalidProxy), "{url}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
    assert!(builder().proxy("HTTP://proxy.example").build().is_ok());
    let builder = builder().proxy("http://user:canary@proxy.example:3128");
    assert!(!format!("{builder:?} {:?}", builder.clone().build()).contains("canary"));
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[test]
fn invalid_root_certificates_are_refused() {
    for text in ["", "canary", "-----BEGIN CERTIFICATE-----\ncanary\n-----END CERTIFICATE-----\n"] {
        let error = builder().root_certificates(text).build().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
}

#[test]
fn an_invalid_user_agent_is_refused() {
    let build = |product: &str| builder().user_agent(product).build();
    assert!(build("cohort-service/2.1").is_ok());
    assert!(matches!(build("a\r\nX-Evil: 1"), Err(ConfigError::InvalidUserAgent)));
}

#[test]
fn neither_builder_nor_client_shows_a_secret() {
    let builder = builder().token("canary");
    assert!(!format!("{builder:?} {:?}", builder.clone().build()).contains("canary"));
    let builder = builder.base_url("https://user:canary@host");
    assert!(!format!("{builder:?} {:?}", builder.clone().build()).contains("canary"), "nor a password in the URL");
}

#[test]
fn a_default_header_that_cannot_be_sent_is_refused_without_repeating_it() {
    let build = |name: &str, value: &str| builder().default_header(name, value).build();
    assert!(build("x-team", "attention").is_ok());
    for (name, value) in [("Authorization", "canary"), ("host", "canary"), ("x", "canary\r\nx: y"), ("canary\n", "x")] {
        let error = build(name, value).unwrap_err();
        assert!(matches!(error, ConfigError::InvalidHeader { .. }), "{name}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    }
    let builder = builder().default_header("x-secret", "canary");
    assert!(!format!("{builder:?} {:?}", builder.clone().build()).contains("canary"));
}

#[test]
fn another_token_makes_another_client_of_the_same_connections() {
    let client = builder().token("one").build().unwrap();
    let other = client.with_token("two").unwrap();
    assert!(Arc::ptr_eq(&client.inner.shared, &other.inner.shared));
    assert_eq!(client.inner.settings.credential.header(), "Token one");
    assert_eq!(other.inner.settings.credential.header(), "Token two");
    assert!(matches!(client.with_token(""), Err(ConfigError::MissingToken)));
    assert!(matches!(client.with_token("a\nb"), Err(ConfigError::InvalidToken { .. })));
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
#[test]
fn without_tls_an_https_url_is_refused_and_the_features_are_named() {
    let error = with_url("https://h").unwrap_err();
    assert!(error.to_string().contains("`rustls`") && error.to_string().contains("`native-tls`"), "{error}");
}
