//! Requests that are rejected: the status, the documented form of the error, and which mistake is reported first.

use std::io::{Result, Write};

use prolific_sandbox::{Fault, Sandbox, check_response};
use serde_json::json;

use crate::http::{GROUPS, Response, call, connect, create, read_response, send};

const VALID: &str = r#"{"name": "Group 1", "workspace_id": "w1"}"#;
const JSON: &str = "Content-Type: application/json";
const TOKEN: &str = "Authorization: Token sandbox-token";

/// The response is documented, or has the documented form of an error if its status is not in the document.
#[track_caller]
fn assert_error(response: &Response, status: u16) {
    assert_eq!(response.status, status, "{response:?}");
    let documented = if matches!(status, 413 | 415) { 400 } else { status };
    assert_eq!(check_response("participant_groups_create", documented, &response.body), Ok(()));
    response.detail();
}

#[tokio::test]
async fn a_missing_or_wrong_token_is_401() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let post = format!("POST {GROUPS}");
    for token in
        ["X-Other: 1", "Authorization: Token wrong", "Authorization: Bearer sandbox-token", "Authorization: Token"]
    {
        let response = send(sandbox.url(), &[&post, JSON, token], VALID.as_bytes())?;
        assert_error(&response, 401);
        assert_eq!(response.detail(), "The token is missing or not valid.");
        assert!(response.head.contains("www-authenticate: Token\r\n"), "{response:?}");
    }
    Ok(())
}

#[tokio::test]
async fn on_a_known_path_the_token_is_checked_before_anything_else() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    assert_error(&send(sandbox.url(), &[&format!("DELETE {GROUPS}")], b"")?, 401);
    assert_error(&send(sandbox.url(), &[&format!("POST {GROUPS}")], b"no JSON")?, 401);
    Ok(())
}

#[tokio::test]
async fn a_mistake_in_a_field_is_reported_by_its_name() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let text = "The value is not of type \"string\"";
    let cases = [
        (r#"{"workspace_id": "w"}"#, json!({"name": ["This field is required."]})),
        ("{}", json!({"name": ["This field is required."]})),
        (r#"{"name": 5, "workspace_id": "w"}"#, json!({"name": [text]})),
        (r#"{"name": "a", "workspace_id": null}"#, json!({"workspace_id": [text]})),
        (
            r#"{"name": "a", "workspace_id": {}, "description": []}"#,
            json!({"description": [text], "workspace_id": [text]}),
        ),
        (
            r#"{"name": "a", "workspace_id": "w", "participant_ids": "p"}"#,
            json!({"participant_ids": ["The value is not of type \"array\""]}),
        ),
        (
            r#"{"name": "a", "workspace_id": "w", "participant_ids": [1, "p", 2]}"#,
            json!({"participant_ids": [format!("0: {text}"), format!("2: {text}")]}),
        ),
    ];
    for (body, detail) in cases {
        let response = create(&sandbox, body)?;
        assert_error(&response, 400);
        assert_eq!(response.detail(), detail, "{body}");
    }
    Ok(())
}

#[tokio::test]
async fn a_mistake_in_no_single_field_is_reported_as_a_text() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let owner = "Exactly one of these fields is required: workspace_id, organisation_id.";
    let cases = [
        (r#"{"name": "a"}"#, owner),
        (r#"{"name": "a", "workspace_id": "w", "organisation_id": "o"}"#, owner),
        ("[]", "The value is not of type \"object\""),
        ("", "A body is required."),
    ];
    for (body, detail) in cases {
        let response = create(&sandbox, body)?;
        assert_error(&response, 400);
        assert_eq!(response.detail(), detail, "{body}");
    }
    Ok(())
}

#[tokio::test]
async fn a_body_that_is_not_json_is_400() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let deep = "[".repeat(100_000);
    let deep_field = format!(r#"{{"name": {}"#, r#"{"a":"#.repeat(100_000));
    let bodies: [&[u8]; 6] =
        [b"{", b"{\"name\": \"a\"} x", b"\xff\xfe", b"{\"name\": \"\xff\"}", deep.as_bytes(), deep_field.as_bytes()];
    for body in bodies {
        let response = create(&sandbox, body)?;
        assert_error(&response, 400);
        assert!(response.detail().as_str().is_some_and(|detail| detail.starts_with("Not JSON: ")), "{response:?}");
    }
    Ok(())
}

#[tokio::test]
async fn of_a_large_body_only_the_first_mistake_is_reported() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let body = json!({"name": "a", "workspace_id": "w", "participant_ids": vec![1; 100_000]}).to_string();
    let response = create(&sandbox, body)?;
    assert_error(&response, 400);
    assert_eq!(response.detail(), json!({"participant_ids": ["0: The value is not of type \"string\""]}));
    Ok(())
}

#[tokio::test]
async fn a_body_needs_the_content_type_json() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let post = format!("POST {GROUPS}");
    for header in ["X-Other: 1", "Content-Type: text/plain", "Content-Type: application/jsonp", "Content-Type: \u{e4}"]
    {
        assert_error(&send(sandbox.url(), &[&post, TOKEN, header], VALID.as_bytes())?, 415);
    }
    for header in ["Content-Type: application/json ; charset=utf-8", "Content-Type: Application/JSON"] {
        assert_eq!(send(sandbox.url(), &[&post, TOKEN, header], VALID.as_bytes())?.status, 201);
    }
    Ok(())
}

#[tokio::test]
async fn a_body_must_not_be_encoded() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let create = |header| {
        let head = [&format!("POST {GROUPS}"), TOKEN, JSON, header];
        send(sandbox.url(), &head, VALID.as_bytes())
    };
    for header in
        ["Content-Encoding: gzip", "Content-Encoding: identity, br", "Content-Encoding: \r\nContent-Encoding: x"]
    {
        let response = create(header)?;
        assert_error(&response, 415);
        assert!(response.head.contains("accept-encoding: identity\r\n"), "{response:?}");
    }
    for header in ["Content-Encoding: identity", "Content-Encoding: Identity , identity", "Content-Encoding:"] {
        assert_eq!(create(header)?.status, 201, "{header}");
    }
    Ok(())
}

#[tokio::test]
async fn an_unknown_path_is_404_with_or_without_a_token() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    for path in ["/", "/api/v1/participant-group", "/api/v1/participant-groups//", "/api/v1/%ff/"] {
        assert_error(&send(sandbox.url(), &[&format!("POST {path}"), TOKEN], b"")?, 404);
    }
    assert_error(&send(sandbox.url(), &["OPTIONS *"], b"")?, 404);
    Ok(())
}

#[tokio::test]
async fn an_unknown_group_is_404_for_every_operation_on_it() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let ids = json!({"participant_ids": ["p1"]});
    let cases = [
        ("participant_groups_get", "g1/", json!(null)),
        ("participant_groups_update", "g1/", json!({"name": "a"})),
        ("participant_groups_delete", "g1/", json!(null)),
        ("participant_groups_list_participants", "g1/participants/", json!(null)),
        ("participant_groups_add_participants", "g1/participants/", ids.clone()),
        ("participant_groups_remove_participants", "g1/participants/", ids),
    ];
    for (operation, place, body) in cases {
        let response = call(&sandbox, operation, place, &body)?;
        assert_eq!(
            (response.status, response.detail()),
            (404, json!("There is nothing at this address.")),
            "{operation}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn parameters_are_checked() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let too_large = |name: &str| json!({name: ["The value is greater than the maximum of 18446744073709551615"]});
    let cases = [
        ("", json!({"workspace_id": ["This field is required."]})),
        ("?workspace_id=w&active=True", json!({"active": ["The value is not one of \"true\" or \"false\""]})),
        ("?workspace_id=w&limit=0", json!({"limit": ["The value is less than the minimum of 1"]})),
        ("?workspace_id=w&limit=-1", json!({"limit": ["The value is less than the minimum of 0"]})),
        ("?workspace_id=w&offset=-1", json!({"offset": ["The value is less than the minimum of 0"]})),
        ("?workspace_id=w&limit=18446744073709551616", too_large("limit")),
        ("?workspace_id=w&offset=99999999999999999999", too_large("offset")),
        ("?workspace_id=w&limit=ten", json!({"limit": ["The value is not of type \"integer\""]})),
    ];
    for (query, detail) in cases {
        let response = call(&sandbox, "participant_groups_list", query, &json!(null))?;
        assert_eq!((response.status, response.detail()), (400, detail), "{query}");
    }
    Ok(())
}

#[tokio::test]
async fn a_body_of_an_update_or_of_members_is_checked() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    create(&sandbox, VALID)?;
    let group = "000000000000000000000001/";
    let members = format!("{group}participants/");
    let cases = [
        ("participant_groups_update", group, json!({"name": null}), "name"),
        ("participant_groups_update", group, json!({"participant_ids": null}), "participant_ids"),
        ("participant_groups_add_participants", &members, json!({"participant_ids": [1]}), "participant_ids"),
        ("participant_groups_remove_participants", &members, json!({"participant_ids": "p1"}), "participant_ids"),
    ];
    for (operation, place, body, field) in cases {
        let response = call(&sandbox, operation, place, &body)?;
        assert_eq!(response.status, 400, "{operation}");
        assert!(response.detail()[field][0].is_string(), "{response:?}");
        assert_eq!(call(&sandbox, operation, place, &json!(null))?.detail(), "A body is required.", "{operation}");
    }
    Ok(())
}

#[tokio::test]
async fn a_number_that_is_too_large_to_be_kept_is_refused() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    for (reward, status) in [("18446744073709551615", 200), ("18446744073709551616", 400), ("1e300", 400)] {
        let body = format!(r#"{{"reward": {reward}, "total_available_places": 1}}"#);
        let response = send(sandbox.url(), &["POST /api/v1/study-cost-calculator/", TOKEN, JSON], body.as_bytes())?;
        assert_eq!(response.status, status, "{reward}: {response:?}");
    }
    Ok(())
}

#[tokio::test]
async fn another_method_is_405_with_the_allowed_ones() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    for method in ["PUT", "PATCH", "DELETE", "OPTIONS", "BREW"] {
        let response = send(sandbox.url(), &[&format!("{method} {GROUPS}"), TOKEN], b"")?;
        assert_error(&response, 405);
        assert!(response.head.contains("allow: GET, HEAD, POST\r\n"), "{response:?}");
    }
    let head = send(sandbox.url(), &["HEAD /api/v1/submissions/bulk-approve/", TOKEN], b"")?;
    assert_eq!((head.status, head.body.len()), (405, 0));
    assert!(head.head.contains("allow: POST\r\n"), "{head:?}");
    Ok(())
}

#[tokio::test]
async fn a_body_over_64_mib_is_413_however_it_is_sent() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let limit = 64 << 20;
    let mut body = vec![b' '; limit + 1];
    assert_error(&create(&sandbox, &body)?, 413);

    let mut stream = connect(sandbox.url())?;
    write!(stream, "POST {GROUPS} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{TOKEN}\r\n{JSON}\r\n")?;
    write!(stream, "Transfer-Encoding: chunked\r\n\r\n{:x}\r\n", body.len())?;
    stream.write_all(&body)?;
    stream.write_all(b"\r\n0\r\n\r\n")?;
    assert_error(&read_response(stream)?, 413);

    body.truncate(limit);
    body[..VALID.len()].copy_from_slice(VALID.as_bytes());
    assert_eq!(create(&sandbox, &body)?.status, 201);
    Ok(())
}

/// A page in a browser, from another site or by a name of its own.
#[tokio::test]
async fn a_request_from_another_site_is_rejected_and_leaves_no_trace() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.inject(Fault::status(500));
    for headers in [
        "Host: evil.example",
        "Host: localhost\r\nOrigin: http://evil.example",
        "Host: localhost\r\nSec-Fetch-Site: cross-site",
    ] {
        let mut stream = connect(sandbox.url())?;
        write!(
            stream,
            "GET {GROUPS} HTTP/1.1\r\n{headers}\r\nConnection: close\r\nAuthorization: Token sandbox-token\r\n\r\n"
        )?;
        assert_eq!(read_response(stream)?.status, 403, "{headers}");
    }
    assert!(sandbox.requests().is_empty());
    assert_eq!(create(&sandbox, "{}")?.status, 500, "the fault is left");
    Ok(())
}

#[tokio::test]
async fn what_a_body_contains_of_its_own_kind_is_checked_on_each_level() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let any = |filters| json!({"filter_id": "or", "selected_filters": filters});
    let head = ["POST /api/v1/eligibility-count/", JSON, TOKEN];
    let count = |filter| send(sandbox.url(), &head, json!({"filters": [filter]}).to_string().as_bytes());
    let age = json!({"filter_id": "age", "selected_range": {"lower": 18}});
    assert_eq!(count(any(json!([age, any(json!([age, any(json!([]))]))])))?.status, 200);
    for wrong in [json!(5), json!({"filter_id": "age"}), json!({"filter_id": "or", "selected_filters": {}})] {
        assert_eq!(count(any(json!([age, any(json!([wrong]))])))?.status, 400, "{wrong}");
    }
    let deep = format!("{{\"filters\":[{}", "[".repeat(100_000));
    assert_eq!(send(sandbox.url(), &head, deep.as_bytes())?.status, 400);
    Ok(())
}
