//! Whatever fails, and wherever: nobody is paid twice, nobody is reported paid who was not, nobody is reported unpaid who
//! was, and in the end everybody is paid.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use prolific_sandbox::{Fault, Sandbox};
use prolific_sdk::payments::{Entry, FileJournal, Journal, SETTLING_TIME};
use prolific_sdk::{Client, Effect};
use proptest::prelude::*;
use proptest::test_runner::Config;
use tokio::sync::Notify;

use super::program::{Break, BreakingJournal, Claim, people_of, run};
use super::{STUDY, client, lab};
use crate::properties::runner;

/// What happens in one run of the program.
#[derive(Clone, Debug)]
struct Run {
    fault: Option<(&'static str, usize)>,
    breaks: Option<(usize, Break)>,
    /// Whether another one runs at the same time.
    twin: bool,
}

/// The faults of the service, by number.
const FAULTS: usize = 12;

fn fault(number: usize) -> Fault {
    match number {
        0 => Fault::lost_response(),
        1 => Fault::reset(),
        2 => Fault::cut_body(),
        3 => Fault::status(500),
        4 => Fault::status(502).performed(),
        5 => Fault::status(429),
        6 => Fault::status(400),
        7 => Fault::status(302),
        8 => Fault::status(200).body("text/html", "<html>").performed(),
        9 => Fault::status(202).body("application/json", "{").performed(),
        10 => Fault::status(401),
        // The program is gone before the response.
        _ => Fault::delay(Duration::from_secs(3600)),
    }
}

fn runs() -> impl Strategy<Value = (usize, Vec<Run>)> {
    let operation = prop_oneof![
        6 => Just("bonuses_pay"),
        2 => Just("bonuses_set_up"),
        2 => Just("submissions_list"),
        1 => Just("studies_get"),
    ];
    let fault = prop::option::weighted(0.7, (operation, 0..FAULTS));
    let what = prop_oneof![
        Just(Break::Full),
        Just(Break::Unsure),
        Just(Break::CrashBefore),
        Just(Break::CrashAfter),
        (0..120_usize).prop_map(Break::CrashWithin),
    ];
    let breaks = prop::option::weighted(0.4, (0..3_usize, what));
    let run = (fault, breaks, prop::bool::weighted(0.15));
    let run = run.prop_map(|(fault, breaks, twin)| Run { fault, breaks, twin });
    (1..=3_usize, prop::collection::vec(run, 1..=4))
}

/// A crash, as far as the journal can tell: nothing more is done.
struct Crash;

fn crash() -> ! {
    resume_unwind(Box::new(Crash))
}

struct Lab {
    sandbox: Sandbox,
    client: Client,
    /// A payment has been performed, and its response is held back.
    paying: Arc<Notify>,
    folder: tempfile::TempDir,
}

impl Lab {
    async fn start() -> Self {
        let paying = Arc::new(Notify::new());
        let held_back = paying.clone();
        let sandbox = Sandbox::builder().seed(lab(3)).on_request(move |request| {
            if request.fault.as_ref().is_some_and(|fault| fault.contains("3600")) {
                held_back.notify_one();
            }
        });
        let sandbox = sandbox.start().await.unwrap();
        let client = client(sandbox.url(), sandbox.token());
        // In memory if there is such a folder: what outlives a program need not outlive the machine here.
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        Self { sandbox, client, paying, folder: folder.unwrap() }
    }

    /// The bonuses of all people, by the service's own account.
    async fn ledger(&self) -> BTreeMap<String, Vec<String>> {
        let mut list = self.client.submissions().list(STUDY).stream();
        let mut ledger = BTreeMap::new();
        while let Some(submission) = list.try_next().await.unwrap() {
            let bonuses = submission.bonus_payments.unwrap().iter().map(ToString::to_string).collect();
            ledger.insert(submission.participant_id.to_string(), bonuses);
        }
        ledger
    }

    async fn run(&self, path: &Path, run: &Run, people: &[String]) -> Vec<Claim> {
        if let Some((operation, number)) = run.fault {
            self.sandbox.inject(fault(number).on(operation));
        }
        // While another one may be sending, only time tells that nothing was paid.
        let settling = if run.twin { SETTLING_TIME } else { Duration::ZERO };
        let program = |breaks| {
            let (client, path, people, paying) =
                (self.client.clone(), path.to_owned(), people.to_owned(), self.paying.clone());
            tokio::spawn(async move {
                let journal = BreakingJournal::open(&path, breaks, crash);
                tokio::select! {
                    claim = self::run(&client, &journal, &people, settling) => claim,
                    () = paying.notified() => None,
                }
            })
        };
        let mut programs = vec![program(run.breaks)];
        programs.extend(run.twin.then(|| program(None)));
        let mut claims = Vec::new();
        for program in programs {
            match program.await {
                Ok(claim) => claims.extend(claim),
                Err(error) => assert!(error.try_into_panic().unwrap().is::<Crash>()),
            }
        }
        self.sandbox.clear_faults();
        claims
    }

    /// Runs a script, and holds after each run what is claimed against what was paid.
    async fn check(&self, count: usize, runs: &[Run]) -> Result<(), TestCaseError> {
        self.sandbox.load(lab(count)).unwrap();
        let people: Vec<_> = (1..=count).map(|number| format!("p{number}")).collect();
        let path = self.folder.path().join("payments.jsonl");
        let _ = std::fs::remove_file(&path);
        let quiet = Run { fault: None, breaks: None, twin: false };
        for run in runs.iter().chain([&quiet, &quiet]) {
            let claims = self.run(&path, run, &people).await;
            let ledger = self.ledger().await;
            prop_assert!(ledger.values().all(|bonuses| bonuses.len() <= 1), "paid twice: {:?}", ledger);
            let is_paid = |person: &String| !ledger[person].is_empty();
            for (effect, people) in &claims {
                match effect {
                    Effect::Applied => prop_assert!(people.iter().all(is_paid), "reported paid: {:?}", people),
                    // This call did not. The other one may have.
                    Effect::NotApplied if run.twin => {}
                    Effect::NotApplied => prop_assert!(!people.iter().any(is_paid), "reported unpaid: {:?}", people),
                    Effect::Unknown => {}
                }
            }
            let entries = FileJournal::open(&path).unwrap().entries().unwrap();
            for person in &people {
                let of_person = entries.iter().filter(|entry| people_of(entry).contains(person));
                let effects: Vec<_> = of_person.map(Entry::effect).collect();
                let (applied, unknown) = (effects.contains(&Effect::Applied), effects.contains(&Effect::Unknown));
                prop_assert!(!applied || is_paid(person), "the journal says paid: {}", person);
                prop_assert!(applied || unknown || !is_paid(person), "the journal says unpaid: {}", person);
            }
        }
        prop_assert!(self.ledger().await.values().all(|bonuses| bonuses == &["100"]), "not everybody is paid");
        prop_assert!(FileJournal::open(&path).unwrap().unsettled().unwrap().is_empty(), "something is left open");
        Ok(())
    }
}

/// `PAYMENT_SCRIPTS` sets another number.
#[test]
fn whatever_fails_everybody_is_paid_once_and_nothing_false_is_reported() {
    let scripts = std::env::var("PAYMENT_SCRIPTS").map_or(1_000, |number| number.parse().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let lab = runtime.block_on(Lab::start());
    let config = Config { cases: scripts, max_shrink_iters: 500, ..Config::default() };
    let checked = runner("payments", config).run(&runs(), |(people, runs)| runtime.block_on(lab.check(people, &runs)));
    checked.unwrap_or_else(|failure| panic!("{failure}"));
}
