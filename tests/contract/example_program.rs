//! The example programs, as the README runs them.

use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use contract_tests::raw_server::{RawServer, json};
use prolific_sandbox::Sandbox;

use crate::document::root;

fn example() -> Command {
    program("create_participant_group")
}

fn program(name: &str) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--quiet", "--example", name]).current_dir(root());
    for name in ["PROLIFIC_TOKEN", "PROLIFIC_URL", "PROLIFIC_WORKSPACE_ID"] {
        command.env_remove(name);
    }
    command
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn without_a_token_it_creates_a_group_in_a_sandbox_and_says_so() {
    let output = example().output().unwrap();
    let printed = text(&output);
    assert!(output.status.success(), "{printed}");
    assert!(printed.contains("PROLIFIC_TOKEN is not set: creating a group in a sandbox"), "{printed}");
    assert!(
        printed.contains("\"Group 1\"") && printed.contains("participant_count: Some(\n            3,"),
        "{printed}"
    );
}

#[tokio::test]
async fn with_a_token_it_calls_the_service_that_is_configured_and_says_so() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut command = example();
    command
        .env("PROLIFIC_TOKEN", sandbox.token())
        .env("PROLIFIC_URL", sandbox.url())
        .env("PROLIFIC_WORKSPACE_ID", "w1");
    let output = command.output().unwrap();
    let printed = text(&output);
    assert!(output.status.success(), "{printed}");
    assert!(printed.contains(&format!("PROLIFIC_TOKEN is set: creating a group at {}", sandbox.url())), "{printed}");
    assert!(printed.contains("\"w1\"") && !printed.contains(sandbox.token()), "{printed}");
}

#[test]
fn with_a_token_and_no_workspace_it_says_what_is_missing_and_sends_nothing() {
    let output = example().env("PROLIFIC_TOKEN", "canary").output().unwrap();
    let printed = text(&output);
    assert!(!output.status.success() && printed.contains("set PROLIFIC_WORKSPACE_ID"), "{printed}");
    assert!(!printed.contains("canary"), "{printed}");
}

/// In a process of its own, since the environment belongs to the process.
#[test]
fn a_proxy_in_the_environment_is_ignored() {
    let service = RawServer::answering(json("201 Created", "{}")).unwrap();
    let mut command = example();
    command.env("PROLIFIC_TOKEN", "t").env("PROLIFIC_URL", service.url()).env("PROLIFIC_WORKSPACE_ID", "w1");
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env(name, "http://127.0.0.1:1");
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    assert!(service.request().unwrap().starts_with("POST /api/v1/participant-groups/ "));
}

#[test]
fn an_unusable_environment_is_an_error_that_says_what_to_do() {
    for (token, url, says) in [
        ("", "", "set PROLIFIC_TOKEN"),
        ("Token abc", "", "give the token alone"),
        ("abc", "", "unset PROLIFIC_URL"),
        ("abc", "http://api.prolific.com", "use https"),
    ] {
        let output = example().env("PROLIFIC_TOKEN", token).env("PROLIFIC_URL", url).arg("w1").output().unwrap();
        let printed = text(&output);
        assert!(!output.status.success() && printed.contains(says), "{token} {url}: {printed}");
    }
}

#[test]
fn the_other_examples_run_offline() {
    for (name, prints) in [
        ("manage_cohort", "2 members are left\ndeleted: Some(true)\n"),
        ("find_my_workspace", "w2: Memory lab\n"),
        ("add_many", "20000 of 20000 are in the group 000000000000000000000001\n"),
        ("page_through_groups", "Wave 5\na page of 2\na page of 2\na page of 1\n"),
    ] {
        let output = program(name).output().unwrap();
        assert!(output.status.success() && text(&output).ends_with(prints), "{name}: {}", text(&output));
    }
}

/// Runs the bulk job for a file with this text. Whether it succeeded, and what it printed.
fn add_many(sandbox: &Sandbox, text_of_file: &str) -> (bool, String) {
    static FILES: AtomicUsize = AtomicUsize::new(0);
    let number = FILES.fetch_add(1, Ordering::Relaxed);
    let file = std::env::temp_dir().join(format!("ids-{}-{number}.txt", std::process::id()));
    std::fs::write(&file, text_of_file).unwrap();
    let mut command = program("add_many");
    command.arg("--").arg(&file).args(["w1", "Cohort"]);
    let output = command.env("PROLIFIC_TOKEN", sandbox.token()).env("PROLIFIC_URL", sandbox.url()).output().unwrap();
    std::fs::remove_file(file).unwrap();
    (output.status.success(), text(&output))
}

fn ids(count: usize) -> String {
    (0..count).map(|number| format!("{number:024x}")).collect::<Vec<_>>().join("\n")
}

fn pass(sandbox: &Sandbox, requests: usize) {
    (0..requests).for_each(|_| sandbox.pass_next());
}

/// Before the chunks of a new group: two lists look for it, one by the example and one by the checked create, which makes
/// it then; and the list of its members.
const BEFORE_THE_CHUNKS: usize = 4;

/// Whatever an earlier run was told: what is there is not added twice, and what is missing is added.
#[tokio::test]
async fn a_bulk_job_can_be_run_again_after_failures_without_duplicates_or_loss() {
    let sandbox = Sandbox::start().await.unwrap();
    let run = || add_many(&sandbox, &ids(2_600));
    // Fails while it looks for the group; then, the group being made, its answer is lost; then in the middle of the chunks.
    sandbox.fail_next(400);
    let (success, printed) = run();
    assert!(!success, "{printed}");
    pass(&sandbox, 2);
    sandbox.lose_next_answer();
    // The list that finds it, the list of members, and a chunk.
    pass(&sandbox, 3);
    sandbox.lose_next_answer();
    let (success, printed) = run();
    assert!(!success && printed.contains("run it again"), "{printed}");
    let (success, printed) = run();
    assert!(success && printed.contains("2600 of 2600 are in the group"), "{printed}");

    let requests = sandbox.requests();
    let creates =
        requests.iter().filter(|request| request.path == "/api/v1/participant-groups/" && request.method == "POST");
    assert_eq!(creates.count(), 1);
}

#[tokio::test]
async fn a_bulk_job_whose_last_answer_was_lost_has_succeeded() {
    let sandbox = Sandbox::start().await.unwrap();
    pass(&sandbox, BEFORE_THE_CHUNKS);
    sandbox.lose_next_answer();
    let (success, printed) = add_many(&sandbox, &ids(3));
    assert!(success && printed.ends_with("3 of 3 are in the group 000000000000000000000001\n"), "{printed}");
}

#[tokio::test]
async fn a_chunk_that_is_refused_does_not_stop_a_bulk_job() {
    let sandbox = Sandbox::start().await.unwrap();
    pass(&sandbox, BEFORE_THE_CHUNKS);
    sandbox.fail_next(400);
    let (success, printed) = add_many(&sandbox, &ids(2_600));
    assert!(!success && printed.contains("2100 of 2600 are in the group"), "{printed}");
    assert!(printed.contains("500 are missing; the service refused some"), "{printed}");
}

#[tokio::test]
async fn a_bulk_job_that_cannot_look_at_the_end_says_why_it_failed_before() {
    let sandbox = Sandbox::start().await.unwrap();
    pass(&sandbox, BEFORE_THE_CHUNKS);
    sandbox.fail_next(503);
    sandbox.fail_next(400);
    let (success, printed) = add_many(&sandbox, &ids(3));
    assert!(
        !success && printed.contains("is not known; run it again, it looks first: add_participants_to_group"),
        "{printed}"
    );
}

#[tokio::test]
async fn a_bulk_job_takes_ids_alone_each_once() {
    let sandbox = Sandbox::start().await.unwrap();
    for (file, says) in [
        ("", "there are no ids"),
        ("\n \n", "there are no ids"),
        ("a1\nParticipant id,Status\n", "line 2 is no participant id"),
        ("ID\na1\n", "line 1 is no participant id"),
    ] {
        let (success, printed) = add_many(&sandbox, file);
        assert!(!success && printed.contains(".txt: ") && printed.contains(says), "{printed}");
    }
    assert_eq!(sandbox.requests().len(), 0);
    let (success, printed) = add_many(&sandbox, "\u{feff}b1\r\n\r\n b2 \nb1");
    assert!(success && printed.contains("2 of 2 are in the group"), "{printed}");
    let added = sandbox
        .requests()
        .into_iter()
        .find(|request| request.path.ends_with("/participants/") && request.method == "POST");
    assert_eq!(String::from_utf8(added.unwrap().body).unwrap(), r#"{"participant_ids":["b1","b2"]}"#);
}
