//! The loop over attempts, on a clock that only moves when everything waits, and without a transport.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use tokio::time::{Instant, sleep};

use super::{Limits, Outcome, attempts, failure, jitter, judge};
use crate::runtime::body::{Body, End, Received};
use crate::runtime::delivery::Failure;
use crate::runtime::error::{Error, Reason};
use crate::runtime::operation::Operation;
use crate::runtime::outcome::{Attempt, Delivery, ErrorKind, Phase};
use crate::runtime::retry::{Budget, RetryPolicy, RetryStopReason};

const CREATE: Operation = Operation::new("o", "POST", "/");
const READ: Operation = Operation::new("o", "GET", "/");

const LIMITS: Limits = Limits {
    timeout: Duration::from_secs(90),
    attempt_timeout: Duration::from_secs(30),
    least: Duration::from_secs(5),
    retry_policy: RetryPolicy::new(),
};

fn response(code: u16, headers: HeaderMap) -> Outcome {
    let status = StatusCode::from_u16(code).unwrap();
    judge(&CREATE, Received { status, headers, body: Body { bytes: Bytes::new(), end: End::Complete } })
}

fn status(code: u16) -> Outcome {
    response(code, HeaderMap::new())
}

fn throttled(seconds: &'static str) -> Outcome {
    response(429, HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(seconds))]))
}

fn not_sent() -> Outcome {
    failure(Failure::Connect { permanent: false }, Reason("refused"))
}

/// What a call comes to, given what each attempt comes to, and how long each takes. With it when each attempt began,
/// and the time that it was given.
async fn call(
    operation: &'static Operation,
    limits: Limits,
    budget: &Budget,
    takes: Duration,
    script: impl IntoIterator<Item = Outcome>,
) -> (Result<Vec<Attempt>, Error>, Vec<(Duration, Duration)>) {
    let script = RefCell::new(script.into_iter().collect::<VecDeque<_>>());
    let begun = Instant::now();
    let made = RefCell::new(Vec::new());
    let attempt = |number: u32, deadline: Instant| {
        let limit = deadline - Instant::now();
        assert_eq!(number as usize, made.borrow().len() + 1);
        made.borrow_mut().push((begun.elapsed(), limit));
        let outcome = script.borrow_mut().pop_front().expect("no more attempts than the script has");
        async move {
            sleep(takes.min(limit)).await;
            outcome
        }
    };
    let result = attempts(operation, &limits, budget, attempt, |_, _| {}).await;
    (result.map(|(_, attempts)| attempts), made.into_inner())
}

#[tokio::test(start_paused = true)]
async fn a_call_is_retried_until_it_succeeds_and_reports_all_attempts() {
    let script = [throttled("7"), not_sent(), throttled("1"), status(201)];
    let (result, made) = call(&CREATE, LIMITS, &Budget::new(), Duration::from_secs(1), script).await;
    let attempts = result.unwrap();
    assert_eq!(attempts.len(), 4);
    assert!(attempts.iter().all(|attempt| attempt.elapsed == Duration::from_secs(1)));
    assert_eq!(attempts[0].waited, Duration::ZERO);
    assert!(attempts[1].waited >= Duration::from_secs(7) && attempts[3].waited >= Duration::from_secs(1));
    for (attempt, pair) in attempts[1..].iter().zip(made.windows(2)) {
        let expected = pair[0].0 + Duration::from_secs(1) + attempt.waited;
        // The clock of the tests ticks in milliseconds.
        let late = pair[1].0.checked_sub(expected).expect("an attempt begins after its wait");
        assert!(late < Duration::from_millis(2), "{late:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_may_have_taken_effect_is_not_retried_unless_it_can_be_repeated() {
    for code in [500, 502, 503, 504, 408] {
        let (result, made) = call(&CREATE, LIMITS, &Budget::new(), Duration::ZERO, [status(code)]).await;
        assert_eq!((result.unwrap_err().stop_reason(), made.len()), (RetryStopReason::NotRetryable, 1), "{code}");
        let script = std::iter::repeat_with(|| status(code)).take(4);
        let (result, made) = call(&READ, LIMITS, &Budget::new(), Duration::ZERO, script).await;
        assert_eq!((result.unwrap_err().stop_reason(), made.len()), (RetryStopReason::MaxAttempts, 4), "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_timeout_of_the_call_holds_over_all_attempts_and_waits() {
    let settings = Limits { retry_policy: RetryPolicy::new().max_attempts(100), ..LIMITS };
    for takes in [1, 25, 30, 1000].map(Duration::from_secs) {
        let script = std::iter::repeat_with(|| status(503)).take(100);
        let (result, made) = call(&READ, settings, &Budget::new(), takes, script).await;
        let stop = result.unwrap_err().stop_reason();
        assert!(matches!(stop, RetryStopReason::Timeout | RetryStopReason::Budget), "{stop:?}");
        for (begun, limit) in made {
            assert!(
                limit <= Duration::from_secs(30) && begun + limit <= Duration::from_secs(90),
                "{begun:?} {limit:?}"
            );
            assert!(limit >= Duration::from_secs(5), "an attempt has the time to connect: {limit:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn without_any_time_nothing_is_sent() {
    let settings = Limits { timeout: Duration::ZERO, attempt_timeout: Duration::ZERO, ..LIMITS };
    let (result, made) = call(&CREATE, settings, &Budget::new(), Duration::ZERO, []).await;
    let error = result.unwrap_err();
    assert_eq!((error.kind(), error.delivery()), (ErrorKind::Timeout(Phase::Connect), Delivery::NotSent));
    assert_eq!((error.stop_reason(), made.len(), error.attempts().len()), (RetryStopReason::Timeout, 0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_while_it_waits_is_not_retried() {
    let (budget, made) = (Budget::new(), Cell::new(0));
    let attempt = |_, _| {
        made.set(made.get() + 1);
        std::future::ready(throttled("10"))
    };
    let call = attempts(&CREATE, &LIMITS, &budget, attempt, |_, _| {});
    assert!(tokio::time::timeout(Duration::from_secs(9), call).await.is_err(), "it waits");
    sleep(Duration::from_secs(100)).await;
    assert_eq!(made.get(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_would_outlast_the_call_is_not_begun() {
    for (asked, stop) in [("61", RetryStopReason::RetryAfter), ("59", RetryStopReason::Timeout)] {
        let settings = Limits { timeout: Duration::from_secs(50), ..LIMITS };
        let (result, made) = call(&CREATE, settings, &Budget::new(), Duration::ZERO, [throttled(asked)]).await;
        assert_eq!((result.unwrap_err().stop_reason(), made.len()), (stop, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn when_the_budget_is_used_up_calls_fail_at_once() {
    let budget = Budget::new();
    let mut sent = 0;
    for _ in 0..10 {
        let script = std::iter::repeat_with(not_sent).take(4);
        let (result, made) = call(&CREATE, LIMITS, &budget, Duration::ZERO, script).await;
        sent += made.len();
        let error = result.unwrap_err();
        assert!(error.is_safe_to_retry());
        assert!(matches!(error.stop_reason(), RetryStopReason::MaxAttempts | RetryStopReason::Budget));
    }
    assert_eq!(sent, 10 + 10, "ten calls, and ten retries");
}

#[test]
fn jitter_is_between_zero_and_one_and_differs() {
    let drawn: Vec<_> = std::iter::repeat_with(jitter).take(1000).collect();
    assert!(drawn.iter().all(|jitter| (0.0..1.0).contains(jitter)));
    let low = drawn.iter().filter(|jitter| **jitter < 0.5).count();
    assert!((300..700).contains(&low), "{low} of 1000 are below one half");
}
