//! A defect in the document is reported with its place, its rule and what to do, and never with a panic.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use build_tools::{Folder, module, rules};

const FIXTURE: &str = include_str!("fixture/openapi.yaml");

/// The diagnostics of the fixture after a change.
fn diagnostics(from: &str, to: &str) -> String {
    let text = FIXTURE.replacen(from, to, 1);
    assert!(text != FIXTURE, "{from:?} is not in the fixture");
    let found = module(&Folder::of_one(Path::new("openapi.yaml"), &text), "");
    assert!(found.is_err(), "{to:?} is accepted");
    found.unwrap_err().to_string()
}

fn of(text: &str) -> String {
    module(&Folder::of_one(Path::new("openapi.yaml"), text), "").unwrap_err().to_string()
}

#[test]
fn a_syntax_error() {
    insta::assert_snapshot!(diagnostics("summary: List books", "summary: [List books"), @"
    error[yaml]: illegal placement of ':' indicator
      --> openapi.yaml:25:18
       |
    25 |       description: The books of a shelf.
       |                  ^
       |
       = note: The file is YAML that a program reads as it was meant: one document, with no value nested more than 64 levels deep, and no more than a million values. Most errors are an indentation, or a text with `: ` or ` #` that is not in quotes.
       = help: fix the YAML at this place or just before it: check the indentation, and put a text with `: ` or ` #` in quotes
    ");
}

#[test]
fn an_openapi_3_1_document() {
    insta::assert_snapshot!(diagnostics("openapi: 3.0.3", "openapi: 3.1.0\nwebhooks: {}"), @"
    error[openapi-version]: OpenAPI 3.1.0 is not supported
     --> openapi.yaml:3:10
      |
    3 | openapi: 3.1.0
      |          ^^^^^
      |
      = note: The files are OpenAPI 3.0.3, the version that progenitor reads. The vendor's document, which is 3.0 or 3.1, is not generated from: `cargo codegen drift` compares it with ours, and `cargo codegen adopt` drafts a fragment from it.
      = help: write it in OpenAPI 3.0.3, or compare it with `cargo codegen drift --upstream FILE`
    ");
}

#[test]
fn an_unresolved_reference() {
    insta::assert_snapshot!(diagnostics("#/components/schemas/BookList", "#/components/schemas/Booklist"), @r##"
    error[reference]: `#/components/schemas/Booklist` does not refer to a component
      --> openapi.yaml:60:31
       |
    60 |               schema: { $ref: "#/components/schemas/Booklist" }
       |                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = note: Every `$ref` leads to a component: of the same file, or of one that stands before it in `x-fragments`. A component is not just another name of a component. The generator follows references, and each has one meaning.
       = help: define the component, or correct the name
    "##);
}

#[test]
fn of_two_media_types_the_one_to_keep_is_named() {
    let json = "            application/json:\n              schema: { $ref: \"#/components/schemas/BookList";
    let csv = "            text/csv: { schema: { type: string, description: Rows., example: e }, example: e }\n";
    let pdf = "            application/pdf: { example: e }\n            application/xml:\n              schema: { $ref: \"#/components/schemas/BookList";
    for (content, keep) in [(format!("{csv}{json}"), "application/json"), (format!("{csv}{pdf}"), "text/csv")] {
        let found = diagnostics(json, &content);
        assert!(found.contains("error[media-type]: the body has ") && found.contains(" media types\n"), "{found}");
        assert!(found.contains(&format!("help: describe it as `{keep}` only: ")), "{found}");
    }
}

#[test]
fn two_error_schemas_on_one_operation() {
    let error = |status: u16, schema: &str| {
        let content = format!(
            "content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/{schema}' }}, example: {{}} }} }}"
        );
        format!("        '{status}': {{ description: No., {content} }}\n")
    };
    let both = format!("      responses:\n{}{}", error(401, "BookList"), error(404, "UpdateShelf"));
    insta::assert_snapshot!(diagnostics("      responses:\n", &both), @r##"
    error[error-schema]: this error response has the schema `Failure`, and another has `BookList`
      --> openapi.yaml:16:3
       |
    16 |   "400": { $ref: "#/components/responses/BadRequest" }
       |   ^^^^^
       |
       = note: All error responses have one schema. Users want one error type, and progenitor takes one for each operation.
       = help: use one error schema in the whole document, with optional properties where the forms differ

    error[error-schema]: this error response has the schema `UpdateShelf`, and another has `BookList`
      --> openapi.yaml:57:9
       |
    57 | ...   '404': { description: No., content: { application/json: { schema: { $ref: '#/components/schemas/UpdateShelf' }, example: {} } } }
       |       ^^^^^
       |
       = note: All error responses have one schema. Users want one error type, and progenitor takes one for each operation.
       = help: use one error schema in the whole document, with optional properties where the forms differ

    error[error-schema]: this error response has the schema `Failure`, and another has `BookList`
      --> openapi.yaml:81:9
       |
    81 |         "409":
       |         ^^^^^
       |
       = note: All error responses have one schema. Users want one error type, and progenitor takes one for each operation.
       = help: use one error schema in the whole document, with optional properties where the forms differ

    error[error-body]: this is not the schema of the error responses
       --> openapi.yaml:126:21
        |
    126 |       x-error-body: { code: number, title: name, details: [reason] }
        |                     ^
        |
        = note: The schema of the error responses says in `x-error-body` where the service's own words are, for `Error::code` and `Error::message`. No other schema says so.
        = help: remove `x-error-body`

    error[error-body]: the schema of the error responses has no `x-error-body`
       --> openapi.yaml:139:5
        |
    139 |     BookList:
        |     ^^^^^^^^
        |
        = note: The schema of the error responses says in `x-error-body` where the service's own words are, for `Error::code` and `Error::message`. No other schema says so.
        = help: say where the `code`, the `title` and the `details` of an error are in it
    "##);
}

#[test]
fn a_missing_operation_id() {
    insta::assert_snapshot!(diagnostics("      operationId: shelves_list_books\n", ""), @"
    error[operation-id]: GET /shelves/{shelf_id}/books/ has no operationId
      --> openapi.yaml:22:7
       |
    22 |       tags: [shelves]
       |       ^
       |
       = note: An operation's id is its resource, an underscore, and the name of a method. From it the handle's method has its name: `workspaces_list` becomes `client.workspaces().list()`. The name is ours to choose, and not part of the request: where it is taken, add a word. `messages_send` would make a request type `Send`, which Rust has, so it is `messages_send_to_user`.
       = help: add `operationId: shelves_…`: the resource, and the method of its handle
    ");
}

#[test]
fn a_property_without_description() {
    insta::assert_snapshot!(diagnostics("          description: The new name.\n", ""), @"
    error[description]: property `name` has no description
       --> openapi.yaml:178:9
        |
    178 |         name:
        |         ^^^^
        |
        = note: Everything has a description, and every operation a summary. They become the documentation of what is generated.
        = help: add `description` in your own words: it becomes the doc comment
    ");
}

#[test]
fn an_unknown_extension() {
    insta::assert_snapshot!(diagnostics("      summary: List books", "      x-internal: true\n      summary: List books"), @"
    error[unknown-key]: unknown key `x-internal`, expected one of operationId, tags, summary, description, externalDocs, parameters, requestBody, responses, x-pagination, x-idempotent, x-effect
      --> openapi.yaml:24:7
       |
    24 |       x-internal: true
       |       ^^^^^^^^^^
       |
       = note: Only what the generator understands may be written. It would drop anything else without a word.
       = help: openapi/README.md lists what may be written
    ");
}

#[test]
fn a_default_response() {
    insta::assert_snapshot!(diagnostics("        \"204\":\n", "        default:\n"), @"
    error[status]: the operation has 0 success statuses
      --> openapi.yaml:63:7
       |
    63 |       operationId: shelves_update
       |       ^
       |
       = note: A response has a status of its own: one of success, or several that have no body, and error responses from 400 to 499. `default` and ranges say nothing that can be relied on, and the runtime keeps the body of a server error as it is.
       = help: describe exactly one, or several without a body: the method returns one type

    error[status]: `default` is not a status that can be described
      --> openapi.yaml:77:9
       |
    77 |         default:
       |         ^^^^^^^
       |
       = note: A response has a status of its own: one of success, or several that have no body, and error responses from 400 to 499. `default` and ranges say nothing that can be relied on, and the runtime keeps the body of a server error as it is.
       = help: list the statuses one by one, 2xx and 4xx. `default` would make every status a documented one; 5xx bodies are not documented, and the runtime keeps them unparsed

    error[response-body]: the response has no content
      --> openapi.yaml:77:9
       |
    77 |         default:
       |         ^^^^^^^
       |
       = note: An error response has a body, and a 204 has none. The body of a success without `content` is not read.
       = help: describe its JSON body
    ");
}

#[test]
fn an_example_that_does_not_fit() {
    insta::assert_snapshot!(diagnostics("example: { book_ids: [] }", "example: { book_ids: [7], title: x }"), @r#"
    error[example]: the example does not match its schema at `/book_ids/0`: 7 is not of type "string"
      --> openapi.yaml:75:22
       |
    75 |             example: { book_ids: [7], title: x }
       |                      ^
       |
       = note: Every schema, property, parameter and body has an example that is valid by its schema. Generated tests and doc examples use them, and the sandbox responds with them.
       = help: correct the example or the schema

    error[example]: the example does not match its schema: Additional properties are not allowed ('title' was unexpected)
      --> openapi.yaml:75:22
       |
    75 |             example: { book_ids: [7], title: x }
       |                      ^
       |
       = note: Every schema, property, parameter and body has an example that is valid by its schema. Generated tests and doc examples use them, and the sandbox responds with them.
       = help: correct the example or the schema
    "#);
}

/// What is replaced, by what, the rule that this breaks, and what the line that is shown contains.
const DEFECTS: &[[&str; 4]] = &[
    // What progenitor panics on, or rejects without a place.
    ["/shelves/{shelf_id}/books/", "/shelves/{shelf}/books/", "path", "/shelves/{shelf}/books/"],
    ["      required: true\n      description: The shelf.", "      description: The shelf.", "parameter", "ShelfId"],
    [
        "in: query\n          description: The maximum",
        "in: cookie\n          description: The maximum",
        "parameter",
        "limit",
    ],
    [
        "operationId: shelves_update",
        "operationId: shelves_list_books",
        "operation-id",
        "operationId: shelves_list_books",
    ],
    // What says nothing, or contradicts itself.
    [
        "x-personal-data: true, description",
        "x-personal-data: false, description",
        "personal-data",
        "x-personal-data: false",
    ],
    ["    Language:\n", "    Language:\n      x-personal-data: true\n", "personal-data", "x-personal-data: true"],
    ["x-idempotent: false", "x-idempotent: true", "idempotent", "x-idempotent: true"],
    [
        "      summary: List books\n",
        "      summary: List books\n      x-idempotent: false\n",
        "idempotent",
        "x-idempotent: false",
    ],
    // What it would degrade or drop without a word.
    [
        "application/json:\n              schema: { $ref: \"#/components/schemas/BookList",
        "application/problem+json:\n              schema: { $ref: \"#/components/schemas/BookList",
        "media-type",
        "\"200\"",
    ],
    [
        "            application/json:\n              schema: { $ref: \"#/components/schemas/BookList",
        "            text/csv: { schema: { type: string, description: d, example: e }, example: e }\n            application/json:\n              schema: { $ref: \"#/components/schemas/BookList",
        "media-type",
        "\"200\"",
    ],
    [
        "application/json:\n            schema: { $ref: \"#/components/schemas/BookIds",
        "text/csv:\n            schema: { $ref: \"#/components/schemas/BookIds",
        "media-type",
        "text/csv",
    ],
    [
        "application/json:\n          schema: { $ref: \"#/components/schemas/Failure",
        "text/plain:\n          schema: { $ref: \"#/components/schemas/Failure",
        "media-type",
        "BadRequest",
    ],
    [
        "            schema: { $ref: \"#/components/schemas/UpdateShelf\" }",
        "            schema: { description: d, items: { $ref: \"#/components/schemas/Book\" } }",
        "media-type",
        "application/json",
    ],
    [
        "            schema: { $ref: \"#/components/schemas/UpdateShelf\" }",
        "            schema: { type: string, nullable: true, description: d, example: e }",
        "nullable",
        "schema:",
    ],
    [
        "          schema: { $ref: \"#/components/schemas/Failure\" }\n          example: { number: 7, name: Wrong }\n  schemas:\n",
        "          schema: { $ref: \"#/components/schemas/Zed\" }\n          example: e\n  schemas:\n    Zed: {description: d, oneOf: [{title: A, description: d, type: string, example: e}, {title: B, description: d, type: boolean, example: true}], example: e}\n",
        "media-type",
        "application/json:",
    ],
    [
        "        \"204\":\n          description: Changed.\n",
        "        \"200\": { description: d, content: { application/json: { schema: { $ref: '#/components/schemas/ShelfId' }, example: s } } }\n",
        "media-type",
        "ShelfId",
    ],
    ["        \"200\":", "        2XX:", "status", "2XX"],
    ["operationId: shelves_list_books", "operationId: shelves_listBooks", "operation-id", "listBooks"],
    ["        required: true\n        content", "        content", "request-body", "description: The changes."],
    ["in: query\n          required", "in: header\n          required", "parameter", "language"],
    [
        "          description: The maximum",
        "          style: form\n          description: The maximum",
        "parameter",
        "form",
    ],
    [
        "          description: The maximum",
        "          explode: true\n          description: The maximum",
        "parameter",
        "true",
    ],
    ["  - token: []", "  - {}", "security", "- {}"],
    ["name: Authorization", "name: X-Key", "security", "token: []"],
    [
        "    UpdateShelf:\n",
        "    updateShelf:\n      type: object\n      description: d\n      properties: {a: {type: string, description: d, example: e}}\n    UpdateShelf:\n",
        "schema-name",
        "updateShelf",
    ],
    [
        "    UpdateShelf:\n",
        "    Option:\n      type: string\n      description: d\n      example: e\n    UpdateShelf:\n",
        "schema-name",
        "Option",
    ],
    [
        "        book_ids:\n",
        "        bookIds: {type: string, description: d, example: e}\n        book_ids:\n",
        "property-name",
        "book_ids",
    ],
    [
        "          anyOf: [{ $ref: \"#/components/schemas/State\" }, { type: string, nullable: true, enum: [null] }]",
        "          type: string\n          enum: [A]\n          x-enum-descriptions: {A: a}\n          example: A",
        "inline-type",
        "state",
    ],
    [
        "          anyOf: [{ $ref: \"#/components/schemas/State\" }, { type: string, nullable: true, enum: [null] }]",
        "          $ref: \"#/components/schemas/State\"",
        "reference-siblings",
        "state",
    ],
    [
        "          anyOf: [{ $ref: \"#/components/schemas/State\" }, { type: string, nullable: true, enum: [null] }]",
        "          allOf: [{ $ref: \"#/components/schemas/State\" }, { $ref: \"#/components/schemas/Language\" }]",
        "all-of",
        "state",
    ],
    [
        "      type: object\n      required: [id, title]",
        "      type: object\n      nullable: true\n      required: [id, title]",
        "nullable-component",
        "Book:",
    ],
    [
        "      type: object\n      required: [id, title]",
        "      type: object\n      required: [identity]",
        "required-property",
        "identity",
    ],
    ["      type: object\n      required: [id, title]", "      required: [id, title]", "type", "Book:"],
    ["          items: { $ref: \"#/components/schemas/Book\" }\n", "", "array", "results"],
    ["      type: string\n      enum: [HERE, LENT]", "      type: integer\n      enum: [HERE, LENT]", "enum", "State:"],
    ["HERE: On the shelf., LENT", "LENT", "enum-description", "HERE"],
    [
        "          description: All books",
        "          additionalProperties: {type: string, description: d, example: e}\n          description: All books",
        "additional-properties",
        "book_ids",
    ],
    [
        "\"#/components/schemas/State\" }, { type: string, nullable: true, enum: [null] }",
        "\"#/components/schemas/State\" }, { $ref: \"#/components/schemas/Language\" }",
        "any-of",
        "state",
    ],
    [
        "anyOf: [{ $ref: \"#/components/schemas/State\" }, { type: string, nullable: true, enum: [null] }]",
        "nullable: true\n          allOf: [{ $ref: \"#/components/schemas/State\" }]",
        "nullable",
        "state",
    ],
    ["nullable: true, enum: [null] }]", "nullable: true, enum: [a] }]", "any-of", "_links"],
    // What would not compile.
    ["    Links:\n", "    Match: {type: string, description: d, example: e}\n    Links:\n", "schema-name", "Match"],
    ["    Links:\n", "    Mod: {type: string, description: d, example: e}\n    Links:\n", "schema-name", "Mod:"],
    ["      name: shelf_id", "      name: timeout", "parameter", "ShelfId"],
    ["      name: shelf_id", "      name: shelfId", "parameter", "ShelfId"],
    ["- name: search", "- name: Limit", "parameter", "Limit"],
    ["- name: search", "- name: '?'", "parameter", "'?'"],
    ["operationId: shelves_update", "operationId: shelves_clone", "operation-id", "shelves_clone"],
    ["operationId: shelves_update", "operationId: shelves_loop", "operation-id", "loop"],
    ["operationId: shelves_update", "operationId: shelves_types", "operation-id", "shelves_types"],
    ["operationId: shelves_update", "operationId: shelves_shelves", "operation-id", "shelves_shelves"],
    ["operationId: shelves_update", "operationId: shelves_retry_policy", "operation-id", "retry_policy"],
    ["operationId: shelves_update", "operationId: shelves_create_checked", "operation-id", "create_checked"],
    ["  - { name: shelves", "  - { name: reqwest", "tag", "name: reqwest"],
    ["  - { name: shelves", "  - { name: items", "tag", "name: items"],
    ["  - { name: shelves", "  - { name: with-token", "tag", "name: with-token"],
    ["    Links:\n", "    AsRef: {type: string, description: d, example: e}\n    Links:\n", "schema-name", "AsRef"],
    ["enum: [HERE, LENT]", "enum: [HERE, ERR]", "enum", "ERR"],
    [
        "        book_ids:\n",
        "        _book_ids: {type: string, description: d, example: e}\n        book_ids:\n",
        "property-name",
        "book_ids",
    ],
    [
        "        name:\n          description: The new",
        "        __:\n          description: The new",
        "property-name",
        "__:",
    ],
    [
        "        name:\n          description: The new",
        "        naïve:\n          description: The new",
        "property-name",
        "naïve",
    ],
    ["      x-effect: { repeat: Changes nothing more. }\n", "", "effect", "operationId: shelves_update"],
    ["x-effect: { repeat: Changes nothing more. }", "x-effect: { spends: All. }", "effect", "spends"],
    ["x-effect: { repeat: Changes nothing more. }", "x-effect: { safe: true }", "effect", "safe"],
    [
        "x-effect: { repeat: Changes nothing more. }",
        "x-effect: { repeat: None., deduplicated: -1 }",
        "effect",
        "deduplicated",
    ],
    [
        "      summary: List books\n",
        "      summary: List books\n      x-effect: { repeat: None. }\n",
        "effect",
        "repeat: None.",
    ],
    ["offset: offset, items", "offset: offset, page: limit, items", "pagination", "items: results"],
    [
        "      responses:\n        \"200\":",
        "      responses:\n        \"202\": { description: Later. }\n        \"200\":",
        "status",
        "shelves_list_books",
    ],
    ["  /shelves/{shelf_id}/books/:", "  shelves/{shelf_id}/books/:", "path", "shelves/{shelf_id}"],
    [
        "    Links:\n",
        "    Cat: {type: object, description: d, required: [name], properties: {name: {type: string, description: d, example: e}}}\n    Dog: {type: object, description: d, required: [name], properties: {name: {type: string, description: d, example: e}, size: {type: string, description: d, example: e}}}\n    Pet: {description: d, oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], example: {name: e}}\n    Links:\n",
        "one-of",
        "Pet:",
    ],
    [
        "    Links:\n",
        "    Cat: {type: object, description: d, required: [kind], properties: {kind: {type: string, description: d, enum: [CAT], example: CAT}}}\n    Dog: {type: object, description: d, required: [kind], properties: {kind: {type: string, description: d, enum: [CAT], example: CAT}}}\n    Pet: {description: d, discriminator: {propertyName: kind, mapping: {CAT: '#/components/schemas/Cat', DOG: '#/components/schemas/Dog'}}, oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], example: {kind: CAT}}\n    Links:\n",
        "one-of",
        "DOG:",
    ],
    [
        "    Links:\n",
        "    Cat: {type: object, description: d, required: [kind], properties: {kind: {type: string, description: d, enum: [CAT], example: CAT}}}\n    Dog: {type: object, description: d, required: [kind], properties: {kind: {type: string, description: d, enum: [DOG], example: DOG}}}\n    Pet: {description: d, discriminator: {propertyName: kind, mapping: {CAT: '#/components/schemas/Cat'}}, oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], example: {kind: CAT}}\n    Links:\n",
        "one-of",
        "propertyName",
    ],
    [
        "    Links:\n",
        "    Pet: {description: d, discriminator: {propertyName: kind, mapping: {}}, oneOf: [{type: string, title: A, description: d, example: e}, {type: boolean, title: B, description: d, example: true}], example: e}\n    Links:\n",
        "one-of",
        "discriminator",
    ],
    ["enum: [HERE, LENT]", "enum: [HERE, HERE]", "enum", "[HERE, HERE]"],
    ["enum: [HERE, LENT]", "enum: [HERE, here]", "enum", "here"],
    ["enum: [HERE, LENT]", "enum: [HERE, OTHER]", "enum", "OTHER"],
    ["enum: [HERE, LENT]", "enum: [HERE, '1']", "enum", "'1'"],
    ["enum: [HERE, LENT]", "enum: [HERE, '']", "enum", "''"],
    ["  /shelves/{shelf_id}/books/:", "  /shelves/{shelf_id}/}x/:", "path", "}x"],
    ["  /shelves/{shelf_id}/books/:", "  /shelves/{shelf_id}/b oo/:", "path", "b oo"],
    [
        "    Links:\n",
        "    Many: {type: array, description: d, items: {$ref: '#/components/schemas/Book'}, example: []}\n    Links:\n",
        "component",
        "Many",
    ],
    [
        "    Links:\n",
        "    Choice: {description: d, oneOf: [{type: string, title: A, description: d, example: e}, {type: boolean, title: A, description: d, example: true}], example: e}\n    Links:\n",
        "one-of",
        "Choice",
    ],
    ["    Links:\n", "    Gen: {type: string, description: d, example: e}\n    Links:\n", "schema-name", "Gen:"],
    [
        "    Links:\n",
        "    A1: {type: string, description: d, example: e}\n    A1: {type: string, description: d, example: e}\n    Links:\n",
        "duplicate-key",
        "A1",
    ],
    ["operationId: shelves_update", "operationId: books_update", "operation-id", "books_update"],
    ["  /shelves/{shelf_id}/books/:", "  /shelves/../{shelf_id}/:", "path", "/../"],
    ["  /shelves/{shelf_id}/books/:", "  /shelves/{shelf_id}{shelf_id}/:", "path", "{shelf_id}{shelf_id}"],
    ["  /shelves/{shelf_id}/books/:", "  /shelves/a{shelf_id}.json/:", "path", "a{shelf_id}"],
    [
        "    Links:\n",
        "    Zed: {description: d, allOf: [{$ref: '#/components/schemas/Zed'}]}\n    Links:\n",
        "recursion",
        "Zed",
    ],
    [
        "next: { description: The next page.,",
        "self: { description: d, nullable: true, allOf: [{$ref: '#/components/schemas/Links'}] }\n        next: { description: The next page.,",
        "recursion",
        "Links",
    ],
    [
        "    Links:\n",
        "    Zed: {description: d, oneOf: [{$ref: '#/components/schemas/One'}, {$ref: '#/components/schemas/Two'}], example: {one: []}}\n    One: {description: d, type: object, required: [one], properties: {one: {description: d, type: array, items: {$ref: '#/components/schemas/Zed'}, example: []}}}\n    Two: {description: d, type: object, required: [two], properties: {two: {description: d, type: object, additionalProperties: {$ref: '#/components/schemas/Zed'}, example: {}}}}\n    Links:\n",
        "recursion",
        "Zed",
    ],
    // What would be ignored.
    [
        "      type: object\n      required: [id, title]",
        "      type: object\n      title: T\n      required: [id, title]",
        "title",
        "Book:",
    ],
    ["      tags: [shelves]\n      summary: List", "      tags: [books]\n      summary: List", "tag", "tags: [books]"],
    ["      tags: [shelves]\n      summary: List", "      tags: []\n      summary: List", "tag", "shelves_list_books"],
    ["{ name: shelves, description", "{ name: types, description", "tag", "name: types"],
    [
        "{ name: shelves, description",
        "{ name: lost, description: Lost. }\n  - { name: shelves, description",
        "tag",
        "lost",
    ],
    ["minimum: 0", "minimum: 1", "minimum", "minimum: 1"],
    [
        "schema: { type: string, description: A text., example: moby }",
        "schema: { type: string, minimum: 0, description: A text., example: moby }",
        "minimum",
        "moby",
    ],
    [
        "        title: { description: Its title.,",
        "        title: { enum: [\"true\", \"false\"], description: Its title.,",
        "flag",
        "title",
    ],
    ["x-error-body: { code: number,", "x-error-body: { code: name,", "error-body", "code: name"],
    ["details: [reason]", "details: [reasons]", "error-body", "reasons"],
    ["      x-error-body: { code: number, title: name, details: [reason] }\n", "", "error-body", "Failure:"],
    [
        "      x-constructors: [{ name: new, takes: [book_ids] }]",
        "      x-constructors: [{ name: new, takes: [book_ids] }]\n      x-error-body: { code: a, title: b, details: [] }",
        "error-body",
        "x-error-body: { code: a",
    ],
    ["x-common-responses:\n  \"400\"", "x-common-responses:\n  \"200\"", "status", "\"200\""],
    [
        "      description: A book.",
        "      description: A book.\n      x-constructors: [{name: a, takes: [state]}, {name: b, takes: [state]}]",
        "constructors",
        "Book:",
    ],
    ["          deprecated: true", "          readOnly: true", "read-only", "name:"],
    [
        "  parameters:\n    ShelfId:",
        "  parameters:\n    Lost: {name: lost, in: query, description: d, schema: {type: string, description: d, example: e}, example: e}\n    ShelfId:",
        "unused-component",
        "Lost",
    ],
    ["offset: offset, items", "offset: limits, items", "pagination", "limits"],
    ["items: results, key", "items: result, key", "pagination", "result,"],
    ["key: id, next", "key: name, next", "pagination", "name,"],
    ["next: _links.next }", "next: links.next }", "pagination", "links.next"],
    ["{ name: new, takes: [book_ids] }", "{ name: new, takes: [books] }", "constructors", "[books]"],
    ["{ name: new, takes: [book_ids] }", "{ name: new, sets: { books: [] } }", "constructors", "books:"],
    [
        "{ name: new, takes: [book_ids] }",
        "{ name: new, takes: [book_ids], sets: { book_ids: [] } }",
        "constructors",
        "book_ids: []",
    ],
    [
        "{ name: new, takes: [book_ids] }",
        "{ name: new, takes: [book_ids] }, { name: of, takes: [book_ids] }",
        "constructors",
        "of,",
    ],
    ["    BookId: { type: string,", "    BookId: { x-money: minor, type: string,", "money", "minor,"],
    [
        "next: { description: The next page.,",
        "fees: { description: d, type: array, items: { description: d, type: number, example: 1 } }\n        next: { description: The next page.,",
        "money",
        "fees:",
    ],
    [
        "next: { description: The next page.,",
        "sum: { description: In pence., type: integer, example: 1 }\n        next: { description: The next page.,",
        "money",
        "sum:",
    ],
    ["    BookId: { type: string,", "    BookId: { x-money: pence, type: string,", "value", "pence,"],
    ["    BookId: { type: string,", "    BookId: { x-made-from: [Book], type: string,", "made-from", "[Book]"],
    ["    BookId: { type: string,", "    BookId: { x-made-from: [BookId], type: string,", "made-from", "[BookId]"],
    [
        "      x-enum-descriptions: { EN",
        "      x-made-from: [BookId]\n      x-enum-descriptions: { EN",
        "made-from",
        "[BookId]",
    ],
    ["    BookId: { type: string,", "    BookId: { type: string, format: uuid,", "format", "uuid"],
    ["        \"200\":", "        \"0200\":", "status", "0200"],
    ["        \"200\":", "        \"0404\": { description: d }\n        \"200\":", "status", "0404"],
    ["          description: Changed.", "          $ref: '#/components/responses/None'", "reference", "responses/None"],
    [
        "      type: string\n      enum: [EN, FR]",
        "      deprecated: true\n      type: string\n      enum: [EN, FR]",
        "mark",
        "Language",
    ],
    ["enum: [EN, FR]", "enum: []", "enum", "enum: []"],
    // What the docs would take for a link or a tag.
    ["description: A book.", "description: A book <id>.", "markup", "<id>"],
    ["summary: List books", "summary: List | books", "markup", "List |"],
    ["description: A book.", "description: \"A \\u202ebook\"", "character", "u202e"],
    ["description: A book.", "description: \"A book.\\n\\n~~~\\nrun()\"", "markup", "run()"],
    ["title: Shelves", "title: \"\\u200bShelves\"", "character", "Shelves"],
    ["description: The books of a shelf.", "description: Send filter[x].", "markup", "filter[x]"],
    ["https://shelves.example/list", "https://shelves.example/li)st", "documentation-page", "li)st"],
    ["url: https://shelves.example/list }", "url: https://other.example/list }", "documentation-page", "other.example"],
    // What the docs need.
    ["      summary: List books\n", "", "description", "operationId: shelves_list_books"],
    ["          description: A part of the title.\n", "", "description", "search"],
    [
        "      externalDocs: { description: List books, url: https://shelves.example/list }\n",
        "",
        "documentation-page",
        "operationId: shelves_list_books",
    ],
    ["          example: moby\n", "", "example", "search"],
    ["          deprecated: true\n          example: Whales", "          deprecated: true", "example", "name:"],
    ["example: 5 }\n          example: 5\n", "example: 5 }\n          example: 5.0\n", "example", "example: 5.0"],
    [
        "example: 5 }\n          example: 5\n",
        "example: 5 }\n          example: 18446744073709551615\n",
        "example",
        "18446744073709551615",
    ],
    ["    Failure:\n", "    Alias: { $ref: '#/components/schemas/BookId' }\n    Failure:\n", "reference", "Alias:"],
    ["example: { book_ids: [b1] }", "example: {}", "example", "example: {}"],
    // What the tool could not make code of.
    [
        "    UpdateShelf:\n",
        "    Unused: {type: string, description: d, example: e}\n    UpdateShelf:\n",
        "unused-schema",
        "Unused",
    ],
    [
        "      description: Changes to a shelf.",
        "      description: Changes.\n      x-constructors: [{name: a, takes: [nothing]}, {name: b, takes: [name]}]",
        "constructors",
        "nothing",
    ],
    [
        "      description: Changes to a shelf.",
        "      description: Changes.\n      x-constructors: [{name: a, takes: [name]}, {name: a, takes: [book_ids]}]",
        "constructors",
        "a, takes: [book_ids]",
    ],
    [
        "          description: The new name.\n",
        "          description: The new name.\n          description: Twice.\n",
        "duplicate-key",
        "Twice",
    ],
    ["  description: A small invented API.\n", "", "missing-key", "title: Shelves"],
    [
        "  /shelves/{shelf_id}/books/:",
        "  /other/: { $ref: elsewhere.yaml }\n  /shelves/{shelf_id}/books/:",
        "unknown-key",
        "$ref: elsewhere.yaml",
    ],
];

#[test]
fn every_rule_is_reported_with_its_place() {
    for [from, to, rule, line] in DEFECTS {
        let found = diagnostics(from, to);
        assert!(found.contains(&format!("error[{rule}]")), "{from:?} gives no {rule}:\n{found}");
        let at_line = found.lines().any(|shown| {
            shown.contains(" | ") && shown.contains(line) && shown.starts_with(|c: char| c.is_ascii_digit() || c == ' ')
        });
        assert!(at_line, "{rule} does not show {line:?}:\n{found}");
        assert!(found.contains("help: ") && found.contains("openapi.yaml:"), "{found}");
    }
}

#[test]
fn what_a_parameter_cannot_be_is_reported_with_what_it_can_be() {
    const QUERY: &str = "schema: { type: string, description: A text., example: moby }\n          example: moby";
    const PATH: &str = "schema: { $ref: \"#/components/schemas/ShelfId\" }\n      example: a1";
    let list = |items: &str| format!("schema: {{ type: array, description: d, example: [], items: {items} }}\n");
    let text = "{ type: string, description: d, example: a }";
    let object = "schema: { $ref: '#/components/schemas/BookIds' }\n";
    let (values, in_a_list) =
        ("use a string, a number", "a list is sent as `a=1&a=2`, or with `explode: false` as `a=1,2`");
    for (from, to, help) in [
        (QUERY, list(&format!("{{ type: array, description: d, example: [], items: {text} }}")), values),
        (QUERY, list("{ $ref: '#/components/schemas/BookIds' }"), values),
        (QUERY, format!("style: spaceDelimited\n          {}", list(text)), in_a_list),
        (QUERY, object.to_owned(), "write `style: deepObject` alone"),
        (QUERY, format!("style: deepObject\n          {object}"), values),
        (
            QUERY,
            format!(
                "explode: false\n          {}",
                list("{ type: string, enum: ['a,b'], description: d, example: a }")
            ),
            "remove `explode: false`: the service would read two values",
        ),
        (
            QUERY,
            format!("explode: false\n          {}          example: ['a,b']", list(text)),
            "give something to send",
        ),
        (QUERY, format!("required: true\n          {}          example: []", list(text)), "give something to send"),
        (PATH, list(text), values),
    ] {
        let found = diagnostics(from, &to);
        assert!(found.contains("error[parameter]") && found.contains(help), "{to}: {found}");
    }
}

#[test]
fn a_name_that_is_taken_is_reported_with_what_to_do() {
    for (from, to, help) in [
        ("shelves_update", "shelves_send", "its request type would have the name `Send`, which is taken: add a word"),
        ("shelves_update", "shelves_types", "it would have the name `types`, which is taken: add a word"),
        ("      name: shelf_id", "      name: timeout", "rename it, here and in the path"),
    ] {
        let found = diagnostics(from, to);
        assert!(found.contains(help), "{found}");
    }
}

#[test]
fn what_is_not_a_document_at_all() {
    for text in [
        "",
        "\0",
        "[]",
        "openapi: 3",
        "openapi: [3]",
        "a: *b",
        "a: &a [*a]",
        "\u{feff}",
        "openapi: 3.0.3\n\tinfo: 1",
        "--- a\n--- b",
    ] {
        let found = of(text);
        assert!(found.contains("error[") && found.contains("help: "), "{text:?}: {found}");
    }
}

/// A document with this webhook.
fn with_webhook(post: &str) -> String {
    FIXTURE.replacen("paths:", &format!("x-webhooks:\n  lent:\n    post:\n{post}paths:"), 1)
}

const WEBHOOK: &str = "      tags: [shelves]
      summary: Receive a book
      description: A book was lent.
      externalDocs: { description: Receive a book, url: https://shelves.example/receive }
      requestBody:
        description: The book.
        required: true
        content: { application/json: { schema: { $ref: '#/components/schemas/Book' }, example: { id: b1, title: A } } }
      responses: { '200': { description: It is received. } }
";

/// What the service sends by itself is checked like what is sent to it.
#[test]
fn a_webhook_follows_the_rules() {
    assert!(module(&Folder::of_one(Path::new("openapi.yaml"), &with_webhook(WEBHOOK)), "").is_ok());
    for (from, to, rule) in [
        ("[shelves]", "[shelf]", "tag"),
        ("[shelves]", "[]", "tag"),
        ("shelves.example", "elsewhere.example", "documentation-page"),
        ("A book was lent.", "''", "description"),
        ("The book.", "''", "description"),
        ("It is received.", "'[x](https://x.example)'", "markup"),
        ("Receive a book\n", "TODO\n", "todo"),
        ("required: true", "required: false", "request-body"),
        ("application/json", "application/xml", "media-type"),
        ("schemas/Book'", "schemas/Bok'", "reference"),
        ("{ id: b1", "{ ib: b1", "example"),
        ("      tags", "      operationId: lent\n      tags", "unknown-key"),
        ("      summary: Receive a book\n", "", "missing-key"),
    ] {
        let text = WEBHOOK.replacen(from, to, 1);
        assert!(text != WEBHOOK, "{from}");
        let found = of(&with_webhook(&text));
        assert!(found.contains(&format!("error[{rule}]")), "{to}: {found}");
    }
}

/// Whatever line is lost, the result is a module or a diagnostic.
#[test]
fn no_loss_of_a_line_panics() {
    let lines: Vec<_> = FIXTURE.lines().collect();
    for lost in 0..lines.len() {
        let rest: Vec<_> = lines.iter().enumerate().filter(|(at, _)| *at != lost).map(|(_, line)| *line).collect();
        if let Err(diagnostics) = module(&Folder::of_one(Path::new("openapi.yaml"), &rest.join("\n")), "") {
            let rules: Vec<_> = diagnostics.list.iter().map(|diagnostic| diagnostic.rule).collect();
            // These would mean that the rules let something through that a later step stumbles over.
            for gap in ["openapi", "progenitor", "render", "rustfmt", "format"] {
                assert!(!rules.contains(&gap), "without {:?}:\n{diagnostics}", lines[lost]);
            }
        }
    }
}

/// Each diagnostic shows its own lines; the rest of the document is not gone through for it.
#[test]
fn many_findings_in_a_long_document_are_shown_in_their_places() {
    let long = FIXTURE.replacen("      description: A book.", "      descripton: A book.", 1) + &"\n".repeat(1_000_000);
    assert!(of(&long).contains("--> openapi.yaml:156:7"), "{}", of(&long));
    let many = FIXTURE.replacen("description: ", "descripton: ", 1_000);
    let found = of(&many);
    assert!(found.matches("error[").count() > 30, "{found}");
}

#[test]
fn a_place_is_right_whatever_ends_the_lines() {
    let text = FIXTURE.replacen("      description: A book.", "      descripton: A book.", 1);
    for end in ["\n", "\r\n", "\r"] {
        let found = of(&text.replace('\n', end));
        assert!(found.contains("--> openapi.yaml:156:7") && found.contains("descripton: A book."), "{end:?}: {found}");
    }
}

/// The names in the sources: `name: "…"` of a rule, and the first argument of a finding.
#[test]
fn each_rule_has_a_page_and_each_page_a_rule() {
    fn read(folder: &Path, text: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                read(&entry, text);
            } else {
                *text += &std::fs::read_to_string(&entry).unwrap();
            }
        }
    }
    let mut sources = String::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
    let sources = sources.split_whitespace().collect::<String>();
    let mut named = std::collections::BTreeSet::new();
    for before in ["Rule{name:\"", "Diagnostic::new(\"", "Diagnostic::whole(\"", "constRULE:&str=\""] {
        named.extend(sources.split(before).skip(1).filter_map(|rest| rest.split('"').next()));
    }
    let pages: std::collections::BTreeSet<_> = rules::pages().map(|(name, _)| name).collect();
    assert_eq!(named.symmetric_difference(&pages).collect::<Vec<_>>(), Vec::<&&str>::new());
    assert!(rules::pages().all(|(name, page)| page.len() > 40 && rules::why(name).ends_with('.')));
}
