//! Whether and when a call is retried: a decision, and what it depends on. Sends nothing and waits for nothing.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};

use super::operation::Operation;
use super::outcome::{ErrorKind, Phase};

/// When a failed call is retried.
///
/// Which failures are retried is fixed: a request that was provably not sent, a request rejected with `429`, and, for
/// [idempotent](Operation#structfield.idempotent) operations, most requests whose effect is unknown. The page [When a
/// call fails](crate::guide::when_a_call_fails) has the full table.
///
/// The wait before the next attempt is random, up to a bound which starts at 0.5 seconds and doubles with each attempt
/// up to 20 seconds. After a `429` the bound is twice that, and the wait is at least half of the bound. `Retry-After`
/// makes the wait longer, never shorter. A `Retry-After` of more than 60 seconds, or one beyond the call's timeout,
/// ends the call at once.
///
/// All clones of a client share a budget of 100: a retry costs 10 of it, one after `429` costs 5, and a successful
/// call gives 1 back. When the budget is used up, calls fail without a retry, so that an outage is not made worse.
///
/// ```
/// use std::time::Duration;
/// use prolific_sdk::{Client, RetryPolicy};
///
/// let client = Client::builder().token("example-token").retry_policy(RetryPolicy::new().max_attempts(2)).build()?;
/// // The same client, for calls that are sent once:
/// let once = client.with_retry_policy(RetryPolicy::never());
/// # Ok::<(), prolific_sdk::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a policy has no effect until it is passed to a client or a call"]
pub struct RetryPolicy {
    max_attempts: u32,
    first: Duration,
    longest: Duration,
}

/// Why a failed call was not retried, or not retried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryStopReason {
    /// A retry would not help, or might perform the operation twice.
    NotRetryable,
    /// All attempts that the policy allows were made.
    MaxAttempts,
    /// Too little of the call's timeout was left for another attempt: less than the connect timeout, or than half of an
    /// attempt's time limit if that is shorter.
    Timeout,
    /// The service asks to wait longer than 60 seconds.
    RetryAfter,
    /// The retry budget, which the clones of a client share, is used up.
    Budget,
}

/// The longest `Retry-After` that is waited for.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60);

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new()
    }
}

impl RetryPolicy {
    /// The default: up to four attempts.
    pub const fn new() -> Self {
        Self { max_attempts: 4, first: Duration::from_millis(500), longest: Duration::from_secs(20) }
    }

    /// A policy that never retries: each call makes one attempt.
    pub const fn never() -> Self {
        Self::new().max_attempts(1)
    }

    /// The maximum number of attempts, including the first. Defaults to 4; 0 counts as 1.
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// The upper bound of the first wait, which doubles with each attempt, and the maximum of that bound. Defaults to
    /// 0.5 and 20 seconds.
    pub const fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest;
        self
    }

    /// The decision. The same for the same arguments: the jitter is one of them.
    pub(super) fn decide(
        &self,
        Facts { retryable, throttled, retry_after, attempts, remaining, needed, jitter }: Facts,
    ) -> Next {
        if !retryable {
            return Next::Stop(RetryStopReason::NotRetryable);
        }
        if attempts >= self.max_attempts {
            return Next::Stop(RetryStopReason::MaxAttempts);
        }
        if retry_after.is_some_and(|wait| wait > LONGEST_RETRY_AFTER) {
            return Next::Stop(RetryStopReason::RetryAfter);
        }
        let doublings = (attempts - 1 + u32::from(throttled)).min(31);
        let bound = self.first.saturating_mul(1 << doublings).min(self.longest);
        let backoff = if throttled { bound.mul_f64(0.5 + jitter / 2.0) } else { bound.mul_f64(jitter) };
        // Jitter spreads out clients that were given the same `Retry-After`.
        let floor = retry_after.unwrap_or_default().mul_f64(1.0 + jitter / 10.0);
        let wait = backoff.max(floor);
        if wait.saturating_add(needed) > remaining {
            return Next::Stop(RetryStopReason::Timeout);
        }
        Next::Attempt { wait, cost: if throttled { 5 } else { 10 } }
    }
}

/// What the decision depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    /// See [`is_retryable`].
    pub(super) retryable: bool,
    /// Whether the service asks for fewer requests.
    pub(super) throttled: bool,
    pub(super) retry_after: Option<Duration>,
    /// How many were made; at least one.
    pub(super) attempts: u32,
    /// Of the call's timeout.
    pub(super) remaining: Duration,
    /// What an attempt has to have left of it.
    pub(super) needed: Duration,
    /// Drawn from 0 to 1, without 1.
    pub(super) jitter: f64,
}

/// The decision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Next {
    Stop(RetryStopReason),
    /// If the budget has the cost.
    Attempt {
        wait: Duration,
        cost: u32,
    },
}

/// Whether a retry cannot perform the operation twice, so long after it was first sent, and may help. `permanent` says
/// that a failure to connect will not pass by itself.
pub(super) fn is_retryable(
    operation: &Operation,
    after: Duration,
    kind: ErrorKind,
    status: Option<StatusCode>,
    permanent: bool,
) -> bool {
    let status = status.map_or(0, |status| status.as_u16());
    match kind {
        ErrorKind::Connect | ErrorKind::Timeout(Phase::Connect) => !permanent,
        ErrorKind::Interrupted | ErrorKind::Timeout(Phase::Response) => operation.is_repeatable(after),
        // The documentation asks to try again.
        ErrorKind::Rejected => status == 429,
        ErrorKind::ServerError => operation.is_repeatable(after) && matches!(status, 408 | 500 | 502 | 503 | 504),
        // It was performed. Only what changes nothing may be performed again.
        ErrorKind::IncompleteBody | ErrorKind::Timeout(Phase::Body) | ErrorKind::WrongResource => operation.safe,
        ErrorKind::InvalidRequest
        | ErrorKind::UnexpectedStatus
        | ErrorKind::Decode
        | ErrorKind::BodyTooLarge
        | ErrorKind::IncompleteList => false,
    }
}

/// How long the service asks to wait: `retry-after-ms`, and `Retry-After` in seconds or as a date, which is compared
/// with the response's own `Date`. The longer one counts. Anything else, or a date in the past, is ignored.
pub(super) fn retry_after(headers: &HeaderMap, now: impl FnOnce() -> SystemTime) -> Option<Duration> {
    let text = |value: Option<&HeaderValue>| Some(value?.to_str().ok()?.trim().to_owned());
    let milliseconds = text(headers.get("retry-after-ms")).and_then(|text| number(&text)).map(Duration::from_millis);
    let asked = text(headers.get(RETRY_AFTER)).and_then(|asked| {
        if let Some(seconds) = number(&asked) {
            return Some(Duration::from_secs(seconds));
        }
        let until = httpdate::parse_http_date(&asked).ok()?;
        let responded = text(headers.get(DATE)).and_then(|date| httpdate::parse_http_date(&date).ok());
        until.duration_since(responded.unwrap_or_else(now)).ok()
    });
    milliseconds.max(asked)
}

/// A number; one that is too large is the largest.
fn number(digits: &str) -> Option<u64> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

/// What is left for retries.
#[derive(Debug)]
pub(super) struct Budget(AtomicU32);

impl Budget {
    const FULL: u32 = 100;

    pub(super) const fn new() -> Self {
        Self(AtomicU32::new(Self::FULL))
    }

    /// Pays for a retry, or says that there is not enough left.
    pub(super) fn withdraw(&self, cost: u32) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(cost)).is_ok()
    }

    /// For a call that succeeded.
    pub(super) fn deposit(&self) {
        let more = |left| (left < Self::FULL).then_some(left + 1);
        // An error means that it is full.
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }
}

#[cfg(test)]
mod tests;
