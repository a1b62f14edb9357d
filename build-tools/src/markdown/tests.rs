//! Whatever text is thrown at it: what passes is plain.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;

/// What rustdoc takes for a test, and what a browser would run or follow, in a doc comment.
fn dangers(markdown: &str) -> Vec<String> {
    let mut found = Vec::new();
    let parser = Parser::new_ext(markdown, Options::all());
    for event in parser {
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::Link { .. } | Tag::Image { .. } | Tag::HtmlBlock)
            | Event::Html(_)
            | Event::InlineHtml(_) => found.push(format!("{event:?}")),
            _ => {}
        }
    }
    found
}

/// The places of a doc comment in which a text of the document stands.
fn comments(text: &str) -> [String; 5] {
    [
        text.to_owned(),
        format!("Sets `name`. Omitted by default. {text}"),
        format!("- `404`: {text}\n- `409`: {text}"),
        format!("{text}\n\nSends `GET /`. It is read-only."),
        format!("| a | b |\n|---|---|\n| `x` | {} |", text.replace('\n', " ")),
    ]
}

/// Pieces that mean something in Markdown, and words between them.
fn markdown() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z]{1,12}",
        2 => Just(" ".to_owned()),
        2 => Just("\n".to_owned()),
        1 => Just("\n\n".to_owned()),
        1 => Just("    ".to_owned()),
        1 => Just("\t".to_owned()),
        2 => "[`~]{1,4}",
        2 => prop_oneof![Just("``"), Just("`"), Just("2) <b>"), Just("2. [x](y)"), Just("\n2) <i>")].prop_map(str::to_owned),
        1 => Just("```rust\n".to_owned()),
        1 => Just("~~~\nstd::process::exit(1)\n~~~".to_owned()),
        1 => prop_oneof![Just("- "), Just("* "), Just("+ "), Just("1. "), Just("2) "), Just("> ")].prop_map(str::to_owned),
        1 => prop_oneof![Just("# "), Just("==="), Just("---"), Just("|"), Just("\\"), Just("&lt;"), Just("&#96;")]
            .prop_map(str::to_owned),
        1 => prop_oneof![Just("[a]"), Just("(b)"), Just("[a]: b"), Just("<a>"), Just("<!--"), Just("![i](u)"), Just("[^1]")]
            .prop_map(str::to_owned),
        1 => "[a-z ]{60,130}",
    ];
    prop::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5_000, rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_passes_is_no_test_no_link_and_no_html(text in markdown()) {
        if defect(&text).is_none() {
            for comment in comments(&text) {
                let found = dangers(&lines(&comment).join("\n"));
                prop_assert!(found.is_empty(), "{found:?} in {comment:?}");
            }
        }
    }
}

#[test]
fn plain_texts_pass() {
    for text in [
        "The name of the group.",
        "Not documented; other clients send `limit=1 < 2` as well.",
        "Either:\n\n- *one*, or\n- the **other**, with a long line that goes on and on, past the width of a line of docs, and on.",
        "\u{a3}5 \u{2013} \u{20ac}6, na\u{ef}ve",
        "5 - 3 and 1. not a list",
    ] {
        assert_eq!(defect(text), None, "{text}");
    }
}

#[test]
fn a_line_is_not_broken_before_what_would_begin_a_block() {
    for word in ["-", "+", "*", "#", "1.", "2)", ">", "~~~", "```", "===", "---", "|", "<b>", "    x"] {
        for before in 90..112 {
            let text = format!("{} {word} end", "a".repeat(before));
            let all = lines(&text);
            let is_broken = |line: &String| line.trim_start().starts_with(word.trim()) && word.trim() != "x";
            assert!(!all.iter().skip(1).any(is_broken), "{all:?}");
        }
    }
}

#[test]
fn nothing_else_passes() {
    for text in [
        "```\nrun()\n```",
        "~~~\nrun()\n~~~",
        "Text.\n\n~~~rust\nrun()\n~~~",
        "- item\n\n  ```\n  run()\n  ```",
        "> ```\n> run()\n> ```",
        "1. one",
        "- - two",
        "* * *",
        "# Heading",
        "Heading\n===",
        "| a | b |\n|---|---|\n| c | d |",
        "[text](https://evil.example)",
        "[text]",
        "[a]: https://evil.example",
        "<https://evil.example>",
        "https://evil.example",
        "![image](https://evil.example/i.png)",
        "<script>alert(1)</script>",
        "<!-- hidden -->",
        "&lt;b&gt;",
        "&#x202e;evil",
        "a ` b",
        "`a\n2) <script>`",
        "``a\n2) <script>alert(1)</script>``",
        "``a\n2) [x](https://evil.example)``",
        "``a\n2. <img src=x onerror=alert(1)>``",
        "\\` `\n2) <b> ` \\`",
        "title \\",
        "a\n2) b",
        "===```rust\n2) ```rust\n",
        "``a ` [x](y)",
        "note[^1]\n\n[^1]: x",
        "\u{202e}evil",
        "zero\u{200b}width",
        "tag\u{e0041}",
        "soft\u{ad}hyphen",
        "bell\u{7}",
        "tab\there",
        "line\u{2028}separator",
        "filler\u{3164}",
    ] {
        assert!(defect(text).is_some(), "{text:?}");
    }
}
