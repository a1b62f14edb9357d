//! Lists whose pages have numbers, and lists without pages or without an envelope.

use axum::http::Request;

use super::*;
use crate::document::Document;

fn form(quirks: &[Quirk]) -> Form {
    Form { envelope: true, quirks: quirks.iter().copied().collect() }
}

/// The response to a request for a list of so many numbers.
fn list(path: &str, parameters: &Value, total: usize, form: &Form) -> Result<Value, ApiError> {
    let parameter = |name: &str| json!({"name": name, "in": "query", "schema": {"type": "integer"}});
    let whole = json!({"properties": {"_links": {}, "meta": {}}});
    let get = |id, names: [&str; 2], schema: &Value| {
        let parameters = names.map(parameter);
        let content = json!({"application/json": {"schema": schema}});
        json!({"get": {"operationId": id, "parameters": parameters, "responses": {"200": {"content": content}}}})
    };
    let document = json!({"paths": {
        "/pages/": get("pages", ["page", "page_size"], &whole),
        "/offsets/": get("offsets", ["offset", "limit"], &whole),
        "/all/": get("all", ["offset", "other"], &whole),
        "/count/": get("count", ["offset", "limit"], &json!({"properties": {"meta": {}}})),
        "/results/": get("results", ["x", "y"], &json!({})),
    }});
    let document = Document::parse(&document.to_string()).unwrap();
    let uri: Uri = path.parse().unwrap();
    let operation = &document.paths[uri.path()].operations["GET"];
    let page = Page::requested(operation, parameters.as_object().unwrap())?;
    let Window { skip, take } = page.window(form);
    let items = (0..total).skip(skip).take(take).map(Value::from).collect();
    let (head, ()) = Request::builder().uri(uri).header("host", "h:1").body(()).unwrap().into_parts();
    page.response(operation, items, total, &head, form)
}

fn hrefs(list: &Value) -> [Value; 4] {
    ["self", "next", "previous", "last"].map(|name| list["_links"][name]["href"].clone())
}

#[test]
fn pages_have_numbers_from_1_and_20_items_by_default() {
    let page = |parameters| list("/pages/?page=9&a=b", &parameters, 45, &form(&[])).unwrap();
    let address = |page, size| json!(format!("http://h:1/pages/?a=b&page_size={size}&page={page}"));
    let first = page(json!({}));
    assert_eq!(
        (&first["results"][19], &first["results"][20], &first["meta"]),
        (&json!(19), &json!(null), &json!({"count": 45}))
    );
    assert_eq!(hrefs(&first), [address(1, 20), address(2, 20), Value::Null, address(3, 20)]);
    let last = page(json!({"page": 5, "page_size": 10}));
    assert_eq!(last["results"], json!([40, 41, 42, 43, 44]));
    assert_eq!(hrefs(&last), [address(5, 10), Value::Null, address(4, 10), address(5, 10)]);
}

#[test]
fn a_page_past_the_end_does_not_exist_if_pages_have_numbers_and_is_empty_otherwise() {
    let status = |parameters, total| {
        list("/pages/", &parameters, total, &form(&[Quirk::OverlappingPages])).map(|list| list["results"].clone())
    };
    for (page, total) in [(3, 40), (u64::MAX, 40), (2, 0)] {
        assert!(status(json!({"page": page}), total).is_err(), "{page}");
    }
    assert_eq!(status(json!({}), 0).unwrap(), json!([]), "the first page always exists");
    assert!(status(json!({"page": 0}), 40).is_err());
    let offset = list("/offsets/", &json!({"offset": 40}), 40, &form(&[Quirk::OverlappingPages])).unwrap();
    assert_eq!(offset["results"], json!([]));
}

#[test]
fn quirks_apply_to_numbered_pages() {
    let all = form(&[Quirk::InternalNextLink, Quirk::EndlessNextLink, Quirk::OverlappingPages]);
    let last = list("/pages/", &json!({"page": 2, "page_size": 2}), 3, &all).unwrap();
    assert_eq!(last["results"], json!([1, 2]));
    assert_eq!(hrefs(&last)[1], "http://internal-api.invalid/pages/?page_size=2&page=2");
}

#[test]
fn a_list_without_pages_is_returned_whole() {
    let whole = list("/all/?a=b", &json!({"offset": 1}), 300, &form(&[])).unwrap();
    assert_eq!(whole["results"].as_array().map(Vec::len), Some(300));
    let address = json!("http://h:1/all/?a=b");
    assert_eq!(hrefs(&whole), [address.clone(), Value::Null, Value::Null, address]);
}

#[test]
fn the_envelope_has_what_the_document_describes() {
    let keys = |path| -> Vec<String> {
        list(path, &json!({}), 1, &form(&[])).unwrap().as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(keys("/offsets/"), ["_links", "meta", "results"]);
    assert_eq!(keys("/count/"), ["meta", "results"]);
    assert_eq!(keys("/results/"), ["results"]);
}

#[test]
fn the_address_of_another_page_keeps_lists_and_objects() {
    let list =
        list("/offsets/?tag=a&tag=b&ids=1,2&filter%5Bcolour%5D=red", &json!({"limit": 2}), 9, &form(&[])).unwrap();
    let kept = "http://h:1/offsets/?tag=a&tag=b&ids=1%2C2&filter%5Bcolour%5D=red&limit=2&offset=2";
    assert_eq!(hrefs(&list)[1], kept);
}
