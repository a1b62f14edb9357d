//! The page of a sandbox, as a browser meets it: what it shows, what its forms do, and what it keeps out.

use std::io::Result;
use std::time::Duration;

use prolific_sandbox::{Fault, Sandbox, Seed, SeedGroup, SeedStudy};

use crate::http::{GROUPS, Response, create, send};

fn page(sandbox: &Sandbox) -> Result<Response> {
    send(sandbox.url(), &["GET /"], b"")
}

/// The texts of the page, without markup.
fn shown(response: &Response) -> String {
    let page = String::from_utf8_lossy(&response.body);
    let texts = page.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text);
    let texts = texts.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
    texts.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&")
}

fn form(sandbox: &Sandbox, action: &str, fields: &str) -> Result<Response> {
    let post = format!("POST /_sandbox/ui/act/{action}");
    let head = [&post, "Content-Type: application/x-www-form-urlencoded", "Origin: http://localhost"];
    send(sandbox.url(), &head, fields.as_bytes())
}

/// Sends a form that succeeds, and returns the texts of the page afterwards.
#[track_caller]
fn act(sandbox: &Sandbox, action: &str, fields: &str) -> String {
    let response = form(sandbox, action, fields).unwrap();
    assert_eq!(response.status, 303, "{action} {fields}: {}", shown(&response));
    assert!(response.head.contains("\r\nlocation: /#"), "{}", response.head);
    shown(&page(sandbox).unwrap())
}

/// Sends a form that is refused, and returns the texts of the page with the problem.
#[track_caller]
fn refused(sandbox: &Sandbox, action: &str, fields: &str) -> String {
    let response = form(sandbox, action, fields).unwrap();
    assert_eq!(response.status, 400, "{action} {fields}");
    shown(&response)
}

#[track_caller]
fn has(text: &str, expected: &[&str]) {
    for part in expected {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
}

/// A workspace with 100.00 pounds, a group of two, and a study of two places that cost 6.30 each.
async fn lab() -> Result<Sandbox> {
    let study = SeedStudy::new("Naming colours").id("s1").places(2).reward(450).published();
    let group = SeedGroup::in_workspace("Pilot", "w1").id("g1").participant_ids(["m1", "m2"]);
    let seed = Seed::new().workspace("w1", "Lab").balance(10_000).study(study).group(group);
    Sandbox::builder().seed(seed).start().await
}

#[tokio::test]
async fn the_page_shows_the_state() -> Result<()> {
    let sandbox = lab().await?;
    sandbox.participant("p7").take("s1").unwrap().submit("COMPLETED").unwrap();
    sandbox.participant("p7").write("Is there a second part?", Some("s1"));
    create(&sandbox, r#"{"name": "Second wave", "workspace_id": "w1"}"#)?;
    sandbox.inject(Fault::status(503).retry_after(Duration::from_secs(1)).on("studies_list").nth(3));
    let shown = shown(&page(&sandbox)?);
    has(&shown, &["Lab w1 100.00 87.40 12.60 0.00", "Amounts in GBP."]);
    has(&shown, &["Naming colours s1 ACTIVE 1 of 2 4.50 Lab"]);
    has(&shown, &["AWAITING REVIEW 2024-01-01 00:00:", "COMPLETED Return : p7"]);
    has(&shown, &["Pilot g1 Lab 2 members of Pilot m1 m2", "Second wave 000000000000000000000002 Lab none"]);
    has(&shown, &["p7 to robin@example.org about Naming colours 2024-", "Is there a second part?"]);
    has(&shown, &["503 Service Unavailable The request that is number 3 from now studies_list no"]);
    has(&shown, &["1 201 POST /api/v1/participant-groups/ Headers host: localhost", "authorization: Token [hidden]"]);
    has(&shown, &[r#"Body 45 bytes { "name": "Second wave", "workspace_id": "w1" } Response"#]);
    Ok(())
}

#[tokio::test]
async fn a_participant_takes_part_hands_in_returns_and_times_out() -> Result<()> {
    let sandbox = lab().await?;
    let shown = act(&sandbox, "take", "study=s1&participant=+p1+&then=code:COMPLETED");
    has(&shown, &["p1 640000000000000000000001 Naming colours AWAITING REVIEW", "COMPLETED Return"]);
    let shown = act(&sandbox, "submission", "submission=640000000000000000000001&then=return");
    has(&shown, &["Naming colours RETURNED", "ACTIVE 0 of 2"]);
    // The last of them, each of whom is gone before the next comes.
    let shown = act(&sandbox, "take", "study=s1&participant=p2&then=no-code");
    has(&shown, &["p2 640000000000000000000002 Naming colours AWAITING REVIEW", "none Return"]);
    let shown = act(&sandbox, "take", "study=s1&participant=p3&then=begin");
    has(&shown, &["p3 640000000000000000000003 Naming colours ACTIVE", "Hand in with COMPLETED", "Time out : p3"]);
    assert!(!shown.contains("Do not come") && !shown.contains("Begin : p3"), "{shown}");
    let shown = act(&sandbox, "submission", "submission=640000000000000000000003&then=time-out");
    has(&shown, &["p3 640000000000000000000003 Naming colours TIMED-OUT"]);
    let shown = act(&sandbox, "take", "study=s1&participant=p4&then=reserve");
    has(&shown, &["Naming colours RESERVED", "Begin : p4", "Do not come : p4"]);
    act(&sandbox, "submission", "submission=640000000000000000000004&then=begin");
    let shown = act(&sandbox, "submission", "submission=640000000000000000000004&then=code:COMPLETED");
    has(&shown, &["Naming colours s1 AWAITING REVIEW 2 of 2 4.50 Lab not active"]);
    Ok(())
}

#[tokio::test]
async fn what_is_not_possible_is_said_on_the_page_and_changes_nothing() -> Result<()> {
    let sandbox = lab().await?;
    act(&sandbox, "take", "study=s1&participant=+p1+&then=begin");
    assert!(sandbox.participant("p1").take("s1").is_err(), "without the spaces around the id");
    let before = page(&sandbox)?;
    let again = "The participant has taken part as often as is allowed. Sandbox of Prolific's API";
    has(&refused(&sandbox, "take", "study=s1&participant=p1&then=begin"), &[again]);
    has(&refused(&sandbox, "take", "study=s1&participant=&then=begin"), &["A participant has an id."]);
    has(&refused(&sandbox, "take", "study=unknown&participant=p2"), &["There is nothing at this address."]);
    let begin = "submission=640000000000000000000001&then=begin";
    has(&refused(&sandbox, "submission", begin), &["A submission that is ACTIVE cannot become ACTIVE"]);
    has(&refused(&sandbox, "clock", "number=-1&unit=days"), &["by a whole number"]);
    for fault in [
        "effect=600",
        "effect=503&delay=-1",
        "effect=503&delay=NaN",
        "effect=503&which=0",
        "effect=503&which=1&operation=x",
    ] {
        refused(&sandbox, "fault", fault);
    }
    refused(&sandbox, "remove-fault", "fault=x");
    refused(&sandbox, "unknown", "");
    assert_eq!(page(&sandbox)?.body, before.body);
    Ok(())
}

#[tokio::test]
async fn the_clock_turns_and_what_is_due_happens() -> Result<()> {
    let sandbox = lab().await?;
    act(&sandbox, "take", "study=s1&participant=p1&then=reserve");
    let shown = act(&sandbox, "clock", "number=11&unit=minutes");
    has(&shown, &["Clock 2024-01-01 00:11:", "Naming colours TIMED-OUT"]);
    has(&act(&sandbox, "clock", "number=2&unit=days"), &["Clock 2024-01-03 00:11:"]);
    has(&act(&sandbox, "clock", "number=3&unit=hours"), &["Clock 2024-01-03 03:11:"]);
    has(&act(&sandbox, "clock", "number=3600&unit=seconds"), &["Clock 2024-01-03 04:11:"]);
    Ok(())
}

#[tokio::test]
async fn faults_are_set_and_removed_and_the_page_uses_up_none() -> Result<()> {
    let sandbox = lab().await?;
    let get = |path: &str| send(sandbox.url(), &[&format!("GET {path}"), "Authorization: Token sandbox-token"], b"");
    let shown = act(&sandbox, "fault", "effect=429&delay=0.01&operation=workspaces_list&which=2");
    has(&shown, &["429 Too Many Requests, after 0.01 s The request that is number 2 from now workspaces_list no"]);
    let statuses = [(); 3].map(|()| get("/api/v1/workspaces/").map(|response| response.status));
    assert_eq!(statuses.into_iter().collect::<Result<Vec<_>>>()?, [200, 429, 200]);
    has(&act(&sandbox, "fault", "effect=500&which=every"), &["500 Internal Server Error Every request any no Remove"]);
    assert_eq!(get("/api/v1/users/me/")?.status, 500);
    let shown = act(&sandbox, "remove-fault", "fault=2");
    has(&shown, &["Faults that wait 0 None."]);
    assert_eq!(get("/api/v1/users/me/")?.status, 200);
    for file in ["style.css", "live.js", "icon.svg"] {
        assert_eq!(send(sandbox.url(), &[&format!("GET /_sandbox/ui/{file}")], b"")?.status, 200);
    }
    assert_eq!(send(sandbox.url(), &["GET /favicon.ico"], b"")?.status, 200);
    assert_eq!(sandbox.requests().len(), 5, "those of the page are not recorded");
    Ok(())
}

#[tokio::test]
async fn a_reset_returns_to_the_beginning() -> Result<()> {
    let sandbox = lab().await?;
    let beginning = page(&sandbox)?;
    act(&sandbox, "take", "study=s1&participant=p1&then=code:COMPLETED");
    act(&sandbox, "fault", "effect=500&which=2");
    act(&sandbox, "clock", "number=1&unit=hours");
    create(&sandbox, r#"{"name": "Second wave", "workspace_id": "w1"}"#)?;
    assert_ne!(page(&sandbox)?.body, beginning.body);
    act(&sandbox, "reset", "");
    assert_eq!(page(&sandbox)?.body, beginning.body);
    assert_eq!((sandbox.requests().len(), sandbox.dropped_requests()), (0, 0));
    Ok(())
}

#[tokio::test]
async fn what_clients_send_is_shown_as_text() -> Result<()> {
    const TAG: &str = "<script>alert(1)</script><img src=x onerror=alert(1)>\\\"'";
    const BIDI: &str = "gnp.\u{202e}exe\u{2066}";
    let study = SeedStudy::new(TAG).id("\"><b>").places(9).published();
    let codes = serde_json::json!([{"code": TAG, "code_type": "OTHER", "actions": [{"action": "MANUALLY_REVIEW"}]}]);
    let seed = Seed::new().workspace("w1", TAG).study(study.field("completion_codes", codes));
    let sandbox = Sandbox::builder().seed(seed).start().await?;
    sandbox.participant(TAG).take("\"><b>").unwrap().submit(TAG).unwrap();
    sandbox.participant(BIDI).write(TAG, Some("\"><b>"));
    let group =
        format!(r#"{{"name": "{}{BIDI}", "workspace_id": "w1", "participant_ids": ["'\u003cb\u003e"]}}"#, "<b>&amp;");
    create(&sandbox, &group)?;
    send(sandbox.url(), &["GET /x?%3Cscript%3E=%3Cb%3E", "X: <b>"], b"<b>\xff")?;
    let response = page(&sandbox)?;
    let page = String::from_utf8_lossy(&response.body).into_owned();
    let own = page.find("<main").unwrap();
    for tag in ["<script", "<img", "<b>&", "\u{202e}", "\u{2066}", "'"] {
        assert!(!page[own..].contains(tag), "{tag:?} is in {page}");
    }
    has(
        &shown(&response),
        &[&format!("{TAG} w1"), r"<b>&amp;gnp.\u{202e}exe\u{2066}", r"gnp.\u{202e}exe\u{2066} to", "<b>\u{fffd}"],
    );
    Ok(())
}

#[tokio::test]
async fn long_lists_are_cut_with_their_total_and_long_texts_as_well() -> Result<()> {
    let sandbox = lab().await?;
    let members: Vec<_> = (0..60).map(|number| format!("member-{number:02}")).collect();
    let name = "é".repeat(300);
    for _ in 0..52 {
        create(
            &sandbox,
            serde_json::json!({"name": name, "workspace_id": "w1", "participant_ids": members}).to_string(),
        )?;
    }
    let response = page(&sandbox)?;
    let shown = shown(&response);
    has(
        &shown,
        &["Groups 53 (50 shown)", "Requests 52 (50 shown)", "60 (50 shown) members of", " 52 201 POST", " 3 201 POST"],
    );
    assert!(!shown.contains(" 2 201 POST"), "{shown}");
    let (lists, _) = shown.split_once("Requests 52 (50 shown)").unwrap();
    for cut in ["Pilot", "member-59", &"é".repeat(201)] {
        assert!(!lists.contains(cut), "{cut}");
    }
    assert!(response.body.len() < 2 << 20, "{}", response.body.len());
    Ok(())
}

#[tokio::test]
async fn the_page_runs_and_loads_nothing_but_its_own() -> Result<()> {
    let sandbox = lab().await?;
    let policy = "content-security-policy: default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                  connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'\r\n";
    let refused = form(&sandbox, "unknown", "")?;
    for response in [page(&sandbox)?, refused] {
        has(
            &response.head,
            &[policy, "x-content-type-options: nosniff\r\n", "content-type: text/html; charset=utf-8\r\n"],
        );
        let page = String::from_utf8_lossy(&response.body).into_owned();
        for tag in page.split('<').filter_map(|part| part.split_once('>')).map(|(tag, _)| tag) {
            for word in ["http:", "https:", " on", "style=\""] {
                assert!(!tag.contains(word), "{word} is in {tag}");
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn pages_of_others_neither_read_nor_act() -> Result<()> {
    let sandbox = lab().await?;
    let reset = "POST /_sandbox/ui/act/reset";
    create(&sandbox, r#"{"name": "Second wave", "workspace_id": "w1"}"#)?;
    for origin in ["http://evil.example", "null", "https://localhost", "http://localhost:8080", "http://127.0.0.1"] {
        let response = send(sandbox.url(), &[reset, &format!("Origin: {origin}")], b"")?;
        assert_eq!(response.status, 403, "{origin}");
    }
    for site in ["cross-site", "same-site"] {
        for first in [reset, "GET /"] {
            assert_eq!(send(sandbox.url(), &[first, &format!("Sec-Fetch-Site: {site}")], b"")?.status, 403, "{site}");
        }
    }
    assert_eq!(send(sandbox.url(), &["GET http://evil.example/"], b"")?.status, 403);
    assert_eq!(send(sandbox.url(), &["GET /_sandbox/ui/act/reset"], b"")?.status, 405, "a link does not act");
    assert_eq!(sandbox.requests().len(), 1);
    Ok(())
}

#[tokio::test]
async fn the_page_is_sent_again_only_when_it_has_changed() -> Result<()> {
    let sandbox = lab().await?;
    let tag = |response: &Response| {
        let line = response.head.lines().find_map(|line| line.strip_prefix("etag: "));
        format!("If-None-Match: {}", line.unwrap_or_default())
    };
    let first = tag(&page(&sandbox)?);
    let unchanged = send(sandbox.url(), &["GET /", &first], b"")?;
    assert_eq!((unchanged.status, unchanged.body.len()), (304, 0));
    send(sandbox.url(), &[&format!("GET {GROUPS}")], b"")?;
    let changed = send(sandbox.url(), &["GET /", &first], b"")?;
    assert_eq!(changed.status, 200);
    assert_ne!(tag(&changed), first);
    Ok(())
}
