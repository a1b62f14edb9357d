//! The same with real processes: they are aborted and killed, run at the same time, and have no room on the disk.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use prolific_sandbox::{Fault, Sandbox};
use prolific_sdk::Effect;
use prolific_sdk::payments::{Entry, FileJournal, Journal, SETTLING_TIME};

use super::program::{Break, BreakingJournal, run};
use super::{client, lab, ledger};

/// The program that `child` starts in a process of its own.
#[test]
#[ignore = "other tests run it"]
fn program() {
    let Ok(settings) = std::env::var("PAYMENT_PROGRAM") else { return };
    let (url, token, path, settling, breaks): (String, String, String, u64, String) =
        serde_json::from_str(&settings).unwrap();
    let breaks = match breaks.as_str() {
        "before the intent" => Some((0, Break::CrashBefore)),
        "within the intent" => Some((0, Break::CrashWithin(40))),
        "after the intent" => Some((0, Break::CrashAfter)),
        "before the outcome" => Some((1, Break::CrashBefore)),
        "within the outcome" => Some((1, Break::CrashWithin(20))),
        "after the outcome" => Some((1, Break::CrashAfter)),
        _ => None,
    };
    let journal = BreakingJournal::open(Path::new(&path), breaks, || std::process::abort());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let people = ["p1".to_owned(), "p2".to_owned()];
    let claim = runtime.block_on(run(&client(&url, &token), &journal, &people, Duration::from_secs(settling)));
    println!("claim: {:?}", claim.map(|(effect, _)| effect));
}

fn command(sandbox: &Sandbox, path: &Path, settling: Duration, breaks: &str) -> Command {
    let settings = serde_json::json!([sandbox.url(), sandbox.token(), path, settling.as_secs(), breaks]);
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "--ignored", "--nocapture", "payments::processes::program"]);
    command.env("PAYMENT_PROGRAM", settings.to_string()).env("RUST_BACKTRACE", "0");
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// What the process printed of its claim, and whether it ended well.
fn end(child: Child) -> (bool, String) {
    let output = child.wait_with_output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let claim = printed.lines().find_map(|line| line.split_once("claim: ")).map(|(_, claim)| claim.to_owned());
    (output.status.success(), claim.unwrap_or_default())
}

async fn is_paid_once(sandbox: &Sandbox) {
    let client = client(sandbox.url(), sandbox.token());
    for person in ["p1", "p2"] {
        assert_eq!(ledger(&client, person).await, ["100"], "{person}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_is_aborted_at_any_point_pays_once_when_it_runs_again() {
    let sandbox = Sandbox::builder().seed(lab(2)).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (at, settled) in [
        ("before the intent", None),
        ("within the intent", None),
        ("after the intent", Some(Effect::Unknown)),
        ("before the outcome", Some(Effect::Unknown)),
        ("within the outcome", Some(Effect::Unknown)),
        ("after the outcome", Some(Effect::Applied)),
    ] {
        sandbox.load(lab(2)).unwrap();
        let path = folder.path().join(at);
        let (success, _) = end(command(&sandbox, &path, SETTLING_TIME, at).spawn().unwrap());
        assert!(!success, "{at}");
        let entries = FileJournal::open(&path).unwrap().entries().unwrap();
        assert_eq!(entries.first().map(Entry::effect), settled, "{at}");
        let (success, _) = end(command(&sandbox, &path, Duration::ZERO, "").spawn().unwrap());
        assert!(success, "{at}");
        is_paid_once(&sandbox).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_is_killed_while_it_pays_pays_once_when_it_runs_again() {
    let running: Arc<Mutex<Option<Child>>> = Arc::default();
    let killed = running.clone();
    let sandbox = Sandbox::builder().seed(lab(2)).on_request(move |request| {
        if request.path.ends_with("/pay/")
            && let Some(child) = &mut *killed.lock().unwrap()
        {
            child.kill().unwrap();
        }
    });
    let sandbox = sandbox.start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (number, is_performed) in [true, false].into_iter().enumerate() {
        sandbox.load(lab(2)).unwrap();
        let fault = Fault::status(500).delayed(Duration::from_secs(3600)).on("bonuses_pay");
        sandbox.inject(if is_performed { fault.performed() } else { fault });
        let path = folder.path().join(number.to_string());
        // The lock is held until the process is where it can be killed.
        {
            let mut slot = running.lock().unwrap();
            *slot = Some(command(&sandbox, &path, SETTLING_TIME, "").spawn().unwrap());
        }
        let status = loop {
            if let Some(status) = running.lock().unwrap().as_mut().unwrap().try_wait().unwrap() {
                break status;
            }
            tokio::task::yield_now().await;
        };
        assert!(!status.success());
        *running.lock().unwrap() = None;
        sandbox.clear_faults();
        assert_eq!(FileJournal::open(&path).unwrap().unsettled().unwrap().len(), 1);
        assert!(end(command(&sandbox, &path, Duration::ZERO, "").spawn().unwrap()).0);
        is_paid_once(&sandbox).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_processes_that_run_at_once_one_pays() {
    let sandbox = Sandbox::builder().seed(lab(2)).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payments.jsonl");
    let children: Vec<_> = (0..4).map(|_| command(&sandbox, &path, SETTLING_TIME, "").spawn().unwrap()).collect();
    let claims: Vec<_> = children.into_iter().map(end).collect();
    assert!(claims.iter().all(|(success, _)| *success), "{claims:?}");
    assert_eq!(claims.iter().filter(|(_, claim)| claim == "Some(Applied)").count(), 1, "{claims:?}");
    is_paid_once(&sandbox).await;
}

/// A limit for the size of files stands for a full disk: a line is written in part, and the rest is refused.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_keeps_a_program_from_paying() {
    let sandbox = Sandbox::builder().seed(lab(2)).start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payments.jsonl");
    // All but a few bytes of what the limit allows.
    let intent = r#"{"intent":{"entry":1,"at":0,"to":{"publish_study":{"study":"s9","total":1}}}}"#;
    let mut text = format!("{intent}\n{{\"outcome\":{{\"entry\":1,\"effect\":\"applied\"}}}}\n");
    while text.len() < 4096 - 150 {
        text += "{\"outcome\":{\"entry\":1,\"effect\":\"unknown\"}}\n";
    }
    std::fs::write(&path, &text).unwrap();
    let limited = command(&sandbox, &path, SETTLING_TIME, "");
    let mut shell = Command::new("bash");
    // In kibibytes. Without the signal, writing is an error.
    shell
        .args(["-c", "trap '' XFSZ; ulimit -f 4; exec \"$@\"", "bash"])
        .arg(limited.get_program())
        .args(limited.get_args());
    shell.envs(limited.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let (success, claim) = end(shell.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
    assert_eq!((success, claim.as_str()), (true, "Some(NotApplied)"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "what was written in part is taken back");
    assert_eq!(super::calls(&sandbox, "/pay/"), 0);
}
