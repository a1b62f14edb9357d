//! A document of several files: what they are to each other, and where a finding in one of them points.

#![allow(clippy::unwrap_used, clippy::too_many_lines, reason = "a test fails by panicking, and shows what is printed")]

#[path = "common/fragments.rs"]
mod fragments;

use std::fs;

use build_tools::{Folder, module};

/// A folder with the document of the workspace, after a change in one file.
fn changed(file: &str, from: &str, to: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fragments::copy(folder.path());
    let path = folder.path().join(file);
    let text = fs::read_to_string(&path).unwrap_or_default();
    assert!(text.contains(from), "{from:?} is not in {file}");
    fs::write(path, if from.is_empty() { to.to_owned() } else { text.replacen(from, to, 1) }).unwrap();
    folder
}

fn diagnostics(file: &str, from: &str, to: &str) -> String {
    let folder = changed(file, from, to);
    let read = Folder::read(folder.path(), "openapi");
    read.and_then(|folder| module(&folder, "")).unwrap_err().to_string()
}

#[test]
fn a_finding_points_into_its_fragment() {
    insta::assert_snapshot!(diagnostics("workspaces.yaml", "summary: List workspaces", "summary: ''"), @"
    error[description]: the operation's `summary` is missing
      --> openapi/workspaces.yaml:13:7
       |
    13 |       operationId: workspaces_list
       |       ^
       |
       = note: Everything has a description, and every operation a summary. They become the documentation of what is generated.
       = help: add it in your own words: it becomes the doc comment
    ");
    insta::assert_snapshot!(diagnostics("users.yaml", "summary: Get", "summary: [Get"), @"
    error[yaml]: illegal placement of ':' indicator
      --> openapi/users.yaml:16:18
       |
    16 |       description: Returns the account that the token belongs to. The simplest way to find out whether a token works.
       |                  ^
       |
       = note: The file is YAML that a program reads as it was meant: one document, with no value nested more than 64 levels deep, and no more than a million values. Most errors are an indentation, or a text with `: ` or ` #` that is not in quotes.
       = help: fix the YAML at this place or just before it: check the indentation, and put a text with `: ` or ` #` in quotes
    ");
}

#[test]
fn a_reference_names_the_file_of_its_component() {
    let (to_other, to_none) =
        ("\"common.yaml#/components/schemas/WorkspaceId\"", "\"#/components/schemas/WorkspaceId\"");
    insta::assert_snapshot!(diagnostics("workspaces.yaml", to_other, to_none), @r##"
    error[reference]: `workspaces.yaml` does not define this component
      --> openapi/workspaces.yaml:80:21
       |
    80 |             - $ref: "#/components/schemas/WorkspaceId"
       |                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = note: Every `$ref` leads to a component: of the same file, or of one that stands before it in `x-fragments`. A component is not just another name of a component. The generator follows references, and each has one meaning.
       = help: write `common.yaml#/components/schemas/WorkspaceId`
    "##);
    let (own, wrong) = ("\"#/components/schemas/WorkspaceUser\"", "\"users.yaml#/components/schemas/WorkspaceUser\"");
    insta::assert_snapshot!(diagnostics("workspaces.yaml", own, wrong), @r#"
    error[reference]: `users.yaml` stands after this file in the list of fragments
       --> openapi/workspaces.yaml:100:19
        |
    100 |             $ref: "users.yaml#/components/schemas/WorkspaceUser"
        |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = note: Every `$ref` leads to a component: of the same file, or of one that stands before it in `x-fragments`. A component is not just another name of a component. The generator follows references, and each has one meaning.
        = help: move what both need to a file that stands before both
    "#);
    let elsewhere = "\"../secret.yaml#/components/schemas/WorkspaceUser\"";
    insta::assert_snapshot!(diagnostics("workspaces.yaml", own, elsewhere), @r#"
    error[reference]: `../secret.yaml` is not a file of this document
       --> openapi/workspaces.yaml:100:19
        |
    100 |             $ref: "../secret.yaml#/components/schemas/WorkspaceUser"
        |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = note: Every `$ref` leads to a component: of the same file, or of one that stands before it in `x-fragments`. A component is not just another name of a component. The generator follows references, and each has one meaning.
        = help: refer to a file that the root lists in `x-fragments`, by its name
    "#);
    insta::assert_snapshot!(diagnostics("workspaces.yaml", own, "\"#/components/schemas/Nobody\""), @r##"
    error[reference]: `#/components/schemas/Nobody` does not refer to a component
       --> openapi/workspaces.yaml:100:19
        |
    100 |             $ref: "#/components/schemas/Nobody"
        |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = note: Every `$ref` leads to a component: of the same file, or of one that stands before it in `x-fragments`. A component is not just another name of a component. The generator follows references, and each has one meaning.
        = help: define the component, or correct the name
    "##);
}

#[test]
fn a_fragment_refers_to_no_later_one() {
    let own = "\"#/components/schemas/WorkspaceUser\"";
    let later = "\"users.yaml#/components/schemas/CurrentUser\"";
    insta::assert_snapshot!(diagnostics("workspaces.yaml", own, later), @r#"
    error[reference]: `users.yaml` stands after this file in the list of fragments
       --> openapi/workspaces.yaml:100:19
        |
    100 |             $ref: "users.yaml#/components/schemas/CurrentUser"
        |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        |
        = note: Every `$ref` leads to a component: of the same file, or of one that stands before it in `x-fragments`. A component is not just another name of a component. The generator follows references, and each has one meaning.
        = help: move what both need to a file that stands before both
    "#);
}

#[test]
fn the_list_of_fragments_is_complete_and_says_nothing_twice() {
    insta::assert_snapshot!(diagnostics("prolific.yaml", "  - users.yaml\n", ""), @"
    error[fragment]: prolific.yaml does not list this file, so that nothing in it would be generated
    --> openapi/users.yaml
     = note: `x-fragments` in the root lists each file of the folder once. What is in a file that is not listed would be missing from the SDK without a word.
     = help: add `users.yaml` to `x-fragments` there, or move the file to another folder
    ");
    insta::assert_snapshot!(diagnostics("prolific.yaml", "- users.yaml", "- ../users.yaml\n  - common.yaml\n  - 1"), @"
    error[fragment]: there is no fragment `../users.yaml` beside this file
      --> openapi/prolific.yaml:26:5
       |
    26 |   - ../users.yaml
       |     ^^^^^^^^^^^^^
       |
       = note: `x-fragments` in the root lists each file of the folder once. What is in a file that is not listed would be missing from the SDK without a word.
       = help: write the name of a YAML file of this folder, without a path

    error[fragment]: `common.yaml` is listed twice
      --> openapi/prolific.yaml:27:5
       |
    27 |   - common.yaml
       |     ^^^^^^^^^^^
       |
       = note: `x-fragments` in the root lists each file of the folder once. What is in a file that is not listed would be missing from the SDK without a word.
       = help: remove one of the two

    error[fragment]: there is no fragment `a number` beside this file
      --> openapi/prolific.yaml:28:5
       |
    28 |   - 1
       |     ^
       |
       = note: `x-fragments` in the root lists each file of the folder once. What is in a file that is not listed would be missing from the SDK without a word.
       = help: write the name of a YAML file of this folder, without a path

    error[fragment]: prolific.yaml does not list this file, so that nothing in it would be generated
    --> openapi/users.yaml
     = note: `x-fragments` in the root lists each file of the folder once. What is in a file that is not listed would be missing from the SDK without a word.
     = help: add `users.yaml` to `x-fragments` there, or move the file to another folder
    ");
    insta::assert_snapshot!(diagnostics("prolific.yaml", "x-fragments:", "x-fragments: users.yaml\nx-more:"), @r#"
    error[fragment]: expected a list of files, found a string
      --> openapi/prolific.yaml:22:14
       |
    22 | x-fragments: users.yaml
       |              ^^^^^^^^^^
       |
       = note: `x-fragments` in the root lists each file of the folder once. What is in a file that is not listed would be missing from the SDK without a word.
       = help: list the names of the fragments

    error[unknown-key]: unknown key `x-more`, expected one of openapi, info, servers, externalDocs, tags, security, x-common-responses, paths, x-webhooks, components
      --> openapi/prolific.yaml:23:1
       |
    23 | x-more:
       | ^^^^^^
       |
       = note: Only what the generator understands may be written. It would drop anything else without a word.
       = help: openapi/README.md lists what may be written

    error[reference]: `common.yaml` is not a file of this document
      --> openapi/prolific.yaml:32:18
       |
    32 |   "400": { $ref: "common.yaml#/components/responses/BadRequest" }
       |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = note: Every `$ref` leads to a component: of the same file, or of one that stands before it in `x-fragments`. A component is not just another name of a component. The generator follows references, and each has one meaning.
       = help: refer to a file that the root lists in `x-fragments`, by its name

    error[reference]: `common.yaml` is not a file of this document
      --> openapi/prolific.yaml:33:18
       |
    33 |   "401": { $ref: "common.yaml#/components/responses/Unauthorized" }
       |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = note: Every `$ref` leads to a component: of the same file, or of one that stands before it in `x-fragments`. A component is not just another name of a component. The generator follows references, and each has one meaning.
       = help: refer to a file that the root lists in `x-fragments`, by its name

    error[reference]: `common.yaml` is not a file of this document
      --> openapi/prolific.yaml:34:18
       |
    34 |   "404": { $ref: "common.yaml#/components/responses/NotFound" }
       |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = note: Every `$ref` leads to a component: of the same file, or of one that stands before it in `x-fragments`. A component is not just another name of a component. The generator follows references, and each has one meaning.
       = help: refer to a file that the root lists in `x-fragments`, by its name

    error[reference]: `common.yaml` is not a file of this document
      --> openapi/prolific.yaml:35:18
       |
    35 |   "405": { $ref: "common.yaml#/components/responses/MethodNotAllowed" }
       |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = note: Every `$ref` leads to a component: of the same file, or of one that stands before it in `x-fragments`. A component is not just another name of a component. The generator follows references, and each has one meaning.
       = help: refer to a file that the root lists in `x-fragments`, by its name

    error[reference]: `common.yaml` is not a file of this document
      --> openapi/prolific.yaml:36:18
       |
    36 |   "422": { $ref: "common.yaml#/components/responses/UnprocessableEntity" }
       |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = note: Every `$ref` leads to a component: of the same file, or of one that stands before it in `x-fragments`. A component is not just another name of a component. The generator follows references, and each has one meaning.
       = help: refer to a file that the root lists in `x-fragments`, by its name

    error[reference]: `common.yaml` is not a file of this document
      --> openapi/prolific.yaml:37:18
       |
    37 |   "429": { $ref: "common.yaml#/components/responses/TooManyRequests" }
       |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = note: Every `$ref` leads to a component: of the same file, or of one that stands before it in `x-fragments`. A component is not just another name of a component. The generator follows references, and each has one meaning.
       = help: refer to a file that the root lists in `x-fragments`, by its name
    "#);
}

#[test]
fn a_path_or_a_component_is_in_one_fragment() {
    let path = "paths:\n  /api/v1/workspaces/: {}\n";
    insta::assert_snapshot!(diagnostics("users.yaml", "paths:\n", path), @"
    error[duplicate-key]: `/api/v1/workspaces/` is in workspaces.yaml too
      --> openapi/users.yaml:11:3
       |
    11 |   /api/v1/workspaces/: {}
       |   ^^^^^^^^^^^^^^^^^^^
       |
       = note: A key stands once in a mapping, and a path or a component in one fragment. Which of two would count differs from tool to tool.
       = help: remove or rename one of the two
    ");
    let schema = "  schemas:\n    Workspace: {}\n";
    insta::assert_snapshot!(diagnostics("users.yaml", "  schemas:\n", schema), @"
    error[duplicate-key]: `Workspace` is in workspaces.yaml too
      --> openapi/users.yaml:33:5
       |
    33 |     Workspace: {}
       |     ^^^^^^^^^
       |
       = note: A key stands once in a mapping, and a path or a component in one fragment. Which of two would count differs from tool to tool.
       = help: remove or rename one of the two
    ");
}

#[test]
fn what_belongs_to_the_root_is_no_part_of_a_fragment() {
    insta::assert_snapshot!(diagnostics("users.yaml", "paths:\n", "servers: []\npaths:\n"), @"
    error[unknown-key]: unknown key `servers`, expected one of openapi, info, tags, paths, x-webhooks, components
      --> openapi/users.yaml:10:1
       |
    10 | servers: []
       | ^^^^^^^
       |
       = note: Only what the generator understands may be written. It would drop anything else without a word.
       = help: openapi/README.md lists what may be written
    ");
    insta::assert_snapshot!(diagnostics("users.yaml", "paths:\n", "paths: []\nx: \n"), @"
    error[value]: expected a mapping, found a list
      --> openapi/users.yaml:10:8
       |
    10 | paths: []
       |        ^
       |
       = note: A value has the type that its key asks for. An unquoted `3`, `true` or `null` is not a text.
       = help: openapi/README.md shows the form

    error[unknown-key]: unknown key `x`, expected one of openapi, info, tags, paths, x-webhooks, components
      --> openapi/users.yaml:11:1
       |
    11 | x: 
       | ^
       |
       = note: Only what the generator understands may be written. It would drop anything else without a word.
       = help: openapi/README.md lists what may be written

    error[unknown-key]: unknown key `x`, expected one of openapi, info, servers, externalDocs, tags, security, x-common-responses, paths, x-webhooks, components
      --> openapi/users.yaml:11:1
       |
    11 | x: 
       | ^
       |
       = note: Only what the generator understands may be written. It would drop anything else without a word.
       = help: openapi/README.md lists what may be written
    ");
    insta::assert_snapshot!(diagnostics("users.yaml", "openapi: 3.0.3", "openapi: 3.1.0"), @"
    error[openapi-version]: OpenAPI 3.1.0 is not supported
     --> openapi/users.yaml:2:10
      |
    2 | openapi: 3.1.0
      |          ^^^^^
      |
      = note: The files are OpenAPI 3.0.3, the version that progenitor reads. The vendor's document, which is 3.0 or 3.1, is not generated from: `cargo codegen drift` compares it with ours, and `cargo codegen adopt` drafts a fragment from it.
      = help: write it in OpenAPI 3.0.3, or compare it with `cargo codegen drift --upstream FILE`
    ");
}

#[test]
fn an_example_is_data_and_a_property_may_have_its_name() {
    let example = "example:\n                id: 60a42f4c693c29420793cb73\n                $ref: nowhere.yaml#/components/schemas/X";
    let id = "example:\n                id: 60a42f4c693c29420793cb73";
    insta::assert_snapshot!(diagnostics("users.yaml", id, example), @"
    error[example]: the example does not match its schema: Additional properties are not allowed ('$ref' was unexpected)
      --> openapi/users.yaml:28:17
       |
    28 |                 id: 60a42f4c693c29420793cb73
       |                 ^
       |
       = note: Every schema, property, parameter and body has an example that is valid by its schema. Generated tests and doc examples use them, and the sandbox responds with them.
       = help: correct the example or the schema
    ");
    let property = "properties:\n        example:\n          description: Nothing.\n          allOf: [{ $ref: '#/components/schemas/None' }]";
    insta::assert_snapshot!(diagnostics("users.yaml", "properties:", property), @"
    error[reference]: `#/components/schemas/None` does not refer to a component
      --> openapi/users.yaml:40:27
       |
    40 |           allOf: [{ $ref: '#/components/schemas/None' }]
       |                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = note: Every `$ref` leads to a component: of the same file, or of one that stands before it in `x-fragments`. A component is not just another name of a component. The generator follows references, and each has one meaning.
       = help: define the component, or correct the name
    ");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let folder = changed("users.yaml", "paths", "paths");
    fs::write(folder.path().join("users.yaml"), b"\xff\xfe").unwrap();
    insta::assert_snapshot!(Folder::read(folder.path(), "openapi").unwrap_err(), @"
    error[file]: the OpenAPI document cannot be read: stream did not contain valid UTF-8
    --> openapi/users.yaml
     = note: Every file of the document can be read: it is where it should be, UTF-8, and not larger than 16 MB.
     = help: save it as UTF-8
    ");
    fs::write(folder.path().join("users.yaml"), vec![b'\n'; 50 << 20]).unwrap();
    insta::assert_snapshot!(Folder::read(folder.path(), "openapi").unwrap_err(), @"
    error[file]: the OpenAPI document cannot be read: it is larger than 16 MB
    --> openapi/users.yaml
     = note: Every file of the document can be read: it is where it should be, UTF-8, and not larger than 16 MB.
     = help: descriptions of APIs are far smaller: this seems to be something else
    ");
}

#[test]
#[cfg(unix)]
fn what_is_no_regular_file_is_not_read() {
    let folder = changed("users.yaml", "paths", "paths");
    std::os::unix::fs::symlink("/dev/zero", folder.path().join("zero.yaml")).unwrap();
    let found = Folder::read(folder.path(), "openapi").unwrap_err().to_string();
    assert!(found.contains("it is not a regular file") && found.contains("openapi/zero.yaml"), "{found}");
}
