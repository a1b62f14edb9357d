//! One page of a list: which items it has, and the links to the other pages. Knows no state, and of operations only
//! how long their pages are.

use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use form_urlencoded::Serializer;
use serde_json::{Map, Value, json};

use crate::document::{Operation, Paging};
use crate::error::ApiError;
use crate::operation::Window;
use crate::quirk::{Quirk, Quirks};

/// The number of items on a page if the request does not set it. `None` if the page then has all of them.
///
/// It is documented for submissions and events, and has been seen for workspaces. For the members of a group no source
/// has pages, and Prolific's own client takes the first for the only one. The others are assumed to be like workspaces.
fn default_size(operation_id: &str) -> Option<u64> {
    match operation_id {
        "participant_groups_list_participants" => None,
        "webhooks_list_events" => Some(100),
        _ => Some(20),
    }
}

/// The form of the lists of a sandbox.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    /// Whether there is anything besides `results`.
    pub(crate) envelope: bool,
    pub(crate) quirks: Quirks,
}

/// The page that a request asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    paging: Option<Paging>,
    /// The number of items before it.
    start: u64,
    /// The number of items on it. `None` for all of them.
    size: Option<u64>,
}

impl Page {
    /// An error if a number is out of range.
    pub(crate) fn requested(operation: &Operation, parameters: &Map<String, Value>) -> Result<Self, ApiError> {
        let Some(paging) = operation.paging else {
            return Ok(Self { paging: None, start: 0, size: None });
        };
        let (position, size) = paging.parameters();
        let size = number(parameters, size, 1)?.or_else(|| default_size(&operation.id));
        let start = match paging {
            Paging::Offset => number(parameters, position, 0)?.unwrap_or(0),
            Paging::Number => {
                (number(parameters, position, 1)?.unwrap_or(1) - 1).saturating_mul(size.unwrap_or(u64::MAX))
            }
        };
        Ok(Self { paging: Some(paging), start, size })
    }

    /// The items on it.
    pub(crate) fn window(&self, form: &Form) -> Window {
        let overlap = usize::from(self.start > 0 && form.quirks.contains(&Quirk::OverlappingPages));
        let size = |number| usize::try_from(number).unwrap_or(usize::MAX);
        let take = self.size.map_or(usize::MAX, size);
        Window { skip: size(self.start) - overlap, take: take.saturating_add(overlap) }
    }

    /// The body of the response. An error if the list has no such page, and its pages have numbers.
    pub(crate) fn response(
        &self,
        operation: &Operation,
        mut items: Vec<Value>,
        total: usize,
        head: &Parts,
        form: &Form,
    ) -> Result<Value, ApiError> {
        let count = total as u64;
        if self.start > 0 && self.start >= count {
            if self.paging == Some(Paging::Number) {
                return Err(ApiError::new(StatusCode::NOT_FOUND, "There is no such page."));
            }
            // With quirks, it could have an item of the page before.
            items.clear();
        }
        let mut body = json!({"results": items});
        if form.envelope && operation.success.has_links {
            body["_links"] = self.links(count, head, &form.quirks);
        }
        if form.envelope && operation.success.has_meta {
            body["meta"] = json!({"count": count});
        }
        Ok(body)
    }

    fn links(&self, count: u64, head: &Parts, quirks: &Quirks) -> Value {
        let size = self.size.unwrap_or(u64::MAX);
        let last = count.saturating_sub(1) / size * size;
        let next = self.start.checked_add(size).filter(|next| *next < count);
        let next = next.or_else(|| quirks.contains(&Quirk::EndlessNextLink).then_some(self.start));
        let previous = (self.start > 0).then(|| self.start.saturating_sub(size).min(last));
        let own_host = host(head);
        let next_host =
            if quirks.contains(&Quirk::InternalNextLink) { "http://internal-api.invalid" } else { &own_host };
        let link = |title: &str, host: &str, start: Option<u64>| {
            let address = start.map(|start| format!("{host}{}", Self { start, ..*self }.address(&head.uri)));
            json!({"title": title, "href": address})
        };
        json!({
            "self": link("Current", &own_host, Some(self.start)),
            "next": link("Next", next_host, next),
            "previous": link("Previous", &own_host, previous),
            "last": link("Last", &own_host, Some(last)),
        })
    }

    /// The address of this page without a host, where `uri` is that of another one.
    fn address(&self, uri: &Uri) -> String {
        let given = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
        let mut query = Serializer::new(String::new());
        if let Some(paging) = self.paging {
            let (position, size) = paging.parameters();
            query.extend_pairs(given.filter(|(name, _)| name != position && name != size));
            if let Some(number) = self.size {
                query.append_pair(size, &number.to_string());
            }
            let number = match paging {
                Paging::Offset => self.start,
                Paging::Number => self.start / self.size.unwrap_or(u64::MAX) + 1,
            };
            query.append_pair(position, &number.to_string());
        } else {
            query.extend_pairs(given);
        }
        let query = query.finish();
        let separator = if query.is_empty() { "" } else { "?" };
        format!("{}{separator}{query}", uri.path())
    }
}

/// The scheme and host to which a request was sent, or nothing if it does not say.
fn host(head: &Parts) -> String {
    let given = head.headers.get(HOST).and_then(|host| host.to_str().ok());
    let host = head.uri.authority().map(ToString::to_string).or_else(|| given.map(str::to_owned));
    host.map(|host| format!("http://{host}")).unwrap_or_default()
}

/// A parameter that must be at least `minimum`.
fn number(parameters: &Map<String, Value>, name: &str, minimum: u64) -> Result<Option<u64>, ApiError> {
    let Some(value) = parameters.get(name) else { return Ok(None) };
    // The schema has no larger ones than fit.
    let number = value.as_u64().filter(|number| *number >= minimum);
    let problem = || format!("The value is less than the minimum of {minimum}");
    number.map(Some).ok_or_else(|| ApiError::bad_request(json!({name: [problem()]})))
}

#[cfg(test)]
mod tests;
