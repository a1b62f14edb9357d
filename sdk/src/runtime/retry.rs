//! Whether and when a call is sent again: a decision, and what it depends on. Sends nothing and waits for nothing.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};

use super::error::{Kind, Phase};
use super::operation::Operation;

/// When a call that failed is sent again.
///
/// What is sent again at all is not a setting: whatever provably was not sent, and what the service refused with `429`; of
/// calls that may be repeated without harm ([`Operation::idempotent`]), also those whose effect is unknown. The page
/// [When a call fails](crate::guide::when_a_call_fails) has it in full.
///
/// The wait before the next attempt is drawn at random up to a bound, which begins with 0.5 seconds and doubles with each
/// attempt up to 20 seconds. After `429` it is twice that, of which half is always waited. `Retry-After` makes it longer,
/// never shorter; one of more than 60 seconds, or too long for the call's timeout, ends
/// the call at once.
///
/// All clones of a client share a budget of 100: a retry costs 10 of it, one after `429` 5, and a call that succeeds gives 1
/// back. When it is used up, calls fail without a retry, so that an outage is not made worse.
///
/// ```
/// use std::time::Duration;
/// use prolific_sdk::{Client, RetryPolicy};
///
/// let client = Client::builder().token("example-token").retry_policy(RetryPolicy::new().max_attempts(2)).build()?;
/// // The same client for calls that shall be sent once:
/// let once = client.with_retry_policy(RetryPolicy::never());
/// # Ok::<(), prolific_sdk::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a policy has an effect once a client has it"]
pub struct RetryPolicy {
    max_attempts: u32,
    first: Duration,
    longest: Duration,
}

/// Why a call that failed was not sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stop {
    /// It would not help, or it might do the work a second time.
    Final,
    /// All attempts that the policy allows were made.
    MaxAttempts,
    /// The next attempt would have had less of the call's timeout left than connecting may take.
    Timeout,
    /// The service asks to wait longer than 60 seconds.
    RetryAfter,
    /// The budget of retries, which the clones of a client share, is used up.
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

    /// One attempt.
    pub const fn never() -> Self {
        Self::new().max_attempts(1)
    }

    /// How often a call is sent at most, the first time included. Defaults to 4; 0 counts as 1.
    pub const fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// The bound of the first wait, which doubles with each attempt, and where it stops to grow. Defaults to 0.5 and 20
    /// seconds.
    pub const fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first;
        self.longest = longest;
        self
    }

    /// The decision. The same for the same arguments: chance is one of them.
    pub(super) fn decide(
        &self,
        Failure { resendable, status, retry_after, attempts, remaining, needed, chance }: Failure,
    ) -> Next {
        let throttled = status == Some(StatusCode::TOO_MANY_REQUESTS);
        if !resendable {
            return Next::Stop(Stop::Final);
        }
        if attempts >= self.max_attempts {
            return Next::Stop(Stop::MaxAttempts);
        }
        if retry_after.is_some_and(|wait| wait > LONGEST_RETRY_AFTER) {
            return Next::Stop(Stop::RetryAfter);
        }
        let doublings = (attempts - 1 + u32::from(throttled)).min(31);
        let bound = self.first.saturating_mul(1 << doublings).min(self.longest);
        let backoff = if throttled { bound.mul_f64(0.5 + chance / 2.0) } else { bound.mul_f64(chance) };
        // Those who were told the same time shall not come at the same time.
        let floor = retry_after.unwrap_or_default().mul_f64(1.0 + chance / 10.0);
        let wait = backoff.max(floor);
        if wait.saturating_add(needed) > remaining {
            return Next::Stop(Stop::Timeout);
        }
        Next::Attempt { wait, cost: if throttled { 5 } else { 10 } }
    }
}

/// What the decision depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failure {
    /// See [`is_resendable`].
    pub(super) resendable: bool,
    pub(super) status: Option<StatusCode>,
    pub(super) retry_after: Option<Duration>,
    /// How many were made; at least one.
    pub(super) attempts: u32,
    /// Of the call's timeout.
    pub(super) remaining: Duration,
    /// What an attempt has to have left of it.
    pub(super) needed: Duration,
    /// Drawn from 0 to 1, without 1.
    pub(super) chance: f64,
}

/// The decision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Next {
    Stop(Stop),
    /// If the budget has the cost.
    Attempt {
        wait: Duration,
        cost: u32,
    },
}

/// Whether sending again cannot do the work twice, and may help. `kind` is `None` for an answer that arrived in full.
pub(super) fn is_resendable(
    operation: &Operation,
    kind: Option<Kind>,
    status: Option<StatusCode>,
    lasting: bool,
) -> bool {
    let Some(status) = status else {
        return match kind {
            Some(Kind::Connect | Kind::NotDelivered | Kind::Timeout(Phase::Connect)) => !lasting,
            Some(Kind::Interrupted | Kind::Timeout(_)) => operation.idempotent,
            _ => false,
        };
    };
    match status.as_u16() {
        // The documentation asks to try again.
        429 => true,
        408 | 500 | 502 | 503 | 504 => operation.idempotent,
        // It is done. Only what changes nothing may be done again.
        200..=299 => operation.is_safe() && matches!(kind, Some(Kind::BodyCut | Kind::Timeout(Phase::Body))),
        _ => false,
    }
}

/// How long the service asks to wait: `retry-after-ms`, and `Retry-After` in seconds or as a date, which is held against the
/// answer's own `Date`. The longer one counts. What is none of these, or in the past, is no time.
pub(super) fn retry_after(headers: &HeaderMap, now: impl FnOnce() -> SystemTime) -> Option<Duration> {
    let text = |value: Option<&HeaderValue>| Some(value?.to_str().ok()?.trim().to_owned());
    let milliseconds = text(headers.get("retry-after-ms")).and_then(|text| number(&text)).map(Duration::from_millis);
    let asked = text(headers.get(RETRY_AFTER)).and_then(|asked| {
        if let Some(seconds) = number(&asked) {
            return Some(Duration::from_secs(seconds));
        }
        let until = httpdate::parse_http_date(&asked).ok()?;
        let answered = text(headers.get(DATE)).and_then(|date| httpdate::parse_http_date(&date).ok());
        until.duration_since(answered.unwrap_or_else(now)).ok()
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
