//! The control API, as a program in any language uses it.

use std::collections::BTreeSet;
use std::io::Result;
use std::time::{Duration, Instant};

use prolific_sandbox::{Fault, Sandbox, Seed, SeedStudy, check_response};
use serde_json::{Value, json};

use crate::http::{GROUPS, PATIENCE, Response, create, read, send};

/// Sends a request without a token. A body of null means none.
fn control(sandbox: &Sandbox, method: &str, path: &str, body: &Value) -> Result<Response> {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    send(sandbox.url(), &[&format!("{method} {path}"), "Content-Type: application/json"], body.as_bytes())
}

fn get(sandbox: &Sandbox, path: &str) -> Result<Value> {
    let response = control(sandbox, "GET", path, &Value::Null)?;
    assert_eq!(response.status, 200, "{path}: {response:?}");
    Ok(response.json())
}

fn post(sandbox: &Sandbox, path: &str, body: &Value) -> Result<Response> {
    control(sandbox, "POST", path, body)
}

/// A workspace with 21.00 pounds, and an active study of two places that cost 2.10 each.
async fn sandbox() -> Result<Sandbox> {
    let study = SeedStudy::new("Naming colours").id("s1").places(2).reward(150).published();
    Sandbox::builder().seed(Seed::new().workspace("w1", "Lab").balance(2100).study(study)).start().await
}

/// Calls of all operations, in an order in which they succeed: the method, the path, the body and the status.
fn calls() -> Vec<(&'static str, &'static str, &'static str, Value, u16)> {
    let first = "/_sandbox/submissions/640000000000000000000001/transition";
    let fault = json!({
        "status": 429, "headers": [{"name": "X-A", "value": "b"}], "retry_after": 2, "performed": true,
        "body": {"content_type": "text/plain", "base64": "/wA="}, "delay_seconds": 0.5, "nth": 7, "operation": "users_me",
    });
    let study = json!({"study_id": "s1"});
    let seed = json!({
        "user": {"id": "u1", "email": "a@example.org"},
        "workspaces": [{"id": "w1", "title": "Lab", "balance": 5000}],
        "projects": [{"id": "j1", "workspace_id": "w1", "title": "Colours"}],
        "groups": [{"id": "g1", "name": "Pilot", "workspace_id": "w1", "participant_ids": ["p1"]}],
        "studies": [{
            "id": "s9", "name": "Naming colours", "reward": 120, "published": true,
            "submissions": [{"participant_id": "p1", "code": "COMPLETED"}],
            "arrivals": {"count": 3, "every_seconds": 60, "code": "COMPLETED"},
        }],
        "participants": 2,
    });
    vec![
        ("sandbox_document", "GET", "/_sandbox/openapi.json", Value::Null, 200),
        ("sandbox_api_document", "GET", "/_sandbox/api.json", Value::Null, 200),
        ("sandbox_faults_inject", "POST", "/_sandbox/faults", fault, 201),
        ("sandbox_faults_inject", "POST", "/_sandbox/faults", json!({"kind": "reset", "every": true}), 201),
        ("sandbox_faults_list", "GET", "/_sandbox/faults", Value::Null, 200),
        ("sandbox_faults_remove", "DELETE", "/_sandbox/faults/2", Value::Null, 204),
        ("sandbox_faults_remove", "DELETE", "/_sandbox/faults/2", Value::Null, 404),
        ("sandbox_faults_clear", "DELETE", "/_sandbox/faults", Value::Null, 204),
        ("sandbox_participants_take", "POST", "/_sandbox/participants/p1/submissions", study, 201),
        ("sandbox_participants_take", "POST", "/_sandbox/participants/p1/submissions", json!({}), 400),
        ("sandbox_submissions_transition", "POST", first, json!({"action": "SUBMIT", "code": "COMPLETED"}), 200),
        ("sandbox_submissions_transition", "POST", first, json!({"action": "BEGIN"}), 400),
        ("sandbox_participants_write", "POST", "/_sandbox/participants/p1/messages", json!({"body": "Hello"}), 201),
        ("sandbox_clock_get", "GET", "/_sandbox/clock", Value::Null, 200),
        ("sandbox_clock_advance", "POST", "/_sandbox/clock/advance", json!({"seconds": 60}), 200),
        ("sandbox_clock_advance", "POST", "/_sandbox/clock/advance", json!({"seconds": -1}), 400),
        ("sandbox_state_get", "GET", "/_sandbox/state", Value::Null, 200),
        ("sandbox_requests_list", "GET", "/_sandbox/requests?since=0&limit=5&operation=users_me", Value::Null, 200),
        ("sandbox_requests_list", "GET", "/_sandbox/requests?since=yesterday", Value::Null, 400),
        ("sandbox_seed_load", "PUT", "/_sandbox/seed", seed, 204),
        ("sandbox_seed_load", "PUT", "/_sandbox/seed", json!({"workspaces": [{}]}), 400),
        ("sandbox_state_get", "GET", "/_sandbox/state", Value::Null, 200),
        ("sandbox_reset", "POST", "/_sandbox/reset", Value::Null, 204),
    ]
}

/// Whether a path is one of a template with parameters in braces.
fn fits(path: &str, template: &str) -> bool {
    let path: Vec<_> = path.split('?').next().unwrap_or_default().split('/').collect();
    let template: Vec<_> = template.split('/').collect();
    path.len() == template.len()
        && path.iter().zip(template).all(|(part, wanted)| *part == wanted || wanted.starts_with('{'))
}

#[tokio::test]
async fn every_operation_of_the_document_answers_as_it_says() -> Result<()> {
    let sandbox = sandbox().await?;
    // So that there are requests, groups and bonuses to show.
    create(&sandbox, r#"{"name": "A", "workspace_id": "w1", "participant_ids": ["p2"]}"#)?;
    send(sandbox.url(), &["GET /api/v1/users/me/?a=%20b"], b"\xff")?;
    let document = get(&sandbox, "/_sandbox/openapi.json")?;
    let mut described = BTreeSet::new();
    for (template, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            described.insert((operation["operationId"].as_str().unwrap(), method.to_uppercase(), template.as_str()));
        }
    }
    let mut called = BTreeSet::new();
    for (id, method, path, body, status) in calls() {
        let place = described.iter().find(|(_, verb, template)| verb == method && fits(path, template));
        assert_eq!(place.map(|(id, ..)| *id), Some(id), "{method} {path}");
        called.extend(place);
        let response = control(&sandbox, method, path, &body)?;
        assert_eq!(response.status, status, "{id}: {response:?}");
        assert_eq!(check_response(id, status, &response.body), Ok(()), "{response:?}");
    }
    assert_eq!(described.iter().collect::<BTreeSet<_>>(), called.into_iter().collect());
    assert_eq!(get(&sandbox, "/_sandbox/api.json")?["info"]["title"], "Prolific API, the research workflow");
    Ok(())
}

#[tokio::test]
async fn what_the_document_does_not_have_is_not_there() -> Result<()> {
    let sandbox = sandbox().await?;
    for path in
        ["/_sandbox", "/_sandbox/", "/_sandbox/unknown", "/_sandbox/faults/1/2", "/_sandbox/participants//messages"]
    {
        let response = control(&sandbox, "GET", path, &Value::Null)?;
        assert_eq!((response.status, response.detail()), (404, json!("There is nothing at this address.")), "{path}");
    }
    let response = control(&sandbox, "PATCH", "/_sandbox/faults", &json!({}))?;
    assert_eq!(response.status, 405);
    assert!(response.head.contains("allow: DELETE, GET, HEAD, POST\r\n"), "{response:?}");
    assert_eq!(control(&sandbox, "HEAD", "/_sandbox/state", &Value::Null)?.status, 200);
    assert_eq!(control(&sandbox, "GET", "/_sandbox/state/", &Value::Null)?.status, 200);
    let response = send(sandbox.url(), &["POST /_sandbox/faults"], br#"{"status": 503}"#)?;
    assert_eq!((response.status, response.detail()), (415, json!("The Content-Type must be application/json.")));
    Ok(())
}

#[tokio::test]
async fn pages_of_other_sites_are_refused() -> Result<()> {
    let sandbox = sandbox().await?;
    for header in ["Origin: http://evil.example", "Sec-Fetch-Site: cross-site", "Host: evil.example"] {
        for path in ["/_sandbox/reset", "/_sandbox/unknown"] {
            assert_eq!(send(sandbox.url(), &[&format!("POST {path}"), header], b"")?.status, 403, "{header}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn its_requests_are_not_recorded_and_use_up_no_fault() -> Result<()> {
    let sandbox = sandbox().await?;
    sandbox.inject(Fault::status(503));
    get(&sandbox, "/_sandbox/state")?;
    control(&sandbox, "GET", "/_sandbox/unknown", &Value::Null)?;
    assert_eq!(sandbox.requests(), []);
    assert_eq!(create(&sandbox, "{}")?.status, 503);
    Ok(())
}

#[tokio::test]
async fn a_fault_is_injected_listed_and_removed() -> Result<()> {
    let sandbox = sandbox().await?;
    let inject = |fault: Value| post(&sandbox, "/_sandbox/faults", &fault);
    let kept = inject(json!({"kind": "cut_body", "every": true, "operation": "users_me"}))?.json();
    assert_eq!((&kept["id"], &kept["text"]), (&json!(1), &json!("cut-body:users_me:every")));
    let body = json!({"content_type": "text/html", "text": "<h1>Down</h1>"});
    inject(
        json!({"status": 502, "headers": [{"name": "Server", "value": "gateway"}], "body": body, "performed": true}),
    )?;
    let response = create(&sandbox, r#"{"name": "A", "workspace_id": "w1"}"#)?;
    assert_eq!((response.status, response.body.as_slice()), (502, b"<h1>Down</h1>".as_slice()));
    assert!(response.head.contains("server: gateway\r\n") && response.head.contains("content-type: text/html\r\n"));
    assert_eq!(get(&sandbox, "/_sandbox/state")?["groups"][0]["name"], "A");

    let token = format!("Authorization: Token {}", sandbox.token());
    let cut = send(sandbox.url(), &["GET /api/v1/users/me/", &token], b"")?;
    assert_eq!((cut.status, cut.json()), (200, Value::Null));
    let list = get(&sandbox, "/_sandbox/faults")?["results"].clone();
    assert_eq!((list.as_array().unwrap().len(), &list[0]["seen"]), (1, &json!(1)));
    assert_eq!(control(&sandbox, "DELETE", "/_sandbox/faults/1", &Value::Null)?.status, 204);
    assert_eq!(read(&sandbox, "users_me", "")?["email"], "robin@example.org");
    Ok(())
}

#[tokio::test]
async fn a_fault_that_cannot_work_is_refused_with_the_reason() -> Result<()> {
    let sandbox = sandbox().await?;
    let cases = [
        (json!({}), "a fault has a `status` or another `kind`"),
        (json!({"kind": "status"}), "the kind `status` has a `status`"),
        (json!({"kind": "reset", "status": 503}), "only the kind `status` has a `status`"),
        (json!({"kind": "lost_response", "performed": false}), "this kind of fault performs the request"),
        (json!({"kind": "reset", "retry_after": 1}), "`retry_after` can only be used with Fault::status()"),
        (json!({"status": 204, "body": {"content_type": "a/b", "text": ""}}), "a response with status 204 has no body"),
        (json!({"status": 503, "nth": 1, "every": true}), "use `nth` or `every`, not both"),
        (json!({"status": 503, "operation": "users_you"}), "no operation has the id \"users_you\""),
        (json!({"status": 503, "headers": [{"name": "a b", "value": "c"}]}), "\"a b\" is not the name of a header"),
        (json!({"status": 503, "body": {"content_type": "a/b"}}), "a body has either `text` or `base64`"),
        (json!({"status": 503, "body": {"content_type": "a/b", "base64": "?"}}), "not base64"),
        (json!({"status": 503, "delay_seconds": 1e300}), "seconds cannot be waited for"),
    ];
    for (fault, problem) in cases {
        let response = post(&sandbox, "/_sandbox/faults", &fault)?;
        let detail = response.detail();
        assert!(
            response.status == 400 && detail.as_str().is_some_and(|text| text.contains(problem)),
            "{fault}: {detail}"
        );
    }
    let response = post(&sandbox, "/_sandbox/faults", &json!({"status": 600, "more": 1}))?;
    assert_eq!(response.detail()["status"], json!(["The value is greater than the maximum of 599"]));
    assert_eq!(get(&sandbox, "/_sandbox/faults")?["results"], json!([]));
    Ok(())
}

#[tokio::test]
async fn participants_do_all_that_they_can() -> Result<()> {
    let sandbox = sandbox().await?;
    let take = |id: &str, body: Value| post(&sandbox, &format!("/_sandbox/participants/{id}/submissions"), &body);
    let act = |id: &Value, body: Value| {
        post(&sandbox, &format!("/_sandbox/submissions/{}/transition", id.as_str().unwrap_or_default()), &body)
    };
    let reserve = json!({"study_id": "s1", "begin": false});
    for (first, then, expected) in [
        (&reserve, vec!["NO_SHOW"], "TIMED-OUT"),
        (&reserve, vec!["BEGIN", "TIME_OUT"], "TIMED-OUT"),
        (&json!({"study_id": "s1"}), vec!["RETURN"], "RETURNED"),
        (&json!({"study_id": "s1"}), vec!["SUBMIT"], "AWAITING REVIEW"),
    ] {
        let taken = take(&format!("{}-{}", &expected[..3], then.len()), first.clone())?.json();
        assert_eq!(taken["status"], if first == &reserve { "RESERVED" } else { "ACTIVE" });
        let mut last = Value::Null;
        for action in then {
            last = act(&taken["id"], json!({"action": action}))?.json();
        }
        assert_eq!(last["status"], expected);
    }
    let taken = take("p1", json!({"study_id": "s1"}))?.json();
    let submitted = act(&taken["id"], json!({"action": "SUBMIT", "code": "COMPLETED"}))?.json();
    assert_eq!((&submitted["entered_code"], &submitted["participant"]), (&json!("COMPLETED"), &json!("p1")));

    let refused = take("p2", json!({"study_id": "s1"}))?;
    assert_eq!((refused.status, refused.detail()), (400, json!("The study is AWAITING REVIEW.")));
    let unknown = take("p2", json!({"study_id": "s2"}))?;
    assert_eq!((unknown.status, unknown.detail()), (400, json!({"study_id": ["There is no such study."]})));
    assert_eq!(act(&json!("nobody"), json!({"action": "BEGIN"}))?.status, 404);
    let code = act(&taken["id"], json!({"action": "RETURN", "code": "A"}))?;
    assert_eq!((code.status, code.detail()), (400, json!({"code": ["Only SUBMIT has a code."]})));
    Ok(())
}

#[tokio::test]
async fn a_message_of_a_participant_reaches_the_user() -> Result<()> {
    let sandbox = sandbox().await?;
    let written = post(&sandbox, "/_sandbox/participants/p1/messages", &json!({"body": "Hello", "study_id": "s1"}))?;
    assert_eq!((written.status, &written.json()["study"]), (201, &json!("s1")));
    let token = format!("Authorization: Token {}", sandbox.token());
    let messages = send(sandbox.url(), &["GET /api/v1/messages/?user_id=p1", &token], b"")?.json();
    assert_eq!(
        (&messages["results"][0]["body"], &messages["results"][0]["sender_id"]),
        (&json!("Hello"), &json!("p1"))
    );
    assert_eq!(
        post(&sandbox, "/_sandbox/participants/p1/messages", &json!({"body": "a", "study_id": "s2"}))?.status,
        400
    );
    Ok(())
}

#[tokio::test]
async fn the_clock_stands_still_until_it_is_turned() -> Result<()> {
    let sandbox = sandbox().await?;
    let reserved = sandbox.participant("p1").reserve("s1").unwrap();
    let before = get(&sandbox, "/_sandbox/clock")?;
    assert_eq!(get(&sandbox, "/_sandbox/clock")?, before);
    assert!(before["now"].as_str().unwrap().starts_with("2024-01-01T00:00:0"), "{before}");
    let after = post(&sandbox, "/_sandbox/clock/advance", &json!({"seconds": 3600}))?.json();
    assert!(after["now"].as_str().unwrap().starts_with("2024-01-01T01:00:0"), "{after}");
    assert_eq!(reserved.status(), "TIMED-OUT");
    Ok(())
}

#[tokio::test]
async fn a_live_clock_moves_by_itself() -> Result<()> {
    let study = SeedStudy::new("Naming colours").id("s1").places(1).arrivals(1, Duration::from_secs(1), "COMPLETED");
    let seed = Seed::new().workspace("w1", "Lab").study(study);
    let sandbox = Sandbox::builder().seed(seed).live(true).start().await?;
    let start = Instant::now();
    let submissions = || Result::Ok(get(&sandbox, "/_sandbox/state")?["submissions"].as_array().map_or(0, Vec::len));
    while submissions()? == 0 {
        assert!(start.elapsed() < PATIENCE, "nobody comes");
        tokio::task::yield_now().await;
    }
    let now = get(&sandbox, "/_sandbox/clock")?["now"].as_str().unwrap_or_default().to_owned();
    assert!(now.as_str() > "2025", "{now}");
    Ok(())
}

#[tokio::test]
async fn a_seed_takes_the_place_of_the_state_until_a_reset() -> Result<()> {
    let sandbox = sandbox().await?;
    let load = |seed: Value| control(&sandbox, "PUT", "/_sandbox/seed", &seed);
    let workspaces = || Result::Ok(get(&sandbox, "/_sandbox/state")?["workspaces"].clone());
    let titles =
        || Result::Ok(workspaces()?.as_array().unwrap().iter().map(|one| one["title"].clone()).collect::<Vec<_>>());
    create(&sandbox, r#"{"name": "A", "workspace_id": "w1"}"#)?;
    let refused = [
        (json!({"workspaces": [{"id": "w", "title": "A"}, {"id": "w", "title": "B"}]}), "two workspaces with the id w"),
        (json!({"studies": [{"name": "A"}]}), "There is no such project."),
        (json!({"groups": [{"name": "A"}]}), "a group must have either a workspace_id or an organisation_id"),
    ];
    for (seed, problem) in refused {
        let response = load(seed)?;
        assert!(response.status == 400 && response.detail().to_string().contains(problem), "{response:?}");
    }
    assert_eq!(load(json!({"group": []}))?.status, 400);
    assert_eq!((titles()?, sandbox.requests().len()), (vec![json!("Lab")], 1));

    sandbox.inject(Fault::status(503));
    assert_eq!(load(json!({"workspaces": [{"id": "w2", "title": "Other"}]}))?.status, 204);
    assert_eq!((titles()?, sandbox.requests().len()), (vec![json!("Other")], 1));
    assert_eq!(create(&sandbox, "{}")?.status, 503, "faults stay");

    sandbox.inject(Fault::status(503).every());
    assert_eq!(post(&sandbox, "/_sandbox/reset", &Value::Null)?.status, 204);
    assert_eq!((titles()?, sandbox.requests()), (vec![json!("Lab")], vec![]));
    // As in a new sandbox, ids begin anew and no fault is waiting.
    let created = create(&sandbox, r#"{"name": "A", "workspace_id": "w1"}"#)?;
    assert_eq!((created.status, &created.json()["id"]), (201, &json!(format!("{:024x}", 1))));
    assert_eq!(sandbox.requests()[0].number, 3, "numbers go on");
    Ok(())
}

#[tokio::test]
async fn requests_are_selected_by_operation_and_number() -> Result<()> {
    let sandbox = sandbox().await?;
    sandbox.inject(Fault::lost_response().on("participant_groups_create"));
    create(&sandbox, r#"{"name": "A", "workspace_id": "w1"}"#)?;
    let token = format!("Authorization: Token {}", sandbox.token());
    for path in ["/api/v1/users/me/?a=%20b", "/unknown", "/api/v1/users/me"] {
        send(sandbox.url(), &[&format!("GET {path}"), &token], b"\xff")?;
    }
    let numbers = |query: &str| {
        let list = get(&sandbox, &format!("/_sandbox/requests{query}"))?;
        assert_eq!((&list["last"], &list["dropped"]), (&json!(4), &json!(0)));
        let results = list["results"].as_array().unwrap().iter();
        Result::Ok(results.map(|request| request["number"].as_u64().unwrap()).collect::<Vec<_>>())
    };
    assert_eq!(numbers("")?, [1, 2, 3, 4]);
    assert_eq!(numbers("?operation=users_me")?, [2, 4]);
    assert_eq!(numbers("?since=2")?, [3, 4]);
    assert_eq!(numbers("?limit=1&operation=users_me")?, [4]);
    assert_eq!(numbers("?since=4")?, [0; 0]);

    let list = get(&sandbox, "/_sandbox/requests")?["results"].clone();
    let (lost, user) = (&list[0], &list[1]);
    assert_eq!((&lost["status"], &lost["fault"]), (&Value::Null, &json!("lost-response:participant_groups_create")));
    assert_eq!(lost["body"], json!({"text": r#"{"name": "A", "workspace_id": "w1"}"#}));
    assert_eq!((&lost["method"], &lost["path"]), (&json!("POST"), &json!(GROUPS)));
    assert_eq!(user["query"], json!([{"name": "a", "value": " b"}]));
    assert_eq!(user["body"], json!({"base64": "/w=="}));
    assert!(user["response_body"]["text"].as_str().unwrap().contains("robin@example.org"), "{user}");
    assert!(user["headers"].as_array().unwrap().contains(&json!({"name": "authorization", "value": "Token [hidden]"})));
    assert!(user["milliseconds"].as_f64().is_some_and(|time| time > 0.0), "{user}");
    assert_eq!((&list[2]["operation"], &list[2]["status"]), (&Value::Null, &json!(404)));
    Ok(())
}

#[tokio::test]
async fn the_state_has_the_money_and_everything_that_costs_it() -> Result<()> {
    let sandbox = sandbox().await?;
    let submission = sandbox.participant("p1").take("s1").unwrap().submit("COMPLETED").unwrap();
    let token = format!("Authorization: Token {}", sandbox.token());
    let head = ["Content-Type: application/json", &token];
    let transition = format!("POST /api/v1/submissions/{}/transition/", submission.submission_id());
    send(sandbox.url(), &[&transition, head[0], head[1]], br#"{"action": "APPROVE"}"#)?;
    let bonus = br#"{"study_id": "s1", "csv_bonuses": "p1,1.00"}"#;
    send(sandbox.url(), &["POST /api/v1/submissions/bonus-payments/", head[0], head[1]], bonus)?;
    let state = get(&sandbox, "/_sandbox/state")?;
    let workspace = &state["workspaces"][0];
    assert_eq!(
        ["available", "reserved", "paid"].map(|name| workspace[name].clone()),
        [1680, 210, 210].map(Value::from)
    );
    assert_eq!((&state["studies"][0]["reserved"], &state["studies"][0]["places_taken"]), (&json!(210), &json!(1)));
    assert_eq!(state["bonuses"][0]["lines"], json!([{"submission": submission.submission_id(), "amount": 100}]));
    assert_eq!(
        (&state["submissions"][0]["status"], &state["participants"][0]["id"]),
        (&json!("APPROVED"), &json!("p1"))
    );
    Ok(())
}
