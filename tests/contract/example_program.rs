//! The example programs, as the README runs them.

use std::process::{Command, Output};

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

/// Whatever an earlier run was told: what is there is not added twice, and what is missing is added.
#[tokio::test]
async fn a_bulk_job_can_be_run_again_after_failures_without_duplicates_or_loss() {
    let sandbox = Sandbox::start().await.unwrap();
    let file = std::env::temp_dir().join(format!("ids-{}.txt", std::process::id()));
    let ids: Vec<_> = (0..2_600).map(|number| format!("{number:024x}")).collect();
    std::fs::write(&file, ids.join("\n")).unwrap();
    let run = || {
        let mut command = program("add_many");
        command.arg("--").arg(&file).args(["w1", "Cohort"]);
        let output =
            command.env("PROLIFIC_TOKEN", sandbox.token()).env("PROLIFIC_URL", sandbox.url()).output().unwrap();
        (output.status.success(), text(&output))
    };
    // Fails while it looks for the group; then, the group being made, its answer is lost; then in the middle of the chunks.
    sandbox.fail_next(400);
    let (success, printed) = run();
    assert!(!success, "{printed}");
    // Two lists look for the group, one by the example and one by the checked create.
    for _ in 0..2 {
        sandbox.pass_next();
    }
    sandbox.lose_next_answer();
    // The list that finds it, the list of members, and a chunk.
    for _ in 0..3 {
        sandbox.pass_next();
    }
    sandbox.lose_next_answer();
    let (success, printed) = run();
    assert!(!success && printed.contains("run it again"), "{printed}");
    let (success, printed) = run();
    assert!(success && printed.contains("2600 of 2600 are in the group"), "{printed}");

    let requests = sandbox.requests();
    let creates =
        requests.iter().filter(|request| request.path == "/api/v1/participant-groups/" && request.method == "POST");
    assert_eq!(creates.count(), 1);
    std::fs::remove_file(file).unwrap();
}
