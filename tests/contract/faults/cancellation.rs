//! A call that is dropped before it has ended.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use contract_tests::fault_server::{Fault, FaultServer, Seen};
use prolific_sdk::{Client, Error};

use super::{default_timeouts, group, responding, response};

/// Polls a call so often, and drops it. `None` if it has not ended by then.
async fn polled<T>(call: impl Future<Output = T>, times: usize) -> Option<T> {
    let mut call = pin!(call);
    let mut left = times;
    poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match call.as_mut().poll(context) {
            // Waits for what the call waits for, so that the next poll finds it further.
            Poll::Pending if left > 0 => Poll::Pending,
            Poll::Pending => Poll::Ready(None),
            Poll::Ready(value) => Poll::Ready(Some(value)),
        }
    })
    .await
}

/// What the server gets of a call that is dropped after each number of polls, until one is not dropped any more.
async fn dropped_everywhere(script: &[Fault], call: impl AsyncFn(&Client) -> Result<(), Error>) -> Vec<Seen> {
    let mut all = Vec::new();
    for times in 0.. {
        let server = FaultServer::start(script).unwrap();
        let client = default_timeouts(&server.url()).build().unwrap();
        let result = polled(call(&client), times).await;
        let seen = server.seen().requests.len();
        // Longer than all the waits of the policy: what would be sent later, would be sent by now.
        tokio::time::sleep(Duration::from_millis(if result.is_none() { 15 } else { 0 })).await;
        drop(client);
        let after = server.finish().await.unwrap();
        assert!(after.requests.len() <= seen + 1, "at most what was on its way arrives later: {after:?}");
        all.push(after);
        if result.is_some() {
            break;
        }
    }
    all
}

#[tokio::test]
async fn row_24_a_create_that_is_dropped_is_sent_once_or_not_at_all() {
    let script = [responding(response("201 Created", "{}"))];
    let all =
        dropped_everywhere(&script, async |client| client.participant_groups().create(group()).send().await.map(drop));
    let all = all.await;
    assert!(all.len() > 2, "there is more than one point to drop it at: {}", all.len());
    assert!(all.iter().all(|seen| seen.requests.len() <= 1));
    assert!(all[0].connections == 0, "a future that was never polled sends nothing");
}

#[tokio::test]
async fn row_24_a_call_that_is_dropped_while_it_waits_is_not_retried() {
    let throttled = responding(response("429 Too Many Requests", ""));
    let script = vec![throttled; 3];
    let all =
        dropped_everywhere(&script, async |client| client.participant_groups().create(group()).send().await.map(drop));
    let counts: Vec<_> = all.await.iter().map(|seen| seen.requests.len()).collect();
    assert_eq!(*counts.last().unwrap(), 4, "not dropped: {counts:?}");
    assert!(counts.iter().any(|count| (1..4).contains(count)), "dropped between two attempts: {counts:?}");
}
