//! The example programs, as the README runs them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use contract_tests::raw_server::{RawServer, json};
use prolific_sandbox::{Fault, Sandbox, Seed, SeedGroup};
use serde_json::Value;

use crate::document::root;

/// The example that receives events.
mod receiver;
/// The examples that take a study through its life.
mod studies;

/// The executable of each example, and of the program on the front page. Built once, with the features that the tests
/// are built with.
static PROGRAMS: LazyLock<BTreeMap<String, PathBuf>> = LazyLock::new(|| {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--workspace", "--examples", "--message-format", "json"]).current_dir(root());
    let output = cargo.stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "the examples do not build");
    let messages = output.stdout.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let messages = messages.map(|line| serde_json::from_slice::<Value>(line).unwrap());
    let examples = messages.filter(|message| message["target"]["kind"] == Value::from(vec!["example"]));
    examples
        .filter_map(|message| {
            Some((message["target"]["name"].as_str()?.into(), message["executable"].as_str()?.into()))
        })
        .collect()
});

/// The names of the examples that call a service, and end.
fn names() -> impl Iterator<Item = &'static str> {
    PROGRAMS.keys().map(String::as_str).filter(|name| !matches!(*name, "quick_start" | "webhook_receiver"))
}

/// An example, with nothing of Prolific in its environment.
fn program(name: &str) -> Command {
    let mut command = Command::new(&PROGRAMS[name]);
    for name in ["PROLIFIC_TOKEN", "PROLIFIC_URL", "PROLIFIC_WORKSPACE_ID"] {
        command.env_remove(name);
    }
    command
}

fn create() -> Command {
    program("create_participant_group")
}

fn connected(name: &str, sandbox: &Sandbox) -> Command {
    let mut command = program(name);
    command.env("PROLIFIC_TOKEN", sandbox.token()).env("PROLIFIC_URL", sandbox.url());
    command
}

/// Whether it succeeded, and everything it printed.
fn run(command: &mut Command) -> (bool, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    (status.success(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
}

#[test]
fn without_a_token_each_example_runs_in_a_sandbox_and_says_so() {
    let prints = BTreeMap::from([
        ("add_many", "20000 of 20000 are in the group 000000000000000000000001\n"),
        ("create_participant_group", "created group 000000000000000000000001, \"Group 1\", with 3 participants\n"),
        ("find_my_workspace", "w1  Attention lab\nw2  Memory lab\n62fce6fff0a78eb4f3ebc09c  My workspace\n"),
        ("follow_up_study", "  6.30\nthe follow-up is active\nwrote to the group\n"),
        ("lab_day", "paid the bonuses\nthe workspace has 9980.40 GBP, and can spend 9980.40\n"),
        ("manage_cohort", "2 participants are left\ndeleted: true\n"),
        ("page_through_groups", "Wave 5\na page of 2\na page of 2\na page of 1\n"),
    ]);
    assert!(names().eq(prints.keys().copied()), "an example is not tried: {PROGRAMS:?}");
    for (name, ends_with) in prints {
        let (success, printed) = run(&mut program(name));
        assert!(
            success && printed.contains("PROLIFIC_TOKEN is not set: calling a sandbox at http://127.0.0.1:"),
            "{name}: {printed}"
        );
        assert!(printed.ends_with(ends_with), "{name}: {printed}");
    }
}

/// The page shows the program's text, and what it prints.
#[tokio::test]
async fn the_program_of_the_front_page_prints_what_the_page_says() {
    let page = std::fs::read_to_string(root().join("sdk/README.md")).unwrap();
    let (_, program) = include_str!("quick_start.rs").split_once("\n\n").unwrap();
    let (_, behind) = page.split_once(&format!("```rust,no_run\n{program}```\n")).unwrap();
    let (_, printed_there) = behind.split_once("```text\n").unwrap();
    let (printed_there, _) = printed_there.split_once("```").unwrap();
    let sandbox = Sandbox::start().await.unwrap();
    assert_eq!(run(&mut connected("quick_start", &sandbox)), (true, printed_there.to_owned()));
}

#[tokio::test]
async fn with_a_token_each_example_calls_the_service_that_is_named() {
    for name in names() {
        let seed = Seed::new().workspace("w1", "Lab").group(SeedGroup::in_workspace("Wave 1", "w1"));
        let seed = seed.study(studies::first_study("DONE"));
        let sandbox = Sandbox::builder().seed(seed).start().await.unwrap();
        let file = IdFile::new("5e9b9c9b0f9c9a0001b0b1f4\n");
        let mut command = connected(name, &sandbox);
        command.env("PROLIFIC_WORKSPACE_ID", "w1");
        if matches!(name, "add_many" | "manage_cohort") {
            command.arg("--file").arg(&file.0);
        }
        if name == "add_many" {
            command.args(["--name", "Cohort"]);
        }
        if name == "follow_up_study" {
            command.args(studies::FOLLOW_UP);
        }
        if name == "lab_day" {
            command.args(studies::LAB_DAY);
        }
        let (success, printed) = run(&mut command);
        assert!(success && printed.contains(&format!("calling {}\n", sandbox.url())), "{name}: {printed}");
        assert!(!sandbox.requests().is_empty() && !printed.contains(sandbox.token()), "{name}: {printed}");
    }
}

#[tokio::test]
async fn help_is_printed_and_nothing_is_sent() {
    let sandbox = Sandbox::start().await.unwrap();
    for name in names() {
        for argument in ["--help", "-h", "--no-such-option"] {
            let (success, printed) = run(connected(name, &sandbox).args([argument, "w1"]));
            assert!(success == (argument != "--no-such-option") && printed.contains("Usage: "), "{name}: {printed}");
        }
    }
    assert_eq!(sandbox.requests().len(), 0);
}

#[tokio::test]
async fn with_a_token_and_no_workspace_it_says_what_is_missing_and_sends_nothing() {
    let sandbox = Sandbox::start().await.unwrap();
    let (success, printed) = run(&mut connected("create_participant_group", &sandbox));
    assert!(
        !success && printed.contains("set PROLIFIC_WORKSPACE_ID") && !printed.contains(sandbox.token()),
        "{printed}"
    );
    assert_eq!(sandbox.requests().len(), 0);
}

/// In a process of its own, since the environment belongs to the process.
#[test]
fn a_proxy_in_the_environment_is_ignored() {
    let service = RawServer::responding(json("201 Created", r#"{"id":"g1"}"#)).unwrap();
    let mut command = create();
    command.env("PROLIFIC_TOKEN", "t").env("PROLIFIC_URL", service.url()).arg("w1");
    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env(name, "http://127.0.0.1:1");
    }
    let (success, printed) = run(&mut command);
    assert!(success, "{printed}");
    assert!(service.request().unwrap().starts_with("POST /api/v1/participant-groups/ "));
}

#[test]
fn an_unusable_environment_is_an_error_that_says_what_to_do() {
    for (token, url, says) in [
        ("", "", "set PROLIFIC_TOKEN"),
        ("Token abc", "", "pass only the token"),
        ("abc", "", "leave PROLIFIC_URL unset"),
        ("abc", "http://api.prolific.com", "use https"),
    ] {
        let (success, printed) = run(create().env("PROLIFIC_TOKEN", token).env("PROLIFIC_URL", url).arg("w1"));
        assert!(!success && printed.contains(says), "{token} {url}: {printed}");
    }
}

/// A file of ids, which is removed when it is dropped.
struct IdFile(PathBuf);

impl IdFile {
    fn new(text: &str) -> Self {
        static FILES: AtomicUsize = AtomicUsize::new(0);
        let number = FILES.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("ids-{}-{number}.txt", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }
}

impl Drop for IdFile {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

/// Runs the bulk job for a file with this text.
fn add_many(sandbox: &Sandbox, text_of_file: &str) -> (bool, String) {
    let file = IdFile::new(text_of_file);
    let mut command = connected("add_many", sandbox);
    run(command.args(["w1", "--name", "Cohort", "--file"]).arg(&file.0))
}

fn ids(count: usize) -> String {
    (0..count).map(|number| format!("{number:024x}")).collect::<Vec<_>>().join("\n")
}

const LIST: &str = "participant_groups_list";
const CREATE: &str = "participant_groups_create";
const ADD: &str = "participant_groups_add_participants";
const LIST_PARTICIPANTS: &str = "participant_groups_list_participants";

/// However an earlier run failed: what is there is not added twice, and what is missing is added.
#[tokio::test]
async fn a_bulk_job_can_be_run_again_after_failures_without_duplicates_or_loss() {
    let sandbox = Sandbox::start().await.unwrap();
    let job = || add_many(&sandbox, &ids(2_600));
    // Fails while it looks for the group; then its response to the create is lost, and after it one in the midst of
    // the chunks.
    sandbox.inject(Fault::status(400).on(LIST));
    let (success, printed) = job();
    assert!(!success, "{printed}");
    sandbox.inject(Fault::lost_response().on(CREATE));
    let rejected = sandbox.inject(Fault::status(403).on(ADD).nth(2));
    let (success, printed) = job();
    assert!(!success && printed.contains("run this again"), "{printed}");
    rejected.remove();
    let (success, printed) = job();
    assert!(success && printed.contains("2600 of 2600 are in the group"), "{printed}");

    let requests = sandbox.requests();
    let creates =
        requests.iter().filter(|request| request.path == "/api/v1/participant-groups/" && request.method == "POST");
    assert_eq!(creates.count(), 1);
}

#[tokio::test]
async fn a_bulk_job_whose_last_response_was_lost_has_succeeded() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.inject(Fault::lost_response().on(ADD));
    let (success, printed) = add_many(&sandbox, &ids(3));
    assert!(success && printed.ends_with("3 of 3 are in the group 000000000000000000000001\n"), "{printed}");
}

#[tokio::test]
async fn a_chunk_that_is_rejected_does_not_stop_a_bulk_job() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.inject(Fault::status(400).on(ADD));
    let (success, printed) = add_many(&sandbox, &ids(2_600));
    assert!(!success && printed.contains("2100 of 2600 are in the group"), "{printed}");
    assert!(printed.contains("500 are missing; the service rejected some"), "{printed}");
}

#[tokio::test]
async fn a_bulk_job_that_cannot_look_at_the_end_says_why_it_failed_before() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.inject(Fault::status(403).on(ADD));
    sandbox.inject(Fault::status(400).on(LIST_PARTICIPANTS).nth(2));
    let (success, printed) = add_many(&sandbox, &ids(3));
    assert!(
        !success && printed.contains("it is unknown how many are in the group") && printed.contains("403 Forbidden"),
        "{printed}"
    );
}

#[tokio::test]
async fn a_bulk_job_takes_ids_alone_each_once() {
    let sandbox = Sandbox::start().await.unwrap();
    for (file, says) in [
        ("", "there are no ids"),
        ("\n \n", "there are no ids"),
        ("a1\nParticipant id,Status\n", "line 2 is not a participant id"),
        ("ID\na1\n", "line 1 is not a participant id"),
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
