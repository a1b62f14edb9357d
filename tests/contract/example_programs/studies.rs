//! The examples that recruit, review and pay: what they print, which requests they send, and what money is left.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use prolific_sandbox::{Sandbox, Seed, SeedStudy};
use prolific_sdk::Client;
use prolific_sdk::types::MinorUnits;
use serde_json::json;

use super::{connected, run};

pub const FOLLOW_UP: [&str; 4] = ["--study", "s1", "--url", "https://lab.example.org/2"];

pub const LAB_DAY: [&str; 6] =
    ["--name", "Colours", "--url", "https://lab.example.org/1", "--follow-up-url", "https://lab.example.org/2"];

/// A study that two people have finished. They are approved already with the code `APPROVED`.
pub fn first_study(code: &str) -> SeedStudy {
    let codes = json!([
        {"code": "DONE", "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}]},
        {"code": "APPROVED", "code_type": "COMPLETED", "actions": [{"action": "AUTOMATICALLY_APPROVE"}]},
    ]);
    let study = SeedStudy::new("Colours").id("s1").reward(150).places(2).field("completion_codes", codes);
    study.submission("p1", code).submission("p2", code)
}

async fn lab(study: Option<SeedStudy>) -> Sandbox {
    let seed = Seed::new().workspace("w1", "Lab").balance(10_000);
    Sandbox::builder().seed(study.into_iter().fold(seed, Seed::study)).start().await.unwrap()
}

/// The last parts of the paths that were changed.
fn changes(sandbox: &Sandbox) -> Vec<String> {
    let changes = sandbox.requests().into_iter().filter(|request| request.method != "GET");
    let last = |path: String| path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    changes.map(|request| last(request.path)).collect()
}

/// What the workspace has, in all and to spend, in pence.
async fn balance(sandbox: &Sandbox) -> (Option<u32>, Option<u32>) {
    let client = Client::builder().base_url(sandbox.url()).token(sandbox.token()).build().unwrap();
    let balance = client.workspaces().balance("w1").send().await.unwrap();
    let pence = |amount: Option<MinorUnits>| amount.map(|amount| amount.to_string().parse().unwrap());
    (pence(balance.total_balance), pence(balance.available_balance))
}

#[tokio::test]
async fn a_follow_up_spends_money_only_if_it_may() {
    let follow_up = async |code, arguments: &[&str]| {
        let sandbox = lab(Some(first_study(code))).await;
        let (success, printed) = run(connected("follow_up_study", &sandbox).arg("w1").args(FOLLOW_UP).args(arguments));
        assert!(success, "{printed}");
        (printed, changes(&sandbox), balance(&sandbox).await)
    };
    // Two places of 2.10 are reserved.
    let (printed, changes, balance) = follow_up("DONE", &[]).await;
    assert!(printed.contains("stopped before approving") && changes.is_empty(), "{printed} {changes:?}");
    assert_eq!(balance, (Some(10_000), Some(9_580)));

    let (printed, changes, balance) = follow_up("APPROVED", &[]).await;
    assert!(printed.contains("stopped before publishing"), "{printed}");
    assert_eq!(changes, ["participant-groups", "participants", "studies"]);
    assert_eq!(balance, (Some(9_580), Some(9_580)));

    let (printed, changes, balance) = follow_up("DONE", &["--spend"]).await;
    assert!(printed.ends_with("wrote to the group\n"), "{printed}");
    let all = ["bulk-approve", "participant-groups", "participants", "studies", "transition", "participant-group"];
    assert_eq!((changes.as_slice(), balance), (&all.map(str::to_owned)[..], (Some(9_580), Some(9_160))));
}

/// The day of the lab, up to its end or to where it stops. Participants come when it says that a study takes them: one
/// without the code as soon as there is a place, the others with it.
fn lab_day(sandbox: &Sandbox, folder: &Path, arguments: &[&str]) -> String {
    let mut command = connected("lab_day", sandbox);
    command.args(["w1", "--places", "2", "--interval", "0"]).args(LAB_DAY).args(arguments);
    command.arg("--journal").arg(folder.join("payments.jsonl"));
    let mut program = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut printed = String::new();
    let take = |participant: &str, study: &str| sandbox.participant(participant).take(study).unwrap();
    for line in BufReader::new(program.stdout.take().unwrap()).lines().map(Result::unwrap) {
        if line == format!("the study {FIRST} is active") {
            take("p1", FIRST).submit("COLOURS").unwrap();
            take("p2", FIRST).submit_without_code().unwrap();
        } else if line == format!("the study {FIRST} takes participants again") {
            take("p3", FIRST).submit("COLOURS.").unwrap();
        } else if line == "wrote to the group" {
            sandbox.participant("p2").take(SECOND).expect_err("it was rejected, and is not in the group");
            take("p3", SECOND).submit("COLOURS").unwrap();
            take("p1", SECOND).submit("COLOURS").unwrap();
        }
        printed += &line;
        printed.push('\n');
    }
    assert!(program.wait().unwrap().success(), "{printed}");
    printed
}

/// The first study that is created in a sandbox, and the second.
const FIRST: &str = "5e0000000000000000000001";
const SECOND: &str = "5e0000000000000000000002";

#[tokio::test]
async fn a_day_of_a_lab_ends_with_everybody_paid_once() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = lab(None).await;
    let rejected = "640000000000000000000002";
    let printed = lab_day(&sandbox, folder.path(), &["--spend", "--reject", rejected]);
    let url = sandbox.url();
    let expected = format!(
        "\
calling {url}
the study {FIRST} is a draft
  rewards      3.00 GBP
  fees         1.00 GBP
  tax          0.20 GBP
  total        4.20
the workspace has 100.00 GBP, and can spend 100.00
the study {FIRST} is active
2 of 2 have finished; the study is AWAITING REVIEW
approved 1
rejected {rejected}, which came with the code NOCODE
the study {FIRST} takes participants again
2 of 2 have finished; the study is AWAITING REVIEW
approved 1
the group 000000000000000000000001 has the people
the follow-up {SECOND} is a draft for this group
  rewards      3.00 GBP
  fees         1.00 GBP
  tax          0.20 GBP
  total        4.20
the follow-up is active
wrote to the group
2 of 2 have finished; the study is AWAITING REVIEW
approved 2
bonuses for 2: 1.40 with fees and VAT
paid the bonuses
the workspace has 90.20 GBP, and can spend 90.20
"
    );
    assert_eq!(printed, expected);
    let first = ["studies", "transition", "bulk-approve", "transition", "transition", "bulk-approve"];
    let group = ["participant-groups", "participants"];
    let second = ["studies", "transition", "participant-group", "bulk-approve", "bonus-payments", "pay"];
    let all = first.into_iter().chain(group).chain(second);
    assert!(changes(&sandbox).into_iter().eq(all), "{:?}", changes(&sandbox));
    // 4 rewards of 2.10 and 2 bonuses of 0.70, all paid.
    assert_eq!(balance(&sandbox).await, (Some(9_020), Some(9_020)));

    // Another run finds that everything is done.
    let before = changes(&sandbox).len();
    let printed = lab_day(&sandbox, folder.path(), &["--spend"]);
    assert!(printed.contains("all have their bonus\n"), "{printed}");
    assert_eq!(changes(&sandbox)[before..], ["participants"]);
    assert_eq!(balance(&sandbox).await, (Some(9_020), Some(9_020)));
}

#[tokio::test]
async fn a_day_of_a_lab_spends_no_money_and_rejects_nobody_unless_it_may() {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = lab(None).await;
    let printed = lab_day(&sandbox, folder.path(), &[]);
    assert!(printed.ends_with("stopped before publishing, which reserves the cost: --spend publishes\n"), "{printed}");
    assert_eq!(
        (changes(&sandbox).as_slice(), balance(&sandbox).await),
        (&["studies".to_owned()][..], (Some(10_000), Some(10_000)))
    );

    let folder = tempfile::tempdir().unwrap();
    let sandbox = lab(Some(first_study("DONE"))).await;
    let printed = lab_day(&sandbox, folder.path(), &["--code", "DONE"]);
    assert!(printed.contains("stopped before approving 2, which pays"), "{printed}");
    assert_eq!(changes(&sandbox), [""; 0]);

    let folder = tempfile::tempdir().unwrap();
    let sandbox = lab(Some(first_study("OTHER"))).await;
    let printed = lab_day(&sandbox, folder.path(), &["--spend"]);
    assert!(
        printed.contains("which came with the code OTHER") && printed.contains("reject them with --reject"),
        "{printed}"
    );
    assert_eq!(changes(&sandbox), [""; 0]);
}
