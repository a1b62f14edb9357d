//! Paying people: quotes, the journal, what is found out after a failure; and a lab's program that pays, in which
//! everything goes wrong.

mod journal;
mod processes;
mod program;
mod quotes;
mod truth;

use prolific_sandbox::{Quirk, Sandbox, Seed, SeedStudy};
use prolific_sdk::payments::BonusLine;
use prolific_sdk::{Client, RetryPolicy};
use serde_json::Value;
use std::time::Duration;

const STUDY: &str = "5e0000000000000000000001";

/// A lab with one study, in which so many people have taken part: `p1`, `p2` and so on.
fn lab(people: usize) -> Seed {
    let study = SeedStudy::new("Colours").id(STUDY).places(people as u64);
    let study = (1..=people).fold(study, |study, number| study.submission(format!("p{number}"), "COMPLETED"));
    Seed::new().workspace("w1", "Lab").balance(1_000_000).study(study)
}

async fn start(people: usize) -> (Sandbox, Client) {
    start_with(people, &[]).await
}

async fn start_with(people: usize, quirks: &[Quirk]) -> (Sandbox, Client) {
    let builder = Sandbox::builder().seed(lab(people));
    let sandbox = quirks.iter().fold(builder, |builder, quirk| builder.quirk(*quirk)).start().await.unwrap();
    let client = client(sandbox.url(), sandbox.token());
    (sandbox, client)
}

fn client(url: &str, token: &str) -> Client {
    let retries = RetryPolicy::new().backoff(Duration::from_millis(1), Duration::from_millis(1));
    Client::builder().base_url(url).token(token).retry_policy(retries).build().unwrap()
}

/// A bonus in pounds.
fn line(participant: &str, amount: &str) -> BonusLine {
    BonusLine::for_participant(participant, amount.parse().unwrap())
}

/// The bonuses that a person has by the service's own account, in pence.
async fn ledger(client: &Client, person: &str) -> Vec<String> {
    let mut list = client.submissions().list(STUDY).page_size(200).stream();
    while let Some(submission) = list.try_next().await.unwrap() {
        if submission.participant_id.as_str() == person {
            let submission = client.submissions().get(submission.id).send().await.unwrap();
            return submission.bonus_payments.unwrap_or_default().iter().map(ToString::to_string).collect();
        }
    }
    panic!("{person} has no submission");
}

/// How often an operation was called.
fn calls(sandbox: &Sandbox, end_of_path: &str) -> usize {
    sandbox.requests().iter().filter(|request| request.method == "POST" && request.path.ends_with(end_of_path)).count()
}

/// The lines of a journal's file.
fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
