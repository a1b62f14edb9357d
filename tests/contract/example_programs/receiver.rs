//! The example that receives events, with a sandbox that delivers them as the service does at its worst.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

use prolific_sandbox::{Fault, Quirk, Sandbox, Seed, SeedStudy};
use prolific_sdk::Client;
use prolific_sdk::types::{CreateWebhookSecret, CreateWebhookSubscription, SubmissionStatus, WebhookEventType};

use super::connected;
use crate::webhooks::Delivery;

/// Each has four events: reserved, active, awaiting review, approved. `RECEIVED_EVENTS` sets another number of events.
fn submissions() -> usize {
    std::env::var("RECEIVED_EVENTS").map_or(5_000, |number| number.parse().unwrap()) / 4
}

/// Of another study: they await review, and no event says so.
const OTHERS: usize = 5;
/// One in so many approvals fails.
const FAILS: usize = 20;
const DAY: Duration = Duration::from_secs(24 * 3600);

/// The running example, which ends when it is dropped.
struct Receiver(Child);

impl Receiver {
    fn start(command: &mut Command) -> (Self, String) {
        let mut receiver = Self(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap());
        let mut line = String::new();
        BufReader::new(receiver.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("receiving at ").unwrap_or_else(|| panic!("{line:?}")).to_owned();
        (receiver, url)
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Each event is delivered twice and every other one a minute late, so there are 10,000 deliveries. Between them are
/// forged ones, and approvals fail: some before they are performed, and some after that.
#[tokio::test(flavor = "multi_thread")]
async fn of_ten_thousand_deliveries_the_true_ones_act_once_each() {
    let open = SeedStudy::new("Colours").id("s1").reward(100).places(submissions() as u64).published();
    let other = (0..OTHERS).fold(SeedStudy::new("Shapes").id("s2").places(OTHERS as u64), |study, number| {
        study.submission(format!("other{number}"), "COMPLETED")
    });
    let seed = Seed::new().workspace("w1", "Lab").balance(100_000_000).study(open).study(other);
    let builder = Sandbox::builder().seed(seed).quirk(Quirk::RepeatedEvents).quirk(Quirk::UnorderedEvents);
    let builder = builder.record_limit(100_000, usize::MAX);
    let sandbox = builder.start().await.unwrap();
    let client = Client::builder().base_url(sandbox.url()).token(sandbox.token()).build().unwrap();
    let secret = client.webhooks().create_secret(CreateWebhookSecret::new("w1")).send().await.unwrap().value.unwrap();
    let (_receiver, url) =
        Receiver::start(connected("webhook_receiver", &sandbox).env("PROLIFIC_WEBHOOK_SECRET", &secret));
    let wanted = CreateWebhookSubscription::new("w1", WebhookEventType::SubmissionStatusChange, url.as_str());
    let subscription = client.webhooks().subscribe(wanted).await.unwrap();
    for number in (FAILS..=submissions()).step_by(FAILS) {
        let faults = [Fault::status(500), Fault::lost_response(), Fault::reset(), Fault::cut_body()];
        let fault = faults.into_iter().nth(number / FAILS % 4).unwrap();
        sandbox.inject(fault.on("submissions_transition").nth(number));
    }
    let others: Vec<_> = awaiting(&client, "s2").await;
    assert_eq!(others.len(), OTHERS);

    let mut forged = 0;
    for number in 0..submissions() {
        sandbox.participant(format!("p{number}")).take("s1").unwrap().submit("COMPLETED").unwrap();
        if number % 5 == 0 {
            forged += forge(&url, &secret, &others[number % OTHERS]).await;
        }
        if number % 50 == 0 {
            sandbox.advance(Duration::from_secs(60)).await;
        }
    }
    // Those that failed come again within a day.
    sandbox.advance(2 * DAY).await;

    let mut events = BTreeMap::<String, usize>::new();
    let mut log = client.webhooks().list_events(subscription.id.as_str()).stream();
    while let Some(event) = log.try_next().await.unwrap() {
        *events.entry(format!("{:?}", event.status.unwrap())).or_default() += 1;
    }
    assert_eq!(
        events,
        BTreeMap::from([("Succeeded".to_owned(), 4 * submissions())]),
        "each of them was delivered twice"
    );
    assert_eq!(forged, submissions() / 5 * 6);
    let counts = client.submissions().counts("s1").send().await.unwrap();
    assert_eq!(counts.approved, Some(submissions() as u64));
    assert_eq!(awaiting(&client, "s2").await, others, "forged events do nothing");

    let requests = sandbox.requests();
    let approvals: Vec<_> = requests.iter().filter(|request| request.path.ends_with("/transition/")).collect();
    let rejected = approvals.iter().filter(|request| matches!(request.status, Some(400..500))).count();
    assert_eq!(rejected, 0, "nothing is approved that is approved");
    let failed = approvals.iter().filter(|request| !matches!(request.status, Some(200))).count();
    assert!(failed > submissions() / FAILS / 2, "{failed} of {} failed", approvals.len());
    // The work for each event was done once, and again where an approval failed and the client did not retry it.
    let reads = requests.iter().filter(|request| request.method == "GET" && is_of_one(&request.path)).count();
    assert!((4 * submissions()..=4 * submissions() + failed).contains(&reads), "{reads} reads");
    assert!(!requests.iter().any(|request| others.iter().any(|id| request.path.contains(id.as_str()))));
}

/// Whether it is the path of one submission.
fn is_of_one(path: &str) -> bool {
    let id = path.strip_prefix("/api/v1/submissions/").map(|rest| rest.trim_end_matches('/'));
    id.is_some_and(|id| !id.is_empty() && !id.contains(['/', '?']) && id != "counts")
}

/// The submissions of a study that await review.
async fn awaiting(client: &Client, study: &str) -> Vec<String> {
    let mut all = client.submissions().list(study).stream();
    let mut ids = Vec::new();
    while let Some(submission) = all.try_next().await.unwrap() {
        if submission.status == SubmissionStatus::AwaitingReview {
            ids.push(submission.id.to_string());
        }
    }
    ids
}

/// Sends what an attacker could: without the secret, with another, with a signature of something else, an old request.
/// Each is rejected without a word.
async fn forge(url: &str, secret: &str, submission: &str) -> usize {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let body = |status: &str| {
        format!(r#"{{"resource_id":"{submission}","event_type":"submission.status.change","status":"{status}"}}"#)
    };
    let signed = |secret: &str, time: u64| Delivery::signed(secret, &time.to_string(), body("AWAITING REVIEW"));
    let genuine = Delivery::signed(secret, &now.to_string(), body("ACTIVE"));
    let all = [
        signed("another", now),
        signed("", now),
        signed(secret, now - 3_600),
        signed(secret, now + 3_600),
        Delivery { body: body("AWAITING REVIEW").into(), ..genuine.clone() },
        Delivery { timestamp: (now + 1).to_string().into(), ..genuine },
    ];
    let client = reqwest::Client::new();
    for delivery in &all {
        let request =
            delivery.headers().iter().fold(client.post(url), |request, (name, value)| request.header(*name, *value));
        let response = request.body(delivery.body.clone()).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 401, "{delivery:?}");
        assert_eq!(response.bytes().await.unwrap().len(), 0);
    }
    all.len()
}
