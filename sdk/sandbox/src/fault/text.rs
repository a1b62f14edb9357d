//! A fault as a short text, such as `503:every`.

use std::fmt::{self, Display};
use std::str::FromStr;
use std::time::Duration;

use axum::http::HeaderValue;
use axum::http::header::RETRY_AFTER;

use super::{Effect, Fault, InvalidFault, Selection};

impl FromStr for Fault {
    type Err = InvalidFault;

    fn from_str(text: &str) -> Result<Self, InvalidFault> {
        if text.trim_start().starts_with('{') {
            return serde_json::from_str(text).map_err(|error| InvalidFault(error.to_string()));
        }
        parse(text).map_err(InvalidFault)
    }
}

fn parse(text: &str) -> Result<Fault, String> {
    let mut parts = text.split(':');
    let kind = parts.next().unwrap_or_default();
    let mut fault = match kind.split_once('=') {
        Some(("delay", time)) => Fault::delay(seconds(time)?),
        _ => of_kind(kind)?,
    };
    for part in parts {
        fault = match part.split_once('=') {
            None if part == "every" => fault.checked_every()?,
            None if part == "performed" => fault.checked_performed()?,
            Some(("nth", number)) => {
                let number = number.parse().map_err(|_| format!("`{number}` in `{part}` is not a number"))?;
                fault.checked_nth(number)?
            }
            Some(("delay", time)) => fault.delayed(seconds(time)?),
            Some(("retry-after", time)) => fault.checked_retry_after(seconds(time)?)?,
            _ => fault.checked_on(part).map_err(|problem| {
                format!(
                    "`{part}` is none of every, performed, nth=N, delay=SECONDS and retry-after=SECONDS, and {problem}"
                )
            })?,
        };
    }
    Ok(fault)
}

fn of_kind(kind: &str) -> Result<Fault, String> {
    match kind {
        "lost-response" => Ok(Fault::lost_response()),
        "reset" => Ok(Fault::reset()),
        "close-unread" => Ok(Fault::close_unread()),
        "cut-body" => Ok(Fault::cut_body()),
        "stalled-body" => Ok(Fault::stalled_body()),
        _ => {
            let problem = || {
                format!(
                    "`{kind}` is no fault: use a status from 200 to 599, lost-response, reset, close-unread, cut-body, \
                     stalled-body or delay=SECONDS"
                )
            };
            Fault::checked_status(kind.parse().map_err(|_| problem())?)
        }
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let duration = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    duration.ok_or_else(|| format!("`{text}` is not a number of seconds"))
}

/// Without headers and body, except `Retry-After`.
impl Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut performs = true;
        match &self.effect {
            Effect::Keep => write!(f, "delay={}", self.delay.as_secs_f64())?,
            Effect::Close => f.write_str("lost-response")?,
            Effect::CutBody => f.write_str("cut-body")?,
            Effect::StallBody => f.write_str("stalled-body")?,
            other => {
                performs = false;
                match other {
                    Effect::Replace(replacement) => write!(f, "{}", replacement.status.as_u16())?,
                    Effect::Reset => f.write_str("reset")?,
                    _ => f.write_str("close-unread")?,
                }
            }
        }
        if let Some(operation) = &self.operation {
            write!(f, ":{operation}")?;
        }
        match self.selection {
            None => {}
            Some(Selection::Every) => f.write_str(":every")?,
            Some(Selection::Nth(nth)) => write!(f, ":nth={nth}")?,
        }
        if self.performed && !performs {
            f.write_str(":performed")?;
        }
        if !self.delay.is_zero() && !matches!(self.effect, Effect::Keep) {
            write!(f, ":delay={}", self.delay.as_secs_f64())?;
        }
        if let Effect::Replace(replacement) = &self.effect
            && let Some(Ok(seconds)) = replacement.headers.get(RETRY_AFTER).map(HeaderValue::to_str)
        {
            write!(f, ":retry-after={seconds}")?;
        }
        Ok(())
    }
}
