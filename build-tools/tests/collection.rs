//! Documents that once became broken code, or errors without a place. Each is a small change to `base.yaml`, and ends as
//! code or as findings with their places. What is accepted is also in `fixture/cases.yaml`, whose Rust
//! `tests/runtime-fixture` compiles, and whose tests it runs.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fmt::Write;
use std::path::Path;

use build_tools::diagnostic::Diagnostics;
use build_tools::{Folder, module};

const BASE: &str = include_str!("collection/base.yaml");
const COMPILED: &str = include_str!("fixture/cases.yaml");

/// A document: its name, what is replaced by what, and for one that is accepted, what shows that it is compiled.
struct Case {
    name: &'static str,
    changes: Vec<(&'static str, String)>,
    compiled: &'static str,
}

fn case(name: &'static str, from: &'static str, to: &str) -> Case {
    Case { name, changes: vec![(from, to.to_owned())], compiled: "" }
}

/// A required property of a request has this schema, and this example in the request's.
fn given(name: &'static str, schema: &str, example: &str) -> Case {
    let property = ("given: { description: A property., type: string, example: x }", format!("given: {{ {schema} }}"));
    Case { name, changes: vec![property, ("{ given: x,", format!("{{ given: {example},"))], compiled: "" }
}

impl Case {
    fn and(mut self, from: &'static str, to: &str) -> Self {
        self.changes.push((from, to.to_owned()));
        self
    }

    /// The property is optional.
    fn optional(self) -> Self {
        self.and("      required: [given]\n", "")
    }

    fn compiled(self, compiled: &'static str) -> Self {
        Self { compiled, ..self }
    }

    fn text(&self) -> String {
        self.changes.iter().fold(BASE.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{}: {from:?} is not there", self.name);
            text.replace(from, to)
        })
    }
}

fn generate(text: &str) -> Result<usize, Diagnostics> {
    let files = module(&Folder::of_one(Path::new("base.yaml"), text), "")?;
    Ok(files.values().map(|text| text.lines().count()).sum())
}

/// Each finding with its place and the line there.
fn findings(text: &str) -> String {
    let mut shown = String::new();
    let lines: Vec<_> = text.split(if text.contains('\n') { '\n' } else { '\r' }).collect();
    for finding in generate(text).unwrap_err().to_json()["findings"].as_array().unwrap() {
        let (line, column) = (finding["line"].as_u64().unwrap(), finding["column"].as_u64().unwrap());
        let (rule, message) = (finding["rule"].as_str().unwrap(), finding["message"].as_str().unwrap());
        let start = usize::try_from(column).unwrap() - 1;
        let at: String = lines[usize::try_from(line).unwrap() - 1].chars().skip(start).take(50).collect();
        writeln!(shown, "  {line}:{column} {rule}: {message}\n    {at}").unwrap();
    }
    shown
}

fn all_findings(cases: &[Case]) -> String {
    let each: Vec<_> = cases.iter().map(|case| format!("{}\n{}", case.name, findings(&case.text()))).collect();
    each.concat()
}

const PICK: &str = r##"description: d, allOf: [{ $ref: "#/components/schemas/Pick" }]"##;

fn accepted() -> Vec<Case> {
    let list = |items: &str| format!("description: d, type: array, items: {{ {items} }}, example: []");
    let (plain, of) = ("description: d, type", "$ref: \"#/components/schemas/");
    let language = format!("{of}Language\"");
    let null = "{ type: string, nullable: true, enum: [null] }";
    let nullable = "description: d, type: string, nullable: true, example: x";
    let nullable_reference = format!("description: d, anyOf: [{{ {language} }}, {null}]");
    let texts = format!("{plain}: array, items: {{ {plain}: string, example: x }}, example: []");
    let number = format!("{plain}: number, example: 1");
    vec![
        case("an operation `http`", "shelves_list", "shelves_http").compiled("operationId: cases_http"),
        case("a schema `Display`", "Language", "Display").compiled("    Display:\n"),
        case("a schema `Types`", "Language", "Types").compiled("    Types:"),
        case("a value named as a schema is", "EN", "PICK").compiled("enum: [PICK,"),
        case("asterisks without others", "description: Changes what is given.", "description: \"It *and more ** _x\"")
            .compiled("*and more ** _x"),
        case(
            "a number in the query",
            "{ type: string, description: A text., example: moby }",
            &format!("{{ {number} }}"),
        )
        .and("          example: moby", "          example: 1")
        .compiled("name: ratio\n          in: query"),
        given("enums", &list(&language), "[EN]").compiled("array_of_enum"),
        given("no integers", &list(&format!("{plain}: integer, example: 1")), "[]").compiled("array_of_integer: []"),
        given("numbers as integers", &list(&number), "[1, 2]").compiled("array_of_number: [1, 2]"),
        given("no objects", &list(&format!("{of}Shelves\"")), "[]").compiled("array_of_object: []"),
        given("choices", &list(&format!("{of}Pick\"")), "[x, 1]").compiled("array_of_choice: [x, 1]"),
        given("anything", &list("description: d, example: x"), "[x, null]").compiled("array_of_any: [x,"),
        given("lists", &list(&texts), "[[x]]").compiled("array_of_array: [[x]"),
        given("a choice", PICK, "x").compiled(" choice: x"),
        given("another choice", PICK, "1").compiled(" choice: 1"),
        given("an optional choice", PICK, "x").optional().compiled("optional_choice: x"),
        given("a number as an integer", &number, "1").compiled(" number: 1"),
        given("the least integer", &format!("{plain}: integer, example: 1"), "-9223372036854775808")
            .compiled("integer: -9223372036854775808"),
        given("a nullable text", nullable, "x").compiled(" nullable: x"),
        given("a nullable text that is null", nullable, "null").compiled(" nullable: null"),
        given("a nullable enum", &nullable_reference, "EN").compiled("nullable_enum: X"),
        given("an optional nullable enum", &nullable_reference, "EN").optional().compiled("optional_nullable: X"),
    ]
}

#[test]
fn each_accepted_document_is_generated_by_itself_and_is_in_the_one_that_is_compiled() {
    for case in accepted() {
        let generated = generate(&case.text());
        assert!(generated.is_ok(), "{}: {}", case.name, generated.unwrap_err());
        assert!(!case.compiled.is_empty() && COMPILED.contains(case.compiled), "{} is not compiled", case.name);
    }
}

#[test]
fn a_name_that_would_not_compile_is_rejected_at_its_place() {
    insta::assert_snapshot!(all_findings(&[
        case("a query parameter `x`y`", "- name: search", "- name: x`y"),
        case("a schema `AsRef`", "ShelfId", "AsRef"),
        case("a schema `IntoIterator`", "Language", "IntoIterator"),
        case("a schema `Debug`", "Language", "Debug"),
        case("a schema `T`", "ShelfId", "T"),
        case("an operation `into`", "shelves_update", "shelves_into"),
        case(
            "a property beside `_links`",
            "        _links:",
            "        links: { description: d, type: string, example: x }\n        _links:",
        ),
    ]), @"
    a query parameter `x`y`
      27:11 parameter: no setter can be named after the parameter `x`y`
        name: x`y
    a schema `AsRef`
      80:5 schema-name: the schema name `AsRef` hides a Rust name that generated code uses
        AsRef: { type: string, description: Identifies a s
    a schema `IntoIterator`
      74:5 schema-name: the schema name `IntoIterator` hides a Rust name that generated code uses
        IntoIterator:
    a schema `Debug`
      74:5 schema-name: the schema name `Debug` hides a Rust name that generated code uses
        Debug:
    a schema `T`
      80:5 schema-name: the schema name `T` hides a Rust name that generated code uses
        T: { type: string, description: Identifies a shelf
    an operation `into`
      43:20 operation-id: `into` cannot be the name of a method
        shelves_into
    a property beside `_links`
      74:9 property-name: the property `_links` would have the field or the setter of another one
        _links: { description: The next page., type: strin
    ");
}

#[test]
fn a_text_that_the_docs_would_show_otherwise_is_rejected_at_its_place() {
    let text = "description: \"Changes ` what is given, *and more ** _x\"";
    insta::assert_snapshot!(all_findings(&[case("a backtick", "description: Changes what is given.", text)]), @r#"
    a backtick
      47:20 markup: the text is more than plain Markdown: it has a backslash, two backticks in a row, or one without another in its line
        "Changes ` what is given, *and more ** _x"
    "#);
}

/// One of two objects.
const UNION: &str = r##"    Either:
      description: d
      oneOf: [{ $ref: "#/components/schemas/One" }, { $ref: "#/components/schemas/Two" }]
      example: { one: a }
    One:
      description: d
      type: object
      required: [one]
      properties:
        one: { description: d, type: string, example: a }
        note: { description: d, type: string, nullable: true, example: a }
    Two:
      description: d
      type: object
      required: [two]
      properties:
        two: { description: d, type: integer, example: 1 }
        note: { description: d, type: string, nullable: true, example: a }
    Failure:"##;

#[test]
fn an_example_that_no_generated_test_could_send_is_rejected_at_its_place() {
    let integer = |example: &str| format!("description: d, type: integer, example: {example}");
    let nullable = "description: d, type: string, nullable: true, example: x";
    let in_list = format!("description: d, type: array, items: {{ {nullable} }}, example: []");
    let big = "18446744073709551615";
    let union = "description: d, allOf: [{ $ref: \"#/components/schemas/Either\" }]";
    insta::assert_snapshot!(all_findings(&[
        given("a big integer", &integer(big), big),
        given("an integer with a fraction", &integer("1.0"), "1.0"),
        given("a choice with a fraction", PICK, "1.0"),
        given("a negative count", &format!("minimum: 0, {}", integer("1")), "-1"),
        given("an optional null", nullable, "null").optional().and("    patch:", "    put:"),
        given("a null in a list", &in_list, "[null]"),
        given("a null in an alternative", union, "{ one: a, note: null }")
            .and("    patch:", "    put:")
            .and("    Failure:", UNION),
        given("a fraction in an alternative", union, "{ two: 1.0 }").and("    Failure:", UNION),
        case("a parameter that is null", "{ type: string, description: A text.,", "{ nullable: true, type: string, description: A text.,")
            .and("          example: moby", "          example: null"),
    ]), @"
    a big integer
      55:22 example: the example does not match its schema at `/given`: 18446744073709551615 is greater than the maximum of 9223372036854775807
        { given: 18446744073709551615, of_language: EN, of
      92:58 example: the example does not match its schema: 18446744073709551615 is greater than the maximum of 9223372036854775807
        18446744073709551615 }
    an integer with a fraction
      55:22 example: the example has a fraction where an integer is meant
        { given: 1.0, of_language: EN, of_pick: x, of_shel
      92:58 example: the example has a fraction where an integer is meant
        1.0 }
    a choice with a fraction
      55:22 example: the example has a fraction where an integer is meant
        { given: 1.0, of_language: EN, of_pick: x, of_shel
    a negative count
      55:22 example: the example does not match its schema at `/given`: -1 is less than the minimum of 0
        { given: -1, of_language: EN, of_pick: x, of_shelf
    an optional null
      55:22 example: the example has a null in an optional property, which the SDK does not send
        { given: null, of_language: EN, of_pick: x, of_she
    a null in a list
      92:54 nullable: only a property may be null
        { description: d, type: string, nullable: true, ex
    a null in an alternative
      55:22 example: the example has a null in an optional property, which the SDK does not send
        { given: { one: a, note: null }, of_language: EN, 
    a fraction in an alternative
      55:22 example: the example has a fraction where an integer is meant
        { given: { two: 1.0 }, of_language: EN, of_pick: x
    a parameter that is null
      30:19 nullable: only a property may be null
        { nullable: true, type: string, description: A tex
    ");
}

#[test]
fn a_text_without_quotes_that_is_none_in_yaml_is_rejected_at_its_place() {
    insta::assert_snapshot!(all_findings(&[
        case("an enum", "enum: [EN, FR]", "enum: [true, false]"),
        case("a summary", "summary: List shelves", "summary: 42"),
        case("a version", "version: \"1\"", "version: 1.10"),
    ]), @"
    an enum
      77:14 value: expected a string, found a boolean
        true, false]
    a summary
      23:16 value: expected a string, found a number
        42
    a version
      5:12 value: expected a string, found a number
        1.10
    ");
}

#[test]
fn lines_that_end_in_carriage_returns_are_counted() {
    let text = BASE.replace("summary: List", "sumary: List").replace('\n', "\r");
    insta::assert_snapshot!(findings(&text), @"
    21:7 description: the operation's `summary` is missing
      operationId: shelves_list
    23:7 unknown-key: unknown key `sumary`, expected one of operationId, tags, summary, description, externalDocs, parameters, requestBody, responses, x-pagination, x-idempotent, x-effect
      sumary: List shelves
    ");
}

#[test]
fn a_component_that_is_another_name_of_one_is_rejected_at_its_place() {
    let alias = "    Alias: { $ref: \"#/components/schemas/ShelfId\" }\n    Failure:";
    let alias = case("a component that is a reference", "    Failure:", alias);
    insta::assert_snapshot!(all_findings(&[
        alias.and("[{ $ref: \"#/components/schemas/ShelfId\" }]", "[{ $ref: \"#/components/schemas/Alias\" }]"),
    ]), @r##"
    a component that is a reference
      62:5 description: schema `Alias` has no description
        Alias: { $ref: "#/components/schemas/ShelfId" }
      62:5 component: a component is an object, a string (an id or an enum), an integer (a quantity), or a choice
        Alias: { $ref: "#/components/schemas/ShelfId" }
      62:20 reference: a component cannot be another name of `#/components/schemas/ShelfId`
        "#/components/schemas/ShelfId" }
    "##);
}

#[test]
fn a_choice_of_itself_is_rejected_at_its_place() {
    let itself = "- { $ref: \"#/components/schemas/Pick\" }\n        - { title: Number,";
    insta::assert_snapshot!(all_findings(&[case("a choice of itself", "- { title: Number,", itself)]), @r##"
    a choice of itself
      81:5 recursion: the schema `Pick` contains itself
        Pick:
      83:16 example: the example does not match its schema: "x" is valid under more than one of the schemas listed in the 'oneOf' keyword
        x
      86:11 one-of: the alternatives of a `oneOf` must each have a `type` of their own, or all be a `$ref` to an object
        { $ref: "#/components/schemas/Pick" }
    "##);
}

/// The base with so many properties more.
fn with_properties(count: usize, schema: &str) -> String {
    let properties = (0..count).map(|number| format!("        p{number:05}: {{ {schema} }}\n"));
    BASE.replace("        given:", &format!("{}        given:", properties.collect::<Vec<_>>().concat()))
}

#[test]
fn what_is_shown_of_many_findings_does_not_grow_with_them() {
    let found = |count: usize| generate(&with_properties(count, "type: string")).unwrap_err();
    let (some, more) = (found(2_000), found(4_000));
    // A description and an example is missing of each.
    assert_eq!((some.list.len(), more.list.len()), (4_000, 8_000));
    assert!(more.list.iter().all(|finding| finding.place.line > 80 && finding.place.column == 9));
    assert_eq!(some.to_string().len(), more.to_string().len());
}

#[test]
fn what_is_generated_of_many_properties_grows_as_they_do() {
    let lines = |count: usize| generate(&with_properties(count, "description: d, type: string, example: x")).unwrap();
    let (some, more, most) = (lines(500), lines(1_000), lines(1_500));
    assert_eq!(most - more, more - some);
}

/// Within 256 MiB of address space.
#[cfg(target_os = "linux")]
#[test]
fn a_broken_line_after_much_blank_space_is_shown_in_little_memory() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("{BASE}{}broken: [", "\n".repeat(8 << 20));
    std::fs::write(folder.path().join("base.yaml"), text).unwrap();
    let mut command = std::process::Command::new("sh");
    let limited = format!("ulimit -v 262144; exec \"{}\" lint base.yaml", env!("CARGO_BIN_EXE_build-tools"));
    let output = command.current_dir(folder.path()).args(["-c", &limited]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let shown = String::from_utf8(output.stdout).unwrap();
    let line = BASE.lines().count() + (8 << 20) + 1;
    assert!(shown.contains(&format!("--> base.yaml:{line}:9")), "{shown}{}", String::from_utf8_lossy(&output.stderr));
    assert!(shown.len() < 1_000);
}
