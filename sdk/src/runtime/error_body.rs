//! The service's own words on an error: where they are in the body of an error response, and which of them can be
//! shown. Where they stand, generated code says.

use serde_json::Value;

/// Where the parts of an error are in the body of an error response, each as the names that lead to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ErrorBody {
    /// A number for the kind of the error.
    pub(crate) code: &'static [&'static str],
    /// The error in a few words.
    pub(crate) title: &'static [&'static str],
    /// Explanations, of which there may be several.
    pub(crate) details: &'static [&'static [&'static str]],
}

impl ErrorBody {
    pub(super) fn code(&self, body: &[u8]) -> Option<i64> {
        at(&parse(body)?, self.code)?.as_i64()
    }

    /// The title and the explanations, in one text.
    pub(super) fn message(&self, body: &[u8]) -> Option<String> {
        let body = parse(body)?;
        let parts = std::iter::once(&self.title).chain(self.details);
        let parts: Vec<_> = parts.filter_map(|path| words(at(&body, path)?)).collect();
        (!parts.is_empty()).then(|| parts.join(": "))
    }

    /// The code and the title, as far as they can be shown to anyone: a title that is a short phrase, and neither if it
    /// is an echo of what was sent.
    pub(super) fn summary(&self, body: &[u8], is_echo: impl Fn(&str) -> bool) -> Option<String> {
        let body = parse(body)?;
        let code = at(&body, self.code).and_then(Value::as_i64).map(|code| code.to_string());
        let code = code.filter(|code| !is_echo(code)).map(|code| format!("code {code}"));
        let title = at(&body, self.title).and_then(Value::as_str).map(str::trim);
        let title = title.filter(|title| is_phrase(title) && !is_echo(title));
        let parts: Vec<_> = code.into_iter().chain(title.map(|title| format!("\"{title}\""))).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

fn parse(body: &[u8]) -> Option<Value> {
    serde_json::from_slice(body).ok()
}

fn at<'a>(body: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(body, |value, name| value.get(name))
}

/// A text as it is, a list of texts joined, explanations by field with the field's name, anything else as JSON.
fn words(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.trim().to_owned(),
        Value::Array(items) => items.iter().filter_map(words).collect::<Vec<_>>().join("; "),
        Value::Object(fields) => {
            let each = fields.iter().filter_map(|(name, value)| Some(format!("{name}: {}", words(value)?)));
            each.collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

/// Whether a title is a phrase in plain words, without what could be an id, a name in quotes or an address.
fn is_phrase(title: &str) -> bool {
    const LONGEST: usize = 80;
    let plain = |c: char| c.is_ascii_alphabetic() || matches!(c, ' ' | '.' | ',' | ':' | ';' | '-' | '\'' | '(' | ')');
    !title.is_empty() && title.len() <= LONGEST && title.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: ErrorBody = ErrorBody {
        code: &["error", "code"],
        title: &["error", "title"],
        details: &[&["error", "detail"], &["detail"]],
    };

    #[test]
    fn the_message_has_the_title_and_the_explanations_in_whatever_form_they_come() {
        for (body, message) in [
            (r#"{"error": {"title": "Bad", "detail": "No name."}}"#, Some("Bad: No name.")),
            (r#"{"error": {"title": "Bad", "detail": ["No name.", " ", "No id."]}}"#, Some("Bad: No name.; No id.")),
            (r#"{"error": {"detail": {"name": ["Required."], "id": "Short."}}}"#, Some("id: Short.; name: Required.")),
            (r#"{"error": {"detail": 7}, "detail": "Why."}"#, Some("7: Why.")),
            (r#"{"error": {"title": "", "detail": null}}"#, None),
            (r#"{"other": 1}"#, None),
            ("<html>", None),
            ("[]", None),
        ] {
            assert_eq!(FORM.message(body.as_bytes()).as_deref(), message, "{body}");
        }
        assert_eq!(FORM.code(br#"{"error": {"code": 140000}}"#), Some(140_000));
        assert_eq!(FORM.code(br#"{"error": {"code": "140000"}}"#), None);
    }

    #[test]
    fn a_summary_has_a_plain_title_and_nothing_that_is_an_echo() {
        let summary = |title: &str, code: i64| {
            let body = serde_json::json!({ "error": { "title": title, "code": code } }).to_string();
            FORM.summary(body.as_bytes(), |text| text.contains("Pilot") || text == "140007")
        };
        assert_eq!(summary("The request is not valid.", 7).as_deref(), Some("code 7, \"The request is not valid.\""));
        for title in [
            "Group Pilot exists",
            "group 7",
            "line\nbreak",
            "<b>bold</b>",
            "a@b.example",
            "\u{202e}evil",
            &"long ".repeat(20),
        ] {
            assert_eq!(summary(title, 7).as_deref(), Some("code 7"), "{title}");
        }
        assert_eq!(summary("Bad request", 140_007).as_deref(), Some("\"Bad request\""), "a code that is an id");
    }
}
