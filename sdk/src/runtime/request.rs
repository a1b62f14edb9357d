//! A request as a value: what is sent, whatever the operation. Knows what a caller's values may not do to a URL, and
//! nothing of how it is sent.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, Url};
use serde::Serialize;
use serde_json::Value;

use super::headers;
use super::operation::Operation;
use super::retry::RetryPolicy;
use super::written::{is_blank, query_object, request_body};

/// All that is not unreserved in a URL (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// All that is not written as it is in a form (`application/x-www-form-urlencoded`), but for the space, which is a plus.
const NOT_IN_A_FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_').remove(b' ');

static JSON: HeaderValue = HeaderValue::from_static("application/json");

/// What the transport takes as a URL.
const LONGEST_URL: usize = 65_000;

/// A request, not sent yet.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(super) operation: &'static Operation,
    /// For the parameters in the operation's path.
    path: Vec<(&'static str, String)>,
    /// For the query: if there are several values, they are sent with commas between them.
    query: Vec<(Cow<'static, str>, Vec<String>)>,
    pub(super) body: Bytes,
    content_type: HeaderValue,
    headers: HeaderMap,
    /// For this call alone.
    pub(super) timeout: Option<Duration>,
    pub(super) retry_policy: Option<RetryPolicy>,
    /// Why it cannot be sent, without repeating a value.
    pub(super) invalid: Option<&'static str>,
}

impl Request {
    pub(super) fn new(operation: &'static Operation) -> Self {
        Self {
            operation,
            path: Vec::new(),
            query: Vec::new(),
            body: Bytes::new(),
            content_type: JSON.clone(),
            headers: HeaderMap::new(),
            timeout: None,
            retry_policy: None,
            invalid: None,
        }
    }

    /// The value of a parameter that is in braces in the path.
    pub(super) fn path(&mut self, name: &'static str, value: String) {
        self.path.push((name, value));
    }

    /// The value of the last parameter in the operation's path.
    pub(super) fn last_value(&self) -> Option<&str> {
        let (name, _) = self.operation.path.rsplit_once('{')?.1.split_once('}')?;
        self.path.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// One more parameter in the query.
    pub(super) fn query(&mut self, name: &'static str, value: String) {
        self.query.push((name.into(), vec![value]));
    }

    /// The parameter of this name in the query, in place of what is there already.
    pub(super) fn set_query(&mut self, name: &'static str, value: String) {
        self.query.retain(|(known, _)| !is_of(known, name));
        self.query(name, value);
    }

    /// What a parameter in the query is set to.
    pub(super) fn query_value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name)?.1.first().map(String::as_str)
    }

    /// Sets a parameter in the query that must not be blank: the service could treat a blank id as no id, and return
    /// somebody else's data.
    pub(super) fn set_query_id(&mut self, name: &'static str, value: String) {
        self.refuse_blank(&value);
        self.set_query(name, value);
    }

    /// Sets a list in the query: the parameter once for each value, or once with commas between the values. Of an empty
    /// list, nothing is sent.
    ///
    /// A comma in a value is refused where commas separate: by OpenAPI it is escaped, but most services decode a query
    /// before they split it, and would read two values.
    pub(super) fn set_query_list(&mut self, name: &'static str, commas: bool, values: Vec<String>) {
        self.query.retain(|(known, _)| !is_of(known, name));
        if !commas {
            self.query.extend(values.into_iter().map(|value| (name.into(), vec![value])));
        } else if values.iter().any(|value| value.contains(',')) {
            self.invalidate("a value in the query contains a comma, which separates values there");
        } else if !values.is_empty() {
            self.query.push((name.into(), values));
        }
    }

    /// Sets a list in the query, of which no value must be blank.
    pub(super) fn set_query_ids(&mut self, name: &'static str, commas: bool, values: Vec<String>) {
        for value in &values {
            self.refuse_blank(value);
        }
        self.set_query_list(name, commas, values);
    }

    /// Sets an object in the query: a parameter for each of its fields, with the field's name in brackets.
    pub(super) fn set_query_object(&mut self, name: &'static str, value: &impl Serialize) {
        self.query.retain(|(known, _)| !is_of(known, name));
        match query_object(value) {
            Ok(fields) => {
                let pair = |(field, text)| (format!("{name}[{field}]").into(), vec![text]);
                self.query.extend(fields.into_iter().map(pair));
            }
            Err(reason) => self.invalidate(reason),
        }
    }

    /// Refuses the request if there is nothing to send of a list or an object that is required: without it, the service
    /// could do the same to more than was meant.
    pub(super) fn require_query(&mut self, name: &str) {
        if !self.query.iter().any(|(known, _)| is_of(known, name)) {
            self.invalidate("a required list or object in the query is empty");
        }
    }

    fn refuse_blank(&mut self, id: &str) {
        if is_blank(id) {
            self.invalidate("an id in the query is blank");
        }
    }

    /// The body, as JSON, which is written here, once for all attempts.
    pub(super) fn json(&mut self, body: &impl Serialize) {
        self.content_type = JSON.clone();
        match request_body(body) {
            Ok(bytes) => self.body = bytes,
            Err(reason) => self.invalidate(reason),
        }
    }

    /// The body, as it is.
    pub(super) fn bytes(&mut self, content_type: &str, body: Vec<u8>) {
        match HeaderValue::try_from(content_type) {
            Ok(content_type) => self.content_type = content_type,
            Err(_) => self.invalidate("the content type is not a valid header value"),
        }
        self.body = body.into();
    }

    /// One more header, in place of one of this name.
    pub(super) fn header(&mut self, name: &str, value: &str) {
        match headers::header(name, value) {
            Ok((name, value)) => drop(self.headers.insert(name, value)),
            Err(invalid) => self.invalidate(invalid.0),
        }
    }

    /// The first reason counts.
    fn invalidate(&mut self, reason: &'static str) {
        self.invalid.get_or_insert(reason);
    }

    /// The request in the transport's form, without its body and its credential.
    pub(super) fn build(&self, base: &Url, defaults: &HeaderMap) -> Result<reqwest::Request, &'static str> {
        if let Some(reason) = self.invalid {
            return Err(reason);
        }
        let method = method(self.operation)?;
        let mut request = reqwest::Request::new(method, self.url(base)?);
        let headers = request.headers_mut();
        headers.reserve(4 + defaults.len() + self.headers.len());
        headers.insert(ACCEPT, accept(self.operation)?);
        if !self.body.is_empty() {
            headers.insert(CONTENT_TYPE, self.content_type.clone());
        } else if matches!(self.operation.method, "POST" | "PUT" | "PATCH") {
            // The transport leaves it out, and some gateways insist on it.
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        for (name, value) in defaults.iter().chain(&self.headers) {
            headers.insert(name, value.clone());
        }
        Ok(request)
    }

    /// The URL under the base. The path must go out as it is written.
    fn url(&self, base: &Url) -> Result<Url, &'static str> {
        let path = fill(base.path().trim_end_matches('/'), self.operation.path, &self.path)?;
        let mut url = base.clone();
        url.set_path(&path);
        if url.path() != path {
            return Err("the operation's path does not begin with a slash, or would be sent as another path");
        }
        if !self.query.is_empty() {
            let pairs = self.query.iter().map(|(name, values)| {
                let values: Vec<_> = values.iter().map(|value| form(value)).collect();
                format!("{}={}", form(name), values.join(","))
            });
            url.set_query(Some(&pairs.collect::<Vec<_>>().join("&")));
        }
        if url.as_str().len() > LONGEST_URL {
            return Err("the URL is too long");
        }
        Ok(url)
    }

    /// Whether a text may repeat something of the request's values, or of the values of other headers that were sent
    /// with it: they have a word in common, or a part of one of three characters or more. A large body is not looked
    /// through, and may.
    pub(super) fn is_echoed_in(&self, text: &str, others: [&HeaderMap; 2]) -> bool {
        const LARGE: usize = 64 * 1024;
        let in_query = self.query.iter().flat_map(|(_, values)| values);
        let mut values: Vec<_> = self.path.iter().map(|(_, value)| value).chain(in_query).cloned().collect();
        let headers = others.into_iter().chain([&self.headers]).flat_map(HeaderMap::values);
        values.extend(headers.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()));
        match serde_json::from_slice(&self.body) {
            _ if self.body.len() > LARGE => return true,
            Ok(body) => collect_texts(&body, &mut values),
            Err(_) => values.push(String::from_utf8_lossy(&self.body).into_owned()),
        }
        values.iter().any(|value| have_words_in_common(value, text))
    }
}

/// Whether a parameter in the query is this one, or a field of it.
fn is_of(known: &str, name: &str) -> bool {
    known.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
}

/// A text as in a form.
fn form(text: &str) -> String {
    utf8_percent_encode(text, NOT_IN_A_FORM).to_string().replace(' ', "+")
}

fn collect_texts(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Number(number) => found.push(number.to_string()),
        Value::Array(items) => items.iter().for_each(|item| collect_texts(item, found)),
        Value::Object(fields) => fields.iter().for_each(|(name, field)| {
            found.push(name.clone());
            collect_texts(field, found);
        }),
        Value::Null | Value::Bool(_) => {}
    }
}

/// Whether a word of one of them is in the other: as a part of a word, if it is longer than two characters.
fn have_words_in_common(one: &str, other: &str) -> bool {
    fn words(text: &str) -> impl Iterator<Item = &str> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
    }
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    let has_word_of = |text: &str, other: &str| {
        words(other).any(|word| match word.chars().count() {
            1 | 2 => words(text).any(|known| known == word),
            _ => text.contains(word),
        })
    };
    has_word_of(&one, &other) || has_word_of(&other, &one)
}

fn method(operation: &Operation) -> Result<Method, &'static str> {
    Ok(match operation.method {
        "GET" => Method::GET,
        "HEAD" => Method::HEAD,
        "POST" => Method::POST,
        "PUT" => Method::PUT,
        "PATCH" => Method::PATCH,
        "DELETE" => Method::DELETE,
        _ => return Err("the operation's method must be GET, HEAD, POST, PUT, PATCH or DELETE, in uppercase"),
    })
}

/// What the response may be. An error response is always JSON.
fn accept(operation: &Operation) -> Result<HeaderValue, &'static str> {
    let Some(media_type) = operation.response_type else { return Ok(JSON.clone()) };
    HeaderValue::try_from(format!("{media_type}, application/json;q=0.5"))
        .map_err(|_| "the operation's response type is not a valid header value")
}

/// The path behind a prefix, with a value for each of its parameters.
fn fill(prefix: &str, template: &str, values: &[(&'static str, String)]) -> Result<String, &'static str> {
    let mut path = String::with_capacity(prefix.len() + template.len() + 32 * values.len());
    path.push_str(prefix);
    let mut rest = template;
    let mut filled = 0;
    while let Some((before, after)) = rest.split_once('{') {
        path.push_str(before);
        let (name, after) = after.split_once('}').ok_or("the operation's path has an unmatched brace")?;
        let mut given = values.iter().filter(|(known, _)| *known == name);
        let (_, value) = given.next().ok_or("a parameter of the operation's path was not given")?;
        path.extend(utf8_percent_encode(segment(value)?, RESERVED));
        filled += 1;
        rest = after;
    }
    if filled != values.len() {
        return Err("a path parameter was given twice, or is not in the operation's path");
    }
    path.push_str(rest);
    Ok(path)
}

/// Refuses what could make another path of a path parameter: nothing and blanks, `.` and `..`, which URL parsers
/// resolve even when they are escaped, and slashes and percent signs, which a service or something in front of it may
/// decode once more than it should. Anything else is escaped.
fn segment(value: &str) -> Result<&str, &'static str> {
    match value {
        text if is_blank(text) => Err("an id is blank"),
        "." | ".." => Err("an id is `.` or `..`, which would change the path"),
        text if text.contains(['/', '\\', '%']) => {
            Err("a path parameter contains a slash, a backslash or a percent sign, which could change the path")
        }
        text => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GET: Operation = Operation::new("get", "GET", "/a/{id}/b/");

    fn get(path: &[(&'static str, &str)], query: &[(&'static str, &str)]) -> Request {
        let mut request = Request::new(&GET);
        for (name, value) in path {
            request.path(name, (*value).to_owned());
        }
        for (name, value) in query {
            request.query(name, (*value).to_owned());
        }
        request
    }

    fn url(base: &str, request: &Request) -> Result<String, &'static str> {
        request.url(&Url::parse(base).unwrap()).map(String::from)
    }

    #[test]
    fn values_are_escaped_and_the_base_urls_path_comes_first() {
        let request = get(&[("id", "5\u{e9} ?#")], &[("q", "a&b c"), ("q", "2")]);
        let expected = "http://h/a/5%C3%A9%20%3F%23/b/?q=a%26b+c&q=2";
        assert_eq!(url("http://h", &request).unwrap(), expected);
        let behind = expected.replace("http://h", "http://h/behind/gate");
        assert_eq!(url("http://h/behind/gate/", &request).unwrap(), behind);
    }

    #[test]
    fn what_would_change_the_path_is_refused() {
        for id in ["", " \t", ".", "..", "a/b", "\\", "%2e%2e"] {
            assert!(url("http://h", &get(&[("id", id)], &[])).is_err(), "{id}");
        }
        for request in [get(&[], &[]), get(&[("id", "1"), ("id", "1")], &[]), get(&[("id", "1"), ("other", "1")], &[])]
        {
            assert!(url("http://h", &request).is_err(), "{request:?}");
        }
    }

    #[test]
    fn a_text_is_an_echo_if_it_has_a_word_of_what_was_sent() {
        const CREATE: Operation = Operation::new("o", "POST", "/a/{id}/");
        let headers = |text| HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(text))]);
        let (defaults, added) = (headers("lab-Lisbon"), headers("trace77"));
        let mut request = Request::new(&CREATE);
        request.path("id", "5e9b".to_owned());
        request.query("search", "Wave".to_owned());
        request.header("x-ward", "oncology");
        request.json(&serde_json::json!({ "name": ["Pilot cohort", "Jo", 140_007], "ethnicity": null }));
        let is_echo = |text: &str| request.is_echoed_in(text, [&defaults, &added]);
        for text in [
            "Group Pilot exists",
            "no such COHORT",
            "no group 5e9b",
            "The waves are full",
            "140007",
            "nobody called jo",
            "unknown ethnicity",
            "not in lisbon",
            "Bad trace77",
            "the ward for oncology",
        ] {
            assert!(is_echo(text), "{text}");
        }
        for text in ["The request is not valid.", "7", "joint"] {
            assert!(!is_echo(text), "{text}");
        }
        request.bytes("text/csv", b"id,Malmo".to_vec());
        assert!(request.is_echoed_in("no place Malmo", [&defaults, &added]));
        request.bytes("text/csv", vec![b' '; 70_000]);
        assert!(request.is_echoed_in("anything", [&defaults, &added]), "a body that is too large to look through");
    }

    #[test]
    fn json_after_bytes_is_sent_as_json() {
        let mut request = get(&[("id", "1")], &[]);
        request.bytes("text/csv", b"a".to_vec());
        request.json(&1);
        let built = request.build(&Url::parse("http://h").unwrap(), &HeaderMap::new()).unwrap();
        assert_eq!(built.headers()[CONTENT_TYPE], JSON);
    }

    #[test]
    fn setting_a_query_parameter_again_replaces_it_and_a_blank_id_is_refused() {
        let mut request = get(&[("id", "1")], &[]);
        request.set_query("limit", "1".to_owned());
        request.set_query("limit", "2".to_owned());
        assert_eq!(url("http://h", &request).unwrap(), "http://h/a/1/b/?limit=2");
        request.set_query_id("workspace", "  ".to_owned());
        assert_eq!(request.invalid, Some("an id in the query is blank"));
    }

    /// The URL, or why there is none, after a change of the query.
    fn queried(change: impl FnOnce(&mut Request)) -> Result<String, &'static str> {
        let mut request = get(&[("id", "1")], &[("ids2", "z")]);
        change(&mut request);
        let url = url("http://h", &request)?;
        request.invalid.map_or(Ok(url.replace("http://h/a/1/b/?ids2=z", "")), Err)
    }

    fn list(values: &[&str]) -> Vec<String> {
        values.iter().map(|value| (*value).to_owned()).collect()
    }

    #[test]
    fn a_list_is_sent_in_either_form_and_replaces_what_was_there() {
        for (commas, values, sent) in [
            (false, list(&["a", "b c", "d,e", ""]), "&ids=a&ids=b+c&ids=d%2Ce&ids="),
            (true, list(&["a", "b c", "\u{e9}"]), "&ids=a,b+c,%C3%A9"),
            (false, Vec::new(), ""),
            (true, Vec::new(), ""),
        ] {
            let set = |request: &mut Request| {
                request.set_query_list("ids", true, list(&["x", "y"]));
                request.set_query_list("ids", commas, values);
            };
            assert_eq!(queried(set).unwrap(), sent);
        }
        let comma = queried(|request| request.set_query_list("ids", true, list(&["a", "b,c"])));
        assert_eq!(comma, Err("a value in the query contains a comma, which separates values there"));
    }

    #[test]
    fn a_blank_id_in_a_list_or_an_object_is_refused_and_so_is_nothing_where_something_is_required() {
        for commas in [true, false] {
            let blank = queried(|request| request.set_query_ids("ids", commas, list(&["a", " "])));
            assert_eq!(blank, Err("an id in the query is blank"));
            let none = |request: &mut Request| {
                request.set_query_ids("ids", commas, Vec::new());
                request.require_query("ids");
            };
            assert_eq!(queried(none), Err("a required list or object in the query is empty"));
        }
    }

    #[test]
    fn an_object_is_sent_with_the_names_of_its_fields_in_brackets() {
        let object = serde_json::json!({ "a b": "c&d", "n": 1.0, "t": true });
        let set = |request: &mut Request| {
            request.set_query_object("ids", &serde_json::json!({ "old": 1 }));
            request.set_query_object("ids", &object);
            request.require_query("ids");
        };
        assert_eq!(queried(set).unwrap(), "&ids%5Ba+b%5D=c%26d&ids%5Bn%5D=1&ids%5Bt%5D=true");
        for other in [serde_json::json!([1]), serde_json::json!({ "a": null }), serde_json::json!({ "a": {} })] {
            assert!(queried(|request| request.set_query_object("ids", &other)).is_err(), "{other}");
        }
    }
}
