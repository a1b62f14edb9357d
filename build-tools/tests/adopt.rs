//! The first draft of a fragment from a document that is not ours: what is taken over, what is left out, and that nothing
//! of it stops the tool. More mutations: `MUTATIONS=20000 cargo test --release --package build-tools --test adopt`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::too_many_lines, reason = "most of them are snapshots")]

#[path = "adopt/forms.rs"]
mod forms;
#[path = "common/tree.rs"]
mod tree;

use std::path::Path;

use build_tools::upstream::adopt::{Draft, adopt, report};
use build_tools::upstream::vendor::Vendor;
use build_tools::{Folder, lint, module};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::{Value, json};

/// Our folder: what drafts can refer to.
const OURS: &str = r##"
openapi: 3.0.3
info:
  title: Shelves
  version: "1"
  description: A small invented API.
  license: { name: MIT, url: https://spdx.org/licenses/MIT.html }
servers: [{ url: https://shelves.example, description: Nowhere. }]
externalDocs: { description: Shelves, url: https://shelves.example/ }
tags:
  - { name: shelves, description: Shelves with books. }
security:
  - token: []
x-common-responses:
  "400": { $ref: "#/components/responses/BadRequest" }
paths:
  /shelves/:
    get:
      operationId: shelves_list
      tags: [shelves]
      summary: List shelves
      description: All shelves.
      externalDocs: { description: List shelves, url: https://shelves.example/shelves/get-shelves }
      x-pagination: { offset: offset, items: results, key: id, next: _links.next }
      parameters:
        - $ref: "#/components/parameters/Limit"
        - $ref: "#/components/parameters/Offset"
      responses:
        "200":
          description: The shelves.
          content: { application/json: { schema: { $ref: "#/components/schemas/ShelfList" }, example: {} } }
components:
  securitySchemes:
    token: { type: apiKey, in: header, name: Authorization, description: A token. }
  parameters:
    Limit:
      { name: limit, in: query, description: How many., schema: { type: integer, minimum: 0, description: A number., example: 5 }, example: 5 }
    Offset:
      { name: offset, in: query, description: From where., schema: { type: integer, minimum: 0, description: A number., example: 5 }, example: 5 }
  responses:
    BadRequest:
      description: Something is wrong.
      content: { application/json: { schema: { $ref: "#/components/schemas/Failure" }, example: { number: 7 } } }
  schemas:
    Failure:
      description: What went wrong.
      type: object
      x-error-body: { code: number, title: name, details: [name] }
      properties:
        number: { description: A number for it., type: integer, nullable: true, example: 7 }
        name: { description: Its name., type: string, nullable: true, example: Wrong }
    ShelfId: { type: string, description: Identifies a shelf., example: a1 }
    PersonId: { type: string, x-personal-data: true, description: Identifies a person., example: p1 }
    Moment: { type: string, format: date-time, description: A point in time., example: "2020-04-20T12:00:00Z" }
    Links:
      description: Where other pages are.
      type: object
      properties:
        next: { description: The next page., type: string, nullable: true, example: /2 }
    ShelfList:
      description: Shelves.
      type: object
      properties:
        results: { description: The shelves., type: array, items: { $ref: "#/components/schemas/Shelf" }, example: [] }
        _links: { description: Other pages., allOf: [{ $ref: "#/components/schemas/Links" }] }
    SizeClass:
      description: A size.
      type: string
      enum: [LARGE]
      x-enum-descriptions: { LARGE: A large one. }
      example: LARGE
    Shelf:
      description: A shelf.
      type: object
      required: [id]
      properties:
        id: { description: Its id., allOf: [{ $ref: "#/components/schemas/ShelfId" }] }
        owner: { description: Whose it is., allOf: [{ $ref: "#/components/schemas/PersonId" }] }
        built: { description: When., allOf: [{ $ref: "#/components/schemas/Moment" }] }
        size_class: { description: How large., allOf: [{ $ref: "#/components/schemas/SizeClass" }] }
        phone: { description: Of the owner., x-personal-data: true, type: string, example: "1" }
        name: { description: Of the owner., x-personal-data: true, type: string, example: Robin }
"##;

fn ours() -> Folder {
    Folder::of_one(Path::new("openapi.yaml"), OURS)
}

fn parse(text: &str) -> Vendor {
    Vendor::parse(Folder::of_one(Path::new("vendor.yaml"), text)).unwrap()
}

/// A document with these paths and schemas, each indented by two.
fn document(version: &str, paths: &str, schemas: &str) -> Vendor {
    parse(&format!("openapi: {version}\ninfo: {{}}\npaths:\n{paths}\ncomponents:\n  schemas:\n{schemas}\n"))
}

/// A document with an operation that responds with the schema `Book`.
fn reading(version: &str, schemas: &str) -> Vendor {
    let paths = "  /books/{id}/:\n    get: { operationId: get-book, tags: [books], parameters: [{ name: id, in: path, \
                 required: true, schema: { type: string } }], responses: { '200': { description: x, content: \
                 { application/json: { schema: { $ref: '#/components/schemas/Book' } } } } } }\n";
    document(version, paths, schemas)
}

/// The same, for an operation that sends it.
fn sending(version: &str, schemas: &str) -> Vendor {
    let paths = "  /books/:\n    post: { operationId: create-book, tags: [books], requestBody: { required: true, content: \
                 { application/json: { schema: { $ref: '#/components/schemas/Book' } } } }, responses: { '204': \
                 { description: x } } }\n";
    document(version, paths, schemas)
}

fn all(vendor: &Vendor) -> Draft {
    let operations: Vec<_> = vendor.operations().iter().map(build_tools::upstream::vendor::Operation::title).collect();
    adopt(vendor, &ours(), &operations).unwrap()
}

/// What the rules find in the draft, but the texts that are to be written.
fn findings(draft: &Draft) -> Vec<String> {
    let Err(found) = lint(&report::folder_with(&ours(), draft)) else { return Vec::new() };
    let others = found.list.iter().filter(|finding| finding.rule != "todo");
    others.map(|finding| format!("{}: {}", finding.rule, finding.message)).collect()
}

/// The draft with words in the place of the texts that are to be written.
fn written(draft: &Draft) -> Draft {
    let text = draft.text.replace("TODO: w", "W").replace("TODO: t", "T").replace("/TODO", "/page");
    assert!(!text.contains("TODO"), "{text}");
    Draft { text, ..draft.clone() }
}

/// Part of a draft: the lines of a key, without their indentation.
fn part(draft: &Draft, key: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = draft.text.lines().skip_while(|line| line.trim() != format!("{key}:"));
    let first = lines.next().unwrap_or_else(|| panic!("no {key} in\n{}", draft.text));
    let inside = lines.take_while(|line| line.is_empty() || indent(line) > indent(first));
    let text: Vec<_> = inside.map(|line| line.get(indent(first) + 2..).unwrap_or_default()).collect();
    text.join("\n").trim_end().to_owned()
}

fn dropped(draft: &Draft) -> Vec<String> {
    let line = |one: &build_tools::upstream::adopt::notes::Dropped| {
        format!("{} {}: {}", one.place.line, one.kind, one.message)
    };
    draft.dropped.iter().map(line).collect()
}

fn decided(draft: &Draft) -> Vec<&str> {
    draft.decisions.iter().map(|decision| decision.text.as_str()).collect()
}

const LIST: &str = r"
  /books/:
    get:
      operationId: list-books
      tags: [libraryBooks]
      summary: Their words
      description: Their words
      parameters:
        - { name: Authorization, in: header, required: true, schema: { type: string } }
        - { name: limit, in: query, schema: { type: integer, default: 3 } }
        - { name: offset, in: query, schema: { type: integer } }
        - { name: shelf_id, in: query, required: true, schema: { type: string, format: uuid } }
        - { name: lent, in: query, schema: { type: string, enum: ['true', 'false'] } }
        - { name: sort, in: query, schema: { type: string, enum: [title, date] } }
      responses:
        '200':
          description: Their words
          content:
            application/json:
              schema: { $ref: '#/components/schemas/Book List_200' }
              example: { results: [Their words] }
        '400': { description: Their words }
        '404': { description: Their words }
        '500': { description: Their words }
        default: { description: Their words }
";
const BOOKS: &str = r"
    Book List_200:
      type: object
      required: [results]
      properties:
        results: { type: array, items: { $ref: '#/components/schemas/Book' } }
        _links: { type: object, properties: { next: { type: string } } }
    Book:
      type: object
      title: Their words
      required: [id, title]
      properties:
        id: { type: string, format: uuid, example: Their words }
        title: { type: string, maxLength: 90, description: Their words }
        added_at: { type: string, format: date-time }
        genre: { type: string, enum: [FICTION, SCIENCE] }
        size:
          type: object
          properties:
            pages: { type: integer, minimum: 0 }
            weight: { type: number, format: double }
        author_ids: { type: array, items: { type: string } }
        contact: { type: string, format: email }
        phone: { type: string }
        name: { type: string }
        owner: { type: string }
        shelf: { deprecated: true, type: string }
        read: { type: boolean, readOnly: true }
";

/// The names, the ids, the parameters, the bodies, the statuses, the types in place, the pages.
#[test]
fn a_list_is_drafted_whole() {
    let draft = all(&document("3.1.0", LIST, BOOKS));
    assert_eq!(findings(&draft), Vec::<String>::new());
    insta::assert_snapshot!(draft.text, @r##"
    # A draft from vendor.yaml (OpenAPI 3.1.0), whose lines are named. Write the texts, look at what is below, and remove
    # this comment.
    #
    # Decided:
    # - the header `Authorization` is left out: the runtime sends it (line 12)
    # - `default` is left out: the grammar has no word for it (line 13)
    # - `format: uuid` is left out: the grammar has no word for it (lines 15, 44)
    # - the response 400 is left out: every operation has it (line 25)
    # - the response 404 has our schema of errors (line 26)
    # - server errors and `default` are left out: the runtime keeps them as they are (lines 27, 28)
    # - `Links` is ours (line 38)
    # - `BookId` is a new type for ids (line 44)
    # - `maxLength` is left out: the grammar has no word for it (line 45)
    # - `AuthorId` is a new type for ids (line 53)
    # - `format: email` is left out: the grammar has no word for it (line 54)
    # - `contact` identifies a person: it has `x-personal-data` (line 54)
    # - `phone` identifies a person: it has `x-personal-data` (line 55)
    # - `owner` is our `PersonId`, as in other types that have it (line 57)
    # - `format: double` is left out: the grammar has no word for it (line 52)
    # - `library_books_list_books` is read page by page: check `x-pagination`
    openapi: "3.0.3"
    info:
      title: Library books
      version: "1"
    tags:
      - name: library-books
        description: "TODO: what these operations are about."

    paths:
      /books/:
        get:
          operationId: library_books_list_books
          tags: [library-books]
          summary: "TODO: what it does, in a few words."
          description: "TODO: what it does."
          externalDocs:
            description: "TODO: the title of the page."
            url: https://shelves.example/TODO
          x-pagination:
            offset: offset
            items: results
            key: id
            next: _links.next
          parameters:
            - $ref: openapi.yaml#/components/parameters/Limit
            - $ref: openapi.yaml#/components/parameters/Offset
            - name: shelf_id
              in: query
              required: true
              description: "TODO: what `shelf_id` is."
              schema:
                $ref: openapi.yaml#/components/schemas/ShelfId
              example: a1
            - name: lent
              in: query
              description: "TODO: what `lent` is."
              schema:
                description: "TODO: what `lent` is."
                type: string
                enum: ["true", "false"]
                example: "true"
              example: "true"
            - name: sort
              in: query
              description: "TODO: what `sort` is."
              schema:
                $ref: "#/components/schemas/ListBooksSort"
              example: title
          responses:
            "200":
              description: "TODO: what comes back."
              content:
                application/json:
                  schema:
                    $ref: "#/components/schemas/BookList200"
                  example:
                    results:
                      - id: 60018fd9-94d5-405f-8578-b55f0000001a
                        title: Title
                        added_at: "2020-04-20T12:00:00Z"
                        genre: FICTION
                        size:
                          pages: 1
                          weight: 1.5
                        author_ids:
                          - 603de87b617b50a96b97fce5
                        contact: robin@example.org
                        phone: Phone
                        name: Name
                        owner: p1
                        read: true
                    _links:
                      next: /2
            "404":
              description: "TODO: when this happens."
              content:
                application/json:
                  schema:
                    $ref: openapi.yaml#/components/schemas/Failure
                  example:
                    number: 7
                    name: Wrong

    components:
      schemas:
        ListBooksSort:
          description: "TODO: what `ListBooksSort` is."
          type: string
          enum:
            - title
            - date
          x-enum-descriptions:
            title: "TODO: what `title` means."
            date: "TODO: what `date` means."
          example: title

        BookList200:
          description: "TODO: what `BookList200` is."
          type: object
          required: [results]
          properties:
            results:
              description: "TODO: what `results` is."
              type: array
              items:
                $ref: "#/components/schemas/Book"
              example: []
            _links:
              description: "TODO: what `_links` is."
              allOf:
                - $ref: openapi.yaml#/components/schemas/Links

        Book:
          description: "TODO: what `Book` is."
          type: object
          required: [id, title]
          properties:
            id:
              description: "TODO: what `id` is."
              allOf:
                - $ref: "#/components/schemas/BookId"
            title:
              description: "TODO: what `title` is."
              type: string
              example: Title
            added_at:
              description: "TODO: what `added_at` is."
              allOf:
                - $ref: openapi.yaml#/components/schemas/Moment
            genre:
              description: "TODO: what `genre` is."
              allOf:
                - $ref: "#/components/schemas/BookGenre"
            size:
              description: "TODO: what `size` is."
              allOf:
                - $ref: "#/components/schemas/BookSize"
            author_ids:
              description: "TODO: what `author_ids` is."
              type: array
              items:
                $ref: "#/components/schemas/AuthorId"
              example:
                - 603de87b617b50a96b97fce5
            contact:
              description: "TODO: what `contact` is."
              x-personal-data: true
              type: string
              example: robin@example.org
            phone:
              description: "TODO: what `phone` is."
              x-personal-data: true
              type: string
              example: Phone
            name:
              description: "TODO: what `name` is."
              type: string
              example: Name
            owner:
              description: "TODO: what `owner` is."
              allOf:
                - $ref: openapi.yaml#/components/schemas/PersonId
            shelf:
              description: "TODO: what `shelf` is."
              deprecated: true
              type: string
              example: Shelf
            read:
              description: "TODO: what `read` is."
              readOnly: true
              type: boolean
              example: true

        BookId:
          description: "TODO: what `BookId` is."
          type: string
          example: 60018fd9-94d5-405f-8578-b55f0000001a

        BookGenre:
          description: "TODO: what `BookGenre` is."
          type: string
          enum:
            - FICTION
            - SCIENCE
          x-enum-descriptions:
            FICTION: "TODO: what `FICTION` means."
            SCIENCE: "TODO: what `SCIENCE` means."
          example: FICTION

        BookSize:
          description: "TODO: what `BookSize` is."
          type: object
          properties:
            pages:
              description: "TODO: what `pages` is."
              type: integer
              minimum: 0
              example: 1
            weight:
              description: "TODO: what `weight` is."
              type: number
              example: 1.5

        AuthorId:
          description: "TODO: what `AuthorId` is."
          type: string
          example: 603de87b617b50a96b97fce5
    "##);
}

/// What would not pass, or would end after the first page, has no `x-pagination`.
#[test]
fn a_list_has_pages_only_if_they_can_be_followed() {
    for (from, to, why) in [
        ("results: { type: array, items:", "results: { allOf: [", "but the response has no list of objects"),
        ("        id: { type: string, format", "        key: { type: string, format", "but nothing identifies an item"),
    ] {
        let mut schemas = BOOKS.replacen(from, to, 1);
        assert!(schemas != BOOKS, "{from}");
        if to.ends_with('[') {
            schemas = schemas.replacen("'#/components/schemas/Book' } }", "'#/components/schemas/Book' }] }", 1);
        }
        let draft = all(&document("3.1.0", LIST, &schemas));
        let message = format!("`library_books_list_books` has pages, {why}: that cannot be described");
        assert!(draft.dropped.iter().any(|one| one.kind == "paging" && one.message == message), "{:?}", draft.dropped);
        assert!(!draft.text.contains("x-pagination:"), "{}", draft.text);
    }
}

#[test]
fn both_versions_of_openapi_give_the_same_draft() {
    let schemas = |text: &str, list: &str, size: &str, kind: &str| {
        format!(
            "    Book:\n      type: object\n      properties:\n        id: {text}\n        tags: {list}\n        size: {size}\n        \
             kind: {kind}\n    Size: {{ type: object, properties: {{ pages: {{ type: integer }} }} }}\n"
        )
    };
    let old = schemas(
        "{ type: string, nullable: true }",
        "{ type: array, nullable: true, items: { type: string } }",
        "{ allOf: [{ $ref: '#/components/schemas/Size' }], nullable: true }",
        "{ type: string, enum: [book] }",
    );
    let forms = [
        ("{ type: [string, 'null'] }", "{ $ref: '#/components/schemas/Size', nullable: true }"),
        (
            "{ anyOf: [{ type: string }, { type: 'null' }] }",
            "{ oneOf: [{ $ref: '#/components/schemas/Size' }, { type: 'null' }] }",
        ),
        (
            "{ oneOf: [{ type: 'null' }, { type: string }] }",
            "{ anyOf: [{ $ref: '#/components/schemas/Size' }, { enum: [null] }] }",
        ),
        (
            "{ type: string, nullable: true }",
            "{ anyOf: [{ const: null }, { allOf: [{ $ref: '#/components/schemas/Size' }] }] }",
        ),
    ];
    let expected = all(&reading("3.0.3", &old));
    assert_eq!(findings(&expected), Vec::<String>::new());
    for (text, size) in forms {
        let new =
            schemas(text, "{ type: ['null', array], items: { type: string } }", size, "{ type: string, const: book }");
        let draft = all(&reading("3.1.0", &new));
        assert_eq!(part(&draft, "paths"), part(&expected, "paths"));
        assert_eq!(part(&draft, "schemas"), part(&expected, "schemas"), "{text} {size}");
    }
    insta::assert_snapshot!(part(&expected, "Book"), @r##"
    description: "TODO: what `Book` is."
    type: object
    properties:
      id:
        description: "TODO: what `id` is."
        anyOf:
          - $ref: "#/components/schemas/BookId"
          - {type: string, nullable: true, enum: [null]}
      tags:
        description: "TODO: what `tags` is."
        type: array
        nullable: true
        items:
          description: "TODO: what `tags` is."
          type: string
          example: Tag
        example:
          - Tag
      size:
        description: "TODO: what `size` is."
        anyOf:
          - $ref: "#/components/schemas/Size"
          - {type: string, nullable: true, enum: [null]}
      kind:
        description: "TODO: what `kind` is."
        allOf:
          - $ref: "#/components/schemas/BookKind"
    "##);
}

#[test]
fn the_objects_of_an_all_of_are_one_object() {
    let draft = all(&reading(
        "3.0.3",
        r"
    Book:
      allOf:
        - $ref: '#/components/schemas/Thing'
        - { type: object, required: [title], properties: { title: { type: string }, size: { type: integer } } }
      properties: { size: { type: number } }
    Thing: { type: object, required: [name], properties: { name: { type: string } } }
",
    ));
    assert_eq!(findings(&draft), Vec::<String>::new());
    insta::assert_snapshot!(part(&draft, "Book"), @r#"
    description: "TODO: what `Book` is."
    type: object
    required: [name, title]
    properties:
      name:
        description: "TODO: what `name` is."
        type: string
        example: Name
      title:
        description: "TODO: what `title` is."
        type: string
        example: Title
      size:
        description: "TODO: what `size` is."
        type: number
        example: 1.5
    "#);
}

const CHOICE: &str = r"
    Book:
      type: object
      required: [kind]
      properties:
        kind:
          oneOf:
            - { type: object, required: [form, pages], properties: { form: { type: string, enum: [PAPER] }, pages: { type: integer }, note: { type: string } } }
            - { type: object, required: [form], properties: { form: { type: string, enum: [AUDIO] }, pages: { type: array, items: {} }, note: { type: [string, 'null'] } } }
        mark: { type: [integer, string, number] }
        notes: { anyOf: [{ type: string }, { type: array, items: { type: string } }, { type: object, additionalProperties: {} }] }
";

/// What the grammar has no form for is said at the head, and where it would be.
#[test]
fn nothing_is_left_out_without_a_word() {
    let paths = r"
  /books/:
    parameters: [{ name: trace, in: cookie, schema: { type: string } }, { name: ids, in: query, schema: { type: string } }]
    post:
      tags: [books, more]
      operationId: book
      servers: []
      parameters:
        - { name: X-Version, in: header, required: true, schema: { type: string } }
        - { name: ids, in: query, schema: { type: array, items: { type: string } }, style: pipeDelimited }
        - { $ref: '#/components/parameters/Nowhere' }
      requestBody: { content: { application/pdf: { schema: { type: string } } } }
      responses:
        '200': { description: x, headers: {}, content: { application/json: { schema: { type: array, items: {} } } } }
        '202': { description: x }
        '301': { description: x }
        '409': { description: x }
        4XX: { description: x }
    head: { responses: {} }
  /books/all/:
    delete:
      tags: [books]
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } } }
      responses: { '204': { description: x, content: { application/json: { schema: { type: object, properties: {} } } } } }
    put:
      tags: [books]
      responses: { '204': { description: x, content: { application/json: { schema: { $ref: '#/components/schemas/Named' } } } } }
  /books/pages/:
    get:
      tags: [books]
      parameters: [{ name: page, in: query, schema: { type: integer } }]
      responses: { '200': { description: x, content: { application/json: { schema: { $ref: '#/components/schemas/Named' } } } } }
";
    let schemas = r"
    Named: { type: object, properties: { name: { type: string } } }
    Book:
      type: object
      required: [title, free]
      properties:
        title: { type: string, pattern: x, minLength: 1, format: slug, default: x, x-order: 1 }
        free: { type: object }
        map: { type: object, additionalProperties: { type: integer } }
        anything: {}
        nothing: { type: 'null' }
        odd: { type: strng }
        lost: { $ref: '#/components/schemas/Nowhere' }
        both: { allOf: [{ type: string }, { type: object }] }
        numbers: { type: integer, enum: [1, 2] }
        nulls: { type: array, items: { type: [string, 'null'] } }
        untyped: { type: array }
      additionalProperties: { type: string }
";
    let draft = all(&document("3.1.0", paths, schemas));
    let text =
        format!("{}\n---\n{}\n---\n{}", decided(&draft).join("\n"), dropped(&draft).join("\n"), part(&draft, "paths"));
    insta::assert_snapshot!(text, @r##"
    an operation has one tag: the first is its resource
    a request body is `required: true`: an optional one is not supported
    `headers` of a response is left out
    the response 409 has our schema of errors
    `servers` of the operation is left out
    `additionalProperties` next to `properties` is left out: the grammar has no word for it
    a response body without properties is none
    `pattern` is left out: the grammar has no word for it
    `minLength` is left out: the grammar has no word for it
    `format: slug` is left out: the grammar has no word for it
    `default` is left out: the grammar has no word for it
    `x-order` is left out: the grammar has no word for it
    `enum` is left out: the grammar has no word for it
    ---
    12 parameter-location: the required parameter `X-Version` in `header` is left out: only the path and the query have any
    13 parameter-type: the parameter `ids` in `query` is left out: it is neither a plain value, nor a list or an object of these in a known form
    14 dangling-reference: a parameter of POST /books/ is left out: it refers to nothing
    6 parameter-location: the parameter `trace` in `cookie` is left out: only the path and the query have any
    15 media-type: the request body as `application/pdf` is left out
    15 media-type: the request body is left out: it is neither JSON nor a text
    17 untyped: the items of the list `response` are any JSON: it has no type
    18 status: the response `202` is left out
    19 status: the response `301` is left out
    21 status: the response `4XX` is left out
    22 method: HEAD /books/ is left out: the grammar has no such method
    30 status: the body of the response 204 is left out: HTTP allows none
    48 untyped: `anything` is left out: it has no type
    49 only-null: `nothing` is left out: it can only be null
    50 type: `odd` is left out: `strng` is no type
    51 dangling-reference: `lost` is left out: `#/components/schemas/Nowhere` leads nowhere
    52 all-of: `both` is left out: `allOf` with a part that is no object cannot be put together
    54 nullable-items: the items of the list `nulls` are any JSON: they can be null
    55 untyped: the items of the list `untyped` are any JSON: they have no type
    31 paging: `books_get_pages` has pages, but the response has no list of objects: that cannot be described
    ---
    /books/:
      post:
        operationId: books_post
        tags: [books]
        summary: "TODO: what it does, in a few words."
        description: "TODO: what it does."
        externalDocs:
          description: "TODO: the title of the page."
          url: https://shelves.example/TODO
        x-effect:
          repeat: "TODO: what happens if it is performed again."
        # adopt: the required parameter `X-Version` in `header` is left out: only the path and the query have any
        # adopt: the parameter `ids` in `query` is left out: it is neither a plain value, nor a list or an object of
        # these in a known form
        # adopt: a parameter of POST /books/ is left out: it refers to nothing
        # adopt: the parameter `trace` in `cookie` is left out: only the path and the query have any
        # adopt: the response `202` is left out
        # adopt: the response `301` is left out
        # adopt: the response `4XX` is left out
        requestBody:
          description: "TODO: what is sent."
          required: true
          # adopt: the request body is left out: it is neither JSON nor a text
          content: {}
        responses:
          "200":
            description: "TODO: what comes back."
            content:
              application/json:
                schema:
                  description: "TODO: what it is."
                  type: array
                  items:
                    description: "TODO: what it is."
                    example: Text
                  example:
                    - Text
                example:
                  - Text
          "409":
            description: "TODO: when this happens."
            content:
              application/json:
                schema:
                  $ref: openapi.yaml#/components/schemas/Failure
                example:
                  number: 7
                  name: Wrong

    /books/all/:
      put:
        operationId: books_put_all
        tags: [books]
        summary: "TODO: what it does, in a few words."
        description: "TODO: what it does."
        externalDocs:
          description: "TODO: the title of the page."
          url: https://shelves.example/TODO
        x-effect:
          repeat: "TODO: what happens if it is performed again."
        responses:
          "204":
            description: "TODO: what comes back."
            # adopt: the body of the response 204 is left out: HTTP allows none
      delete:
        operationId: books_delete_all
        tags: [books]
        summary: "TODO: what it does, in a few words."
        description: "TODO: what it does."
        externalDocs:
          description: "TODO: the title of the page."
          url: https://shelves.example/TODO
        x-effect:
          repeat: "TODO: what happens if it is performed again."
        requestBody:
          description: "TODO: what is sent."
          required: true
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/Book"
              example:
                title: Title
                free:
                  name: Text
        responses:
          "204":
            description: "TODO: what comes back."

    /books/pages/:
      get:
        operationId: books_get_pages
        tags: [books]
        summary: "TODO: what it does, in a few words."
        description: "TODO: what it does."
        externalDocs:
          description: "TODO: the title of the page."
          url: https://shelves.example/TODO
        # adopt: `books_get_pages` has pages, but the response has no list of objects: that cannot be described
        parameters:
          - name: page
            in: query
            description: "TODO: what `page` is."
            schema:
              description: "TODO: what `page` is."
              type: integer
              example: 1
            example: 1
        responses:
          "200":
            description: "TODO: what comes back."
            content:
              application/json:
                schema:
                  $ref: "#/components/schemas/Named"
                example:
                  name: Name
    "##);
    for one in &draft.dropped {
        assert!(
            one.place.line > 0 && draft.text.replace("\n#   ", " ").contains(&format!("# - {} (line", one.message)),
            "{one:?}"
        );
    }
    insta::assert_snapshot!(part(&draft, "Book"), @r#"
    description: "TODO: what `Book` is."
    type: object
    required: [title, free]
    properties:
      title:
        description: "TODO: what `title` is."
        type: string
        example: Title
      free:
        description: "TODO: what `free` is."
        type: object
        additionalProperties:
          description: "TODO: what `free` is."
          example: Text
        example:
          name: Text
      map:
        description: "TODO: what `map` is."
        type: object
        additionalProperties:
          description: "TODO: what `map` is."
          type: integer
          example: 1
        example:
          name: 1
      numbers:
        description: "TODO: what `numbers` is."
        type: integer
        example: 1
      nulls:
        description: "TODO: what `nulls` is."
        type: array
        items:
          description: "TODO: what `nulls` is."
          example: Text
        example:
          - Text
      untyped:
        description: "TODO: what `untyped` is."
        type: array
        items:
          description: "TODO: what `untyped` is."
          example: Text
        example:
          - Text
      # adopt: `anything` is left out: it has no type
      # adopt: `nothing` is left out: it can only be null
      # adopt: `odd` is left out: `strng` is no type
      # adopt: `lost` is left out: `#/components/schemas/Nowhere` leads nowhere
      # adopt: `both` is left out: `allOf` with a part that is no object cannot be put together
      # adopt: the items of the list `nulls` are any JSON: they can be null
      # adopt: the items of the list `untyped` are any JSON: they have no type
    "#);
}

#[test]
fn a_schema_that_contains_itself_is_cut_where_it_does() {
    let schemas = r"
    Book:
      type: object
      properties:
        id: { type: string }
        sequel: { $ref: '#/components/schemas/Book' }
        parts: { type: array, items: { $ref: '#/components/schemas/Part' } }
        tree: { $ref: '#/components/schemas/Tree' }
        only: { $ref: '#/components/schemas/Only' }
        nest: { $ref: '#/components/schemas/Nest' }
        all: { $ref: '#/components/schemas/All' }
    Part: { type: object, properties: { name: { type: string }, book: { $ref: '#/components/schemas/Book' } } }
    Tree: { oneOf: [{ type: string }, { type: array, items: { $ref: '#/components/schemas/Tree' } }] }
    Only: { type: object, required: [only], properties: { only: { $ref: '#/components/schemas/Only' } } }
    Nest: { type: array, items: { $ref: '#/components/schemas/Nest' } }
    All: { allOf: [{ $ref: '#/components/schemas/All' }, { properties: { name: { type: string } } }] }
    A: { $ref: '#/components/schemas/B' }
    B: { $ref: '#/components/schemas/A' }
";
    let draft = all(&reading("3.1.0", schemas));
    assert_eq!(findings(&draft), Vec::<String>::new());
    insta::assert_snapshot!(dropped(&draft).join("\n"), @"
    23 depth: `nest` is left out: it is nested too deeply
    22 recursion: the required `only` is left out: it would contain itself
    14 recursion: `sequel` is left out: it would contain itself
    17 empty: `only` is left out: nothing of its type can be said
    ");
    let circle = schemas.replace("{ $ref: '#/components/schemas/Book' }", "{ $ref: '#/components/schemas/A' }");
    let draft = all(&reading("3.1.0", &circle));
    assert!(dropped(&draft)[0].contains("the reference leads in a circle"), "{:?}", dropped(&draft));
}

#[test]
fn each_type_has_a_name_of_its_own() {
    let schemas = r"
    Book:
      type: object
      properties:
        size: { type: object, properties: { a: { type: string } } }
        sizes: { type: array, items: { $ref: '#/components/schemas/Book Size' } }
        shelf: { $ref: '#/components/schemas/Shelf' }
        other: { $ref: '#/components/schemas/String' }
    Book Size: { type: object, properties: { b: { type: string } } }
    Shelf: { type: object, properties: { c: { type: string } } }
    String: { type: object, properties: { d: { type: string } } }
";
    let draft = all(&reading("3.1.0", schemas));
    assert_eq!(findings(&draft), Vec::<String>::new());
    let names: Vec<_> = draft.text.lines().filter_map(|line| line.strip_prefix("    ")?.strip_suffix(':')).collect();
    let names: Vec<_> = names.into_iter().filter(|name| name.starts_with(char::is_uppercase)).collect();
    // `BookSize` is another's by then, `Shelf` is ours with other properties, and `String` is Rust's.
    assert_eq!(names, ["BookId", "Book", "BookSize", "BookSize2", "BookShelf", "BookOther"]);
}

#[test]
fn an_operation_that_is_ours_is_not_drafted_again() {
    let paths = "  /shelves:\n    get: { operationId: get-shelves, tags: [shelves], responses: {} }\n    post: { operationId: \
                 create-shelf, tags: [shelves], responses: { '204': { description: x } } }\n  /shelves/old/:\n    get: { operationId: \
                 get-shelves, tags: [shelves], responses: { '204': { description: x } } }\n";
    let draft = all(&document("3.1.0", paths, "    {}"));
    assert_eq!((draft.operations, decided(&draft)[0]), (2, "GET /shelves is ours already: `shelves_list`"));
    assert!(
        draft.text.contains("operationId: shelves_create_shelf\n") && !draft.text.contains("shelves_list\n"),
        "{}",
        draft.text
    );
    // `shelves_list` is taken.
    assert!(draft.text.contains("operationId: shelves_get_shelves\n"), "{}", draft.text);
    // The tag is in our folder, and the addresses of pages are known to follow from tags and ids.
    assert!(!draft.text.contains("\ntags:"), "{}", draft.text);
    assert!(draft.text.contains("url: https://shelves.example/shelves/create-shelf\n"), "{}", draft.text);
}

#[test]
fn an_unknown_operation_is_an_error_with_those_of_a_similar_name() {
    let vendor = document("3.1.0", LIST, BOOKS);
    let error = |name: &str| adopt(&vendor, &ours(), &[name.to_owned()]).unwrap_err().to_string();
    assert_eq!(error("list-boks"), "the vendor's document has no operation `list-boks`: did you mean `list-books`?");
    assert_eq!(error("GET /book/"), "the vendor's document has no operation `GET /book/`: did you mean `GET /books/`?");
    let hint = "give its operationId, or `METHOD /path`";
    assert_eq!(error("\u{1b}zzz"), format!("the vendor's document has no operation `\\u{{1b}}zzz`: {hint}"));
    assert_eq!(
        error(&"x".repeat(100_000)).len(),
        format!("the vendor's document has no operation ``: {hint}").len() + 100_000
    );
    for name in ["list-books", "GET /books/", "get /books/"] {
        assert_eq!(adopt(&vendor, &ours(), &[name.to_owned()]).unwrap().operations, 1);
    }
}

/// Names of all kinds become names that the rules accept, and no text of the vendor's is in the draft.
#[test]
fn names_and_texts_of_any_kind_are_only_what_they_are() {
    let text = "\\n# x\\n  y: &a *b !!c {{d}} \u{202e} ` [z](https://evil.example) */ TODO";
    let reference = text.replace('/', "~1");
    let paths = format!(
        r##"
  "/{{id}}/~1/a b/{{x}}/":
    get:
      operationId: "{text}"
      tags: ["self"]
      parameters: [{{ name: id, in: path, schema: {{ type: string }} }}, {{ name: "{text}", in: query, schema: {{ type: string }} }}]
      responses: {{ "200": {{ content: {{ application/json: {{ schema: {{ $ref: "#/components/schemas/{reference}" }} }} }} }} }}
  /b/:
    get: {{ operationId: "", responses: {{ "200": {{ content: {{ application/json: {{ schema: {{ $ref: "#/components/schemas/\u00e9" }} }} }} }} }} }}
  /c/:
    get: {{ operationId: "new", tags: [""], responses: {{ "{text}": {{}} }} }}
"##
    );
    let schemas = format!(
        r#"
    "{text}": {{ type: object, properties: {{ "{text}": {{ type: string, enum: ["{text}", ""] }}, ok: {{ type: string, description: "{text}" }} }} }}
    "\u00e9": {{ type: object, properties: {{ o: {{ type: object, properties: {{ type: {{ type: string }} }} }}, x-comment0: {{ type: string }} }} }}
"#
    );
    let draft = all(&document("3.1.0", &paths, &schemas));
    let tree: Value = serde_saphyr::from_str(&draft.text).unwrap();
    let name = text.replace("\\n", "\n");
    let schema = &tree["components"]["schemas"];
    let component = schema.as_object().unwrap().values().find(|one| one["properties"].get(&name).is_some()).unwrap();
    assert_eq!(component["properties"]["ok"]["description"], "TODO: what `ok` is.");
    assert!(schema.as_object().unwrap().values().any(|one| one["enum"] == json!([name, ""])), "{schema}");
    assert!(schema.as_object().unwrap().values().any(|one| one["properties"].get("x-comment0").is_some()), "{schema}");
    // Of the rules about names, only those find something whose names are the service's.
    let rules: std::collections::BTreeSet<_> =
        findings(&draft).iter().map(|finding| finding.split(':').next().unwrap().to_owned()).collect();
    for rule in ["yaml", "schema-name", "operation-id", "markup", "description", "unknown-key", "value"] {
        assert!(!rules.contains(rule), "{rule}: {:?}", findings(&draft));
    }
    assert!(draft.text.lines().all(|line| line.chars().count() < 400), "{}", draft.text);
    assert!(!draft.text.chars().any(|c| c == '\u{202e}'), "{}", draft.text);
}

/// What passes is generated from, once the texts are written.
#[test]
fn a_draft_with_its_texts_written_is_generated_from() {
    for version in ["3.0.3", "3.1.0"] {
        let draft = all(&document(version, LIST, BOOKS));
        let found = lint(&report::folder_with(&ours(), &draft)).unwrap_err();
        assert!(found.list.len() > 20 && found.list.iter().all(|finding| finding.rule == "todo"), "{found}");
        let files =
            module(&report::folder_with(&ours(), &written(&draft)), "").unwrap_or_else(|found| panic!("{found}"));
        assert!(files.keys().any(|path| path.ends_with("schemas/book.rs")), "{:?}", files.keys());
    }
}

#[test]
fn a_text_that_is_still_to_be_written_is_refused() {
    let found = |from: &str, to: &str| {
        let text = OURS.replacen(from, to, 1);
        assert!(text != OURS);
        let found = lint(&Folder::of_one(Path::new("openapi.yaml"), &text)).unwrap_err();
        let line = text.lines().position(|line| line.contains(to)).unwrap() + 1;
        assert!(found.list.iter().all(|finding| finding.place.line == line), "{found}");
        found.list.iter().map(|finding| finding.rule).collect::<Vec<_>>()
    };
    for (from, to) in [
        ("Shelves with books.", "TODO"),
        ("summary: List shelves", "summary: 'TODO: a summary'"),
        ("description: All shelves.", "description: 'TODO: a text'"),
        ("description: List shelves", "description: TODO"),
        ("shelves/get-shelves", "TODO"),
        ("How many.", "TODO."),
        ("Something is wrong.", "TODO."),
        ("A shelf.", "TODO."),
        ("Its id.", "TODO."),
        ("A large one.", "TODO."),
    ] {
        assert_eq!(found(from, to), ["todo"], "{to}");
    }
    // It is a word in a text like any other.
    assert!(lint(&Folder::of_one(Path::new("openapi.yaml"), &OURS.replace("A shelf.", "A TODO list."))).is_ok());
}

#[test]
fn the_report_says_of_each_operation_what_stops_it() {
    let paths = r"
  /shelves/:
    get: { operationId: get-shelves, tags: [shelves], responses: {} }
  /books:
    get: { operationId: get-books, tags: [books], responses: { '204': { description: x } } }
  /books/{id}/:
    get: { operationId: get-book, tags: [books], parameters: [{ name: id, in: path, schema: { type: string } }], responses: { '200': { content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } } } } }
    put: { operationId: put-book, tags: [books], parameters: [{ name: id, in: path, schema: { type: string } }], requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Book' } } } }, responses: { '204': { description: x } } }
    delete: { operationId: delete-book, tags: [books], parameters: [{ name: id, in: path, schema: { type: string } }], responses: { '204': { description: x } } }
    trace: { operationId: trace-book, responses: {} }
";
    let schemas =
        "    Book: { type: object, required: [map], properties: { id: { type: string }, map: { type: object } } }\n";
    let outcomes = report::report(&document("3.1.0", paths, schemas), &ours());
    insta::assert_snapshot!(report::render(&outcomes), @"
    GET /shelves/ (get-shelves): ours
    GET /books (get-books): passes
    GET /books/{id}/ (get-book): passes
    PUT /books/{id}/ (put-book): passes
    DELETE /books/{id}/ (delete-book): passes
    TRACE /books/{id}/ (trace-book): stopped by method 1; left out: method 1

    6 operations: 1 ours, 4 pass, 0 pass in part, 1 stopped

    Stopped, by rule (operations, and those with nothing else):
        1     1  method

    Left out, by kind (operations, and those with nothing else):
        1     1  method
    ");
}

/// Documents that would take long, or too much, if what they say were followed as it is said.
#[test]
fn large_and_nested_documents_end_well() {
    let reference = |name: usize| format!("{{ $ref: '#/components/schemas/S{name}' }}");
    let many = |count: usize, schema: &dyn Fn(usize) -> String| -> String {
        let book =
            "    Book: { type: object, properties: { first: { $ref: '#/components/schemas/S0' } } }\n".to_owned();
        book + &(0..count).map(|at| format!("    S{at}: {}\n", schema(at))).collect::<Vec<_>>().concat()
    };
    let property = |value: &str| format!("{{ type: object, required: [a], properties: {{ a: {value} }} }}");
    let wide = |at: usize| {
        let names = ('a'..='j').map(|name| format!("{name}: {}", reference(at + 1))).collect::<Vec<_>>().join(", ");
        format!("{{ type: object, required: [a, b, c, d, e, f, g, h, i, j], properties: {{ {names} }} }}")
    };
    let end =
        |count: usize, at: usize, schema: String| if at + 1 == count { property("{ type: string }") } else { schema };
    let values = (0..5_000).map(|at| format!("V{at}")).collect::<Vec<_>>().join(", ");
    for (what, schemas) in [
        ("a chain of objects", many(10_000, &|at| end(10_000, at, property(&reference(at + 1))))),
        ("a chain of references", many(3_000, &|at| end(3_000, at, reference(at + 1)))),
        (
            "a chain of lists",
            many(3_000, &|at| end(3_000, at, format!("{{ type: array, items: {} }}", reference(at + 1)))),
        ),
        (
            "a chain of choices",
            many(3_000, &|at| {
                let choice =
                    format!("{{ oneOf: [{{ type: string }}, {{ type: array, items: {} }}] }}", reference(at + 1));
                end(3_000, at, choice)
            }),
        ),
        ("objects in objects", many(40, &|at| end(40, at, wide(at)))),
        ("a few objects in objects", many(10, &|at| end(10, at, wide(at)))),
        ("all of all", many(60, &|at| end(60, at, format!("{{ allOf: [{0}, {0}] }}", reference(at + 1))))),
        ("one of one", many(60, &|at| end(60, at, format!("{{ oneOf: [{0}, {0}, {0}] }}", reference(at + 1))))),
        ("a large enum", many(1, &|_| format!("{{ type: string, enum: [{values}] }}"))),
        ("a wide union", many(1, &|_| format!("{{ oneOf: [{}] }}", vec!["{ type: string }"; 5_000].join(", ")))),
    ] {
        let vendor = reading("3.1.0", &schemas);
        // With the stack of a main thread.
        let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(move || {
            let started = std::time::Instant::now();
            let draft = all(&vendor);
            assert!(draft.text.len() < 8 << 20, "{what}: {} bytes", draft.text.len());
            assert!(started.elapsed().as_secs() < 30, "{what}: {:?}", started.elapsed());
        });
        thread.unwrap().join().unwrap();
    }
}

/// A document with mistakes: a draft, which the tool reads or has findings in, each with its place.
#[test]
fn a_document_with_mistakes_ends_well() {
    let more = std::env::var("MUTATIONS").ok().map(|text| text.parse().expect("MUTATIONS is a number"));
    let seed = if more.is_some() { RngSeed::Random } else { RngSeed::Fixed(11) };
    let config = Config { cases: more.unwrap_or(250), rng_seed: seed, failure_persistence: None, ..Config::default() };
    let text = format!(
        "openapi: 3.1.0\npaths:\n{LIST}\ncomponents:\n  schemas:\n{BOOKS}\n{}",
        CHOICE.replace("Book:", "Choice:")
    );
    let document: Value = serde_saphyr::from_str(&text).unwrap();
    let mistake = (
        any::<Index>(),
        any::<Index>(),
        0..4,
        prop_oneof![
            Just(json!(null)),
            Just(json!(true)),
            Just(json!(1e300)),
            Just(json!("object")),
            Just(json!("")),
            Just(json!([])),
            Just(json!({})),
            Just(json!({ "$ref": "#/components/schemas/Book" })),
            Just(json!({ "$ref": "#/components/schemas/Choice" })),
            Just(json!({ "$ref": "#/paths" })),
            Just(json!({ "oneOf": [{ "$ref": "#/components/schemas/Book" }, { "type": "null" }] })),
            Just(
                json!({ "allOf": [{ "$ref": "#/components/schemas/Book" }, { "$ref": "#/components/schemas/Choice" }] })
            ),
        ],
    );
    let result = TestRunner::new(config).run(&proptest::collection::vec(mistake, 1..5), |mistakes| {
        let mut changed = document.clone();
        for (at, from, how, value) in mistakes {
            let all = paths(&changed);
            let value = match how {
                0 => changed.pointer(&all[from.index(all.len())]).unwrap().clone(),
                1 => json!([changed.pointer(&all[at.index(all.len())]).unwrap()]),
                2 => json!({ "type": changed.pointer(&all[at.index(all.len())]).unwrap() }),
                _ => value,
            };
            *changed.pointer_mut(&all[at.index(all.len())]).unwrap() = value;
        }
        let folder = Folder::of_one(Path::new("vendor.json"), &serde_json::to_string(&changed).unwrap());
        let Ok(vendor) = Vendor::parse(folder) else { return Ok(()) };
        let draft = all(&vendor);
        assert!(serde_saphyr::from_str::<Value>(&draft.text).is_ok(), "{}", draft.text);
        if let Err(found) = lint(&report::folder_with(&ours(), &draft)) {
            let form = ["yaml", "value", "missing-key", "unknown-key", "fragment"];
            assert!(found.list.iter().all(|finding| !finding.place.is_whole()), "{found}\n{}", draft.text);
            assert!(found.list.iter().all(|finding| !form.contains(&finding.rule)), "{found}\n{}", draft.text);
        }
        report::render(&report::report(&vendor, &ours()));
        Ok(())
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

/// The paths to all values of a tree but those that say which document it is.
fn paths(value: &Value) -> Vec<String> {
    let mut found = tree::paths(value);
    found.retain(|path| path.starts_with("/paths") || path.starts_with("/components"));
    found
}
