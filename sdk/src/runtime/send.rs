//! Sends a request: attempts, with waits between them, until one succeeds or the policy says stop. The one way to the
//! socket, compiled once, whatever the operation.

#![expect(clippy::result_large_err, reason = "what an attempt comes to is as large if it succeeds")]

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, HeaderMap};
use tokio::runtime::{Handle, Id};
use tokio::task::yield_now;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument;

use super::body::{self, Body, ERROR_LIMIT, End, Received, SUCCESS_LIMIT};
use super::client::{Client, Inner, Settings, Shared};
use super::delivery::{self, BodyHandle, Failure};
use super::error::{Error, Failed, NotTheForm, Reason, Unusable};
use super::error_body::ErrorBody;
use super::hook::NextAttempt;
use super::operation::Operation;
use super::outcome::{Attempt, BoxError, Delivery, ErrorKind};
use super::request::Request;
use super::response::Reply;
use super::retry::{self, Budget, Facts, Next, RetryPolicy, RetryStopReason};
use super::stay::{stay, wait_until};
use super::telemetry;

impl Client {
    /// Sends the request, and reads the response in full.
    pub(super) async fn send(&self, request: &Request, error_body: &'static ErrorBody) -> Result<Reply, Error> {
        let Inner { shared, settings } = &*self.inner;
        let operation = request.operation;
        // What the hooks added to the last attempt.
        let mut added = HeaderMap::new();
        // What is built before the first await is not part of the future. That keeps it small, because thousands may be
        // waiting.
        let attempt = |number, deadline| {
            let home = Handle::current().id();
            let transport = shared.transport(operation, number, home);
            let begun = begin(request, self.inner.as_ref(), number, &mut added)
                .map(|(request, handle)| (transport.client.execute(request), handle));
            async move {
                let (response, handle) = match begun {
                    Ok(begun) => begun,
                    Err(reason) => return failure(Failure::Invalid, Reason(reason)),
                };
                // A kept connection may have been closed in the meantime: the runtime has to see that before it is
                // used.
                if transport.keeps
                    && let Err(moved) = stay(home, yield_now()).await
                {
                    return failure(delivery::moved(&handle), moved);
                }
                verified(request, shared, exchange(operation, response, &handle, deadline, home).await)
            }
        };
        let span = telemetry::call(operation, &shared.base);
        let limits = Limits::new(settings, request);
        let after = |number, attempt: &Attempt| {
            settings.hooks.iter().for_each(|hook| hook.after_attempt(operation, number, attempt));
        };
        let result = attempts(operation, &limits, &shared.budget, attempt, after).instrument(span.clone()).await;
        match result {
            Ok((received, attempts)) => {
                telemetry::end(&span, &attempts, Some(received.status), None);
                Ok(Reply { operation, received, attempts, span })
            }
            Err(error) => {
                telemetry::end(&span, error.attempts(), error.status(), Some(error.kind()));
                let is_echo = |text: &str| {
                    settings.credential.is_echoed_in(text) || request.is_echoed_in(text, [&settings.headers, &added])
                };
                Err(error.explained(error_body, |body| error_body.summary(body, is_echo)))
            }
        }
    }
}

/// The request of one attempt in the transport's form, and the handle of its body.
fn begin(
    request: &Request,
    Inner { shared, settings }: &Inner,
    number: u32,
    added: &mut HeaderMap,
) -> Result<(reqwest::Request, BodyHandle), &'static str> {
    let mut begun = request.build(&shared.base, &settings.headers)?;
    added.clear();
    for hook in &settings.hooks {
        hook.before_attempt(&mut NextAttempt { operation: request.operation, number, headers: added });
    }
    for (name, value) in &*added {
        begun.headers_mut().insert(name, value.clone());
    }
    begun.headers_mut().insert(AUTHORIZATION, settings.credential.header());
    let handle = delivery::track(&mut begun, request.body.clone());
    Ok((begun, handle))
}

/// What came of one attempt: the documented success in full, or anything else.
type Outcome = Result<Received<Bytes>, Failed>;

/// Waits for the response, and reads it.
async fn exchange(
    operation: &Operation,
    response: impl Future<Output = Result<reqwest::Response, reqwest::Error>>,
    handle: &BodyHandle,
    deadline: Instant,
    home: Id,
) -> Outcome {
    match stay(home, timeout_at(deadline, response)).await {
        Ok(Ok(Ok(response))) => {
            let limit = if operation.is_success(response.status()) { SUCCESS_LIMIT } else { ERROR_LIMIT };
            judge(operation, body::read(response, limit, deadline, home).await)
        }
        // The URL may hold ids.
        Ok(Ok(Err(error))) => failure(delivery::classify(&error, handle), error.without_url()),
        Ok(Err(elapsed)) => failure(delivery::timed_out(handle), elapsed),
        Err(moved) => failure(delivery::moved(handle), moved),
    }
}

/// Effectively no limit.
const FAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

fn failure(failure: Failure, source: impl Into<BoxError>) -> Outcome {
    Err(Failed::NoResponse { failure, source: source.into() })
}

/// What a response comes to, which its status decides before its body does.
fn judge(operation: &Operation, received: Received<Body>) -> Outcome {
    let Received { status, headers, body: Body { bytes, end } } = received;
    let why = match &end {
        _ if status == StatusCode::REQUEST_TIMEOUT || status.is_server_error() => Unusable::ServerError,
        _ if status.is_client_error() => Unusable::Rejected,
        _ if !operation.is_success(status) => Unusable::UnexpectedStatus,
        End::TooLarge => Unusable::TooLarge,
        End::BrokenOff(_) => Unusable::BrokenOff,
        End::TimedOut(_) => Unusable::TimedOut,
        End::Complete => return Ok(Received { status, headers, body: bytes }),
    };
    let truncated = !matches!(end, End::Complete);
    let source = match end {
        End::BrokenOff(source) | End::TimedOut(source) => Some(source),
        End::Complete | End::TooLarge => None,
    };
    Err(Failed::Response { why, received: Received { status, headers, body: bytes }, truncated, source })
}

/// A success that carries the id of another resource than the one that was asked for is the response to another request:
/// the connection had one too many.
fn verified(request: &Request, shared: &Shared, outcome: Outcome) -> Outcome {
    let received = outcome?;
    let (Some(property), Some(asked)) = (request.operation.response_id, request.last_value()) else {
        return Ok(received);
    };
    match body::text_at(&received.body, property) {
        Ok(Some(found)) if !found.eq_ignore_ascii_case(asked) => {
            shared.is_mixed_up.store(true, Ordering::Relaxed);
            Err(Failed::Response { why: Unusable::OfAnother, received, truncated: false, source: None })
        }
        Ok(_) => Ok(received),
        Err(error) => {
            let source = Some(NotTheForm::new(&error).into());
            Err(Failed::Response { why: Unusable::NotTheForm, received, truncated: false, source })
        }
    }
}

/// The limits of a call.
#[derive(Clone, Copy, Debug)]
struct Limits {
    timeout: Duration,
    attempt_timeout: Duration,
    /// The least time for which another attempt is started.
    least: Duration,
    retry_policy: RetryPolicy,
}

impl Limits {
    fn new(settings: &Settings, request: &Request) -> Self {
        let timeout = request.timeout.unwrap_or(settings.timeout);
        let timeout =
            settings.until.map_or(timeout, |until| timeout.min(until.saturating_duration_since(Instant::now())));
        let attempt_timeout = settings.attempt_timeout.min(timeout);
        Self {
            timeout,
            attempt_timeout,
            // A call that is given little time would have no time for a retry otherwise.
            least: settings.connect_timeout.min(attempt_timeout / 2),
            retry_policy: request.retry_policy.unwrap_or(settings.retry_policy),
        }
    }
}

/// Makes attempts until one succeeds or the policy says stop. All of it ends within the timeout of the call. No further
/// attempt is started with too little time to connect: it could turn a known outcome (nothing was done) into an unknown
/// one.
async fn attempts<F: Future<Output = Outcome>>(
    operation: &'static Operation,
    limits: &Limits,
    budget: &Budget,
    mut attempt: impl FnMut(u32, Instant) -> F,
    after: impl Fn(u32, &Attempt),
) -> Result<(Received<Bytes>, Vec<Attempt>), Error> {
    let begun = Instant::now();
    let remaining = || limits.timeout.saturating_sub(begun.elapsed());
    let mut attempts = Vec::with_capacity(1);
    let mut waited = Duration::ZERO;
    let mut limit = limits.attempt_timeout;
    if limit.is_zero() {
        let source = Box::new(Reason("the call's timeout is zero"));
        let failed = Failed::NoResponse { failure: Failure::ConnectTimeout, source };
        return Err(Error::new(operation, failed, attempts, RetryStopReason::Timeout));
    }
    let mut started = begun;
    loop {
        let number = u32::try_from(attempts.len() + 1).unwrap_or(u32::MAX);
        let deadline = started.checked_add(limit).unwrap_or_else(|| started + FAR);
        let outcome = attempt(number, deadline).await;
        let (delivery, status, kind) = match &outcome {
            Ok(received) => (Delivery::Responded, Some(received.status), None),
            Err(failed) => (failed.delivery(), failed.status(), Some(failed.kind())),
        };
        if kind != Some(ErrorKind::InvalidRequest) {
            let made = Attempt { delivery, status, elapsed: started.elapsed(), waited };
            telemetry::attempt(attempts.len(), &made, kind);
            after(number, &made);
            attempts.push(made);
        }
        let failed = match outcome {
            Ok(received) => {
                budget.deposit();
                return Ok((received, attempts));
            }
            Err(failed) => failed,
        };
        let next = limits.retry_policy.decide(Facts {
            retryable: failed.is_retryable(operation, begun.elapsed()),
            throttled: status == Some(StatusCode::TOO_MANY_REQUESTS),
            retry_after: failed.received().and_then(|it| retry::retry_after(&it.headers, SystemTime::now)),
            attempts: number,
            remaining: remaining(),
            needed: limits.least,
            jitter: jitter(),
        });
        let stop_reason = match next {
            Next::Stop(reason) => reason,
            Next::Attempt { cost, .. } if !budget.withdraw(cost) => RetryStopReason::Budget,
            Next::Attempt { wait, .. } => {
                wait_until(Instant::now().checked_add(wait).unwrap_or_else(|| begun + FAR)).await;
                waited = wait;
                limit = limits.attempt_timeout.min(remaining());
                // The sleep may have taken longer than it should.
                if limit >= limits.least {
                    started = Instant::now();
                    continue;
                }
                RetryStopReason::Timeout
            }
        };
        return Err(Error::new(operation, failed, attempts, stop_reason));
    }
}

/// A number from 0 to 1, without 1. The standard library seeds its hash maps at random; that is random enough for a
/// wait.
fn jitter() -> f64 {
    let random = RandomState::new().hash_one(()) >> 32;
    f64::from(u32::try_from(random).unwrap_or(0)) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests;
