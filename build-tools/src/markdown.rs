//! The texts of the document as Markdown of the docs: into which lines they are put, and which of them are plain enough
//! to be put there.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Leaves room for the indentation of a method and for `///` within the line width of rustfmt.toml.
const WIDTH: usize = 110;

/// The lines of a text: wrapped, so that a change shows where it is.
pub fn lines(text: &str) -> Vec<String> {
    let text = text.trim();
    text.lines().filter(|_| !text.is_empty()).flat_map(wrap).collect()
}

fn wrap(line: &str) -> Vec<String> {
    // The rows of a table stay in one line.
    if line.starts_with('|') {
        return vec![line.into()];
    }
    let indent = if line.trim_start().starts_with("- ") { "  " } else { "" };
    let options = textwrap::Options::new(WIDTH)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation)
        .subsequent_indent(indent);
    let mut wrapped: Vec<String> = Vec::new();
    // Where there is only one blank, nothing is indented code.
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in textwrap::wrap(&line, options) {
        match wrapped.last_mut() {
            // What could begin a list, a heading or a code block stays in the line where it means nothing.
            Some(last) if !is_word(part.trim_start()) => {
                last.push(' ');
                last.push_str(part.trim_start());
            }
            _ => wrapped.push(part.into_owned()),
        }
    }
    if wrapped.is_empty() { vec![String::new()] } else { wrapped }
}

/// Whether a line begins with a word or with code, which no block of Markdown does.
fn is_word(line: &str) -> bool {
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_number = digits.len() < line.len() && digits.starts_with(['.', ')']);
    let is_code = line.starts_with('`') && !line.starts_with("``");
    (is_code || line.starts_with(|c: char| c.is_alphanumeric() || "(\"'".contains(c))) && !is_number
}

/// Why a text is more than plain Markdown, which is paragraphs, lists of one level, emphasis and code within a line.
/// Anything else could run as a test, lead elsewhere, or look like what it is not.
pub fn defect(text: &str) -> Option<&'static str> {
    if !text.chars().all(is_allowed) {
        return Some("it has a character that is not shown");
    }
    // Whatever stands around it: a line that begins a list there ends what was open before it.
    if text.contains("```") || text.contains("~~~") {
        return Some("it has a code block");
    }
    if text.contains('\\') || text.contains("``") || text.lines().any(|line| line.matches('`').count() % 2 == 1) {
        return Some("it has a backslash, two backticks in a row, or one without another in its line");
    }
    // By itself, and in a list, where a line can begin something that it cannot begin in a paragraph.
    [text.to_owned(), format!("- `404`: {text}")].iter().find_map(|text| more_than_plain(&lines(text).join("\n")))
}

fn more_than_plain(markdown: &str) -> Option<&'static str> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    let parser = Parser::new_ext(markdown, options);
    if parser.reference_definitions().iter().next().is_some() {
        return Some("it defines a link");
    }
    let mut depth = 0;
    parser.into_iter().find_map(|event| match event {
        Event::Start(Tag::List(None)) => {
            depth += 1;
            (depth > 1).then_some("it has a list within a list")
        }
        Event::End(TagEnd::List(false)) => {
            depth -= 1;
            None
        }
        Event::Start(Tag::Paragraph | Tag::Item | Tag::Emphasis | Tag::Strong)
        | Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::Emphasis | TagEnd::Strong)
        | Event::SoftBreak => None,
        Event::Text(text) if text.contains(['<', '>', '[', ']', '|', '`']) || text.contains("://") => {
            Some("it has a bracket, a vertical bar, a single backtick or a URL outside backticks")
        }
        Event::Text(text) | Event::Code(text) => {
            (!text.chars().all(is_allowed)).then_some("it has a character that is not shown")
        }
        Event::Start(Tag::CodeBlock(_)) => Some("it has a code block"),
        Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::HtmlBlock) => Some("it has HTML"),
        Event::Start(Tag::Link { .. } | Tag::Image { .. }) => Some("it has a link"),
        Event::Start(Tag::Heading { .. }) => Some("it has a heading"),
        _ => Some("it has a table, a quotation, a numbered list, a footnote or a line"),
    })
}

/// Whether the docs show a character as what it is: none of those that are invisible, change the direction of the text
/// around them, or belong to no language that the docs are written in.
pub fn is_allowed(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{17f}')
        || "\u{2013}\u{2014}\u{2018}\u{2019}\u{201c}\u{201d}\u{2026}\u{20ac}\u{2192}\u{2264}\u{2265}".contains(c)
}

/// A text of somebody else, for a terminal: it is shown, and does nothing else.
pub fn shown(text: &str) -> String {
    text.chars().map(|c| if is_allowed(c) { c } else { '\u{fffd}' }).collect()
}

#[cfg(test)]
mod tests;
