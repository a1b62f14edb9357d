//! What `cargo codegen diff` says of a change: its class, the version, the entry for the changelog, and what dependents
//! have to rewrite. Whether the compiler agrees is tested in `tests/contract/verdicts.rs`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::too_many_lines,
    reason = "a test fails by panicking, and shows what is printed"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use build_tools::Folder;
use build_tools::diff::{Bump, Changes, Class, base, default_base, diff};

const FIXTURE: &str = include_str!("fixture/openapi.yaml");

/// The fixture after these replacements.
fn edited(edits: &[(&str, &str)]) -> Folder {
    let text = edits.iter().fold(FIXTURE.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from:?} is not in the fixture");
        text.replace(from, to)
    });
    Folder::of_one(Path::new("openapi.yaml"), &text)
}

fn changes(edits: &[(&str, &str)]) -> Changes {
    diff(&edited(&[]), &edited(edits)).unwrap_or_else(|found| panic!("{found}"))
}

fn shown(edits: &[(&str, &str)]) -> String {
    changes(edits).render("0.1.0")
}

/// The title of a book.
const TITLE: &str = "        title: { description: Its title., type: string, example: Whales }\n";

#[test]
fn changes_are_grouped_by_class_with_a_verdict_and_an_entry_for_the_changelog() {
    let edits = [
        ("enum: [EN, FR]", "enum: [EN]"),
        ("{ EN: English., FR: French. }", "{ EN: English. }"),
        ("required: [id, title]", "required: [id]"),
        ("      x-idempotent: false\n", ""),
        ("enum: [HERE, LENT]", "enum: [HERE, LENT, LOST]"),
        ("{ HERE: On the shelf., LENT: Away. }", "{ HERE: On the shelf., LENT: Away., LOST: Nowhere. }"),
        ("description: Takes books off a shelf.", "description: Removes books."),
        ("description: Where a book is.", "description: The place of a book."),
    ];
    insta::assert_snapshot!(shown(&edits), @"
    Breaking for callers (code that makes requests may no longer compile)
      `types::Language::Fr` is no longer there: `FR`.
          The variant is gone, and with it the arms that match it.
          Remove what uses `Language::Fr`.

    Breaking for readers (code that reads responses may no longer compile)
      `types::Book::title` is `Option<String>` instead of `String`.
          What may be absent or null is an `Option`, which is another type.
          Where `title` of `types::Book` is read, write `title.unwrap_or_default()`, or handle `None`.

    Behaviour (compiles, and does something else)
      `shelves().remove_books` is retried even after an attempt that may have taken effect: it is idempotent.

    Additive (compiles, and works as before; a deprecation warns)
      `types::State::Lost` is new: `LOST`.
          The enum is `#[non_exhaustive]`, and kept the value as `Other` so far. `as_str` returns the same as
          before.

    Documentation (nothing else changes)
      `shelves().remove_books` has another description.
      `types::State` has another description.

    Verdict: 1 breaks-callers, 1 breaks-readers, 1 behaviour, 1 additive, 2 docs. 0.1.0 -> 0.2.0, a minor release.
    Before 1.0, the minor version says that programs may no longer compile.

    For CHANGELOG.md:

    ### `prolific-sdk`

    - **Breaking:** `types::Language::Fr` is no longer there: `FR`.
      Migration: Remove what uses `Language::Fr`.
    - **Breaking:** `types::Book::title` is `Option<String>` instead of `String`.
      Migration: Where `title` of `types::Book` is read, write `title.unwrap_or_default()`, or handle `None`.
    - `shelves().remove_books` is retried even after an attempt that may have taken effect: it is idempotent.
    - `types::State::Lost` is new: `LOST`.
    - Documentation: `shelves().remove_books`, `types::State`.
    ");
}

#[test]
fn without_a_change_that_dependents_notice_there_is_no_version() {
    let same = changes(&[]);
    assert_eq!((same.class(), same.bump("0.1.0")), (None, Bump::None));
    insta::assert_snapshot!(same.render("0.1.0"), @"No change that dependents can notice.");
    // A nullable property of a response is an `Option`, whether it is required or not.
    let both = [(
        "      type: object\n      x-error-body",
        "      type: object\n      required: [number]\n      x-error-body",
    )];
    let more = [("example: { number: 7 }", "example: { number: 7, name: Wrong }")];
    assert_eq!(changes(&both), Changes::default());
    assert_eq!(changes(&more), Changes::default());
}

#[test]
fn a_nullable_property_of_a_request_that_becomes_required_is_sent_as_null() {
    let optional = [
        ("          description: The new name.\n", "          description: The new name.\n          nullable: true\n"),
        ("    patch:", "    put:"),
    ];
    let required = [
        optional[0],
        optional[1],
        ("      description: Changes to a shelf.", "      description: Changes to a shelf.\n      required: [name]"),
        ("example: { book_ids: [] }", "example: { name: null, book_ids: [] }"),
    ];
    for (before, after, what) in [
        (&optional[..], &required[..], "is sent as null if it is not set"),
        (&required[..], &optional[..], "is left out if it is not set"),
    ] {
        let changes = diff(&edited(before), &edited(after)).unwrap_or_else(|found| panic!("{found}"));
        let shown = changes.render("0.1.0");
        assert!(changes.class() == Some(Class::Behaviour) && shown.contains(what), "{shown}");
    }
}

#[test]
fn what_is_evidently_the_same_is_renamed() {
    insta::assert_snapshot!(shown(&[
        (TITLE, "        name: { description: Its title., type: string, example: Whales }\n"),
        ("required: [id, title]", "required: [id, name]"),
        ("operationId: shelves_update", "operationId: shelves_change"),
        ("UpdateShelf", "ShelfChanges"),
        ("BookId\"", "VolumeId\""),
        ("    BookId:", "    VolumeId:"),
        ("HERE", "PRESENT"),
        ("name: search", "name: words"),
        ("name: language", "name: tongue"),
    ]), @"
    Breaking for callers (code that makes requests may no longer compile)
      `shelves().list_books` has the setter `words` instead of `search`.
          Replace `.search(…)` with `.words(…)` after `shelves().list_books(…)`.
      `shelves().update` is renamed to `shelves().change`.
          Call `shelves().change` instead of `shelves().update`, and use `operations::SHELVES_CHANGE` instead of
          `operations::SHELVES_UPDATE`.
      `types::UpdateShelf` is renamed to `types::ShelfChanges`.
          Replace `types::UpdateShelf` with `types::ShelfChanges`.
      `types::BookId` is renamed to `types::VolumeId`.
          Replace `types::BookId` with `types::VolumeId`.

    Breaking for readers (code that reads responses may no longer compile)
      `types::Book::title` is renamed to `name`.
          Replace `title` of `types::Book` with `name`.
      `types::State::Here` is renamed to `Present`.
          Replace `State::Here` with `State::Present`.

    Behaviour (compiles, and does something else)
      `shelves().list_books` sends `tongue` as the name of its parameter `language`.
          Arguments have places in Rust, and no names.

    Verdict: 4 breaks-callers, 2 breaks-readers, 1 behaviour. 0.1.0 -> 0.2.0, a minor release. Before 1.0, the
    minor version says that programs may no longer compile.

    For CHANGELOG.md:

    ### `prolific-sdk`

    - **Breaking:** `shelves().list_books` has the setter `words` instead of `search`.
      Migration: Replace `.search(…)` with `.words(…)` after `shelves().list_books(…)`.
    - **Breaking:** `shelves().update` is renamed to `shelves().change`.
      Migration: Call `shelves().change` instead of `shelves().update`, and use `operations::SHELVES_CHANGE`
      instead of `operations::SHELVES_UPDATE`.
    - **Breaking:** `types::UpdateShelf` is renamed to `types::ShelfChanges`.
      Migration: Replace `types::UpdateShelf` with `types::ShelfChanges`.
    - **Breaking:** `types::BookId` is renamed to `types::VolumeId`.
      Migration: Replace `types::BookId` with `types::VolumeId`.
    - **Breaking:** `types::Book::title` is renamed to `name`.
      Migration: Replace `title` of `types::Book` with `name`.
    - **Breaking:** `types::State::Here` is renamed to `Present`.
      Migration: Replace `State::Here` with `State::Present`.
    - `shelves().list_books` sends `tongue` as the name of its parameter `language`.
    ");
}

#[test]
fn what_is_not_evidently_the_same_is_dropped_and_added() {
    insta::assert_snapshot!(shown(&[
        (TITLE, "        pages: { description: How many pages it has., type: integer, example: 7 }\n"),
        ("required: [id, title]", "required: [id, pages]"),
        ("      operationId: shelves_update\n", "      operationId: shelves_change\n"),
        ("    patch:", "    put:"),
    ]), @"
    Breaking for callers (code that makes requests may no longer compile)
      `shelves().update` is no longer there: `PATCH /shelves/{shelf_id}/books/`.
          Remove the calls of `shelves().update`, and `operations::SHELVES_UPDATE`. `Client::call` can still send
          it, if the service still has it.

    Breaking for readers (code that reads responses may no longer compile)
      `types::Book::title` is no longer there.
          Remove what uses `title` of `types::Book`.

    Additive (compiles, and works as before; a deprecation warns)
      `shelves().change` is new: `PUT /shelves/{shelf_id}/books/`.
      `types::Book::pages` is new: `i64`.
          The struct is `#[non_exhaustive]`: no program lists its fields.

    Verdict: 1 breaks-callers, 1 breaks-readers, 2 additive. 0.1.0 -> 0.2.0, a minor release. Before 1.0, the
    minor version says that programs may no longer compile.

    For CHANGELOG.md:

    ### `prolific-sdk`

    - **Breaking:** `shelves().update` is no longer there: `PATCH /shelves/{shelf_id}/books/`.
      Migration: Remove the calls of `shelves().update`, and `operations::SHELVES_UPDATE`. `Client::call` can
      still send it, if the service still has it.
    - **Breaking:** `types::Book::title` is no longer there.
      Migration: Remove what uses `title` of `types::Book`.
    - `shelves().change` is new: `PUT /shelves/{shelf_id}/books/`.
    - `types::Book::pages` is new: `i64`.
    ");
}

#[test]
fn a_resource_that_is_renamed_takes_its_operations_along() {
    insta::assert_snapshot!(shown(&[
        ("operationId: shelves_", "operationId: boards_"),
        ("tags: [shelves]", "tags: [boards]"),
        ("{ name: shelves,", "{ name: boards,"),
    ]), @"
    Breaking for callers (code that makes requests may no longer compile)
      `Client::shelves` is renamed to `Client::boards`.
          Replace `shelves()` with `boards()`, the module `shelves` with `boards`, and `Shelves` with `Boards`.
          The constants in `operations` are renamed too.

    Verdict: 1 breaks-callers. 0.1.0 -> 0.2.0, a minor release. Before 1.0, the minor version says that programs
    may no longer compile.

    For CHANGELOG.md:

    ### `prolific-sdk`

    - **Breaking:** `Client::shelves` is renamed to `Client::boards`.
      Migration: Replace `shelves()` with `boards()`, the module `shelves` with `boards`, and `Shelves` with
      `Boards`. The constants in `operations` are renamed too.
    ");
}

#[test]
fn arguments_and_setters_change_with_what_is_required() {
    insta::assert_snapshot!(shown(&[
        (
            "          required: true\n          description: The language of the books.",
            "          description: The language of the books.",
        ),
        (
            "        - name: lent\n          in: query\n",
            "        - name: lent\n          in: query\n          required: true\n"
        ),
        ("      x-constructors: [{ name: new, takes: [book_ids] }]\n", ""),
    ]), @"
    Breaking for callers (code that makes requests may no longer compile)
      `shelves().list_books` has a setter for `language`, which is optional, instead of an argument.
          Required parameters are arguments, and optional ones have setters.
          Call `.language(…)` instead of passing `language` to `shelves().list_books`.
      `shelves().list_books` takes `lent: bool`, which is required, and has no setter for it.
          Required parameters are arguments, and optional ones have setters.
          Pass `lent` to `shelves().list_books` instead of calling `.lent(…)`.
      `types::BookIds::book_ids` is no longer an argument of `BookIds::new`.
          Do not pass `book_ids` to `BookIds::new`: call `.book_ids(…)` instead.
      `types::BookIds` no longer implements `FromIterator<BookId>`.
          Only a type that is made of one list alone can be collected.
          Call the constructor of `types::BookIds` instead of `collect`.

    Verdict: 4 breaks-callers. 0.1.0 -> 0.2.0, a minor release. Before 1.0, the minor version says that programs
    may no longer compile.

    For CHANGELOG.md:

    ### `prolific-sdk`

    - **Breaking:** `shelves().list_books` has a setter for `language`, which is optional, instead of an argument.
      Migration: Call `.language(…)` instead of passing `language` to `shelves().list_books`.
    - **Breaking:** `shelves().list_books` takes `lent: bool`, which is required, and has no setter for it.
      Migration: Pass `lent` to `shelves().list_books` instead of calling `.lent(…)`.
    - **Breaking:** `types::BookIds::book_ids` is no longer an argument of `BookIds::new`.
      Migration: Do not pass `book_ids` to `BookIds::new`: call `.book_ids(…)` instead.
    - **Breaking:** `types::BookIds` no longer implements `FromIterator<BookId>`.
      Migration: Call the constructor of `types::BookIds` instead of `collect`.
    ");
}

#[test]
fn a_text_is_sent_and_read_otherwise_than_a_string_in_json() {
    let with = |media_type: &str| {
        let schema = "{ description: A text., type: string, example: a }";
        let content = format!("{{ {media_type}: {{ schema: {schema}, example: a }} }}");
        let (text, _) = FIXTURE.split_once("    BookIds:\n").unwrap();
        let (before, rest) = text.split_once("operationId: shelves_remove_books").unwrap();
        let (operation, after) = rest.split_once("components:").unwrap();
        let (operation, _) = operation.split_once("        content:").unwrap();
        let responses = format!("      responses: {{ '200': {{ description: Removed., content: {content} }} }}");
        let operation = format!("{operation}        content: {content}\n{responses}");
        let text = format!("{before}operationId: shelves_remove_books{operation}\ncomponents:{after}");
        Folder::of_one(Path::new("openapi.yaml"), &text)
    };
    let changes = diff(&with("application/json"), &with("text/csv")).unwrap_or_else(|found| panic!("{found}"));
    let text = changes.render("0.1.0");
    for line in ["sends `text/csv` instead of JSON.\n", "reads `text/csv` instead of JSON.\n"] {
        assert!(text.contains(&format!("  `shelves().remove_books` {line}")), "{text}");
    }
    assert!(text.contains("\nVerdict: 2 behaviour. "), "{text}");
}

#[test]
fn a_list_that_gets_a_second_field_can_no_longer_be_collected() {
    let field = "        note: { description: A note., type: string, example: Hello }\n        book_ids:\n          description: The books.\n";
    insta::assert_snapshot!(shown(&[("        book_ids:\n          description: The books.\n", field)]), @"
    Breaking for callers (code that makes requests may no longer compile)
      `types::BookIds` no longer implements `FromIterator<BookId>`.
          Only a type that is made of one list alone can be collected.
          Call the constructor of `types::BookIds` instead of `collect`.

    Additive (compiles, and works as before; a deprecation warns)
      `types::BookIds::note` is new: `Option<String>`, with a setter.
          The struct is `#[non_exhaustive]`: no program lists its fields.

    Verdict: 1 breaks-callers, 1 additive. 0.1.0 -> 0.2.0, a minor release. Before 1.0, the minor version says
    that programs may no longer compile.

    For CHANGELOG.md:

    ### `prolific-sdk`

    - **Breaking:** `types::BookIds` no longer implements `FromIterator<BookId>`.
      Migration: Call the constructor of `types::BookIds` instead of `collect`.
    - `types::BookIds::note` is new: `Option<String>`, with a setter.
    ");
}

#[test]
fn an_enum_in_a_response_cannot_be_copied() {
    let field = "        language:\n          description: Its language.\n          anyOf: [{ $ref: \"#/components/schemas/Language\" }, { type: string, nullable: true, enum: [null] }]\n";
    insta::assert_snapshot!(shown(&[(TITLE, &format!("{TITLE}{field}"))]), @"
    Breaking for callers (code that makes requests may no longer compile)
      `types::Language` no longer implements `Copy`.
          An enum in responses keeps values that are not documented, so that it cannot be copied.
          Clone a `types::Language` that is used again.

    Additive (compiles, and works as before; a deprecation warns)
      `types::Book::language` is new: `Option<Language>`.
          The struct is `#[non_exhaustive]`: no program lists its fields.
      `types::Language` implements `Default`, `From<String>`, `FromStr`.
      `types::Language::Other` is new: responses contain the enum, and values that are not documented are kept.

    Verdict: 1 breaks-callers, 3 additive. 0.1.0 -> 0.2.0, a minor release. Before 1.0, the minor version says
    that programs may no longer compile.

    For CHANGELOG.md:

    ### `prolific-sdk`

    - **Breaking:** `types::Language` no longer implements `Copy`.
      Migration: Clone a `types::Language` that is used again.
    - `types::Book::language` is new: `Option<Language>`.
    - `types::Language` implements `Default`, `From<String>`, `FromStr`.
    - `types::Language::Other` is new: responses contain the enum, and values that are not documented are kept.
    ");
}

#[test]
fn the_order_of_arguments_breaks_calls_or_worse_compiles() {
    let text = "{ type: string, description: A text., example: x }";
    let two = format!(
        "        - name: author\n          in: query\n          required: true\n          description: A choice.\n          \
         schema: {text}\n          example: x\n        - name: limit\n"
    );
    let sort = format!("schema: {text}\n          example: x");
    let field = format!(
        "        language: {{ description: Its language., allOf: [{{ $ref: \"#/components/schemas/Language\" }}] }}\n{TITLE}"
    );
    // Required parameters are arguments in the order of their names.
    let named = |name: &str| {
        edited(&[
            ("        - name: limit\n", &two),
            ("name: language", name),
            ("schema: { $ref: \"#/components/schemas/Language\" }\n          example: EN", &sort),
            (TITLE, &field),
        ])
    };
    let (before, after) = (named("name: zone"), named("name: area"));
    insta::assert_snapshot!(diff(&before, &after).unwrap().render("0.1.0"), @"
    Breaking for callers (code that makes requests may no longer compile)
      `shelves().list_books` takes its arguments in another order: `shelf_id`, `area`, `author`.
          The arguments have the same types, so that calls compile, and send the wrong values.
          Reorder the arguments of `shelves().list_books`.

    Behaviour (compiles, and does something else)
      `shelves().list_books` sends `area` as the name of its parameter `zone`.
          Arguments have places in Rust, and no names.

    Verdict: 1 breaks-callers, 1 behaviour. 0.1.0 -> 0.2.0, a minor release. Before 1.0, the minor version says
    that programs may no longer compile.

    For CHANGELOG.md:

    ### `prolific-sdk`

    - **Breaking:** `shelves().list_books` takes its arguments in another order: `shelf_id`, `area`, `author`.
      Migration: Reorder the arguments of `shelves().list_books`.
    - `shelves().list_books` sends `area` as the name of its parameter `zone`.
    ");
}

#[test]
fn programs_read_json() {
    let found = changes(&[("required: [id, title]", "required: [id]")]);
    insta::assert_snapshot!(format!("{:#}", found.to_json("0.1.0")), @r####"
    {
      "breaking": true,
      "bump": "minor",
      "changelog": "### `prolific-sdk`\n\n- **Breaking:** `types::Book::title` is `Option<String>` instead of `String`.\n  Migration: Where `title` of `types::Book` is read, write `title.unwrap_or_default()`, or handle `None`.\n",
      "changes": [
        {
          "change": "`types::Book::title` is `Option<String>` instead of `String`.",
          "class": "breaks-readers",
          "item": "types::Book::title",
          "migration": "Where `title` of `types::Book` is read, write `title.unwrap_or_default()`, or handle `None`.",
          "reason": "What may be absent or null is an `Option`, which is another type."
        }
      ],
      "class": "breaks-readers",
      "next_version": "0.2.0",
      "version": "0.1.0"
    }
    "####);
}

#[test]
fn the_version_follows_the_class_as_cargo_compares_versions() {
    let of = |edits: &[(&str, &str)]| changes(edits);
    let breaking = of(&[("required: [id, title]", "required: [id]")]);
    let additive = of(&[(
        TITLE,
        &format!("{TITLE}        pages: {{ description: Its pages., type: integer, nullable: true, example: 7 }}\n"),
    )]);
    let behaviour = of(&[("      x-idempotent: false\n", "")]);
    let docs = of(&[("description: A book.", "description: Some book.")]);
    let classes = [&breaking, &additive, &behaviour, &docs].map(|found| found.class().unwrap());
    assert_eq!(classes, [Class::BreaksReaders, Class::Additive, Class::Behaviour, Class::Docs]);
    for (version, expected) in [
        ("0.0.3", ["0.0.4", "0.0.4", "0.0.4", "0.0.4"]),
        ("0.1.2", ["0.2.0", "0.1.3", "0.1.3", "0.1.3"]),
        ("1.2.3", ["2.0.0", "1.3.0", "1.3.0", "1.2.4"]),
        ("2.0.0-rc.1", ["3.0.0", "2.1.0", "2.1.0", "2.0.1"]),
    ] {
        let next = [&breaking, &additive, &behaviour, &docs].map(|found| found.bump(version).apply(version).unwrap());
        assert_eq!(next, expected, "{version}");
    }
    assert_eq!(breaking.bump("latest").apply("latest"), None);
    assert!(breaking.render("latest").contains("a major release; `latest` is not of the form 1.2.3"));
}

#[test]
fn a_state_that_does_not_pass_is_named() {
    let broken =
        Folder::of_one(Path::new("v1:openapi/prolific.yaml"), &FIXTURE.replace("summary: List books", "summary: 5"));
    insta::assert_snapshot!(diff(&broken, &edited(&[])).unwrap_err(), @"
    error[base]: the earlier state does not pass, so that nothing can be compared with it
    --> v1:openapi/prolific.yaml
     = note: `cargo codegen diff` compares with an earlier state that can be read and has no findings: a revision, a folder, or a file.
     = help: choose another one with `--base`

    error[value]: expected a string, found a number
      --> v1:openapi/prolific.yaml:24:16
       |
    24 |       summary: 5
       |                ^
       |
       = note: A value has the type that its key asks for. An unquoted `3`, `true` or `null` is not a text.
       = help: put it in quotes
    ");
    let found = diff(&edited(&[]), &broken).unwrap_err().to_string();
    assert!(found.contains("error[value]") && !found.contains("earlier state"), "{found}");
}

#[test]
fn a_rule_that_is_newer_than_the_earlier_state_does_not_stop_the_comparison() {
    let older = Folder::of_one(Path::new("old.yaml"), &FIXTURE.replace("summary: List books", "summary: ''"));
    assert_eq!(diff(&older, &edited(&[])).unwrap().class(), Some(Class::Docs));
}

/// A repository whose first commit has the document in one file, and whose second has no document.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    git(root, &["init", "--quiet", "--initial-branch", "main"]);
    fs::create_dir(root.join("openapi")).unwrap();
    fs::write(root.join("openapi/prolific.yaml"), FIXTURE).unwrap();
    fs::write(root.join("openapi/README.md"), "Not a part of it.").unwrap();
    commit(root);
    fs::remove_dir_all(root.join("openapi")).unwrap();
    fs::write(root.join("other.txt"), "").unwrap();
    commit(root);
    folder
}

fn git(root: &Path, arguments: &[&str]) {
    let of_nobody = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false"];
    let status = Command::new("git").arg("-C").arg(root).args(of_nobody).args(arguments).status().unwrap();
    assert!(status.success(), "git {arguments:?}");
}

fn commit(root: &Path) {
    git(root, &["add", "--all"]);
    git(root, &["commit", "--quiet", "--message", "A state"]);
}

#[test]
fn the_earlier_state_is_a_revision_a_folder_or_a_file() {
    let repository = repository();
    let root = repository.path();
    assert_eq!(default_base(root), "HEAD");
    git(root, &["tag", "v1", "HEAD~1"]);
    assert_eq!(default_base(root), "v1");
    let other = edited(&[("description: A book.", "description: Some book.")]);
    let file = root.join("file.yaml");
    fs::write(&file, FIXTURE).unwrap();
    fs::create_dir(root.join("folder")).unwrap();
    fs::write(root.join("folder/prolific.yaml"), FIXTURE).unwrap();
    for name in ["v1", "HEAD~1", "v1^{tree}", file.to_str().unwrap(), root.join("folder").to_str().unwrap()] {
        let found = base(root, name);
        if name == "v1^{tree}" {
            assert!(found.unwrap_err().to_string().contains("neither a file nor a revision of the repository"));
            continue;
        }
        assert_eq!(diff(&found.unwrap(), &other).unwrap().class(), Some(Class::Docs), "{name}");
    }
}

#[test]
fn what_is_no_earlier_state_says_why() {
    let repository = repository();
    let root = repository.path();
    let said = |name: &str| base(root, name).unwrap_err().to_string();
    insta::assert_snapshot!(said("v7"), @"
    error[base]: `v7` is neither a file nor a revision of the repository
    --> v7
     = note: `cargo codegen diff` compares with an earlier state that can be read and has no findings: a revision, a folder, or a file.
     = help: give a tag, a commit, a folder or a file
    ");
    insta::assert_snapshot!(said("HEAD"), @"
    error[base]: the revision `HEAD` has no folder `openapi`
    --> HEAD
     = note: `cargo codegen diff` compares with an earlier state that can be read and has no findings: a revision, a folder, or a file.
     = help: give a tag, a commit, a folder or a file
    ");
    // An option is no option of git.
    insta::assert_snapshot!(said("--output=here"), @"
    error[base]: `--output=here` is neither a file nor a revision of the repository
    --> --output=here
     = note: `cargo codegen diff` compares with an earlier state that can be read and has no findings: a revision, a folder, or a file.
     = help: give a tag, a commit, a folder or a file
    ");
    let outside = tempfile::tempdir().unwrap();
    let found = base(outside.path(), "HEAD").unwrap_err().to_string();
    assert!(found.contains("not a git repository"), "{found}");
}
