//! Texts that clients have sent, made fit to be shown: as they are, and no longer than a reader wants.

use std::fmt;

use serde::de::IgnoredAny;

/// The longest text that is shown in a line, and the longest body, in characters.
const LINE: usize = 200;
const BODY: usize = 4000;

/// The largest body that is read as JSON, in bytes.
const PRETTY: usize = 64 << 10;

/// A text that shows all that is in it. What steers the direction of a text or is invisible is written as its number, as
/// in `\u{202e}`: it would make a text look like another. The template escapes HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text(String);

impl Text {
    /// A line.
    pub(super) fn of(text: &str) -> Self {
        Self::cut(text, LINE, char::is_control)
    }

    /// A text of several lines.
    pub(super) fn long(text: &str) -> Self {
        Self::cut(text, BODY, |c| c.is_control() && c != '\n' && c != '\t')
    }

    /// The body of a request or a response. JSON is indented.
    pub(super) fn body(bytes: &[u8]) -> Self {
        if bytes.len() <= PRETTY && serde_json::from_slice::<IgnoredAny>(bytes).is_ok() {
            return Self::long(&indented(&String::from_utf8_lossy(bytes)));
        }
        // A character has four bytes at most, and one more shows that it is cut.
        Self::long(&String::from_utf8_lossy(&bytes[..bytes.len().min(4 * (BODY + 1))]))
    }

    fn cut(text: &str, length: usize, is_hidden: fn(char) -> bool) -> Self {
        let mut shown = String::new();
        for (index, c) in text.chars().enumerate() {
            if index == length {
                shown.push('…');
                break;
            }
            if is_hidden(c) || deceives(c) {
                shown.extend(c.escape_unicode());
            } else {
                shown.push(c);
            }
        }
        Self(shown)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a character changes how others are shown, or is not seen at all.
fn deceives(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// JSON with line breaks. To parse it would lose what is repeated, and digits.
fn indented(json: &str) -> String {
    let mut shown = String::new();
    let (mut depth, mut in_string, mut escaped, mut opened) = (0, false, false, false);
    let line = |depth: usize| format!("\n{}", "  ".repeat(depth));
    for c in json.chars() {
        if in_string {
            in_string = c != '"' || escaped;
            escaped = c == '\\' && !escaped;
            shown.push(c);
            continue;
        }
        if c.is_ascii_whitespace() {
            continue;
        }
        let closes = matches!(c, '}' | ']');
        depth -= usize::from(closes);
        // What is empty stays on its line.
        if opened != closes {
            shown += &line(depth);
        }
        opened = matches!(c, '{' | '[');
        depth += usize::from(opened);
        in_string = c == '"';
        match c {
            ',' => shown += &format!(",{}", line(depth)),
            ':' => shown += ": ",
            _ => shown.push(c),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_deceive_is_written_as_its_number() {
        assert_eq!(Text::of("a\u{202e}b\u{200b}\n\0").to_string(), r"a\u{202e}b\u{200b}\u{a}\u{0}");
        assert_eq!(Text::long("two\nlines\r").to_string(), "two\nlines\\u{d}");
        assert_eq!(Text::of("Grüße, שלום, 你好 👋").to_string(), "Grüße, שלום, 你好 👋");
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(Text::of(&"é".repeat(LINE)).to_string(), "é".repeat(LINE));
        assert_eq!(Text::of(&"é".repeat(LINE + 1)).to_string(), "é".repeat(LINE) + "…");
        assert_eq!(Text::body(&vec![b'a'; 1 << 20]).to_string().chars().count(), BODY + 1);
        assert_eq!(Text::body("😀".repeat(PRETTY).as_bytes()).to_string(), "😀".repeat(BODY) + "…");
    }

    #[test]
    fn json_is_indented_and_the_rest_is_shown_as_it_is() {
        let json = r#"{"a": [1, {}], "a":"b,\"{", "c": 1.10}"#;
        let shown = "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"a\": \"b,\\\"{\",\n  \"c\": 1.10\n}";
        assert_eq!(Text::body(json.as_bytes()).to_string(), shown);
        assert_eq!(Text::body(b"{\"a\":").to_string(), "{\"a\":");
        assert_eq!(Text::body(b"\xff").to_string(), "\u{fffd}");
    }
}
