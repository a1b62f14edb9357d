//! One page of a list: which items it has, and the links to the other pages. Knows no operation and no state.

use axum::http::Uri;
use form_urlencoded::Serializer;
use serde_json::{Map, Value, json};

use crate::error::ApiError;

/// The number of items on a page if the request does not set it.
const DEFAULT_LIMIT: u64 = 200;

/// The page that `limit` and `offset` of the request select, with `_links` and `meta` if `envelope` is set.
pub(crate) fn page(
    items: Vec<Value>,
    parameters: &Map<String, Value>,
    uri: &Uri,
    envelope: bool,
) -> Result<Value, ApiError> {
    let limit = number(parameters, "limit", 1)?.unwrap_or(DEFAULT_LIMIT);
    let offset = number(parameters, "offset", 0)?.unwrap_or(0);
    let count = items.len() as u64;
    let size = |number| usize::try_from(number).unwrap_or(usize::MAX);
    let results: Vec<_> = items.into_iter().skip(size(offset)).take(size(limit)).collect();
    if !envelope {
        return Ok(json!({"results": results}));
    }
    let last = count.saturating_sub(1) / limit * limit;
    let next = offset.checked_add(limit).filter(|next| *next < count);
    let previous = (offset > 0).then(|| offset.saturating_sub(limit).min(last));
    let link = |title: &str, offset: Option<u64>| json!({"title": title, "href": offset.map(|offset| address(uri, limit, offset))});
    Ok(json!({
        "results": results,
        "_links": {"next": link("Next", next), "previous": link("Previous", previous), "last": link("Last", Some(last))},
        "meta": {"count": count},
    }))
}

/// A parameter that must be at least `minimum`.
fn number(parameters: &Map<String, Value>, name: &str, minimum: u64) -> Result<Option<u64>, ApiError> {
    let Some(value) = parameters.get(name) else { return Ok(None) };
    let number = value.as_u64().filter(|number| *number >= minimum);
    let problem = || ApiError::bad_request(json!({name: [format!("The value is less than the minimum of {minimum}")]}));
    number.map(Some).ok_or_else(problem)
}

/// The address of another page, without a host: the address of the request with another limit and offset.
fn address(uri: &Uri, limit: u64, offset: u64) -> String {
    let given = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let others = given.filter(|(name, _)| name != "limit" && name != "offset");
    let mut query = Serializer::new(String::new());
    query.extend_pairs(others).append_pair("limit", &limit.to_string()).append_pair("offset", &offset.to_string());
    format!("{}?{}", uri.path(), query.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_another_page_keeps_lists_and_objects() {
        let uri = Uri::from_static("/things/?tag=a&offset=1&tag=b&ids=1,2&filter%5Bcolour%5D=red");
        let kept = "/things/?tag=a&tag=b&ids=1%2C2&filter%5Bcolour%5D=red&limit=2&offset=3";
        assert_eq!(address(&uri, 2, 3), kept);
    }
}
