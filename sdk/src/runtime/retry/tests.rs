//! The decision, case by case.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderValue};

use super::{Budget, Failure, Next, RetryPolicy, Stop, is_resendable, retry_after};
use crate::runtime::error::{Kind, Phase};
use crate::runtime::operation::Operation;

const fn operation(method: &'static str, idempotent: bool) -> Operation {
    Operation::new("o", method, "/").idempotent(idempotent)
}

const CREATE: Operation = operation("POST", false);
const READ: Operation = operation("GET", true);
const REMOVE: Operation = operation("DELETE", true);

/// A failure that may be sent again at once.
const FAILURE: Failure = Failure {
    resendable: true,
    status: None,
    retry_after: None,
    attempts: 1,
    remaining: Duration::from_secs(90),
    needed: Duration::from_secs(5),
    chance: 0.5,
};

fn wait(failure: Failure) -> Duration {
    match RetryPolicy::new().decide(failure) {
        Next::Attempt { wait, .. } => wait,
        Next::Stop(stop) => panic!("stopped by {stop:?}"),
    }
}

fn stop(failure: Failure) -> Stop {
    match RetryPolicy::new().decide(failure) {
        Next::Stop(stop) => stop,
        Next::Attempt { wait, .. } => panic!("waits {wait:?}"),
    }
}

/// What is sent again after which evidence: the table of the page "When a call fails".
#[test]
fn only_what_cannot_do_the_work_twice_is_sent_again() {
    let unsent = [Kind::Connect, Kind::NotDelivered, Kind::Timeout(Phase::Connect)].map(|kind| (Some(kind), None));
    let unknown = [Kind::Interrupted, Kind::Timeout(Phase::Head)].map(|kind| (Some(kind), None));
    let status = |kind, code| (kind, Some(StatusCode::from_u16(code).unwrap()));
    let cut = Some(Kind::BodyCut);
    let stalled = Some(Kind::Timeout(Phase::Body));
    let throttled = [status(None, 429), status(cut, 429), status(stalled, 429)];
    let trouble = [408, 500, 502, 503, 504].map(|code| status(None, code));
    let refused = [300, 301, 307, 400, 401, 403, 404, 405, 409, 422, 501, 505].map(|code| status(None, code));
    let broken_off = [status(cut, 200), status(stalled, 201)];
    let unusable = [status(Some(Kind::BodyTooLarge), 200), status(Some(Kind::Undecodable), 201)];
    let input = [(Some(Kind::Input), None)];
    for (failures, create, read, remove) in [
        (&unsent[..], true, true, true),
        (&throttled, true, true, true),
        (&unknown, false, true, true),
        (&trouble, false, true, true),
        (&broken_off, false, true, false),
        (&unusable, false, false, false),
        (&refused, false, false, false),
        (&input, false, false, false),
    ] {
        for &(kind, status) in failures {
            let resendable = [CREATE, READ, REMOVE].map(|operation| is_resendable(&operation, kind, status, false));
            assert_eq!(resendable, [create, read, remove], "{kind:?} {status:?}");
        }
    }
    assert!(!is_resendable(&READ, Some(Kind::Connect), None, true), "what will not pass is not tried again");
    let repeatable = operation("POST", true);
    assert!(
        is_resendable(&repeatable, None, Some(StatusCode::BAD_GATEWAY), false),
        "the table decides, not the method"
    );
    let unrepeatable = operation("DELETE", false);
    assert!(!is_resendable(&unrepeatable, None, Some(StatusCode::BAD_GATEWAY), false));
}

#[test]
fn waits_grow_up_to_a_bound_and_are_drawn_from_all_below_it() {
    let bounds = [1, 2, 3, 4, 5, 6, 7, 40, u32::MAX].map(|attempts| {
        let policy = RetryPolicy::new().max_attempts(u32::MAX);
        match policy.decide(Failure { attempts: attempts.min(u32::MAX - 1), chance: 0.999_99, ..FAILURE }) {
            // One more, since the bound itself is never drawn.
            Next::Attempt { wait, .. } => wait.as_millis() + 1,
            Next::Stop(stop) => panic!("{stop:?}"),
        }
    });
    assert_eq!(bounds, [500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000]);
    assert_eq!(wait(Failure { chance: 0.0, ..FAILURE }), Duration::ZERO);
}

#[test]
fn after_too_many_requests_the_wait_is_longer_and_never_nothing() {
    let throttled = Failure { status: Some(StatusCode::TOO_MANY_REQUESTS), ..FAILURE };
    assert_eq!(wait(Failure { chance: 0.0, ..throttled }), Duration::from_millis(500));
    assert_eq!(wait(throttled), Duration::from_millis(750));
    assert_eq!(wait(Failure { attempts: 3, chance: 0.0, ..throttled }), Duration::from_secs(2));
}

#[test]
fn retry_after_is_a_floor() {
    for (seconds, chance, expected) in [(7, 0.0, 7.0), (7, 0.5, 7.35), (60, 0.0, 60.0), (0, 0.5, 0.25)] {
        let wait = wait(Failure { retry_after: Some(Duration::from_secs(seconds)), chance, ..FAILURE });
        assert!((wait.as_secs_f64() - expected).abs() < 1e-9, "{seconds} {chance}: {wait:?}");
    }
}

#[test]
fn it_stops_with_the_reason() {
    assert_eq!(stop(Failure { resendable: false, ..FAILURE }), Stop::Final);
    assert_eq!(stop(Failure { attempts: 4, ..FAILURE }), Stop::MaxAttempts);
    assert_eq!(stop(Failure { retry_after: Some(Duration::from_millis(60_001)), ..FAILURE }), Stop::RetryAfter);
    // It waits 0.25 seconds, and needs five more to connect.
    assert_eq!(stop(Failure { remaining: Duration::from_millis(5_249), ..FAILURE }), Stop::Timeout);
    assert_eq!(wait(Failure { remaining: Duration::from_millis(5_250), ..FAILURE }), Duration::from_millis(250));
    let late = Failure { retry_after: Some(Duration::from_secs(10)), remaining: Duration::from_secs(15), ..FAILURE };
    assert_eq!(stop(late), Stop::Timeout);
    for policy in [RetryPolicy::never(), RetryPolicy::new().max_attempts(0)] {
        assert_eq!(policy.decide(FAILURE), Next::Stop(Stop::MaxAttempts));
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
