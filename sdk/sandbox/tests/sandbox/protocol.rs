//! HTTP where the documentation is silent, and clients rely on it: last slashes and HEAD.

use std::collections::BTreeSet;
use std::io::Result;

use prolific_sandbox::{Sandbox, Seed, SeedGroup, check_response};

use crate::http::{GROUPS, Response, send};

const TOKEN: &str = "Authorization: Token sandbox-token";
const JSON: &str = "Content-Type: application/json";

async fn sandbox() -> Result<Sandbox> {
    let group = SeedGroup::in_workspace("Pilot", "w1").id("g1").participant_ids(["p1"]);
    Sandbox::builder().seed(Seed::new().workspace("w1", "Workspace").group(group)).start().await
}

#[tokio::test]
async fn every_method_is_served_with_and_without_the_last_slash() -> Result<()> {
    let group = format!("{GROUPS}g1/");
    let members = format!("{group}participants/");
    let ids = r#"{"participant_ids": ["p2"]}"#;
    let cases = [
        ("GET", "participant_groups_list", GROUPS, "?workspace_id=w1", ""),
        ("POST", "participant_groups_create", GROUPS, "", r#"{"name": "a", "workspace_id": "w1"}"#),
        ("GET", "participant_groups_get", &group, "", ""),
        ("PATCH", "participant_groups_update", &group, "", r#"{"name": "b"}"#),
        ("POST", "participant_groups_add_participants", &members, "", ids),
        ("DELETE", "participant_groups_remove_participants", &members, "", ids),
        ("DELETE", "participant_groups_delete", &group, "", ""),
        ("GET", "users_me", "/api/v1/users/me/", "", ""),
        ("POST", "studies_create_test", "/api/v1/studies/s1/test-study/", "", ""),
    ];
    for (method, operation, path, query, body) in cases {
        // Each on its own sandbox, so that both do the same.
        let mut answers = Vec::new();
        for path in [path, path.trim_end_matches('/')] {
            let sandbox = Sandbox::builder().examples_only(true).start().await?;
            let response = send(sandbox.url(), &[&format!("{method} {path}{query}"), TOKEN, JSON], body.as_bytes())?;
            assert!(response.status < 300, "{method} {path}: {response:?}");
            assert_eq!(check_response(operation, response.status, &response.body), Ok(()), "{response:?}");
            assert_eq!(sandbox.requests()[0].path, path);
            let mut json = response.json();
            // The links keep the form of the request.
            json["_links"].take();
            answers.push((response.status, json));
        }
        assert_eq!(answers[0], answers[1], "{method} {path}");
    }
    Ok(())
}

fn headers(response: &Response) -> BTreeSet<String> {
    let headers = response.head.lines().filter(|line| !line.starts_with("date: "));
    headers.map(str::to_owned).collect()
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_body() -> Result<()> {
    let sandbox = sandbox().await?;
    let of = |line: &str, token| send(sandbox.url(), &[line, token], b"");
    let group = format!("{GROUPS}g1/");
    let list = format!("{GROUPS}?workspace_id=w1");
    for (path, token, status) in [
        (list.as_str(), TOKEN, 200),
        (&group, TOKEN, 200),
        (group.trim_end_matches('/'), TOKEN, 200),
        ("/api/v1/workspaces/", TOKEN, 200),
        ("/api/v1/filters/", TOKEN, 200),
        (GROUPS, TOKEN, 400),
        (GROUPS, "X-Other: 1", 401),
        ("/unknown/", TOKEN, 404),
    ] {
        let get = of(&format!("GET {path}"), token)?;
        let head = of(&format!("HEAD {path}"), token)?;
        assert_eq!((head.status, head.body.len()), (status, 0), "{path}");
        assert_eq!(headers(&head), headers(&get), "{path}");
        assert!(head.head.contains(&format!("content-length: {}\r\n", get.body.len())), "{head:?}");
    }
    Ok(())
}
