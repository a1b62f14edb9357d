//! The forms of values of the build tool's fixture, over the runtime: unions, maps, undocumented values and fields, null,
//! numbered pages, several statuses of success, bodies without a name, texts.

use std::time::Duration;

use contract_tests::raw_server::{self, RawServer};
use runtime_fixture::forms::List;
use runtime_fixture::types::{
    Action, Bound, Form, FormFilter, FormId, FormType, KeepForm, MajorUnits, MinorUnits, MoveForm, Outline, PrintForm,
    Sheets, ShelfId, UpdateForm, UseRule,
};
use runtime_fixture::{Client, ErrorKind, RetryPolicy};
use serde_json::{Value, json};

fn client(server: &RawServer) -> Client {
    let short = RetryPolicy::new().backoff(Duration::from_millis(1), Duration::from_millis(1));
    Client::builder().base_url(server.url()).token("t").retry_policy(short).build().unwrap()
}

fn form(json: Value) -> Form {
    serde_json::from_value(json).unwrap()
}

#[test]
fn what_is_not_documented_is_sent_back_as_it_came() {
    let received = json!({
        "id": "f1",
        "type": "PAPER FORM",
        "actions": [
            {"action": "KEEP", "until": "May"},
            {"action": "MOVE", "to": "f2", "by": ["post"]},
            {"action": "BURN", "at": 3},
            "burn",
        ],
        "rules": [
            {"id": "age", "from": 18, "to": "x", "weight": 1},
            {"id": "colour", "values": ["red"], "weights": {"red": 0.5}},
            {"id": "shape", "of": {}},
            null,
        ],
        "colour": {"red": 1},
    });
    let form = form(received.clone());
    assert!(matches!(form.actions[..], [Action::Keep(_), Action::Move(_), Action::Other(_), Action::Other(_)]));
    assert!(matches!(form.rules[..], [UseRule::Range(_), UseRule::Values(_), UseRule::Other(_), UseRule::Other(_)]));
    assert_eq!(form.unknown_fields["colour"], json!({"red": 1}));
    assert_eq!(serde_json::to_value(form).unwrap(), received);
}

#[test]
fn an_alternative_is_told_by_its_tag_whatever_else_is_missing() {
    let form = form(json!({"actions": [{"action": "MOVE"}, {"action": "KEEP", "to": "f2"}]}));
    assert_eq!(form.actions[0], Action::move_(""));
    assert!(matches!(&form.actions[1], Action::Keep(keep) if keep.unknown_fields["to"] == "f2"));
}

#[test]
fn an_alternative_without_a_tag_is_told_by_what_it_has_to_have() {
    let form = form(json!({"rules": [{"id": "a", "from": 1}, {"id": "a", "values": null}, {"from": 1, "to": 2}]}));
    assert!(form.rules.iter().all(|rule| matches!(rule, UseRule::Other(_))), "{form:?}");
}

#[test]
fn a_union_is_made_of_each_alternative() {
    assert_eq!(UseRule::range("age", 18, "x"), UseRule::range("age", 18.0, "x"));
    assert_eq!(UseRule::range("age", 18.5, "x"), UseRule::range("age", Bound::Number(18.5), Bound::Text("x".into())));
    let sent = serde_json::to_value([Action::keep(), Action::move_("f2")]).unwrap();
    assert_eq!(sent, json!([{"action": "KEEP"}, {"action": "MOVE", "to": "f2"}]));
}

#[test]
fn an_id_is_made_from_those_that_the_document_names() {
    let shelf = ShelfId::from("s1");
    assert_eq!(Action::move_(&shelf), Action::move_("s1"));
    assert_eq!(FormId::from(shelf).as_str(), "s1");
}

#[test]
fn money_is_exact_and_says_its_unit() {
    let form = form(json!({"id": "f1", "fees": 66.67}));
    assert_eq!(form.fees, Some("66.67".parse::<MinorUnits>().unwrap()));
    let deposit: MajorUnits = "0.25".parse().unwrap();
    let print = PrintForm::now().deposit(deposit).payments([MinorUnits::new(50), MinorUnits::new(75)]);
    assert_eq!(
        serde_json::to_value(print).unwrap(),
        json!({"how": "NOW", "urgent": true, "deposit": 0.25, "payments": [50, 75]})
    );
}

#[test]
fn the_spellings_of_a_value_are_one_value_and_others_are_kept() {
    for text in ["PAPER FORM", "PAPER_FORM", "paper-form", "Paper Form"] {
        assert_eq!(FormType::from(text), FormType::PaperForm, "{text}");
        assert_eq!(form(json!({"type": text})).type_.as_str(), "PAPER FORM");
    }
    for text in ["PAPERFORM", "PAPER  FORM", "", "3d "] {
        assert_eq!(FormType::from(text), FormType::Other(text.into()));
        assert_eq!(serde_json::to_value(FormType::from(text)).unwrap(), text);
    }
    assert_eq!(FormType::from("3d"), FormType::ThreeDimensional);
}

#[test]
fn left_out_null_and_given_are_three_things() {
    for (body, sent) in [
        (UpdateForm::new(), json!({})),
        (UpdateForm::new().clear_name().clear_parent(), json!({"name": null, "parent": null})),
        (UpdateForm::new().name("A").parent("f1"), json!({"name": "A", "parent": "f1"})),
        (UpdateForm::new().name("A").clear_name(), json!({"name": null})),
    ] {
        assert_eq!(serde_json::to_value(&body).unwrap(), sent);
        assert_eq!(serde_json::from_value::<UpdateForm>(sent).unwrap(), body);
    }
}

#[test]
fn a_constructor_takes_what_its_values_need_and_sets_the_rest() {
    let (now, later) = (PrintForm::now(), PrintForm::later(false, "noon").colour("red"));
    assert_eq!(serde_json::to_value(now).unwrap(), json!({"how": "NOW", "urgent": true}));
    let sent = json!({"how": "LATER", "urgent": false, "at": "noon", "colour": "red"});
    assert_eq!(serde_json::to_value(later).unwrap(), sent);
}

#[tokio::test]
async fn a_response_that_is_documented_without_a_body_may_have_one() {
    for response in ["HTTP/1.1 204 No Content\r\n\r\n".to_owned(), raw_server::json("200 OK", r#"{"a": 1}"#)] {
        let server = RawServer::responding(response).unwrap();
        client(&server).forms().delete("f1").send().await.unwrap();
    }
    let server = RawServer::responding(raw_server::json("202 Accepted", "{}")).unwrap();
    let error = client(&server).forms().delete("f1").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedStatus);
}

#[tokio::test]
async fn a_response_may_be_a_text() {
    let server = RawServer::responding(raw_server::json("202 Accepted", r#""Soon.""#)).unwrap();
    assert_eq!(client(&server).forms().print("f1", PrintForm::now()).send().await.unwrap(), "Soon.");
}

/// A success with this content type, after which the connection is closed.
fn response(content_type: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\n{content_type}connection: close\r\ncontent-length: {length}\r\n\r\n");
    [head.as_bytes(), body].concat()
}

const CSV: &str = "content-type: text/csv\r\n";

#[tokio::test]
async fn a_body_may_be_any_json() {
    for (body, expected) in [(r#"[1, {"a": null}]"#, json!([1, {"a": null}])), ("7", json!(7)), ("", Value::Null)] {
        let server = RawServer::responding(raw_server::json("200 OK", body)).unwrap();
        assert_eq!(client(&server).forms().data("f1").send().await.unwrap(), expected);
    }
    let server = RawServer::responding(raw_server::json("200 OK", r#"{"a": 1}"#)).unwrap();
    let data = client(&server).forms().replace_data("f1", json!(["x", 1])).send().await.unwrap();
    assert_eq!(data["a"], 1);
    assert!(server.request().unwrap().ends_with("\r\n\r\n[\"x\",1]"));
    let server = RawServer::responding(raw_server::json("200 OK", "[1]")).unwrap();
    let error = client(&server).forms().replace_data("f1", Value::Null).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode, "a list is no object");
}

#[tokio::test]
async fn a_list_a_map_or_a_string_is_made_of_what_it_holds() {
    let none = "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".to_owned();
    let responses = [raw_server::json("200 OK", r#"["B", "A"]"#), raw_server::json("200 OK", r#"{"a": 2}"#), none];
    let server = RawServer::responding_each(responses.map(String::into_bytes).to_vec()).unwrap();
    let forms = client(&server).forms();
    let error = forms.order(["f1", " "]).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "a blank id is not sent");
    assert_eq!(forms.order(["f2", "f1"].map(FormId::from)).send().await.unwrap(), ["B", "A"]);
    assert_eq!(forms.add_data("f1", [("a", json!([1]))]).send().await.unwrap()["a"], 2);
    forms.note("f1", "Soon.").send().await.unwrap();
    for body in [r#"["f2","f1"]"#, r#"{"a":[1]}"#, r#""Soon.""#] {
        let request = server.request().unwrap();
        assert!(request.ends_with(&format!("\r\n\r\n{body}")), "{request}");
        assert!(request.contains("\r\ncontent-type: application/json\r\n"), "{request}");
    }
}

#[tokio::test]
async fn a_text_is_sent_and_read_as_it_is() {
    let text = response("content-type: text/plain; charset=UTF-8\r\n", "\u{e9}\"\n".as_bytes());
    let server = RawServer::responding(text).unwrap();
    let sent = "{\"a\": \"\u{e9}\"}\n";
    assert_eq!(client(&server).forms().import("f1", sent).send().await.unwrap(), "\u{e9}\"\n");
    let request = server.request().unwrap();
    assert!(request.contains("\r\ncontent-type: application/x-ndjson\r\n"), "{request}");
    assert!(request.contains("\r\naccept: text/plain, application/json;q=0.5\r\n"), "{request}");
    assert!(request.ends_with(&format!("\r\n\r\n{sent}")), "{request}");
}

#[tokio::test]
async fn a_text_of_another_type_or_encoding_is_an_error_that_keeps_it() {
    let other = "the content type is not the documented one";
    for (content_type, body, reason) in [
        ("content-type: text/html\r\n", &b"<p>Sign in</p>"[..], other),
        ("content-type: application/json\r\n", b"\"id\"", other),
        ("", b"id", other),
        (CSV, b"id\n\xff", "the text is not UTF-8"),
    ] {
        let server = RawServer::responding(response(content_type, body)).unwrap();
        let error = client(&server).forms().export("f1").send().await.unwrap_err();
        assert_eq!((error.kind(), error.body(), error.body_truncated()), (ErrorKind::Decode, body, false));
        assert_eq!(std::error::Error::source(&error).unwrap().to_string(), reason);
        assert_eq!(error.attempts().len(), 1, "it would be the same again");
    }
}

#[tokio::test]
async fn an_error_response_is_json_where_the_success_is_a_text() {
    let body = r#"{"number": 4, "name": "No such form"}"#;
    let server = RawServer::responding(raw_server::json("404 Not Found", body)).unwrap();
    let error = client(&server).forms().export("f1").titles(true).send().await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::Rejected, Some(4)));
    assert_eq!(error.api_error().unwrap().name.as_deref(), Some("No such form"));
}

#[tokio::test]
async fn a_text_may_be_as_large_as_any_body_and_no_larger() {
    const LIMIT: usize = 32 << 20;
    // As JSON, it would have too many values.
    let server = RawServer::responding(response(CSV, &vec![b','; LIMIT])).unwrap();
    assert_eq!(client(&server).forms().export("f1").send().await.unwrap().len(), LIMIT);
    let server = RawServer::responding(response(CSV, &vec![b','; LIMIT + 1])).unwrap();
    let error = client(&server).forms().export("f1").send().await.unwrap_err();
    assert_eq!((error.kind(), error.body().len(), error.body_truncated()), (ErrorKind::BodyTooLarge, 64 << 10, true));
}

#[tokio::test]
async fn what_the_service_recognises_as_a_repetition_is_retried() {
    let broken = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n".to_owned();
    let server =
        RawServer::responding_each(vec![broken.into(), raw_server::json("202 Accepted", r#""Soon.""#).into()]).unwrap();
    let response = client(&server).forms().print("f1", PrintForm::now()).send_with_response().await.unwrap();
    assert_eq!(response.attempts().len(), 2);
}

#[tokio::test]
async fn an_error_of_what_spends_money_says_so() {
    let server = RawServer::responding_each(vec![Vec::new(); 4]).unwrap();
    let error = client(&server).forms().print("f1", PrintForm::now()).send().await.unwrap_err();
    assert!(!error.is_safe_to_retry(), "the service forgets");
    let text = error.to_string();
    assert!(text.ends_with("it may have taken effect and spent money: check before you send it again"), "{text}");
}

/// The ids of all pages, the error that ended them, and what was asked.
async fn pages(responses: Vec<String>) -> (Vec<String>, Option<ErrorKind>, Vec<String>) {
    let count = responses.len();
    let server = RawServer::responding_each(responses.into_iter().map(Into::into).collect()).unwrap();
    let mut forms = client(&server).forms().list().stream();
    let (mut ids, mut kind) = (Vec::new(), None);
    while kind.is_none() {
        match forms.try_next().await {
            Ok(Some(form)) => ids.push(form.id.to_string()),
            Ok(None) => break,
            Err(error) => kind = Some(error.kind()),
        }
    }
    let paths = (0..count).map(|_| server.request().unwrap().split(' ').nth(1).unwrap().to_owned());
    (ids, kind, paths.collect())
}

fn page(ids: &[&str]) -> String {
    let forms: Vec<_> = ids.iter().map(|id| json!({"id": id})).collect();
    raw_server::json("200 OK", &json!({"results": forms}).to_string())
}

/// What is in the query of a list of forms, as it was sent.
async fn query(set: impl FnOnce(List) -> List) -> String {
    let server = RawServer::responding(page(&["a"])).unwrap();
    set(client(&server).forms().list()).send().await.unwrap();
    path(&server).strip_prefix("/forms").unwrap().to_owned()
}

fn path(server: &RawServer) -> String {
    server.request().unwrap().split(' ').nth(1).unwrap().to_owned()
}

#[tokio::test]
async fn a_list_is_in_the_query_once_for_each_item_or_once_with_commas() {
    let none: [&str; 0] = [];
    assert_eq!(query(|list| list.tag(none).types([]).without(none)).await, "");
    assert_eq!(query(|list| list.tag(["a b", "c,d", ""])).await, "?tag=a+b&tag=c%2Cd&tag=");
    let types = [FormType::ThreeDimensional, FormType::from("Wood & wool")];
    assert_eq!(query(|list| list.types(types)).await, "?types=3D&types=Wood+%26+wool");
    assert_eq!(query(|list| list.without([ShelfId::from("s/1"), ShelfId::from("2")])).await, "?without=s%2F1,2");
    assert_eq!(query(|list| list.ratios([1.0, 0.5])).await, "?ratios=1,0.5");
    assert_eq!(query(|list| list.tag(["a", "b"]).without(["c"]).tag(["d"])).await, "?without=c&tag=d");
}

#[tokio::test]
async fn an_object_is_in_the_query_with_brackets() {
    assert_eq!(query(|list| list.filter(FormFilter::new())).await, "");
    let filter = FormFilter::new().parent("f 1").sheets(Sheets(3)).type_(FormType::PaperForm).lost(true);
    let sent = "?filter%5Blost%5D=true&filter%5Bparent%5D=f+1&filter%5Bsheets%5D=3&filter%5Btype%5D=PAPER+FORM";
    assert_eq!(query(|list| list.filter(FormFilter::new().lost(false)).filter(filter)).await, sent);
}

#[tokio::test]
async fn a_name_that_is_taken_or_none_is_sent_as_documented() {
    assert_eq!(query(|list| list.timeout_(5).made_by("r").type_(false)).await, "?timeout=5&madeBy=r&type=false");
}

#[tokio::test]
async fn lists_and_objects_are_sent_for_every_page() {
    let server = RawServer::responding_each(vec![page(&["a"]).into(), page(&[]).into()]).unwrap();
    let list = client(&server).forms().list().tag(["a", "b"]).without(["c", "d"]).filter(FormFilter::new().lost(true));
    let mut forms = list.stream();
    while forms.try_next().await.unwrap().is_some() {}
    let kept = "/forms?tag=a&tag=b&without=c,d&filter%5Blost%5D=true";
    assert_eq!([path(&server), path(&server)], [kept.to_owned(), format!("{kept}&page=2")]);
}

#[tokio::test]
async fn a_list_or_an_object_that_means_something_else_than_was_meant_is_refused_before_anything_is_sent() {
    // Nothing listens here: a request that is sent would fail with `Connect`.
    let client = Client::builder().base_url("http://127.0.0.1:1").token("t").build().unwrap();
    let (forms, none, by) = (client.forms(), [""; 0], FormFilter::new().lost(true));
    let failures = [
        (forms.list().without(["a", " "]).send().await.unwrap_err(), "an id in the query is blank"),
        (forms.list().without(["a,b"]).send().await.unwrap_err(), "a value in the query contains a comma"),
        (forms.list().filter(FormFilter::new().parent("")).send().await.unwrap_err(), "an id in the query is blank"),
        (forms.delete_many(by.clone(), ["a", ""]).send().await.unwrap_err(), "an id in the query is blank"),
        (forms.delete_many(by, none).send().await.unwrap_err(), "a required list or object in the query is empty"),
        (forms.delete_many(FormFilter::new(), ["a"]).send().await.unwrap_err(), "a required list or object"),
    ];
    for (error, reason) in failures {
        assert_eq!((error.kind(), error.attempts().len()), (ErrorKind::InvalidRequest, 0));
        assert!(error.to_string().contains(reason), "{error}");
    }
}

#[tokio::test]
async fn numbered_pages_end_with_one_that_is_not_there() {
    let past = raw_server::json("404 Not Found", r#"{"number": 1, "name": "No such page"}"#);
    let read = pages(vec![page(&["a", "b"]), page(&["c"]), past.clone()]).await;
    let asked = ["/forms", "/forms?page=2", "/forms?page=3"].map(str::to_owned);
    assert_eq!(read, (["a", "b", "c"].map(str::to_owned).to_vec(), None, asked.to_vec()));
    assert_eq!(pages(vec![page(&["a"]), page(&[])]).await.0, ["a"]);
    let (ids, kind, _) = pages(vec![past]).await;
    assert_eq!((ids.len(), kind), (0, Some(ErrorKind::Rejected)), "the first page has to be there");
}

#[tokio::test]
async fn a_body_is_any_form_of_a_union_and_so_is_a_response() {
    let read = [
        (json!({"any": [{"id": "a", "from": 1, "to": 2}]}), UseRule::any([UseRule::range("a", 1, 2)])),
        (json!({"id": "a", "of": {}}), UseRule::Other(json!({"id": "a", "of": {}}))),
        (json!("none"), UseRule::Other(json!("none"))),
    ];
    let responses = read.iter().map(|(body, _)| raw_server::json("200 OK", &body.to_string()).into());
    let server = RawServer::responding_each(responses.collect()).unwrap();
    let forms = client(&server).forms();
    let calls =
        [forms.act("f1", Action::keep()), forms.act("f1", KeepForm::new()), forms.act("f1", MoveForm::new("f2"))];
    let sent = [r#"{"action":"KEEP"}"#, r#"{"action":"KEEP"}"#, r#"{"action":"MOVE","to":"f2"}"#];
    for ((call, sent), (_, expected)) in calls.into_iter().zip(sent).zip(read) {
        assert_eq!(call.send().await.unwrap(), expected);
        assert!(server.request().unwrap().ends_with(sent));
    }
}

#[test]
fn a_type_contains_itself_in_lists_and_maps() {
    let rule = json!({"any": [{"id": "a", "values": []}, {"any": [{"any": [], "b": 1}, {"c": 2}, null]}], "d": 3});
    let read: UseRule = serde_json::from_value(rule.clone()).unwrap();
    let UseRule::Any(any) = &read else { panic!("{read:?}") };
    assert!(matches!(&any.any[..], [UseRule::Values(_), UseRule::Any(inner)] if inner.any.len() == 3));
    assert_eq!(serde_json::to_value(read).unwrap(), rule);
    let outline: Outline = serde_json::from_value(json!({"parts": [{"notes": {"a": {"title": "A"}}}]})).unwrap();
    assert_eq!(outline.parts[0].notes["a"].title, "A");
}

/// On a stack of the size that most threads have. Whatever is read is dropped again.
#[test]
fn a_response_that_is_nested_deeply_is_an_error_and_no_crash() {
    fn nested(levels: usize, (before, inside, after): (&str, &str, &str)) -> String {
        format!("{}{inside}{}", before.repeat(levels), after.repeat(levels))
    }
    let rules = (r#"{"any":["#, r#"{"id":"a","values":[]}"#, "]}");
    let parts = (r#"{"parts":["#, "{}", "]}");
    let notes = (r#"{"notes":{"a":"#, "{}", "}}");
    let read = move || {
        for levels in [1, 10, 50, 60, 62] {
            assert!(serde_json::from_str::<UseRule>(&nested(levels, rules)).is_ok(), "{levels}");
            assert!(serde_json::from_str::<Outline>(&nested(levels, parts)).is_ok(), "{levels}");
            assert!(serde_json::from_str::<Outline>(&nested(levels, notes)).is_ok(), "{levels}");
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        for (levels, form) in
            [(64, rules), (100_000, rules), (64, parts), (100_000, parts), (64, notes), (20_000, notes)]
        {
            let server = RawServer::responding(raw_server::json("200 OK", &nested(levels, form))).unwrap();
            let forms = client(&server).forms();
            let error = if form == rules {
                runtime.block_on(forms.act("f1", Action::keep()).send()).unwrap_err()
            } else {
                runtime.block_on(forms.bind("f1", "a").send()).unwrap_err()
            };
            let kinds = [ErrorKind::Decode, ErrorKind::BodyTooLarge];
            assert!(kinds.contains(&error.kind()), "{levels}: {error:?}");
        }
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(read).unwrap().join().unwrap();
}

/// Where a level was read twice, a response of a kilobyte would take longer than there is time.
#[test]
fn each_level_is_read_once() {
    let levels = 60;
    let rule = format!("{}1{}", r#"{"id":"a","values":[],"any":["#.repeat(levels), "]}".repeat(levels));
    let started = std::time::Instant::now();
    assert!(serde_json::from_str::<UseRule>(&rule).is_ok());
    let rule = format!("{}1{}", r#"{"any":["#.repeat(levels), r#"],"any":3}"#.repeat(levels));
    assert!(serde_json::from_str::<UseRule>(&rule).is_ok());
    assert!(started.elapsed() < Duration::from_secs(5));
}
