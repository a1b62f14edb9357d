//! Sends a request, again where the policy says so, and reads its answer.

use std::error::Error as StdError;
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, HeaderMap, HeaderValue};
use reqwest::{RequestBuilder, StatusCode};
use tokio::time::{Instant, sleep};
use tracing::Instrument;

use super::client::{Client, Settings, Shared};
use super::error::{Attempt, Error, Kind, Phase, Reason, Sent};
use super::evidence::{self, Ticket};
use super::operation::Operation;
use super::response::Response;
use super::retry::{self, Budget, Failure, Next, Stop};
use super::telemetry;

/// How much of a body is kept: of one that is to be parsed, and of one that only explains an error.
const SUCCESS_LIMIT: usize = 8 * 1024 * 1024;
pub(super) const ERROR_LIMIT: usize = 64 * 1024;

impl Client {
    /// For generated code: sends the request, which is made for each attempt, and reads the answer in full.
    pub(crate) async fn execute(
        &self,
        operation: &'static Operation,
        request: impl Fn() -> RequestBuilder,
    ) -> Result<Response, Error> {
        // A kept connection may be closed by the service just when it is used, and then it is not known whether the
        // request arrived. What cannot be repeated gets a connection of its own.
        let Shared { http, unpooled, base_url, credential, budget } = &*self.shared;
        let http = if operation.idempotent { http } else { unpooled };
        let start = |limit| -> Result<_, Box<dyn StdError + Send + Sync>> {
            let mut request = request().build().map_err(reqwest::Error::without_url)?;
            request.headers_mut().insert(AUTHORIZATION, credential.header());
            // The transport leaves it out, and some gateways insist on it.
            if request.body().is_none() && matches!(operation.method, "POST" | "PUT" | "PATCH") {
                request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
            }
            // The transport has the usual limit already, and another one costs allocations.
            if limit < self.settings.attempt_timeout {
                *request.timeout_mut() = Some(limit);
            }
            let ticket = evidence::watch(&mut request).ok_or(Reason("the body does not lie in memory in one piece"))?;
            Ok((http.execute(request), ticket))
        };
        // What is made before the first wait is no part of the future, which is small then: thousands may be waiting.
        let attempt = |limit| {
            let under_way = start(limit);
            async move {
                let (answer, ticket) = match under_way {
                    Ok(under_way) => under_way,
                    Err(reason) => return Outcome::unsendable(reason),
                };
                let mut answer = match answer.await {
                    Ok(answer) => answer,
                    Err(error) => return Outcome::failed(&ticket, error),
                };
                read(&mut answer).await
            }
        };
        let span = telemetry::call(operation, base_url);
        let mut result = attempts(operation, &self.settings, budget, attempt).instrument(span.clone()).await;
        telemetry::end(&span, &result);
        if let Ok(response) = &mut result {
            // Whether it can be read is still open.
            response.span = span;
        }
        result
    }
}

/// What came of one attempt.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// What went wrong. `None` for an answer that arrived in full, whatever it says.
    pub(super) kind: Option<Kind>,
    pub(super) status: Option<StatusCode>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// Whether `body` is only the beginning.
    pub(super) truncated: bool,
    pub(super) source: Option<Box<dyn StdError + Send + Sync>>,
    /// Whether it will not pass by itself.
    pub(super) lasting: bool,
}

impl Outcome {
    /// There is no request to send.
    pub(super) fn unsendable(reason: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { kind: Some(Kind::Input), source: Some(reason.into()), ..Self::default() }
    }

    /// No answer began to arrive.
    fn failed(ticket: &Ticket, error: reqwest::Error) -> Self {
        Self {
            kind: Some(evidence::kind(&error, ticket)),
            lasting: evidence::is_lasting(&error),
            // The URL may hold ids.
            source: Some(error.without_url().into()),
            ..Self::default()
        }
    }

    fn sent(&self) -> Sent {
        match (self.status, self.kind) {
            (None, Some(kind)) => kind.sent(),
            _ => Sent::Answered,
        }
    }

    fn is_success(&self) -> bool {
        self.kind.is_none() && self.status.is_some_and(|status| status.is_success())
    }
}

/// Makes attempts, with waits between them, until one succeeds or the policy says stop. All of it ends within the timeout
/// of the call. No attempt is begun anew that has less time than connecting may take: it could turn what is known, that
/// nothing was done, into what is not.
async fn attempts<F: Future<Output = Outcome>>(
    operation: &'static Operation,
    settings: &Settings,
    budget: &Budget,
    mut attempt: impl FnMut(Duration) -> F,
) -> Result<Response, Error> {
    let begun = Instant::now();
    let remaining = || settings.timeout.saturating_sub(begun.elapsed());
    let mut attempts = Vec::with_capacity(1);
    let mut waited = Duration::ZERO;
    let mut limit = settings.attempt_timeout.min(settings.timeout);
    if limit.is_zero() {
        let outcome = Outcome { kind: Some(Kind::Timeout(Phase::Connect)), ..Outcome::default() };
        return Response::new(operation, outcome, attempts, Stop::Timeout);
    }
    loop {
        let started = Instant::now();
        let outcome = attempt(limit).await;
        if outcome.kind != Some(Kind::Input) {
            let made = Attempt { sent: outcome.sent(), status: outcome.status, elapsed: started.elapsed(), waited };
            telemetry::attempt(attempts.len(), &made, outcome.kind);
            attempts.push(made);
        }
        if outcome.is_success() {
            budget.deposit();
            return Response::new(operation, outcome, attempts, Stop::Final);
        }
        let next = settings.retry_policy.decide(Failure {
            resendable: retry::is_resendable(operation, outcome.kind, outcome.status, outcome.lasting),
            status: outcome.status,
            retry_after: retry::retry_after(&outcome.headers, SystemTime::now),
            attempts: u32::try_from(attempts.len()).unwrap_or(u32::MAX),
            remaining: remaining(),
            needed: settings.connect_timeout,
            chance: chance(),
        });
        let stop = match next {
            Next::Stop(stop) => stop,
            Next::Attempt { cost, .. } if !budget.withdraw(cost) => Stop::Budget,
            Next::Attempt { wait, .. } => {
                sleep(wait).await;
                waited = wait;
                limit = settings.attempt_timeout.min(remaining());
                // The sleep may have taken longer than it should.
                if limit >= settings.connect_timeout {
                    continue;
                }
                Stop::Timeout
            }
        };
        return Response::new(operation, outcome, attempts, stop);
    }
}

/// A number from 0 to 1, without 1. The standard library seeds its hash maps at random; that is random enough for a wait.
fn chance() -> f64 {
    let random = RandomState::new().hash_one(()) >> 32;
    f64::from(u32::try_from(random).unwrap_or(0)) / (f64::from(u32::MAX) + 1.0)
}

async fn read(answer: &mut reqwest::Response) -> Outcome {
    let status = answer.status();
    let limit = if status.is_success() { SUCCESS_LIMIT } else { ERROR_LIMIT };
    // Of a body that says it is too large, only what explains an error is read.
    let too_large = answer.content_length().is_some_and(|length| length > limit as u64);
    let limit = if too_large { ERROR_LIMIT } else { limit };
    let headers = std::mem::take(answer.headers_mut());
    let mut outcome = Outcome { status: Some(status), headers, ..Outcome::default() };
    let mut body = Body::default();
    loop {
        match answer.chunk().await {
            Ok(Some(mut chunk)) => {
                let room = limit - body.len();
                outcome.truncated = chunk.len() > room;
                chunk.truncate(room);
                body.push(chunk);
                if outcome.truncated {
                    // The beginning of a refusal is enough to tell it.
                    outcome.kind = status.is_success().then_some(Kind::BodyTooLarge);
                    break;
                }
            }
            Ok(None) => break,
            Err(error) => {
                outcome.truncated = true;
                outcome.kind = Some(if error.is_timeout() { Kind::Timeout(Phase::Body) } else { Kind::BodyCut });
                outcome.source = Some(error.without_url().into());
                break;
            }
        }
    }
    outcome.body = body.into();
    outcome
}

/// A body as it arrives. One that comes in one piece, as most do, is not copied.
#[derive(Default)]
struct Body {
    first: Bytes,
    all: Vec<u8>,
}

impl Body {
    fn len(&self) -> usize {
        self.first.len().max(self.all.len())
    }

    fn push(&mut self, chunk: Bytes) {
        if self.len() == 0 {
            self.first = chunk;
            return;
        }
        if self.all.is_empty() {
            self.all.extend_from_slice(&std::mem::take(&mut self.first));
        }
        self.all.extend_from_slice(&chunk);
    }
}

impl From<Body> for Bytes {
    fn from(Body { first, all }: Body) -> Self {
        if all.is_empty() { first } else { all.into() }
    }
}

#[cfg(test)]
mod tests;
