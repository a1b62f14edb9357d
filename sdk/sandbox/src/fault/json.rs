//! A fault as JSON, with everything that its methods can do.

use std::time::Duration;

use axum::http::HeaderValue;
use axum::http::header::CONTENT_TYPE;
use serde::{Deserialize, Serialize};

use super::{Effect, Fault, InvalidFault, Selection};
use crate::bytes::Bytes;

/// The fields of the JSON object.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    /// A status can stand alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<Kind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    headers: Vec<Header>,
    /// In seconds. It is shown among the headers.
    #[serde(skip_serializing)]
    retry_after: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Body>,
    #[serde(skip_serializing_if = "Option::is_none")]
    performed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delay_seconds: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nth: Option<usize>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    every: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Status,
    LostResponse,
    Reset,
    CloseUnread,
    CutBody,
    StalledBody,
    Delay,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    name: String,
    value: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Body {
    content_type: String,
    #[serde(flatten)]
    bytes: Bytes,
}

impl TryFrom<Form> for Fault {
    type Error = InvalidFault;

    fn try_from(form: Form) -> Result<Self, InvalidFault> {
        form.fault().map_err(InvalidFault)
    }
}

impl Form {
    fn fault(self) -> Result<Fault, String> {
        let mut fault = match (self.kind, self.status) {
            (None | Some(Kind::Status), Some(status)) => Fault::checked_status(status)?,
            (None, None) => return Err("a fault has a `status` or another `kind`".to_owned()),
            (Some(Kind::Status), None) => return Err("the kind `status` has a `status`".to_owned()),
            (Some(_), Some(_)) => return Err("only the kind `status` has a `status`".to_owned()),
            (Some(Kind::LostResponse), None) => Fault::lost_response(),
            (Some(Kind::Reset), None) => Fault::reset(),
            (Some(Kind::CloseUnread), None) => Fault::close_unread(),
            (Some(Kind::CutBody), None) => Fault::cut_body(),
            (Some(Kind::StalledBody), None) => Fault::stalled_body(),
            (Some(Kind::Delay), None) => Fault::delay(Duration::ZERO),
        };
        for Header { name, value } in self.headers {
            fault = fault.checked_header(&name, &value)?;
        }
        if let Some(seconds) = self.retry_after {
            fault = fault.checked_retry_after(Duration::from_secs(seconds))?;
        }
        if let Some(Body { content_type, bytes }) = self.body {
            fault = fault.checked_body(&content_type, bytes.into())?;
        }
        match self.performed {
            Some(true) => fault = fault.checked_performed()?,
            Some(false) if fault.performed => return Err("this kind of fault performs the request".to_owned()),
            _ => {}
        }
        if let Some(seconds) = self.delay_seconds {
            let delay = Duration::try_from_secs_f64(seconds);
            fault = fault.delayed(delay.map_err(|_| format!("{seconds} seconds cannot be waited for"))?);
        }
        if let Some(operation) = self.operation {
            fault = fault.checked_on(&operation)?;
        }
        if let Some(nth) = self.nth {
            fault = fault.checked_nth(nth)?;
        }
        if self.every { fault.checked_every() } else { Ok(fault) }
    }
}

impl From<Fault> for Form {
    fn from(fault: Fault) -> Self {
        let (mut status, mut headers, mut body) = (None, Vec::new(), None);
        let kind = match fault.effect {
            Effect::Keep => Kind::Delay,
            Effect::Close => Kind::LostResponse,
            Effect::Reset => Kind::Reset,
            Effect::CloseUnread => Kind::CloseUnread,
            Effect::CutBody => Kind::CutBody,
            Effect::StallBody => Kind::StalledBody,
            Effect::Replace(mut replacement) => {
                let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
                status = Some(replacement.status.as_u16());
                if let Some(bytes) = replacement.body {
                    let content_type = replacement.headers.remove(CONTENT_TYPE).as_ref().map(text).unwrap_or_default();
                    body = Some(Body { content_type, bytes: bytes.into() });
                }
                let pairs = replacement.headers.iter();
                headers = pairs.map(|(name, value)| Header { name: name.to_string(), value: text(value) }).collect();
                Kind::Status
            }
        };
        Self {
            kind: Some(kind),
            status,
            headers,
            retry_after: None,
            body,
            performed: Some(fault.performed),
            delay_seconds: (!fault.delay.is_zero()).then_some(fault.delay.as_secs_f64()),
            operation: fault.operation,
            nth: match fault.selection {
                Some(Selection::Nth(nth)) => Some(nth),
                _ => None,
            },
            every: matches!(fault.selection, Some(Selection::Every)),
        }
    }
}
