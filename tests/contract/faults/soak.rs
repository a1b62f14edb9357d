//! All operations that change something, through a proxy that loses, cuts and rejects, for as long as one likes: what is
//! reported is what the service did. `tests/soak.sh` runs it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use contract_tests::fault_proxy::{FaultProxy, ProxyFault};
use prolific_sandbox::Sandbox;
use prolific_sdk::types::{CreateParticipantGroup, ParticipantGroupId, ParticipantIdList, UpdateParticipantGroup};
use prolific_sdk::{Client, Effect, Error};
use tokio::task::JoinSet;

use super::reconciliation::FAULTS;
use super::{default_timeouts, secrets};

/// A call: how the service knows it, and what was reported of its effect.
struct Call {
    kind: &'static str,
    /// Only this call has it in its request.
    mark: String,
    /// Whether it may be performed several times.
    idempotent: bool,
    reported: Effect,
}

fn reported<T>(kind: &'static str, mark: &str, idempotent: bool, result: &Result<T, Error>) -> Call {
    if let Err(error) = result {
        secrets::assert_none_in(error);
    }
    let reported = result.as_ref().map_or_else(Error::effect, |_| Effect::Applied);
    Call { kind, mark: mark.to_owned(), idempotent, reported }
}

/// What somebody does with a group, from start to end; what fails is not tried again.
async fn live(client: Client, number: usize) -> Vec<Call> {
    let groups = client.participant_groups();
    let mark = |what: &str| format!("{what}-{number}-end");
    let create = groups.create(CreateParticipantGroup::in_workspace(mark("create"), "w1")).send().await;
    let mut calls = vec![reported("POST", &mark("create"), false, &create)];
    let Some(id): Option<ParticipantGroupId> = create.ok().and_then(|group| group.id) else { return calls };
    let update = groups.update(&id, UpdateParticipantGroup::new().name(mark("update"))).send().await;
    calls.push(reported("PATCH", &mark("update"), false, &update));
    let add = groups.add_participants(&id, ParticipantIdList::new([mark("member")])).send().await;
    calls.push(reported("POST", &mark("member"), true, &add));
    let remove = groups.remove_participants(&id, ParticipantIdList::new([mark("member")])).send().await;
    calls.push(reported("DELETE", &mark("member"), true, &remove));
    // Reads are in between, and change nothing.
    let _ = groups.get(&id).send().await;
    if number.is_multiple_of(2) {
        let delete = groups.delete(&id).send().await;
        calls.push(reported("DELETE", &format!("/{id}/"), true, &delete));
    }
    calls
}

/// A figure for each kind of call and reported effect.
type Figures = BTreeMap<(&'static str, &'static str), usize>;

/// Many lives at a time, with a service of their own, and what came of them.
async fn round(lives: usize, figures: &mut Figures) {
    let sandbox = Sandbox::start().await.unwrap();
    let service = sandbox.url().trim_start_matches("http://").parse().unwrap();
    let faults = [&FAULTS[..], &[ProxyFault::Rejected(408), ProxyFault::None]].concat();
    let proxy = FaultProxy::start(service, &faults).await.unwrap();
    let client = default_timeouts(&proxy.url()).token(sandbox.token()).build().unwrap();
    let mut running = JoinSet::new();
    let mut calls = Vec::new();
    for number in 0..lives {
        if running.len() >= 32 {
            calls.extend(running.join_next().await.unwrap().unwrap());
        }
        running.spawn(live(client.clone(), number));
    }
    while let Some(ended) = running.join_next().await {
        calls.extend(ended.unwrap());
    }
    // How often the service performed a request of this method with this mark in it.
    let mut performed = BTreeMap::<(String, String), usize>::new();
    for request in sandbox.requests().iter().filter(|request| request.status.is_some_and(|status| status < 300)) {
        let body = String::from_utf8_lossy(&request.body);
        let marks = body.split('"').filter(|word| word.ends_with("-end")).map(str::to_owned);
        let marks: Vec<_> = if body.is_empty() {
            let id = request.path.trim_end_matches('/').rsplit('/').next().unwrap();
            vec![format!("/{id}/")]
        } else {
            marks.collect()
        };
        for mark in marks {
            *performed.entry((request.method.clone(), mark)).or_default() += 1;
        }
    }
    for Call { kind, mark, idempotent, reported } in calls {
        let times = performed.remove(&(kind.to_owned(), mark.clone())).unwrap_or(0);
        let (name, allowed) = match reported {
            Effect::Applied => ("applied", 1..=1),
            Effect::Unknown => ("unknown", 0..=1),
            Effect::NotApplied => ("not applied", 0..=0),
        };
        let is_true = if idempotent && times > 0 { allowed.contains(&1) } else { allowed.contains(&times) };
        assert!(is_true, "{kind} {mark} is reported as {reported:?}, and was performed {times} times");
        *figures.entry((kind, name)).or_default() += 1;
    }
    performed.retain(|(method, _), _| method != "GET");
    assert!(performed.is_empty(), "nobody asked for {performed:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_reported_of_all_operations_is_what_the_service_did() {
    let mut figures = Figures::new();
    round(120, &mut figures).await;
    assert!(figures.len() > 8, "most ends are met: {figures:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes as long as SOAK_SECONDS says: tests/soak.sh"]
async fn soak() {
    let seconds = std::env::var("SOAK_SECONDS").map_or(300, |text| text.parse().expect("SOAK_SECONDS is a number"));
    let (begun, mut figures, mut rounds) = (Instant::now(), Figures::new(), 0);
    while begun.elapsed() < Duration::from_secs(seconds) {
        round(1_000, &mut figures).await;
        rounds += 1;
    }
    println!("{rounds} rounds in {:?}, nothing that was reported is untrue", begun.elapsed());
    for ((kind, effect), times) in figures {
        println!("{kind:>6} {effect:<12} {times:>8}");
    }
}
