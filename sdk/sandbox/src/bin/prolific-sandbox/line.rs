//! What is printed for a request.

use std::fmt::Write;

use form_urlencoded::Serializer;
use jiff::Timestamp;
use prolific_sandbox::RecordedRequest;

/// How much of a body is printed, in characters.
const LIMIT: usize = 10_000;

/// One line: when it came, what it asked for, what it got, and how long that took.
pub(crate) fn short(request: &RecordedRequest) -> String {
    let RecordedRequest { method, query, .. } = request;
    let path: String = request.path.chars().flat_map(printable).collect();
    let time = Timestamp::now().strftime("%H:%M:%S%.3fZ");
    let query = Serializer::new(String::new()).extend_pairs(query).finish();
    let separator = if query.is_empty() { "" } else { "?" };
    let operation = request.operation_id.as_deref().unwrap_or("-");
    let status = request.status.map_or_else(|| "no response".to_owned(), |status| status.to_string());
    let milliseconds = request.duration.as_secs_f64() * 1000.0;
    let fault = request.fault.as_ref().map(|fault| format!(" [fault {fault}]")).unwrap_or_default();
    format!("{time} {method} {path}{separator}{query} {operation} {status} {milliseconds:.1} ms{fault}\n")
}

/// The line, and the headers and bodies under it.
pub(crate) fn full(request: &RecordedRequest) -> String {
    let mut text = short(request);
    let mut add = |mark: char, content: &str| {
        for line in content.lines() {
            let line: String = line.chars().flat_map(printable).collect();
            let _ = writeln!(text, "  {mark} {line}");
        }
    };
    for (name, value) in &request.headers {
        add('>', &format!("{name}: {value}"));
    }
    add('>', &shown(&request.body));
    add('<', &shown(&request.response_body));
    text
}

/// Control characters could change what the terminal shows.
fn printable(character: char) -> Vec<char> {
    if character.is_control() { character.escape_default().collect() } else { vec![character] }
}

/// A body as far as it is printed.
fn shown(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let mut shown: String = text.chars().take(LIMIT).collect();
    if shown.len() < text.len() {
        let _ = write!(shown, "\n… {} bytes in all", body.len());
    }
    shown
}
