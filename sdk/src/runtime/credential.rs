//! The API token. Keeps it out of everything that prints, and knows its form in a request.

use std::fmt;

use bytes::Bytes;
use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

const PREFIX: &[u8] = b"Token ";

/// An API token as the value of its header, `Token …`. All copies share one piece of memory, which is overwritten when
/// the last of them is dropped.
#[derive(Clone)]
pub(crate) struct Credential(HeaderValue);

impl Credential {
    /// Rejects what cannot be a token, and says what to do. The token itself is never part of the reason.
    pub(crate) fn new(token: &str) -> Result<Self, &'static str> {
        if token.is_empty() {
            return Err("it is empty");
        }
        let scheme = token.split_once(' ').map_or("", |(scheme, _)| scheme);
        if scheme.eq_ignore_ascii_case("Token") || scheme.eq_ignore_ascii_case("Bearer") {
            return Err(
                "it starts with the word `Token` or `Bearer`: pass only the token, the SDK adds the word `Token`",
            );
        }
        if token.contains(char::is_whitespace) {
            return Err("it contains whitespace: check for a line break or a space that was copied with it");
        }
        if token.contains(['"', '\'', '`', ',', ';']) {
            return Err(
                "it contains a quotation mark, a comma or a semicolon: pass only the token, without what is around it",
            );
        }
        if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err("it contains a character that cannot be part of a token: copy it again");
        }
        // In one piece from the start: growing would leave copies behind.
        let mut text = Zeroizing::new(Vec::with_capacity(PREFIX.len() + token.len()));
        text.extend_from_slice(PREFIX);
        text.extend_from_slice(token.as_bytes());
        let mut header =
            HeaderValue::from_maybe_shared(Bytes::from_owner(text)).map_err(|_| "it cannot be sent in a header")?;
        header.set_sensitive(true);
        Ok(Self(header))
    }

    /// Whether a text may repeat something of the token: a word of it is in the token, or the other way round. The
    /// token is not copied for it.
    pub(super) fn is_echoed_in(&self, text: &str) -> bool {
        let token = self.0.as_bytes().get(PREFIX.len()..).unwrap_or_default();
        let within = |long: &[u8], short: &[u8]| {
            short.len() > 2 && long.windows(short.len()).any(|part| part.eq_ignore_ascii_case(short))
        };
        let mut words = text.split(|c: char| !c.is_alphanumeric());
        within(text.as_bytes(), token) || words.any(|word| within(token, word.as_bytes()))
    }

    /// The value of `Authorization`, marked as sensitive.
    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::Credential;

    #[test]
    fn a_token_is_sent_with_the_word_token_and_printed_by_nothing() {
        let credential = Credential::new("canary-token").unwrap();
        assert_eq!(credential.header(), "Token canary-token");
        assert!(credential.header().is_sensitive());
        let printed = format!("{credential:?} {:?}", credential.header());
        assert!(!printed.contains("canary"), "{printed}");
    }

    #[test]
    fn what_cannot_be_a_token_is_rejected_without_repeating_it() {
        for token in [
            "",
            "Token canary",
            "token canary",
            "Bearer canary",
            "canary with blank",
            "canary\n",
            "canary\u{e9}",
            "canary\0",
            "canary\u{7f}",
            "\"canary\"",
            "'canary'",
            "canary,",
        ] {
            let reason = Credential::new(token).map(|_| ()).unwrap_err();
            assert!(!reason.contains("canary"), "{reason}");
        }
    }
}
