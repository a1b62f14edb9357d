//! The books must balance: the groups that exist at the service are those of the calls that are told as done, and at most
//! those that are told as unknown.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use contract_tests::fault_proxy::{FaultProxy, Weather};
use contract_tests::fault_server::FaultServer;
use prolific_sandbox::Sandbox;
use prolific_sdk::Effect;
use prolific_sdk::types::CreateParticipantGroup;
use tokio::sync::Semaphore;

use super::{answer, answering, patient};

/// More fair weather than foul; the refusals come in a row, so that some calls meet several.
const WEATHERS: [Weather; 13] = [
    Weather::Fair,
    Weather::Closed,
    Weather::Fair,
    Weather::Refused(429),
    Weather::Refused(429),
    Weather::AnswerLost,
    Weather::Fair,
    Weather::AnswerCut,
    Weather::Fair,
    Weather::Refused(503),
    Weather::AnswerReplaced,
    Weather::Refused(400),
    Weather::Fair,
];

/// How the calls ended.
#[derive(Debug, Default)]
struct Books {
    created: usize,
    done: usize,
    unknown: usize,
    none: usize,
    /// Groups of calls that are told as unknown.
    found: usize,
}

/// Creates so many groups through one client, so many at a time, and checks each against what the service has.
async fn balance(calls: usize, at_a_time: usize) -> Books {
    let sandbox = Sandbox::start().await.unwrap();
    let service = sandbox.url().trim_start_matches("http://").parse().unwrap();
    let proxy = FaultProxy::start(service, &WEATHERS).await.unwrap();
    let client = patient(&proxy.url()).token(sandbox.token()).build().unwrap();
    let permits = Arc::new(Semaphore::new(at_a_time));
    let tasks: Vec<_> = (0..calls)
        .map(|number| {
            let (client, permits) = (client.clone(), Arc::clone(&permits));
            tokio::spawn(async move {
                let _permit = permits.acquire_owned().await.unwrap();
                let group = CreateParticipantGroup::in_workspace(format!("group {number}"), "w1");
                client.create_participant_group(group).send().await.map_err(|error| error.effect())
            })
        })
        .collect();
    let mut results = Vec::new();
    for task in tasks {
        results.push(task.await.unwrap());
    }
    let mut existing = BTreeMap::<String, usize>::new();
    for request in sandbox.requests() {
        if request.status == 201 {
            *existing.entry(name_of(&request.body)).or_default() += 1;
        }
    }
    let mut books = Books::default();
    for (number, result) in results.iter().enumerate() {
        let exist = existing.remove(&format!("group {number}")).unwrap_or(0);
        let (column, allowed) = match result {
            Ok(_) => (&mut books.created, 1..=1),
            Err(Effect::Done) => (&mut books.done, 1..=1),
            Err(Effect::Unknown) => (&mut books.unknown, 0..=1),
            Err(Effect::None) => (&mut books.none, 0..=0),
        };
        *column += 1;
        assert!(allowed.contains(&exist), "call {number} is told as {result:?}, and its group exists {exist} times");
        books.found += if matches!(result, Err(Effect::Unknown)) { exist } else { 0 };
    }
    assert!(existing.is_empty(), "nobody asked for {existing:?}");
    books
}

fn name_of(create: &[u8]) -> String {
    let group: CreateParticipantGroup = serde_json::from_slice(create).unwrap();
    group.name
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_groups_that_exist_are_those_that_the_calls_tell_of() {
    let books = balance(260, 20).await;
    for column in [books.created, books.done, books.unknown, books.none, books.found] {
        assert!(column > 0, "each end is met: {books:?}");
    }
    assert!(books.found < books.unknown, "of the unknown ones some took effect, and some did not: {books:?}");
}

/// The transport writes on threads of its own. However close the end of an attempt is to its beginning, what is told as not
/// sent is not sent after that.
#[tokio::test(flavor = "multi_thread", worker_threads = 12)]
async fn no_create_is_sent_twice_however_short_its_time_is() {
    let server = FaultServer::start([answering(answer("201 Created", "{}"))]).unwrap();
    let callers: Vec<_> = (0..24)
        .map(|caller| {
            let url = server.url();
            tokio::spawn(async move {
                let mut told = Vec::new();
                for number in 0..120 {
                    // The end comes just when the connection is there. A new client has a new budget for retries.
                    let settings = patient(&url).attempt_timeout(Duration::from_millis(3));
                    let client = settings.connect_timeout(Duration::from_micros(2900)).build().unwrap();
                    let name = format!("group {caller}.{number}");
                    let group = CreateParticipantGroup::in_workspace(&*name, "w1");
                    let result = client.create_participant_group(group).send().await;
                    told.push((name, result.map_or_else(|error| error.effect(), |_| Effect::Done)));
                }
                told
            })
        })
        .collect();
    let mut told = Vec::new();
    for caller in callers {
        told.extend(caller.await.unwrap());
    }
    let mut existing = BTreeMap::new();
    for request in server.finish().await.unwrap().requests {
        let body = request.text.split_once("\r\n\r\n").unwrap().1;
        *existing.entry(name_of(body.as_bytes())).or_insert(0) += 1;
    }
    for (name, effect) in told {
        let times = existing.get(&name).copied().unwrap_or(0);
        assert!(times <= 1, "{name} arrived {times} times");
        assert!(times == 0 || effect != Effect::None, "{name} arrived, and is told as having had no effect");
    }
    assert!(!existing.is_empty());
}

/// `cargo test --release --package contract-tests --test contract load -- --ignored --nocapture`
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a load test: run it by hand, for its figures"]
async fn load_of_thousands_of_creates_at_a_time() {
    for (calls, at_a_time) in [(5_000, 5_000), (50_000, 2_000)] {
        let begun = Instant::now();
        let books = balance(calls, at_a_time).await;
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")).unwrap();
        let megabytes = peak.parse::<usize>().unwrap() / 1024;
        println!("{calls} calls, {at_a_time} at a time: {:?}, at most {megabytes} MB, {books:?}", begun.elapsed());
        // The sandbox and what it records are among it.
        assert!(megabytes < 1024, "{megabytes} MB");
    }
}
