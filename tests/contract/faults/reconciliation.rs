//! Reconciliation: the groups that exist at the service are those of the calls reported as applied, and at most those
//! reported as unknown.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use contract_tests::fault_proxy::{FaultProxy, ProxyFault};
use contract_tests::fault_server::FaultServer;
use prolific_sandbox::Sandbox;
use prolific_sdk::Effect;
use prolific_sdk::types::CreateParticipantGroup;
use tokio::sync::Semaphore;

use super::{default_timeouts, responding, response};

/// The rejections come in a row, so that some calls meet several.
pub(super) const FAULTS: [ProxyFault; 13] = [
    ProxyFault::None,
    ProxyFault::Closed,
    ProxyFault::None,
    ProxyFault::Rejected(429),
    ProxyFault::Rejected(429),
    ProxyFault::ResponseLost,
    ProxyFault::None,
    ProxyFault::ResponseCut,
    ProxyFault::None,
    ProxyFault::Rejected(503),
    ProxyFault::ResponseReplaced,
    ProxyFault::Rejected(400),
    ProxyFault::None,
];

/// How the calls ended.
#[derive(Debug, Default)]
struct Outcomes {
    created: usize,
    applied: usize,
    unknown: usize,
    not_applied: usize,
    /// Groups of calls that were reported as unknown.
    found: usize,
}

/// Creates so many groups through one client, so many at a time, and checks each against what the service has.
async fn reconcile(calls: usize, at_a_time: usize) -> Outcomes {
    let sandbox = Sandbox::start().await.unwrap();
    let service = sandbox.url().trim_start_matches("http://").parse().unwrap();
    let proxy = FaultProxy::start(service, &FAULTS).await.unwrap();
    let client = default_timeouts(&proxy.url()).token(sandbox.token()).build().unwrap();
    let permits = Arc::new(Semaphore::new(at_a_time));
    let tasks: Vec<_> = (0..calls)
        .map(|number| {
            let (client, permits) = (client.clone(), Arc::clone(&permits));
            tokio::spawn(async move {
                let _permit = permits.acquire_owned().await.unwrap();
                let group = CreateParticipantGroup::in_workspace(format!("group {number}"), "w1");
                client.participant_groups().create(group).send().await.map_err(|error| error.effect())
            })
        })
        .collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    let mut existing = BTreeMap::<String, usize>::new();
    for request in sandbox.requests() {
        if request.status == Some(201) {
            *existing.entry(name_of(&request.body)).or_default() += 1;
        }
    }
    let mut outcomes = Outcomes::default();
    for (number, result) in results.iter().enumerate() {
        let exist = existing.remove(&format!("group {number}")).unwrap_or(0);
        let (column, allowed) = match result {
            Ok(_) => (&mut outcomes.created, 1..=1),
            Err(Effect::Applied) => (&mut outcomes.applied, 1..=1),
            Err(Effect::Unknown) => (&mut outcomes.unknown, 0..=1),
            Err(Effect::NotApplied) => (&mut outcomes.not_applied, 0..=0),
        };
        *column += 1;
        assert!(
            allowed.contains(&exist),
            "call {number} is reported as {result:?}, and its group exists {exist} times"
        );
        outcomes.found += if matches!(result, Err(Effect::Unknown)) { exist } else { 0 };
    }
    assert!(existing.is_empty(), "nobody asked for {existing:?}");
    outcomes
}

fn name_of(create: &[u8]) -> String {
    let group: CreateParticipantGroup = serde_json::from_slice(create).unwrap();
    group.name
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_groups_that_exist_are_those_that_the_calls_report() {
    let outcomes = reconcile(260, 20).await;
    for column in [outcomes.created, outcomes.applied, outcomes.unknown, outcomes.not_applied, outcomes.found] {
        assert!(column > 0, "each end is met: {outcomes:?}");
    }
    assert!(outcomes.found < outcomes.unknown, "of the unknown ones some took effect, and some did not: {outcomes:?}");
}

/// The transport writes on threads of its own. However close the end of an attempt is to its beginning, what is
/// reported as not sent is not sent after that.
#[tokio::test(flavor = "multi_thread", worker_threads = 12)]
async fn no_create_is_sent_twice_however_short_its_time_is() {
    let server = FaultServer::start([responding(response("201 Created", "{}"))]).unwrap();
    let callers: Vec<_> = (0..24)
        .map(|caller| {
            let url = server.url();
            tokio::spawn(async move {
                let mut failed = Vec::new();
                for number in 0..120 {
                    // The end comes just when the connection is there. A new client has a new budget for retries.
                    let settings = default_timeouts(&url).attempt_timeout(Duration::from_millis(3));
                    let client = settings.connect_timeout(Duration::from_micros(2900)).build().unwrap();
                    let name = format!("group {caller}.{number}");
                    let group = CreateParticipantGroup::in_workspace(&*name, "w1");
                    let result = client.participant_groups().create(group).send().await;
                    failed.push((name, result.map_or_else(|error| error.effect(), |_| Effect::Applied)));
                }
                failed
            })
        })
        .collect();
    let mut failed = Vec::new();
    for caller in callers {
        failed.extend(caller.await.unwrap());
    }
    let mut existing = BTreeMap::new();
    for request in server.finish().await.unwrap().requests {
        let body = request.text.split_once("\r\n\r\n").unwrap().1;
        *existing.entry(name_of(body.as_bytes())).or_insert(0) += 1;
    }
    for (name, effect) in failed {
        let times = existing.get(&name).copied().unwrap_or(0);
        assert!(times <= 1, "{name} arrived {times} times");
        assert!(times == 0 || effect != Effect::NotApplied, "{name} arrived, and is reported as having had no effect");
    }
    assert!(!existing.is_empty());
}

/// `cargo test --release --package contract-tests --test contract load -- --ignored --nocapture`
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a load test: run it by hand, for its figures"]
async fn load_of_thousands_of_creates_at_a_time() {
    for (calls, at_a_time) in [(5_000, 5_000), (50_000, 2_000)] {
        let begun = Instant::now();
        let outcomes = reconcile(calls, at_a_time).await;
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")).unwrap();
        let megabytes = peak.parse::<usize>().unwrap() / 1024;
        println!("{calls} calls, {at_a_time} at a time: {:?}, at most {megabytes} MB, {outcomes:?}", begun.elapsed());
        // The sandbox and what it records are among it.
        assert!(megabytes < 1024, "{megabytes} MB");
    }
}
