//! What a fault cannot be, with the reason. The methods of [`Fault`] panic with it, and its text and JSON return it.

use std::time::Duration;

use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, TRANSFER_ENCODING};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::{Effect, Fault, Replacement, Selection};
use crate::document::Document;

type Checked = Result<Fault, String>;

impl Fault {
    pub(super) fn checked_status(status: u16) -> Checked {
        match StatusCode::from_u16(status) {
            Ok(code) if (200..600).contains(&status) => {
                let replacement = Replacement { status: code, headers: HeaderMap::new(), body: None };
                Ok(Self::new(Effect::Replace(replacement), false))
            }
            _ => Err(format!("{status} is not the status of a complete response: use one from 200 to 599")),
        }
    }

    pub(super) fn checked_performed(mut self) -> Checked {
        if matches!(self.effect, Effect::CloseUnread) {
            let problem = "close_unread reads no request, so none can be performed: use Fault::reset().performed()";
            return Err(problem.to_owned());
        }
        self.performed = true;
        Ok(self)
    }

    pub(super) fn checked_retry_after(mut self, delay: Duration) -> Checked {
        let seconds = delay.as_secs().saturating_add(u64::from(delay.subsec_nanos() > 0));
        self.replacement("retry_after")?.headers.insert(RETRY_AFTER, seconds.into());
        Ok(self)
    }

    pub(super) fn checked_header(mut self, name: &str, value: &str) -> Checked {
        let Ok(header_name) = HeaderName::from_bytes(name.as_bytes()) else {
            return Err(format!("{name:?} is not the name of a header: use letters, digits and hyphens"));
        };
        if header_name == CONTENT_LENGTH || header_name == TRANSFER_ENCODING {
            let problem = format!("{name} always matches the body: use Fault::cut_body() for a body that does not");
            return Err(problem);
        }
        let value = header_value(value)?;
        self.replacement("header")?.headers.append(header_name, value);
        Ok(self)
    }

    pub(super) fn checked_body(mut self, content_type: &str, body: Vec<u8>) -> Checked {
        let content_type = header_value(content_type)?;
        let replacement = self.replacement("body")?;
        let status = replacement.status;
        if status == StatusCode::NO_CONTENT || status == StatusCode::NOT_MODIFIED {
            return Err(format!("a response with status {} has no body: use another status", status.as_u16()));
        }
        replacement.headers.insert(CONTENT_TYPE, content_type);
        replacement.body = Some(body);
        Ok(self)
    }

    pub(super) fn checked_on(mut self, operation_id: &str) -> Checked {
        if matches!(self.effect, Effect::CloseUnread) {
            let problem =
                "close_unread reads no request, so its operation is not known: remove `on`, or use Fault::reset()";
            return Err(problem.to_owned());
        }
        let document = Document::embedded()?;
        let ids: Vec<_> = document.operation_ids().collect();
        if !ids.contains(&operation_id) {
            return Err(format!("no operation has the id {operation_id:?}: use one of {}", ids.join(", ")));
        }
        self.operation = Some(operation_id.to_owned());
        Ok(self)
    }

    pub(super) fn checked_nth(self, nth: usize) -> Checked {
        if nth == 0 {
            return Err("requests are counted from 1: use nth(1) for the next one".to_owned());
        }
        self.select(Selection::Nth(nth))
    }

    pub(super) fn checked_every(self) -> Checked {
        self.select(Selection::Every)
    }

    fn select(mut self, selection: Selection) -> Checked {
        if let (Some(Selection::Nth(_)), Selection::Every) | (Some(Selection::Every), Selection::Nth(_)) =
            (self.selection, selection)
        {
            let problem = "a fault applies to the nth request or to every one: use `nth` or `every`, not both";
            return Err(problem.to_owned());
        }
        self.selection = Some(selection);
        Ok(self)
    }

    /// The response of the fault, which `method` changes.
    fn replacement(&mut self, method: &str) -> Result<&mut Replacement, String> {
        match &mut self.effect {
            Effect::Replace(replacement) => Ok(replacement),
            _ => Err(format!("`{method}` can only be used with Fault::status()")),
        }
    }
}

fn header_value(value: &str) -> Result<HeaderValue, String> {
    let problem = |_| format!("{value:?} is not the value of a header: leave out line breaks and control characters");
    HeaderValue::from_str(value).map_err(problem)
}
