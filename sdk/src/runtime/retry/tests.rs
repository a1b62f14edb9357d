//! The decision, case by case.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue};

use super::{Budget, Facts, Next, RetryPolicy, RetryStopReason, is_retryable, retry_after};
use crate::runtime::operation::Operation;
use crate::runtime::outcome::{ErrorKind, Phase};

const fn operation(method: &'static str, idempotent: bool) -> Operation {
    Operation::new("o", method, "/").idempotent(idempotent)
}

const CREATE: Operation = operation("POST", false);
const READ: Operation = operation("GET", true);
const REMOVE: Operation = operation("DELETE", true);

/// A failure that may be retried at once.
const FACTS: Facts = Facts {
    retryable: true,
    throttled: false,
    retry_after: None,
    attempts: 1,
    remaining: Duration::from_secs(90),
    needed: Duration::from_secs(5),
    jitter: 0.5,
};

fn wait(failure: Facts) -> Duration {
    match RetryPolicy::new().decide(failure) {
        Next::Attempt { wait, .. } => wait,
        Next::Stop(stop) => panic!("stopped by {stop:?}"),
    }
}

fn stop(failure: Facts) -> RetryStopReason {
    match RetryPolicy::new().decide(failure) {
        Next::Stop(stop) => stop,
        Next::Attempt { wait, .. } => panic!("waits {wait:?}"),
    }
}

/// What is retried after what: the table of the page "When a call fails".
#[test]
fn only_what_cannot_duplicate_the_work_is_retried() {
    let not_sent = [ErrorKind::Connect, ErrorKind::Timeout(Phase::Connect)].map(|kind| (kind, None));
    let unknown = [ErrorKind::Interrupted, ErrorKind::Timeout(Phase::Response)].map(|kind| (kind, None));
    let of = |kind, code| (kind, Some(StatusCode::from_u16(code).unwrap()));
    let throttled = [of(ErrorKind::Rejected, 429)];
    let server_error = [408, 500, 502, 503, 504].map(|code| of(ErrorKind::ServerError, code));
    let rejected = [400, 401, 403, 404, 405, 409, 422].map(|code| of(ErrorKind::Rejected, code));
    let not_to_repeat = [of(ErrorKind::ServerError, 501), of(ErrorKind::ServerError, 505)];
    let unexpected = [202, 300, 301, 307].map(|code| of(ErrorKind::UnexpectedStatus, code));
    let broken_off = [of(ErrorKind::IncompleteBody, 200), of(ErrorKind::Timeout(Phase::Body), 201)];
    let unusable = [of(ErrorKind::BodyTooLarge, 200), of(ErrorKind::Decode, 201), of(ErrorKind::IncompleteList, 200)];
    let invalid = [(ErrorKind::InvalidRequest, None)];
    for (failures, create, read, remove) in [
        (&not_sent[..], true, true, true),
        (&throttled, true, true, true),
        (&unknown, false, true, true),
        (&server_error, false, true, true),
        (&broken_off, false, true, false),
        (&unusable, false, false, false),
        (&rejected, false, false, false),
        (&not_to_repeat, false, false, false),
        (&unexpected, false, false, false),
        (&invalid, false, false, false),
    ] {
        for &(kind, status) in failures {
            let retryable =
                [CREATE, READ, REMOVE].map(|operation| is_retryable(&operation, Duration::ZERO, kind, status, false));
            assert_eq!(retryable, [create, read, remove], "{kind:?} {status:?}");
        }
    }
    assert!(
        !is_retryable(&READ, Duration::ZERO, ErrorKind::Connect, None, true),
        "what will not pass is not tried again"
    );
    let (kind, status) = of(ErrorKind::ServerError, 502);
    assert!(
        is_retryable(&operation("POST", true), Duration::ZERO, kind, status, false),
        "the table decides, not the method"
    );
    assert!(!is_retryable(&operation("DELETE", false), Duration::ZERO, kind, status, false));
    let remembered = Operation { deduplicated: Some(Duration::from_secs(300)), ..operation("POST", false) };
    let after = |seconds| is_retryable(&remembered, Duration::from_secs(seconds), kind, status, false);
    assert!(after(149) && !after(150), "in half the time for which the service recognises it");
}

#[test]
fn waits_grow_up_to_a_bound_and_are_drawn_from_all_below_it() {
    let bounds = [1, 2, 3, 4, 5, 6, 7, 40, u32::MAX].map(|attempts| {
        let policy = RetryPolicy::new().max_attempts(u32::MAX);
        match policy.decide(Facts { attempts: attempts.min(u32::MAX - 1), jitter: 0.999_99, ..FACTS }) {
            // One more, since the bound itself is never drawn.
            Next::Attempt { wait, .. } => wait.as_millis() + 1,
            Next::Stop(stop) => panic!("{stop:?}"),
        }
    });
    assert_eq!(bounds, [500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000]);
    assert_eq!(wait(Facts { jitter: 0.0, ..FACTS }), Duration::ZERO);
}

#[test]
fn after_too_many_requests_the_wait_is_longer_and_never_nothing() {
    let throttled = Facts { throttled: true, ..FACTS };
    assert_eq!(wait(Facts { jitter: 0.0, ..throttled }), Duration::from_millis(500));
    assert_eq!(wait(throttled), Duration::from_millis(750));
    assert_eq!(wait(Facts { attempts: 3, jitter: 0.0, ..throttled }), Duration::from_secs(2));
}

#[test]
fn retry_after_is_a_floor() {
    for (seconds, jitter, expected) in [(7, 0.0, 7.0), (7, 0.5, 7.35), (60, 0.0, 60.0), (0, 0.5, 0.25)] {
        let wait = wait(Facts { retry_after: Some(Duration::from_secs(seconds)), jitter, ..FACTS });
        assert!((wait.as_secs_f64() - expected).abs() < 1e-9, "{seconds} {jitter}: {wait:?}");
    }
}

#[test]
fn it_stops_with_the_reason() {
    assert_eq!(stop(Facts { retryable: false, ..FACTS }), RetryStopReason::NotRetryable);
    assert_eq!(stop(Facts { attempts: 4, ..FACTS }), RetryStopReason::MaxAttempts);
    assert_eq!(stop(Facts { retry_after: Some(Duration::from_millis(60_001)), ..FACTS }), RetryStopReason::RetryAfter);
    // It waits 0.25 seconds, and needs five more to connect.
    assert_eq!(stop(Facts { remaining: Duration::from_millis(5_249), ..FACTS }), RetryStopReason::Timeout);
    assert_eq!(wait(Facts { remaining: Duration::from_millis(5_250), ..FACTS }), Duration::from_millis(250));
    let late = Facts { retry_after: Some(Duration::from_secs(10)), remaining: Duration::from_secs(15), ..FACTS };
    assert_eq!(stop(late), RetryStopReason::Timeout);
    for policy in [RetryPolicy::never(), RetryPolicy::new().max_attempts(0)] {
        assert_eq!(policy.decide(FACTS), Next::Stop(RetryStopReason::MaxAttempts));
    }
}

#[test]
fn the_budget_pays_for_ten_retries_and_grows_with_success() {
    let budget = Budget::new();
    let paid = (0..20).filter(|_| budget.withdraw(10)).count();
    assert_eq!(paid, 10);
    (0..10).for_each(|_| budget.deposit());
    assert!(budget.withdraw(10) && !budget.withdraw(1));
    (0..1000).for_each(|_| budget.deposit());
    assert_eq!((0..20).filter(|_| budget.withdraw(5)).count(), 20, "it is never more than full");
    assert!(!budget.withdraw(5));
}

#[test]
fn the_time_to_wait_is_read_in_each_of_its_forms() {
    const DATE: &str = "Mon, 23 Nov 2026 10:00:00 GMT";
    let read = |headers: &[(&'static str, &str)]| {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                (reqwest::header::HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
            })
            .collect();
        let now = || httpdate::parse_http_date("Mon, 23 Nov 2026 10:00:30 GMT").unwrap();
        retry_after(&headers, now).map(|wait| wait.as_secs_f64())
    };
    assert_eq!(read(&[("retry-after", "7")]), Some(7.0));
    assert_eq!(read(&[("retry-after", " 0 ")]), Some(0.0));
    assert_eq!(read(&[("retry-after-ms", "1500")]), Some(1.5));
    assert_eq!(read(&[("retry-after-ms", "1500"), ("retry-after", "7")]), Some(7.0), "the longer one");
    assert!(read(&[("retry-after", "99999999999999999999999")]) > Some(1e18), "more than a number can hold");
    assert_eq!(read(&[("retry-after-ms", "soon"), ("retry-after", "7")]), Some(7.0));
    let later = "Mon, 23 Nov 2026 10:02:00 GMT";
    assert_eq!(read(&[("retry-after", later), ("date", DATE)]), Some(120.0), "the service's clock, where it is known");
    assert_eq!(read(&[("retry-after", later)]), Some(90.0), "and the own one otherwise");
    assert_eq!(read(&[("retry-after", later), ("date", "today")]), Some(90.0));
    for none in ["", "-1", "NaN", "1.5", "soon", "+1", "Mon, 23 Nov 1926 10:00:00 GMT", "\u{e9}"] {
        assert_eq!(read(&[("retry-after", none)]), None, "{none:?}");
    }
    assert_eq!(read(&[]), None);
    assert!(retry_after(&HeaderMap::new(), SystemTime::now).is_none());
}
