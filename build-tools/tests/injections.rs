//! What a document must not get into the code, the docs or the tests that are made of it: each attempt is refused, with
//! its place. The attempts are written as YAML in double quotes.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

use std::path::Path;

use build_tools::{Folder, module};

const FIXTURE: &str = include_str!("fixture/openapi.yaml");

/// Texts that become doc comments, and how they are written in the fixture.
const PROSE: &[&str] = &[
    "description: Shelves with books.",
    "description: The books of a shelf.",
    "description: The language of the books.",
    "description: The shelf is locked.",
    "description: The changes.",
    "description: Something is wrong.",
    "description: A language.",
    "description: The new name.",
    "FR: French.",
    "summary: List books",
    "description: List books",
];

/// What runs, leads elsewhere, or is not what it looks like.
const HOSTILE: &[&str] = &[
    r"Text.\n\n```\nstd::process::exit(1)\n```",
    r"Text.\n\n~~~\nstd::process::exit(1)\n~~~",
    r"Text.\n\n~~~~rust,should_panic\nstd::process::exit(1)\n~~~~",
    r"- item\n\n  ```\n  std::process::exit(1)\n  ```",
    r"> ~~~\n> std::process::exit(1)\n> ~~~",
    r"<script>alert(1)</script>",
    r"See [the docs](https://evil.example).",
    r"See [the docs].\n\n[the docs]: https://evil.example",
    r"See https://evil.example.",
    r"![image](https://evil.example/pixel.png)",
    r"A \u202egnirts",
    r"zero\u200bwidth",
    r"&#x202e;gnirts",
    r"``a ` [x](y)",
    r"``a\n2) <script>alert(1)</script>``",
    r"``a\n2) [x](https://evil.example)``",
    r"A title \\",
];

/// A place of a name or an address: what is replaced there by what, a value that is accepted, and others that are not.
/// `{}` stands for the value.
struct Name {
    replaced: &'static [(&'static str, &'static str)],
    accepted: &'static str,
    refused: &'static [&'static str],
}

const NAMES: &[Name] = &[
    Name {
        replaced: &[("url: https://shelves.example/list }", "url: \"{}\" }")],
        accepted: "https://shelves.example/other",
        refused: &[
            "https://evil.example/list",
            "https://shelves.example@evil.example/list",
            "https://shelves.example.evil.example/list",
            "https://shelves.example/../list",
            "https://shelves.example/list?next=https://evil.example",
            "https://shelves.example/list#x",
            "https://shelves.example//evil.example",
            "https://shelves.example/li st",
            "https://shelves.example/li)st",
            "http://shelves.example/list",
            "javascript:alert(1)",
            r"https://shelves.example/\u202elist",
        ],
    },
    Name {
        replaced: &[("https://shelves.example/", "{}")],
        accepted: "https://books.example/all/",
        refused: &["https://user:pass@shelves.example/", "https:///", "https://shelves.example:1/", "data:/"],
    },
    Name {
        replaced: &[("operationId: shelves_list_books", "operationId: \"{}\"")],
        accepted: "shelves_books",
        refused: &[
            "shelves_clone",
            "shelves_a()",
            "shelves_fn",
            "shelves_l\u{e9}",
            "shelves_new",
            "shelves_a;b",
            "shelves_",
        ],
    },
    Name {
        replaced: &[
            ("name: shelves,", "name: \"{}\","),
            ("tags: [shelves]", "tags: [\"{}\"]"),
            ("operationId: shelves_", "operationId: {}_"),
        ],
        accepted: "boards",
        refused: &["http", "std", "crate", "call", "types", "client", "self", "\u{5e9}", "builder", "gen"],
    },
    Name {
        replaced: &[("- name: language", "- name: \"{}\"")],
        accepted: "tongue",
        refused: &["search", "Search", "", "__", "1", "r\u{e9}ader", "x`y", "a\\nb", "a\\u202eb", "x\\\", evil=\\\""],
    },
    Name {
        replaced: &[("ShelfId", "{}")],
        accepted: "BoardId",
        refused: &["Vec", "String", "Self", "Shelf Id", "shelf_id", "Sh\u{e9}lf", "A<B>", "Error", "Mod", "Option"],
    },
    Name {
        replaced: &[("        reader: {", "        \"{}\": {")],
        accepted: "lender",
        refused: &["reader\\\")]", "r\u{e9}ader", "", "r#fn", "__", "1", "title", "TITLE", "ti`le", "a\\u202eb"],
    },
    Name {
        replaced: &[("enum: [EN, FR]", "enum: [EN, FR, \"{}\"]"), ("FR: French.", "FR: French., \"{}\": Another.")],
        accepted: "DE",
        refused: &["", "Other", "1", "a\\u202eb", "\\u200b", "EN\\n", "Err", "en", "self", "!"],
    },
    Name {
        replaced: &[("  /shelves/{shelf_id}/books/:", "  \"{}\":")],
        accepted: "/shelves/{shelf_id}/all/",
        refused: &["/{shelf_id}/../x/", "/{shelf_id}/?a=b/", "/{shelf_id}/`/", "/{shelf_id}/%2e/", "//{shelf_id}/"],
    },
    Name { replaced: &[("title: Shelves", "title: \"{}\"")], accepted: "Books", refused: &["Sh\\u2066elves"] },
    Name { replaced: &[("example: moby }", "example: \"{}\" }")], accepted: "d\u{ed}a", refused: &["mo\\u202eby"] },
];

impl Name {
    fn put(&self, value: &str) -> String {
        self.replaced.iter().fold(FIXTURE.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from:?} is not in the fixture");
            text.replace(from, &to.replace("{}", value))
        })
    }
}

fn generate(text: &str) -> Result<(), String> {
    module(&Folder::of_one(Path::new("openapi.yaml"), text), "").map(drop).map_err(|error| error.to_string())
}

fn assert_refused(text: &str, what: &str) {
    let found = generate(text).expect_err(what);
    assert!(found.contains("--> openapi.yaml:") && !found.contains("error[progenitor]"), "{what}:\n{found}");
}

#[test]
fn no_text_runs_or_deceives() {
    for place in PROSE {
        let (key, _) = place.split_once(": ").unwrap();
        let put = |text: &str| FIXTURE.replacen(place, &format!("{key}: \"{text}\""), 1);
        assert!(put("") != FIXTURE, "{place:?} is not in the fixture");
        generate(&put("Something else.")).unwrap();
        for hostile in HOSTILE {
            assert_refused(&put(hostile), &format!("{hostile} as {place}"));
        }
    }
}

#[test]
fn no_name_and_no_address_is_more_than_one() {
    for name in NAMES {
        generate(&name.put(name.accepted)).unwrap();
        for hostile in name.refused {
            assert_refused(&name.put(hostile), &format!("{hostile:?} for {}", name.replaced[0].0));
        }
    }
}
