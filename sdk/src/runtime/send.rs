//! Sends a request and reads its answer. Knows what each step proves about the request; decides nothing about retries.

use std::time::Instant;

use reqwest::RequestBuilder;
use reqwest::header::AUTHORIZATION;

use super::client::Client;
use super::error::{Attempt, Error, Kind, Phase, Sent};
use super::operation::Operation;
use super::response::Response;

/// How much of a body is kept: of one that is to be parsed, and of one that only explains an error.
const SUCCESS_LIMIT: usize = 8 * 1024 * 1024;
pub(super) const ERROR_LIMIT: usize = 64 * 1024;

impl Client {
    /// For generated code: sends the request once, and reads the answer in full.
    pub(crate) async fn execute(
        &self,
        operation: &'static Operation,
        request: RequestBuilder,
    ) -> Result<Response, Error> {
        let mut request = request.build().map_err(|error| Error::unbuildable(operation, error))?;
        request.headers_mut().insert(AUTHORIZATION, self.credential.header());
        let started = Instant::now();
        let mut answer = match self.http.execute(request).await {
            Ok(answer) => answer,
            Err(error) => {
                let kind = before_answer(&error);
                let attempt = Attempt::new(kind.sent(), None, started.elapsed());
                return Err(Error::unanswered(operation, kind, attempt, error));
            }
        };
        let status = answer.status();
        let headers = std::mem::take(answer.headers_mut());
        let declared = answer.content_length();
        let limit = if status.is_success() { SUCCESS_LIMIT } else { ERROR_LIMIT };
        let read = read(&mut answer, declared, limit).await;
        let attempts = vec![Attempt::new(Sent::Answered, Some(status), started.elapsed())];
        let response = |body, truncated| Response { operation, status, headers, body, truncated, attempts };
        match read {
            Read { body, end: End::Whole } => Ok(response(body, false)),
            // The beginning of a refusal is enough to tell it.
            Read { body, end: End::TooLarge } if !status.is_success() => Ok(response(body, true)),
            Read { body, end: End::TooLarge } => Err(Error::unread(response(body, true), Kind::BodyTooLarge, None)),
            Read { body, end: End::Failed(error) } => {
                let kind = if error.is_timeout() { Kind::Timeout(Phase::Body) } else { Kind::BodyCut };
                Err(Error::unread(response(body, true), kind, Some(error)))
            }
        }
    }
}

/// What the transport's error proves. Redirects are off, so a failure to connect is one of the only connection.
fn before_answer(error: &reqwest::Error) -> Kind {
    match (error.is_connect(), error.is_timeout()) {
        (true, true) => Kind::Timeout(Phase::Connect),
        (true, false) => Kind::Connect,
        (false, true) => Kind::Timeout(Phase::Head),
        (false, false) => Kind::Interrupted,
    }
}

/// What was read of a body, and why no more.
struct Read {
    body: Vec<u8>,
    end: End,
}

enum End {
    Whole,
    TooLarge,
    Failed(reqwest::Error),
}

async fn read(answer: &mut reqwest::Response, declared: Option<u64>, limit: usize) -> Read {
    // Of a body that says it is too large, only what explains an error is read.
    let too_large = declared.is_some_and(|length| length > limit as u64);
    let limit = if too_large { limit.min(ERROR_LIMIT) } else { limit };
    let mut body = Vec::new();
    loop {
        match answer.chunk().await {
            Ok(Some(chunk)) if chunk.len() > limit - body.len() => {
                body.extend_from_slice(&chunk[..limit - body.len()]);
                body.truncate(ERROR_LIMIT);
                return Read { body, end: End::TooLarge };
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Read { body, end: End::Whole },
            Err(error) => {
                body.truncate(ERROR_LIMIT);
                return Read { body, end: End::Failed(error) };
            }
        }
    }
}
