//! Every failure can be produced in a dependent's own tests, with the faults of the sandbox.

use std::collections::BTreeSet;
use std::time::Duration;

use prolific_sandbox::{Fault, Sandbox};
use prolific_sdk::types::CreateParticipantGroup;
use prolific_sdk::{Client, Delivery, Effect, Error, ErrorKind, Phase, RetryPolicy};

use crate::nowhere::nowhere;

/// Nothing is retried: what is shown is one attempt.
fn client(sandbox: &Sandbox) -> Client {
    let builder = Client::builder().base_url(sandbox.url()).token(sandbox.token());
    builder.retry_policy(RetryPolicy::never()).build().unwrap()
}

/// The error of a create in a sandbox with this fault, and the number of groups that are there afterwards.
async fn create(fault: Fault, timeout: Duration) -> (Error, usize) {
    let sandbox = Sandbox::start().await.unwrap();
    let client = client(&sandbox);
    let fault = sandbox.inject(fault.on("participant_groups_create"));
    let group = CreateParticipantGroup::in_workspace("Pilot", "w1");
    let error = client.participant_groups().create(group).timeout(timeout).send().await.unwrap_err();
    fault.remove();
    let groups = client.participant_groups().list("w1").send().await.unwrap();
    (error, groups.results.map_or(0, |groups| groups.len()))
}

/// Longer than any response takes that comes at all.
const LONG: Duration = Duration::from_secs(60);
/// For a response that never comes.
const SHORT: Duration = Duration::from_millis(300);

#[tokio::test]
async fn every_kind_delivery_and_effect_can_be_produced() {
    let hour = Duration::from_secs(3600);
    // What the service did, and what is known of it.
    let rows = [
        (Fault::status(400), LONG, 0, ErrorKind::Rejected, Delivery::Responded, Effect::NotApplied),
        (Fault::status(429).retry_after(hour), LONG, 0, ErrorKind::Rejected, Delivery::Responded, Effect::NotApplied),
        (Fault::status(503), LONG, 0, ErrorKind::ServerError, Delivery::Responded, Effect::Unknown),
        (Fault::status(503).performed(), LONG, 1, ErrorKind::ServerError, Delivery::Responded, Effect::Unknown),
        (Fault::status(302), LONG, 0, ErrorKind::UnexpectedStatus, Delivery::Responded, Effect::Unknown),
        (Fault::lost_response(), LONG, 1, ErrorKind::Interrupted, Delivery::Unknown, Effect::Unknown),
        (Fault::reset(), LONG, 0, ErrorKind::Interrupted, Delivery::Unknown, Effect::Unknown),
        (Fault::delay(hour), SHORT, 1, ErrorKind::Timeout(Phase::Response), Delivery::Unknown, Effect::Unknown),
        (Fault::cut_body(), LONG, 1, ErrorKind::IncompleteBody, Delivery::Responded, Effect::Applied),
        (Fault::stalled_body(), SHORT, 1, ErrorKind::Timeout(Phase::Body), Delivery::Responded, Effect::Applied),
        (
            Fault::status(201).body("text/html", "<html>").performed(),
            LONG,
            1,
            ErrorKind::Decode,
            Delivery::Responded,
            Effect::Applied,
        ),
        (
            Fault::status(201).body("application/json", vec![b' '; 33 << 20]).performed(),
            LONG,
            1,
            ErrorKind::BodyTooLarge,
            Delivery::Responded,
            Effect::Applied,
        ),
        (
            Fault::status(400),
            Duration::ZERO,
            0,
            ErrorKind::Timeout(Phase::Connect),
            Delivery::NotSent,
            Effect::NotApplied,
        ),
    ];
    let mut produced = Produced::default();
    for (fault, timeout, groups, kind, delivery, effect) in rows {
        let printed = format!("{fault:?}");
        let (error, found) = create(fault, timeout).await;
        assert_eq!(
            (error.kind(), error.delivery(), error.effect(), found),
            (kind, delivery, effect, groups),
            "{printed}"
        );
        produced.add(&error);
    }
    for error in [invalid().await, unreachable().await, incomplete_list().await, of_another().await] {
        produced.add(&error);
    }
    // Whatever is added to the enums has to be produced here.
    assert_eq!(produced.kinds, public_variants("ErrorKind"));
    assert_eq!(produced.phases, public_variants("Phase"));
    assert_eq!(produced.deliveries, public_variants("Delivery"));
    assert_eq!(produced.effects, public_variants("Effect"));
}

async fn invalid() -> Error {
    let sandbox = Sandbox::start().await.unwrap();
    let error = client(&sandbox).participant_groups().get(" ").send().await.unwrap_err();
    assert_eq!((error.kind(), sandbox.requests().len()), (ErrorKind::InvalidRequest, 0));
    error
}

async fn unreachable() -> Error {
    // As of a sandbox that has been dropped, whose port another test could take.
    let client = Client::builder().base_url(nowhere()).token("t").retry_policy(RetryPolicy::never()).build().unwrap();
    let error = client.participant_groups().get("g").send().await.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Connect, Delivery::NotSent));
    error
}

async fn of_another() -> Error {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.inject(Fault::status(200).body("application/json", r#"{"id": "another"}"#).every());
    let error = client(&sandbox).participant_groups().get("g").send().await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::WrongResource, Effect::NotApplied));
    error
}

async fn incomplete_list() -> Error {
    let sandbox = Sandbox::start().await.unwrap();
    let more = r#"{"results": [], "_links": {"next": {"href": "/more"}}}"#;
    sandbox.inject(Fault::status(200).body("application/json", more));
    let error = client(&sandbox).participant_groups().list("w").stream().try_next().await.unwrap_err();
    assert_eq!((error.kind(), error.effect()), (ErrorKind::IncompleteList, Effect::NotApplied));
    error
}

#[derive(Default)]
struct Produced {
    kinds: BTreeSet<String>,
    phases: BTreeSet<String>,
    deliveries: BTreeSet<String>,
    effects: BTreeSet<String>,
}

impl Produced {
    fn add(&mut self, error: &Error) {
        let kind = format!("{:?}", error.kind());
        self.kinds.insert(kind.split('(').next().unwrap().to_owned());
        if let ErrorKind::Timeout(phase) = error.kind() {
            self.phases.insert(format!("{phase:?}"));
        }
        self.deliveries.insert(format!("{:?}", error.delivery()));
        self.effects.insert(format!("{:?}", error.effect()));
    }
}

/// The variants of a public enum, from the reviewed list of what is public.
fn public_variants(name: &str) -> BTreeSet<String> {
    let api = include_str!("snapshots/contract__public_api__the_public_api_is_as_reviewed.snap");
    let start = format!("pub prolific_sdk::{name}::");
    let variants = api.lines().filter_map(|line| line.strip_prefix(&start));
    variants.map(|variant| variant.split('(').next().unwrap().to_owned()).collect()
}
