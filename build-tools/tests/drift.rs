//! Our document against the vendor's: what is reported, as what, and what is known already.

#![allow(clippy::unwrap_used, clippy::panic, clippy::too_many_lines, reason = "a test fails by panicking")]

#[path = "common/fragments.rs"]
mod fragments;

use std::fs;
use std::path::Path;

use build_tools::diagnostic::Diagnostics;
use build_tools::upstream;
use build_tools::upstream::drift::Drift;
use build_tools::upstream::drift::accepted::Accepted;
use build_tools::upstream::vendor::Vendor;
use build_tools::{Folder, drift};
use serde_json::{Map, Value, json};
use time::{Date, Month};

/// A workspace with our fragments, and with these accepted differences.
fn root(accepted: &str) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("openapi")).unwrap();
    fragments::copy(&root.path().join("openapi"));
    fs::write(root.path().join("openapi/accepted-differences.toml"), accepted).unwrap();
    root
}

/// A vendor's document that says what ours says.
fn same() -> Value {
    fragments::bundle()
}

fn today() -> Date {
    Date::from_calendar_date(2026, Month::November, 24).unwrap()
}

fn compare(accepted: &str, vendor: &Value) -> Result<Drift, Diagnostics> {
    let root = root(accepted);
    let file = root.path().join("vendor.json");
    fs::write(&file, vendor.to_string()).unwrap();
    drift(root.path(), &file, today())
}

/// The differences, a line each.
fn differences(vendor: &Value) -> Vec<String> {
    let report = compare("", vendor).unwrap().to_json();
    let text = |found: &Value, key: &str| found[key].as_str().unwrap().to_owned();
    let all = report["differences"].as_array().unwrap().iter();
    all.map(|found| ["consequence", "operation", "at", "difference"].map(|key| text(found, key)).join(" | ")).collect()
}

/// A JSON pointer, and what is there after a change.
type Change = (String, Value);

/// The vendor's document after a change at a JSON pointer. Null removes what is there.
fn changed(changes: &[(&str, Value)]) -> Value {
    let mut vendor = same();
    for (pointer, value) in changes {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let key = key.replace("~1", "/");
        let parent = vendor.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {parent}"));
        match (parent, value) {
            (Value::Object(fields), Value::Null) => drop(fields.remove(&key).unwrap()),
            (Value::Object(fields), value) => drop(fields.insert(key, value.clone())),
            (Value::Array(items), value) => items.push(value.clone()),
            _ => panic!("{pointer}"),
        }
    }
    vendor
}

const LIST: &str = "/paths/~1api~1v1~1workspaces~1/get";
const CREATE: &str = "/paths/~1api~1v1~1participant-groups~1/post";
const WORKSPACE: &str = "/components/schemas/Workspace";
const NEW_GROUP: &str = "/components/schemas/CreateParticipantGroup";

#[test]
fn a_document_that_says_the_same_does_not_differ() {
    let drift = compare("", &same()).unwrap();
    assert!(drift.is_empty());
    insta::assert_snapshot!(drift.render().split_once(": ").unwrap().1, @"
    OpenAPI 3.0.3, 10 operations

    0 differences; 0 accepted
    ");
}

/// The forms that 3.1 has for what 3.0 says otherwise, and inline schemas for references.
#[test]
fn a_document_of_another_version_that_says_the_same_does_not_differ() {
    fn convert(value: &mut Value) {
        if let Value::Object(fields) = value {
            if fields.remove("nullable").is_some() {
                if fields.contains_key("enum") {
                    *fields = Map::from_iter([("type".to_owned(), json!("null"))]);
                } else {
                    let kind = fields["type"].clone();
                    fields.insert("type".to_owned(), json!([kind, "null"]));
                }
            }
            if let Some(Value::Array(parts)) = fields.get("allOf")
                && let [part] = parts.as_slice()
            {
                let reference = part["$ref"].clone();
                fields.remove("allOf");
                fields.insert("$ref".to_owned(), reference);
            }
        }
        match value {
            Value::Object(fields) => fields.values_mut().for_each(convert),
            Value::Array(items) => items.iter_mut().for_each(convert),
            _ => {}
        }
    }
    let mut vendor = same();
    convert(&mut vendor);
    vendor["openapi"] = json!("3.1.0");
    vendor["paths"][LIST.split('/').nth(2).unwrap().replace("~1", "/")]["get"]["operationId"] = json!("other-id");
    assert_eq!(differences(&vendor), [""; 0]);
}

#[test]
fn each_kind_of_difference_has_its_consequence() {
    let at = |start: &str, rest: &str| format!("{start}/{rest}");
    let cases: Vec<(Vec<Change>, Vec<&str>)> = vec![
        (
            vec![("/paths/~1api~1v1~1users~1me~1".into(), Value::Null)],
            vec!["may break calls | users_me | operation | only here"],
        ),
        (
            vec![(at(LIST, "deprecated"), json!(true))],
            vec!["documentation | workspaces_list | operation | deprecated: no here, yes there"],
        ),
        (
            vec![(
                at(LIST, "parameters/-"),
                json!({ "name": "sort", "in": "query", "required": true, "schema": { "type": "string" } }),
            )],
            vec!["may break calls | workspaces_list | query sort | only there: string, required"],
        ),
        (
            vec![(at(LIST, "parameters/-"), json!({ "name": "sort", "in": "query", "schema": { "type": "string" } }))],
            vec!["new there | workspaces_list | query sort | only there: string, optional"],
        ),
        (
            vec![(
                at(NEW_GROUP, "properties/colour"),
                json!({ "type": "object", "properties": { "red": { "type": "integer" } } }),
            )],
            vec!["new there | participant_groups_create | request colour | only there: object, optional"],
        ),
        (
            vec![(at(NEW_GROUP, "required/-"), json!("description"))],
            vec!["may break calls | participant_groups_create | request description | required: no here, yes there"],
        ),
        (
            vec![(at(NEW_GROUP, "properties/description"), Value::Null)],
            vec!["may break calls | participant_groups_create | request description | only here: string, optional"],
        ),
        (
            vec![(at(WORKSPACE, "properties/title/type"), json!("integer"))],
            vec!["may break reading | workspaces_list | response results[].title | type: string here, integer there"],
        ),
        (
            vec![(at(WORKSPACE, "properties/title/nullable"), json!(true))],
            vec!["may break reading | workspaces_list | response results[].title | nullable: no here, yes there"],
        ),
        (
            vec![(at(WORKSPACE, "properties/title"), Value::Null)],
            vec!["may break reading | workspaces_list | response results[].title | only here: string, required"],
        ),
        (
            vec![(at(WORKSPACE, "properties/colour"), json!({ "type": "string" }))],
            vec!["new there | workspaces_list | response results[].colour | only there: string, optional"],
        ),
        (
            vec![(at(WORKSPACE, "properties/description/format"), json!("uri"))],
            vec!["documentation | workspaces_list | response results[].description | format: none here, uri there"],
        ),
        (
            vec![
                (at(LIST, "responses/202"), same().pointer(&at(LIST, "responses/200")).unwrap().clone()),
                (at(LIST, "responses/200"), Value::Null),
            ],
            vec!["may break reading | workspaces_list | response | status: 200 here, 202 there"],
        ),
        (
            vec![
                (at(LIST, "responses/409"), json!({ "description": "No." })),
                (at(LIST, "responses/404"), Value::Null),
            ],
            vec![
                "new there | workspaces_list | response 409 | only there",
                "documentation | workspaces_list | response 404 | only here",
            ],
        ),
        (
            vec![(at(LIST, "responses/200/content/text~1csv"), json!({ "schema": { "type": "string" } }))],
            vec![
                "new there | workspaces_list | response | body: application/json here, application/json or text/csv there",
            ],
        ),
        (
            vec![
                (
                    at(LIST, "responses/200/content/text~1csv"),
                    same().pointer(&at(LIST, "responses/200/content/application~1json")).unwrap().clone(),
                ),
                (at(LIST, "responses/200/content/application~1json"), Value::Null),
            ],
            vec!["may break reading | workspaces_list | response | body: application/json here, text/csv there"],
        ),
        (
            vec![(at(CREATE, "requestBody/required"), json!(false))],
            vec!["documentation | participant_groups_create | request | required: yes here, no there"],
        ),
    ];
    for (changes, expected) in cases {
        let changes: Vec<_> = changes.iter().map(|(pointer, value)| (pointer.as_str(), value.clone())).collect();
        assert_eq!(differences(&changed(&changes)), expected, "{changes:?}");
    }
}

#[test]
fn the_values_of_an_enum_are_compared_one_by_one() {
    let found = differences(&changed(&[(
        "/components/schemas/FeederAction/enum",
        json!(["ADD_TO_PARTICIPANT_GROUP", "ON HOLD"]),
    )]));
    let at = "participant_groups_get | response feeder_studies[].feeder_completion_codes[].action";
    for expected in [
        format!("new there | {at} | value only there: \"ON HOLD\""),
        format!("documentation | {at} | value only here: \"REMOVE_FROM_PARTICIPANT_GROUP\""),
    ] {
        assert!(found.contains(&expected), "{found:#?}");
    }
}

#[test]
fn people_read_the_most_consequential_first_and_a_repeated_one_once() {
    let mut vendor = changed(&[
        (&format!("{WORKSPACE}/properties/colour"), json!({ "type": "string" })),
        (&format!("{NEW_GROUP}/required/-"), json!("description")),
        ("/components/schemas/PageMeta/properties/count/type", json!("string")),
    ]);
    vendor["paths"]["/api/v1/plans/"] = json!({ "get": { "operationId": "list-plans", "tags": ["plans\u{202e}"] } });
    let text = compare("", &vendor).unwrap().render();
    insta::assert_snapshot!(text.split_once(": ").unwrap().1, @"
    OpenAPI 3.0.3, 11 operations

    participant-groups
      POST /api/v1/participant-groups/ (participant_groups_create)
        may break calls    request description  ·  required: no here, yes there

    workspaces
      GET /api/v1/workspaces/ (workspaces_list)
        new there          response results[].colour  ·  only there: string, optional

    in several operations
      may break reading  response meta.count  ·  type: integer here, string there
        participant_groups_list, participant_groups_list_participants, participant_groups_add_participants, participant_groups_remove_participants, workspaces_list

    7 differences; 0 accepted

    Only there, 1 operation:
      plans�: GET /api/v1/plans/ (list-plans)
    ");
}

#[test]
fn another_status_of_success_is_new_and_does_not_mix_with_the_first() {
    let other =
        json!({ "description": "Later.", "content": { "application/json": { "schema": { "type": "object" } } } });
    let found = differences(&changed(&[(&format!("{LIST}/responses/202"), other)]));
    assert_eq!(found, ["new there | workspaces_list | response 202 | only there"]);
}

#[test]
fn each_parameter_of_a_path_is_compared_by_its_position() {
    let parameter =
        |name: &str, kind: &str| json!({ "name": name, "in": "path", "required": true, "schema": { "type": kind } });
    let document = |second: &str, names: [&str; 2]| {
        let path = format!("/a/{{{}}}/b/{{{}}}/", names[0], names[1]);
        let mut document = same();
        document["paths"] = json!({ path: { "get": {
            "operationId": "things_get", "tags": ["things"], "responses": {},
            "parameters": [parameter(names[1], second), parameter(names[0], "string")],
        } } });
        Vendor::parse(Folder::of_one(Path::new("one.json"), &document.to_string())).unwrap()
    };
    let ours = document("string", ["id", "other_id"]);
    let compare = |theirs: &Vendor| upstream::drift::drift(&ours, theirs, &Accepted::default(), today()).to_json();
    assert_eq!(compare(&document("string", ["x", "y"]))["differences"], json!([]));
    let found = compare(&document("integer", ["x", "y"]));
    assert_eq!(found["differences"][0]["at"], "path 2");
}

/// OpenAPI's defaults count, whether they are written or not.
#[test]
fn a_list_is_compared_with_how_it_is_written() {
    let document = |more: Value| {
        let mut parameter =
            json!({ "name": "ids", "in": "query", "schema": { "type": "array", "items": { "type": "string" } } });
        parameter.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let mut document = same();
        document["paths"] = json!({ "/a/": { "get": {
            "operationId": "a_list", "tags": ["a"], "responses": {}, "parameters": [parameter],
        } } });
        Vendor::parse(Folder::of_one(Path::new("one.json"), &document.to_string())).unwrap()
    };
    let compare = |ours: Value, theirs: Value| {
        let found = upstream::drift::drift(&document(ours), &document(theirs), &Accepted::default(), today()).to_json();
        found["differences"].as_array().unwrap().iter().map(|one| one["difference"].clone()).collect::<Vec<_>>()
    };
    let commas = json!({ "explode": false });
    assert_eq!(compare(json!({}), json!({ "style": "form", "explode": true })), Vec::<Value>::new());
    assert_eq!(compare(commas.clone(), json!({ "style": "form", "explode": false })), Vec::<Value>::new());
    assert_eq!(compare(json!({}), commas.clone()), ["form: form here, form in one value there"]);
    let pipes = json!({ "style": "pipeDelimited", "explode": false });
    assert_eq!(compare(commas, pipes), ["form: form in one value here, pipeDelimited in one value there"]);
}

#[test]
fn a_document_with_very_many_differences_is_reported() {
    let mut vendor = same();
    let parameters: Vec<_> = (0..20_000).map(|n| json!({ "name": format!("p{n}"), "in": "query" })).collect();
    vendor["paths"]["/api/v1/workspaces/"]["get"]["parameters"] = json!(parameters);
    assert!(compare("", &vendor).unwrap().render().lines().count() > 20_000);
}

const ENTRY: &str = r#"
[[accepted]]
operations = "workspaces_*"
at = "response results[].colour"
difference = "only there: *"
document = "3.0"
reason = "Not needed."
source = "evidence/workspaces.md"
date = 2026-11-24
"#;

#[test]
fn an_accepted_difference_is_counted_and_not_reported() {
    let vendor = changed(&[(&format!("{WORKSPACE}/properties/colour"), json!({ "type": "string" }))]);
    let drift = compare(ENTRY, &vendor).unwrap();
    assert!(drift.is_empty());
    assert_eq!(drift.to_json()["accepted"], 1);
    // The value is part of what was accepted.
    let other = ENTRY.replace("only there: *", "only there: integer, optional");
    assert!(!compare(&other, &vendor).unwrap().is_empty());
}

#[test]
fn an_accepted_difference_that_is_none_any_more_is_an_error() {
    let drift = compare(ENTRY, &same()).unwrap();
    assert!(!drift.is_empty());
    insta::assert_snapshot!(drift.entries.unwrap(), @"
    error[accepted-difference]: this difference no longer exists: workspaces_* · response results[].colour · only there: *
     --> openapi/accepted-differences.toml:2:1
      |
    2 | [[accepted]]
      | ^
      |
      = note: An accepted difference from the vendor's document says what it is, why, from which source and since when. One that no longer exists, or that has expired, is looked at again.
      = help: remove the entry; if it was misspelt, correct it
    ");
    // Of another version of the vendor's document nothing is known.
    assert!(compare(&ENTRY.replace("\"3.0\"", "\"3.1\""), &same()).unwrap().is_empty());
}

#[test]
fn an_accepted_difference_may_expire() {
    let vendor = changed(&[(&format!("{WORKSPACE}/properties/colour"), json!({ "type": "string" }))]);
    assert!(compare(&format!("{ENTRY}expires = 2026-11-24\n"), &vendor).unwrap().is_empty());
    let drift = compare(&format!("{ENTRY}expires = 2026-11-23\n"), &vendor).unwrap();
    insta::assert_snapshot!(drift.entries.unwrap(), @"
    error[accepted-difference]: this difference was accepted until 2026-11-23: workspaces_* · response results[].colour · only there: *
     --> openapi/accepted-differences.toml:2:1
      |
    2 | [[accepted]]
      | ^
      |
      = note: An accepted difference from the vendor's document says what it is, why, from which source and since when. One that no longer exists, or that has expired, is looked at again.
      = help: look at it again, then remove the entry or give it a new date
    ");
}

#[test]
fn an_entry_that_is_not_complete_is_an_error_with_its_place() {
    let error = |text: &str| compare(text, &same()).unwrap_err().to_string();
    insta::assert_snapshot!(error(&ENTRY.replace("reason = \"Not needed.\"\n", "")), @"
    error[accepted-difference]: missing field `reason`
     --> openapi/accepted-differences.toml:2:1
      |
    2 | [[accepted]]
      | ^
      |
      = note: An accepted difference from the vendor's document says what it is, why, from which source and since when. One that no longer exists, or that has expired, is looked at again.
      = help: write an entry as openapi/README.md shows it
    ");
    for (from, to, said) in [
        ("\"Not needed.\"", "\" \"", "`reason` is empty"),
        ("document = \"3.0\"", "document = \"2\"", "`document` is the OpenAPI version"),
        ("2026-11-24", "\"yesterday\"", "accepted-differences.toml:9:"),
        ("2026-11-24", "2026-11-24T10:00:00Z", "is not a date such as 2026-11-24"),
        ("reason", "raeson", "unknown field `raeson`"),
        ("[[accepted]]", "[[acepted]]", "unknown field `acepted`"),
        ("[[accepted]]", "[[", "accepted-differences.toml:2:"),
    ] {
        let text = error(&ENTRY.replacen(from, to, 1));
        assert!(text.contains(said) && text.contains("--> openapi/accepted-differences.toml:"), "{said}: {text}");
    }
}

#[test]
fn a_vendors_document_with_circles_and_dangling_references_ends() {
    let mut vendor = same();
    vendor["components"]["schemas"]["Workspace"] = json!({ "allOf": [
        { "$ref": "#/components/schemas/Workspace" },
        { "properties": { "next": { "$ref": "#/components/schemas/Workspace" }, "gone": { "$ref": "#/nowhere" } } },
        { "anyOf": [{ "$ref": "#/components/schemas/Loop" }, 5, null] },
    ] });
    vendor["components"]["schemas"]["Loop"] = json!({ "$ref": "#/components/schemas/Loop" });
    assert!(!compare("", &vendor).unwrap().is_empty());
    // Each schema has ten of the next.
    for level in 0..12 {
        let next = json!({ "$ref": format!("#/components/schemas/L{}", level + 1) });
        let fields: Map<_, _> = (0..10).map(|field| (format!("f{field}"), next.clone())).collect();
        vendor["components"]["schemas"][format!("L{level}")] = json!({ "type": "object", "properties": fields });
    }
    vendor["components"]["schemas"]["Workspace"] = json!({ "$ref": "#/components/schemas/L0" });
    assert!(!compare("", &vendor).unwrap().is_empty());
}

/// A workspace has parts, which are workspaces: here by one schema, there by two.
#[test]
fn what_contains_itself_is_compared_however_many_schemas_it_is_made_of() {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let vendor = |inner: &str, title: &str| {
        let mut vendor = same();
        let workspace = vendor["components"]["schemas"]["Workspace"].clone();
        let parts = |item: &str| json!({ "type": "array", "items": reference(item), "description": "Parts." });
        for (name, item) in [("Workspace", inner), (inner, inner)] {
            let mut workspace = workspace.clone();
            workspace["properties"]["parts"] = parts(item);
            vendor["components"]["schemas"][name] = workspace;
        }
        vendor["components"]["schemas"][inner]["properties"]["title"]["type"] = json!(title);
        vendor
    };
    let read = |document: &Value| {
        let root = root("");
        let file = root.path().join("vendor.json");
        fs::write(&file, document.to_string()).unwrap();
        upstream::vendor::Vendor::read(&file).unwrap()
    };
    let (one, two) = (read(&vendor("Workspace", "string")), read(&vendor("Part", "string")));
    let found = upstream::drift::drift(&one, &two, &Accepted::default(), today());
    assert!(found.is_empty(), "{}", found.to_json());
    let other = read(&vendor("Part", "integer"));
    let found = upstream::drift::drift(&one, &other, &Accepted::default(), today()).to_json().to_string();
    assert!(found.contains("parts[].title") && !found.contains("parts[].parts[].parts[].title"), "{found}");
}

#[test]
fn what_is_no_document_of_a_vendor_is_an_error() {
    for (text, said) in
        [("", "the key `openapi` is missing"), ("swagger: '2.0'", "Swagger"), ("openapi: 4.0.0", "OpenAPI 4.0.0")]
    {
        let root = root("");
        let file = root.path().join("vendor.yaml");
        fs::write(&file, text).unwrap();
        let error = drift(root.path(), &file, today()).unwrap_err().to_string();
        assert!(error.contains(said) && error.contains("vendor.yaml:1:"), "{error}");
    }
}
