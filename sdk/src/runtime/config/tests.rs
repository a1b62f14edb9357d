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

/// Built without TLS, as `tests/features.sh` does.
#[test]
#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
fn https_needs_a_feature_which_the_error_names() {
    let error = with_url("https://api.prolific.com").unwrap_err();
    assert!(matches!(error, ConfigError::NoTls), "{error}");
    assert!(error.to_string().contains("`rustls`") && error.to_string().contains("`native-tls`"), "{error}");
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

/// Counts where a text lies in the memory of this process. The text is given scrambled, so that it is not found for
/// being looked for.
#[cfg(target_os = "linux")]
fn count_in_memory(scrambled: &[u8]) -> usize {
    use std::os::unix::fs::FileExt;
    let memory = std::fs::File::open("/proc/self/mem").unwrap();
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mut buffer = vec![0; 1 << 20];
    let own = buffer.as_ptr().addr()..buffer.as_ptr().addr() + buffer.len();
    let mut count = 0;
    for line in maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|rights| rights.starts_with("rw"))) {
        let (start, end) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let (mut at, end) = (u64::from_str_radix(start, 16).unwrap(), u64::from_str_radix(end, 16).unwrap());
        while at < end {
            let wanted = buffer.len().min(usize::try_from(end - at).unwrap());
            // Some regions cannot be read.
            let Ok(read) = memory.read_at(&mut buffer[..wanted], at) else { break };
            let found = buffer[..read].windows(scrambled.len()).enumerate().filter(|(offset, window)| {
                !own.contains(&(usize::try_from(at).unwrap() + offset))
                    && window.iter().zip(scrambled).all(|(byte, other)| byte ^ 0x55 == *other)
            });
            count += found.count();
            // The next piece overlaps, so that nothing lies between two.
            at += if read == wanted && at + (read as u64) < end { (read - scrambled.len()) as u64 } else { end - at };
        }
    }
    count
}

#[cfg(target_os = "linux")]
#[test]
fn a_token_is_gone_from_memory_once_the_last_client_is_dropped() {
    let scrambled: Vec<_> = (0..40u8).map(|at| (b'a' + at % 26 * 7 % 26) ^ 0x55).collect();
    let mut token = String::with_capacity(scrambled.len());
    token.extend(scrambled.iter().map(|byte| char::from(byte ^ 0x55)));
    let client = Client::builder().base_url("http://127.0.0.1:1").token(token).build().unwrap();
    let clone = client.clone();
    drop(client);
    // The second half: an allocator writes into the beginning of what is given back to it.
    assert!(count_in_memory(&scrambled[20..]) > 0, "it can be found");
    drop(clone);
    assert_eq!(count_in_memory(&scrambled[20..]), 0);
}
