//! The forms of values, bodies and lists that a draft takes over: unions, maps, names of all kinds, pages by number.

use build_tools::module;
use build_tools::upstream::adopt::{Draft, report};
use build_tools::upstream::vendor::Vendor;

use super::{CHOICE, all, decided, document, dropped, findings, ours, part, reading, sending, written};

/// A draft that passes, and that the generator takes once its texts are written.
fn passing(vendor: &Vendor) -> Draft {
    let draft = all(vendor);
    assert_eq!(findings(&draft), Vec::<String>::new(), "{}", draft.text);
    module(&report::folder_with(&ours(), &written(&draft)), "")
        .unwrap_or_else(|found| panic!("{found}\n{}", draft.text));
    draft
}

/// What the operations of a document come to, without the tables.
fn outcomes(vendor: &Vendor) -> String {
    let text = report::render(&report::report(vendor, &ours()));
    text.split("\n\n").next().unwrap_or_default().to_owned()
}

#[test]
fn objects_are_told_apart_by_the_one_value_of_a_property() {
    let draft = passing(&reading("3.1.0", CHOICE));
    assert_eq!(decided(&draft)[1], "`BookKind` has the `discriminator` `form`, as its values show");
    let text = format!("{}\n---\n{}", part(&draft, "schemas"), dropped(&draft).join("\n"));
    insta::assert_snapshot!(text, @r##"
    BookId:
      description: "TODO: what `BookId` is."
      type: string
      example: 60018fd994d5e05f8578b55f

    Book:
      description: "TODO: what `Book` is."
      type: object
      required: [kind]
      properties:
        kind:
          description: "TODO: what `kind` is."
          allOf:
            - $ref: "#/components/schemas/BookKind"
        mark:
          description: "TODO: what `mark` is."
          allOf:
            - $ref: "#/components/schemas/BookMark"
        notes:
          description: "TODO: what `notes` is."
          allOf:
            - $ref: "#/components/schemas/BookNotes"

    BookKind:
      description: "TODO: what `BookKind` is."
      oneOf:
        - $ref: "#/components/schemas/BookKindPaper"
        - $ref: "#/components/schemas/BookKindAudio"
      discriminator:
        propertyName: form
        mapping:
          PAPER: "#/components/schemas/BookKindPaper"
          AUDIO: "#/components/schemas/BookKindAudio"
      example:
        form: PAPER
        pages: 1

    BookKindPaper:
      description: "TODO: what `BookKindPaper` is."
      title: Paper
      type: object
      required: [form, pages]
      properties:
        form:
          description: "TODO: what `form` is."
          type: string
          enum: [PAPER]
          example: PAPER
        pages:
          description: "TODO: what `pages` is."
          type: integer
          example: 1
        note:
          description: "TODO: what `note` is."
          type: string
          example: Note

    BookKindAudio:
      description: "TODO: what `BookKindAudio` is."
      title: Audio
      type: object
      required: [form]
      properties:
        form:
          description: "TODO: what `form` is."
          type: string
          enum: [AUDIO]
          example: AUDIO
        pages:
          description: "TODO: what `pages` is."
          type: array
          items:
            description: "TODO: what `pages` is."
            example: Text
          example:
            - Text
        note:
          description: "TODO: what `note` is."
          type: string
          nullable: true
          example: Note
        # adopt: the items of the list `pages` are any JSON: it has no type

    BookMark:
      description: "TODO: what `BookMark` is."
      oneOf:
        - title: Text
          description: "TODO: when it has this form."
          type: string
          example: Mark
        - title: Number
          description: "TODO: when it has this form."
          type: number
          example: 1.5
      example: Mark

    BookNotes:
      description: "TODO: what `BookNotes` is."
      oneOf:
        - title: Text
          description: "TODO: when it has this form."
          type: string
          example: Notes
        - title: List
          description: "TODO: when it has this form."
          type: array
          items:
            description: "TODO: what `BookNotes` is."
            type: string
            example: Note
          example:
            - Note
        - title: Fields
          description: "TODO: when it has this form."
          type: object
          additionalProperties:
            description: "TODO: what `BookNotes` is."
            example: Text
          example:
            name: Text
      example: Notes
    ---
    17 untyped: the items of the list `pages` are any JSON: it has no type
    "##);
    let draft = passing(&sending("3.1.0", CHOICE));
    assert!(part(&draft, "BookKind").contains("propertyName: form"), "{}", draft.text);
    assert_eq!(outcomes(&sending("3.1.0", CHOICE)), "POST /books/ (create-book): passes in part; left out: untyped 1");
}

/// A union of two objects with these properties, of which the given ones are required.
fn union(more: &str, alternatives: [(&str, &str); 2]) -> String {
    let object = |(required, properties): (&str, &str)| {
        format!("{{ type: object, required: [{required}], properties: {{ {properties} }} }}")
    };
    let [one, other] = alternatives.map(object);
    format!("    Book: {{ type: object, required: [is], properties: {{ is: {{ oneOf: [{one}, {other}]{more} }} }} }}\n")
}

#[test]
fn a_property_tells_objects_apart_only_if_each_requires_a_value_of_its_own() {
    let a = "a: { type: string, enum: [x] }, b: { type: string, const: x }";
    let b = "a: { type: string, enum: [y] }, b: { type: string, const: y }";
    let tag = |more: &str, alternatives: [(&str, &str); 2]| {
        let draft = passing(&sending("3.1.0", &union(more, alternatives)));
        let line = draft.text.lines().find_map(|line| line.trim().strip_prefix("propertyName: ")).map(str::to_owned);
        (line.unwrap_or_default(), draft)
    };
    assert_eq!(tag("", [("a, b", a), ("a, b", b)]).0, "a");
    // The vendor's is preferred, if its values are there.
    assert_eq!(tag(", discriminator: { propertyName: b }", [("a, b", a), ("a, b", b)]).0, "b");
    assert_eq!(tag(", discriminator: { propertyName: c }", [("a, b", a), ("a, b", b)]).0, "a");
    assert_eq!(tag("", [("a, b", a), ("b", b)]).0, "b");
    let same = b.replace("[y]", "[x]");
    assert_eq!(tag("", [("a, b", a), ("a, b", &same)]).0, "b");
    for other in ["[y, z]", "[y, null]"] {
        assert_eq!(tag("", [("a, b", a), ("a, b", &b.replace("[y]", other))]).0, "b", "{other}");
    }
    // Each has a required property that the other has not.
    let (line, draft) = tag("", [("c", "c: { type: string }, id: { type: string }"), ("d", "d: { type: integer }")]);
    assert_eq!(line, "");
    insta::assert_snapshot!(part(&draft, "BookIs"), @r##"
    description: "TODO: what `BookIs` is."
    oneOf:
      - $ref: "#/components/schemas/BookIsC"
      - $ref: "#/components/schemas/BookIsD"
    example:
      c: C
    "##);
    assert_eq!(draft.dropped, []);
    // Nothing: in a request that is said, since the properties can be mixed up.
    let (c, both) = ("c: { type: string }", "c: { type: string }, d: { type: integer }");
    for (one, other, properties) in
        [("c", "c", both), ("c", "", both), ("", "d", both), ("c", "", "d: { type: integer }")]
    {
        let vendor = union("", [(one, c), (other, properties)]);
        let (sent, received) = (passing(&sending("3.1.0", &vendor)), passing(&reading("3.1.0", &vendor)));
        let why = "`is` is one of several objects, and nothing tells them apart: one object with the properties of all";
        assert_eq!(dropped(&sent), [format!("9 union-of-objects: {why}")], "{one} {other}");
        assert!(
            !sent.dropped[0].needed && part(&sent, "Book").contains("# adopt: `is` is one of several"),
            "{}",
            sent.text
        );
        assert!(received.dropped.is_empty() && decided(&received).contains(&why), "{:?}", received.decisions);
    }
}

#[test]
fn an_alternative_is_named_after_its_value_and_has_the_id_of_the_union() {
    let values = ["other", "3D", "big book", "Big-Book"];
    let one = |value: &str| {
        format!(
            "{{ type: object, required: [a], properties: {{ a: {{ const: '{value}' }}, id: {{ type: string }} }} }}"
        )
    };
    let all = values.map(one).join(", ");
    let draft = passing(&reading(
        "3.1.0",
        &format!("    Book: {{ type: object, properties: {{ is: {{ anyOf: [{all}] }} }} }}\n"),
    ));
    insta::assert_snapshot!(part(&draft, "BookIs"), @r##"
    description: "TODO: what `BookIs` is."
    oneOf:
      - $ref: "#/components/schemas/BookIsOther"
      - $ref: "#/components/schemas/BookIs3d"
      - $ref: "#/components/schemas/BookIsBigBook"
      - $ref: "#/components/schemas/BookIsBigBook2"
    discriminator:
      propertyName: a
      mapping:
        other: "#/components/schemas/BookIsOther"
        3D: "#/components/schemas/BookIs3d"
        big book: "#/components/schemas/BookIsBigBook"
        Big-Book: "#/components/schemas/BookIsBigBook2"
    example:
      a: other
    "##);
    let titles: Vec<_> = draft.text.lines().filter_map(|line| line.strip_prefix("      title: ")).collect();
    // `Other` is taken, `3D` is no name, and the second one has the name of the first.
    assert_eq!(titles, ["BigBook"]);
    assert_eq!(draft.text.matches("#/components/schemas/BookIsId").count(), 4, "{}", draft.text);
}

#[test]
fn a_union_contains_itself_in_a_list_or_a_map() {
    let schemas = r"
    Book: { type: object, properties: { rules: { type: array, items: { $ref: '#/components/schemas/Rule' } } } }
    Rule: { oneOf: [{ $ref: '#/components/schemas/Is' }, { $ref: '#/components/schemas/All' }] }
    Is: { type: object, required: [is], properties: { is: { type: string } } }
    All: { type: object, required: [all], properties: { all: { type: array, items: { oneOf: [{ $ref: '#/components/schemas/Is' }, { $ref: '#/components/schemas/All' }] } } } }
";
    let draft = passing(&sending("3.1.0", schemas));
    assert_eq!(draft.dropped, []);
    insta::assert_snapshot!(part(&draft, "All"), @r##"
    description: "TODO: what `All` is."
    type: object
    required: [all]
    properties:
      all:
        description: "TODO: what `all` is."
        type: array
        items:
          $ref: "#/components/schemas/AllAll"
        example:
          - is: Is
    "##);
    // Each level would be read once for each alternative that contains the next.
    let both = schemas.replace(
        "properties: { is: {",
        "properties: { any: { type: array, items: { $ref: '#/components/schemas/Rule' } }, is: {",
    );
    insta::assert_snapshot!(dropped(&passing(&reading("3.1.0", &both))).join("\n"), @"
    13 recursion: the alternative `All` of `AllAll` is left out: nothing tells it at once from another one that contains the union as well
    11 recursion: the alternative `All` of `Rule` is left out: nothing tells it at once from another one that contains the union as well
    13 empty: the required `all` is left out: nothing of its type can be said
    10 empty: `rules` is left out: nothing of its type can be said
    12 empty: `any` is left out: nothing of its type can be said
    10 empty: the body `Book` is left out: nothing of it can be said
    ");
    // A value with another one in it has no end.
    let direct = schemas
        .replace("{ type: array, items: { oneOf:", "{ anyOf: [{ oneOf:")
        .replace("All' }] } } } }", "All' }] }] } } }");
    insta::assert_snapshot!(dropped(&passing(&reading("3.1.0", &direct))).join("\n"), @"
    13 recursion: the required `all` is left out: it would contain itself
    11 empty: the alternative `All` of `Rule` is left out: nothing of its type can be said
    10 empty: `rules` is left out: nothing of its type can be said
    13 empty: the alternative `All` of `AllAll` is left out: nothing of its type can be said
    10 empty: the body `Book` is left out: nothing of it can be said
    ");
}

#[test]
fn a_body_is_one_of_several_objects() {
    let schemas = "    Book: { oneOf: [{ type: object, required: [a], properties: { a: { type: string } } }, { type: object, \
                   required: [b], properties: { b: { type: integer } } }] }\n";
    for vendor in [sending("3.1.0", schemas), reading("3.1.0", schemas)] {
        let draft = passing(&vendor);
        assert_eq!(draft.dropped, []);
        assert!(part(&draft, "Book").contains("oneOf:"), "{}", draft.text);
    }
    let why =
        "`request` is one of several objects, and nothing tells them apart: one object with the properties of all";
    let draft = passing(&sending("3.1.0", &schemas.replace("required: [b], ", "")));
    assert_eq!(dropped(&draft), [format!("9 union-of-objects: {why}")]);
    assert_eq!(part(&draft, "Book").matches("TODO: what `").count(), 3, "{}", draft.text);
    // A choice of other values is a body as well.
    let choice = "    Book: { oneOf: [{ type: string }, { type: array, items: { type: string } }] }\n";
    let draft = passing(&sending("3.1.0", choice));
    assert_eq!(draft.dropped, []);
    assert!(part(&draft, "Book").contains("title: List"), "{}", draft.text);
}

#[test]
fn an_object_with_any_keys_is_a_map() {
    let schemas = r"
    Book:
      type: object
      required: [free]
      properties:
        free: { type: object }
        open: { type: [object, 'null'], additionalProperties: true }
        counts: { type: object, additionalProperties: { type: integer, minimum: 0 } }
        parts: { type: object, additionalProperties: { type: array, items: { $ref: '#/components/schemas/Part' } } }
        list: { type: array, items: { type: object, additionalProperties: { type: object } } }
        odd: { type: object, additionalProperties: { type: [string, 'null'] } }
        same: { oneOf: [{ type: object, additionalProperties: { type: string }, description: x }, { type: object, additionalProperties: { type: string } }] }
        either: { oneOf: [{ type: string }, { type: object, additionalProperties: { type: number } }] }
        mixed: { oneOf: [{ type: string }, { $ref: '#/components/schemas/Part' }] }
        _links: { type: object }
    Part: { type: object, properties: { name: { type: string } } }
";
    let draft = passing(&sending("3.1.0", schemas));
    insta::assert_snapshot!(format!("{}\n---\n{}", part(&draft, "schemas"), dropped(&draft).join("\n")), @r##"
    Book:
      description: "TODO: what `Book` is."
      type: object
      required: [free]
      properties:
        free:
          description: "TODO: what `free` is."
          type: object
          additionalProperties:
            description: "TODO: what `free` is."
            example: Text
          example:
            name: Text
        open:
          description: "TODO: what `open` is."
          type: object
          nullable: true
          additionalProperties:
            description: "TODO: what `open` is."
            example: Text
          example:
            name: Text
        counts:
          description: "TODO: what `counts` is."
          type: object
          additionalProperties:
            description: "TODO: what `counts` is."
            type: integer
            minimum: 0
            example: 1
          example:
            name: 1
        parts:
          description: "TODO: what `parts` is."
          type: object
          additionalProperties:
            description: "TODO: what `parts` is."
            type: array
            items:
              $ref: "#/components/schemas/Part"
            example: []
          example:
            name:
              - {}
        list:
          description: "TODO: what `list` is."
          type: array
          items:
            description: "TODO: what `list` is."
            type: object
            additionalProperties:
              description: "TODO: what `list` is."
              type: object
              additionalProperties:
                description: "TODO: what `list` is."
                example: Text
              example:
                name: Text
            example:
              name:
                name: Text
          example:
            - name:
                name: Text
        odd:
          description: "TODO: what `odd` is."
          type: object
          additionalProperties:
            description: "TODO: what `odd` is."
            example: Text
          example:
            name: Text
        same:
          description: "TODO: what `same` is."
          type: object
          additionalProperties:
            description: "TODO: what `same` is."
            type: string
            example: Same
          example:
            name: Same
        either:
          description: "TODO: what `either` is."
          allOf:
            - $ref: "#/components/schemas/BookEither"
        mixed:
          description: "TODO: what `mixed` is."
          allOf:
            - $ref: "#/components/schemas/BookMixed"
        _links:
          description: "TODO: what `_links` is."
          allOf:
            - $ref: openapi.yaml#/components/schemas/Links
        # adopt: the values of the map `odd` are any JSON: they can be null
        # adopt: the object that `mixed` can be is a map: other forms have other JSON types

    Part:
      description: "TODO: what `Part` is."
      type: object
      properties:
        name:
          description: "TODO: what `name` is."
          type: string
          example: Name

    BookEither:
      description: "TODO: what `BookEither` is."
      oneOf:
        - title: Text
          description: "TODO: when it has this form."
          type: string
          example: Either
        - title: Fields
          description: "TODO: when it has this form."
          type: object
          additionalProperties:
            description: "TODO: what `BookEither` is."
            type: number
            example: 1.5
          example:
            name: 1.5
      example: Either

    BookMixed:
      description: "TODO: what `BookMixed` is."
      oneOf:
        - title: Text
          description: "TODO: when it has this form."
          type: string
          example: Mixed
        - title: Fields
          description: "TODO: when it has this form."
          type: object
          additionalProperties:
            description: "TODO: what `BookMixed` is."
            example: Text
          example:
            name: Text
      example: Mixed
    ---
    19 nullable-items: the values of the map `odd` are any JSON: they can be null
    22 union: the object that `mixed` can be is a map: other forms have other JSON types
    "##);
    // Such a one is ours already.
    assert!(decided(&draft).contains(&"`_links` is our `Links`: its properties are not documented here"));
}

#[test]
fn a_value_without_a_name_has_one_in_the_draft() {
    let values = "['', '-size', size, '3D', OTHER, 'A B', a-b, '<=', '≥', 'Value9', self, '-1', '1']";
    let vendor =
        reading("3.1.0", &format!("    Book: {{ type: object, properties: {{ is: {{ enum: {values} }} }} }}\n"));
    let draft = passing(&vendor);
    insta::assert_snapshot!(part(&draft, "x-enum-names"), @r#"
    "": Value
    -size: SizeDescending
    3D: Value3d
    OTHER: OtherValue
    A B: Ab
    <=: Value7
    ≥: Value8
    self: SelfValue
    "-1": Value1
    "1": Value12
    "#);
    assert_eq!(decided(&draft)[1], "`a-b` is left out: it is another spelling of `A B`");
}

#[test]
fn a_boolean_can_be_written_in_several_words() {
    let flag = |values: &str| {
        let paths = format!(
            "  /books:\n    get: {{ operationId: list-books, parameters: [{{ name: read, in: query, schema: {{ type: string, enum: \
             {values} }} }}], responses: {{ '204': {{ description: x }} }} }}\n"
        );
        let draft = passing(&document("3.1.0", &paths, "    {}"));
        let note = "`read` is `true` or `false`: its other values are words for them";
        (draft.text.contains(r#"enum: ["true", "false"]"#), decided(&draft).contains(&note))
    };
    assert_eq!(flag("['true', 'false']"), (true, false));
    assert_eq!(flag("['0', '1', 'true', 'True', 'false', 'yes', 'no', t, f]"), (true, true));
    assert_eq!(flag("['0', '1']"), (false, false));
    assert_eq!(flag("['true', 'false', all]"), (false, false));
}

#[test]
fn a_success_can_be_a_text_a_list_or_several_statuses() {
    let body = |schema: &str| format!("{{ description: x, content: {{ application/json: {{ schema: {schema} }} }} }}");
    let paths = |responses: &str| {
        format!("  /books/all:\n    delete: {{ operationId: clear, tags: [books], responses: {{ {responses} }} }}\n")
    };
    let draft = |responses: &str| {
        passing(&document(
            "3.1.0",
            &paths(responses),
            "    Book: { type: object, properties: { id: { type: string } } }",
        ))
    };
    let text = draft(&format!("'202': {}", body("{ type: string, enum: [DONE] }")));
    let list = draft(&format!("'200': {}", body("{ type: array, items: { $ref: '#/components/schemas/Book' } }")));
    let two = draft("'200': { description: x }, '204': { description: x }");
    let texts = [text, list, two].map(|draft| part(&draft, "responses"));
    insta::assert_snapshot!(texts.join("\n---\n"), @r##"
    "202":
      description: "TODO: what comes back."
      content:
        application/json:
          schema:
            description: "TODO: what it is."
            type: string
            example: Response
          example: Response
    ---
    "200":
      description: "TODO: what comes back."
      content:
        application/json:
          schema:
            description: "TODO: what it is."
            type: array
            items:
              $ref: "#/components/schemas/Book"
            example: []
          example:
            - id: 60018fd994d5e05f8578b55f
    ---
    "200":
      description: "TODO: what comes back."
    "204":
      description: "TODO: what comes back."
    "##);
    // With a body there is one.
    let (object, none) = (body("{ $ref: '#/components/schemas/Book' }"), "{ description: x }");
    for (responses, left) in [
        (format!("'200': {object}, '202': {none}"), "202"),
        (format!("'202': {none}, '200': {object}"), "200"),
        (format!("'200': {object}, '202': {object}"), "202"),
    ] {
        let draft = draft(&responses);
        assert_eq!(dropped(&draft), [format!("5 status: the response `{left}` is left out")]);
    }
}

#[test]
fn a_body_needs_no_name_and_may_be_a_text() {
    let schemas = "    Book: { type: object, properties: { id: { type: string } } }";
    let draft = |request: &str, response: &str| {
        passing(&document(
            "3.1.0",
            &format!(
                "  /books/all:\n    put: {{ operationId: put, tags: [books], requestBody: {{ required: true, content: \
                 {request} }}, responses: {{ '200': {{ description: x, content: {response} }} }} }}\n"
            ),
            schemas,
        ))
    };
    let json = |schema: &str| format!("{{ application/json: {{ schema: {schema} }} }}");
    for (vendors, drafted) in [
        (json("{ description: Any type }"), "application/json: {}"),
        (json("{ type: object }"), "application/json: object of any"),
        (json("{ type: object, additionalProperties: { type: integer } }"), "application/json: object of integer"),
        (json("{ type: array, items: { type: string } }"), "application/json: array of string"),
        (
            json("{ type: array, items: { $ref: '#/components/schemas/Book' } }"),
            "application/json: array of #/components/schemas/Book",
        ),
        (json("{ type: string }"), "application/json: string"),
        ("{ text/csv: { schema: { type: string } } }".to_owned(), "text/csv: string"),
        ("{ text/plain; charset=utf-8: { schema: { type: string } } }".to_owned(), "text/plain: string"),
        ("{ application/x-ndjson: { schema: { type: string } } }".to_owned(), "application/x-ndjson: string"),
    ] {
        let draft = draft(&vendors, &vendors);
        assert_eq!(dropped(&draft), Vec::<String>::new());
        let drafted = drafted.replace("{}", "any");
        for part in ["requestBody", "responses"] {
            assert_eq!(content(&self::part(&draft, part)), drafted, "{vendors}");
        }
    }
    // Of several forms, JSON is kept, or the first text that there is.
    let text = "text/plain: { schema: { type: string } }";
    let several = draft(
        &format!("{{ {text}, application/json: {{ schema: {{ type: string }} }} }}"),
        &format!("{{ application/pdf: {{}}, {text} }}"),
    );
    assert_eq!(content(&part(&several, "requestBody")), "application/json: string");
    assert_eq!(content(&part(&several, "responses")), "text/plain: string");
    let left = dropped(&several);
    assert!(left[0].ends_with("media-type: the request body as `text/plain` is left out"), "{left:?}");
    assert!(left[1].ends_with("media-type: the response body as `application/pdf` is left out"), "{left:?}");
    let note = "the request body is a string in JSON: if the service takes the text as it is, write its media \
                type, one of `text/csv`, `text/plain`, `application/x-ndjson`";
    assert!(decided(&several).contains(&note), "{:?}", decided(&several));
}

/// The media type of a drafted body, and its schema in short.
fn content(part: &str) -> String {
    let drafted: serde_json::Value = serde_saphyr::from_str(part).unwrap();
    let body = if drafted["content"].is_object() { &drafted } else { &drafted["200"] };
    let content = body["content"].as_object().unwrap();
    let (media_type, media) = content.iter().next().unwrap();
    let word = |schema: &serde_json::Value| {
        let text = schema["type"].as_str().or(schema["$ref"].as_str());
        text.unwrap_or("any").to_owned()
    };
    let schema = &media["schema"];
    let inside = [&schema["items"], &schema["additionalProperties"]].into_iter().find(|inside| inside.is_object());
    let inside = inside.map_or_else(String::new, |inside| format!(" of {}", word(inside)));
    format!("{media_type}: {}{inside}", word(schema))
}

#[test]
fn pages_are_numbered_or_counted_with_or_without_the_address_of_the_next() {
    let draft = |parameters: &str, links: &str| {
        let paths = format!(
            "  /books:\n    get: {{ operationId: list-books, parameters: [{parameters}], responses: {{ '200': {{ description: x, \
             content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Books' }} }} }} }} }} }}\n"
        );
        let schemas = format!(
            "    Books: {{ type: object, properties: {{ results: {{ type: array, items: {{ $ref: '#/components/schemas/Book' }} \
             }}{links} }} }}\n    Book: {{ type: object, properties: {{ id: {{ type: string }} }} }}\n"
        );
        all(&document("3.1.0", &paths, &schemas))
    };
    let query = |name: &str| format!("{{ name: {name}, in: query, schema: {{ type: integer }} }}");
    let links = ", _links: { type: object, properties: { next: { type: string } } }";
    let found = |parameters: &str, links: &str| {
        let draft = draft(parameters, links);
        assert_eq!(findings(&draft), Vec::<String>::new());
        part(&draft, "x-pagination").replace('\n', ", ")
    };
    assert_eq!(found(&query("page"), ""), "page: page, items: results, key: id");
    assert_eq!(found(&query("page"), links), "page: page, items: results, key: id, next: _links.next");
    assert_eq!(found(&query("offset"), ""), "offset: offset, items: results, key: id");
    let both = format!("{}, {}", query("page"), query("offset"));
    assert_eq!(found(&both, links), "offset: offset, items: results, key: id, next: _links.next");
    let cursor = draft("{ name: cursor, in: query, schema: { type: string } }", links);
    let why = "`books_list` has pages, by a cursor, and not by an offset or a number: that cannot be described";
    assert_eq!(cursor.dropped[0].message, why);
    assert!(!draft(&query("limit"), links).text.contains("x-pagination"));
}

#[test]
fn a_list_or_an_object_can_be_in_a_query() {
    let parameter = |name: &str, more: &str, schema: &str| {
        format!("        - {{ name: {name}, in: query, {more}schema: {{ {schema} }} }}\n")
    };
    let draft = |parameters: &[String]| {
        let responses = "      responses: { '204': { description: x } }\n";
        let operation =
            format!("    get:\n      operationId: list-books\n      parameters:\n{}{responses}", parameters.concat());
        all(&document("3.1.0", &format!("  /books:\n{operation}"), "    {}"))
    };
    let text = "type: array, items: { type: string }";
    let object = "type: object, properties: { shelf_id: { type: string }, pages: { type: integer } }";
    let whole = draft(&[
        parameter("tag", "style: form, ", text),
        parameter("shelf_ids", "explode: false, ", text),
        parameter("genres", "", "type: array, items: { type: string, enum: [FICTION, SCIENCE] }"),
        parameter("filter", "style: deepObject, explode: true, ", object),
        parameter("timeout", "", "type: integer"),
    ]);
    assert_eq!((findings(&whole), dropped(&whole)), (Vec::new(), Vec::new()));
    insta::assert_snapshot!(part(&whole, "parameters"), @r##"
    - name: tag
      in: query
      description: "TODO: what `tag` is."
      schema:
        description: "TODO: what `tag` is."
        type: array
        items:
          description: "TODO: what `tag` is."
          type: string
          example: Tag
        example:
          - Tag
      example:
        - Tag
    - name: shelf_ids
      in: query
      description: "TODO: what `shelf_ids` is."
      explode: false
      schema:
        description: "TODO: what `shelf_ids` is."
        type: array
        items:
          $ref: openapi.yaml#/components/schemas/ShelfId
        example:
          - a1
      example:
        - a1
    - name: genres
      in: query
      description: "TODO: what `genres` is."
      schema:
        description: "TODO: what `genres` is."
        type: array
        items:
          $ref: "#/components/schemas/ListBooksGenre"
        example:
          - FICTION
      example:
        - FICTION
    - name: filter
      in: query
      description: "TODO: what `filter` is."
      style: deepObject
      schema:
        $ref: "#/components/schemas/ListBooksFilter"
      example:
        shelf_id: a1
    - name: timeout
      in: query
      description: "TODO: what `timeout` is."
      schema:
        description: "TODO: what `timeout` is."
        type: integer
        example: 1
      example: 1
    "##);
    let others = draft(&[
        parameter("tag", "style: pipeDelimited, ", text),
        parameter("many", "", "type: array, items: { type: array, items: { type: string } }"),
        parameter("nulls", "", "type: array, items: { type: [string, 'null'] }"),
        parameter("flat", "", object),
        parameter(
            "deep",
            "style: deepObject, ",
            "type: object, properties: { ids: { type: array, items: { type: string } } }",
        ),
    ]);
    assert_eq!(others.dropped.iter().filter(|one| one.kind == "parameter-type").count(), 5);
    assert!(!others.text.contains("in: query"), "{}", others.text);
}

/// What is not known of an effect is a text that is still to be written; a read has none.
#[test]
fn the_effect_is_still_to_be_written() {
    let methods = ["get", "put", "post", "patch", "delete"].map(|method| {
        format!("    {method}: {{ operationId: {method}-it, tags: [books], responses: {{ '204': {{ description: x }} }} }}\n")
    });
    let draft = passing(&document("3.1.0", &format!("  /books:\n{}", methods.concat()), "    {}"));
    let effect = "x-effect:\n        repeat: \"TODO: what happens if it is performed again.\"";
    assert_eq!((draft.text.matches(effect).count(), part(&draft, "get").contains("x-effect")), (4, false));
    let found = build_tools::lint(&report::folder_with(&ours(), &draft)).unwrap_err();
    let line = draft.text.lines().position(|line| line.contains("repeat")).unwrap() + 1;
    assert!(found.list.iter().any(|finding| finding.rule == "todo" && finding.place.line == line), "{found}");
}

#[test]
fn a_property_of_any_name_is_taken_over() {
    let names = ["type", "TIMED-OUT", "clone", "A b", "1st", "é"];
    let properties = names.map(|name| format!("{name}: {{ type: string }}")).join(", ");
    let draft = all(&sending("3.1.0", &format!("    Book: {{ type: object, properties: {{ {properties} }} }}\n")));
    // These two make no Rust name at all.
    let none = |name: &str| format!("property-name: no Rust field can be named after the property `{name}`");
    assert_eq!(findings(&draft), [none("1st"), none("é")]);
}

/// The author of the draft moves its operations to the path that is there.
#[test]
fn more_operations_of_a_path_of_ours_are_judged_as_if_they_stood_there() {
    let paths = "  /shelves/:\n    post: { operationId: add-shelf, tags: [shelves], responses: { '204': { description: x } } }\n";
    let vendor = document("3.1.0", paths, "    {}");
    assert_eq!(outcomes(&vendor), "POST /shelves/ (add-shelf): passes");
    assert!(decided(&all(&vendor)).contains(&"the path /shelves/ is in openapi.yaml: move POST /shelves/ there"));
}
