//! Operations that are not implemented: any document is routed, its requests are checked, and its examples are
//! returned.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Server, router};
use crate::document::Document;
use crate::faults::Faults;
use crate::page::Form;
use crate::quirk::Quirks;
use crate::record::Log;

const DOCUMENT: &str = "
security: [token: []]
paths:
  /things/:
    get:
      operationId: list_things
      parameters:
        - $ref: '#/components/parameters/Limit'
        - {name: page, in: query, schema: {allOf: [{$ref: '#/components/schemas/Page'}]}}
        - {name: deleted, in: query, schema: {type: boolean}}
        - {name: sizes, in: query, schema: {type: array, items: {type: integer}}}
        - {name: ages, in: query, explode: false, schema: {type: array, items: {type: integer}}}
        - {name: filter, in: query, style: deepObject, schema: {$ref: '#/components/schemas/Filter'}}
        - {name: colours, in: query, required: true, schema: {type: array, items: {$ref: '#/components/schemas/Colour'}}}
      responses: {'200': {content: {application/json: {example: [1, 2]}}}}
  /things/{thing_id}/:
    parameters:
      - {name: thing_id, in: path, required: true, schema: {allOf: [{$ref: '#/components/schemas/ThingId'}]}}
    get:
      operationId: get_thing
      responses: {'404': {}, '200': {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}}
    patch:
      operationId: update_thing
      requestBody: {$ref: '#/components/requestBodies/Thing'}
      responses: {'200': {$ref: '#/components/responses/Thing'}}
    delete:
      operationId: delete_thing
      responses: {'204': {description: Gone.}}
  /things/{id}/parts/{number}/:
    get:
      operationId: get_part
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
        - {name: number, in: path, required: true, schema: {type: integer, minimum: 0, exclusiveMinimum: true}}
      responses: {'200': {content: {application/json: {schema: {type: object}}}}}
  /rows/:
    post:
      operationId: convert_rows
      requestBody: {required: true, content: {text/csv: {schema: {type: string, minLength: 2}}}}
      responses: {'200': {content: {text/plain: {schema: {type: string}, example: 'aé'}}}}
  /status/:
    get: {operationId: get_status, security: [], responses: {'200': {content: {application/json: {example: up}}}}}
components:
  parameters:
    Limit: {name: limit, in: query, schema: {type: integer, maximum: 100}}
  requestBodies:
    Thing: {content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
  responses:
    Thing: {content: {application/json: {example: {id: '0002'}}}}
  schemas:
    Colour: {type: string, enum: [RED, '5']}
    Page: {type: integer}
    Filter:
      type: object
      required: [colour]
      properties: {colour: {allOf: [{$ref: '#/components/schemas/Colour'}]}, size: {type: integer}}
    ThingId: {type: string, minLength: 4}
    Thing: {type: object, properties: {id: {type: string}, size: {type: integer}}, example: {id: '0001'}}
";

fn service() -> Router {
    let document: Value = serde_saphyr::from_str(DOCUMENT).unwrap();
    let form = Form { envelope: true, quirks: Quirks::new() };
    router(
        &Document::parse(&document.to_string()).unwrap(),
        Server::new("t", form, std::sync::Arc::default(), Log::default(), Faults::default()),
    )
}

/// The status and body of the response to a request with the right token.
async fn response(method: &str, path: &str, body: &'static str) -> (u16, Value) {
    let request = Request::builder().header("Authorization", "Token t").header("Content-Type", "application/json");
    send(request.method(method).uri(path).body(body.into()).unwrap()).await
}

async fn send(request: Request<Body>) -> (u16, Value) {
    let response = service().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

/// The `detail` of a response that must have status 400.
async fn problem(method: &str, path: &str, body: &'static str) -> Value {
    let (status, response) = response(method, path, body).await;
    assert_eq!(status, 400, "{path}: {response}");
    response["error"]["detail"].clone()
}

#[tokio::test]
async fn an_operation_that_is_not_implemented_returns_its_example() {
    assert_eq!(response("GET", "/things/?colours=RED", "").await, (200, json!([1, 2])));
    assert_eq!(response("GET", "/things/0009/", "").await, (200, json!({"id": "0001"})), "the example of the schema");
    assert_eq!(response("PATCH", "/things/0009/", "{\"size\": 1}").await, (200, json!({"id": "0002"})));
    assert_eq!(response("DELETE", "/things/0009/", "").await, (204, Value::Null));
}

#[tokio::test]
async fn an_operation_without_an_example_is_501() {
    assert_eq!(response("GET", "/things/a/parts/1/", "").await.0, 501);
}

#[tokio::test]
async fn path_parameters_are_decoded_and_checked() {
    assert_eq!(response("GET", "/things/%C3%A4%2Fbc/", "").await.0, 200, "four characters");
    let detail = json!({"thing_id": ["The value is shorter than 4 characters"]});
    assert_eq!(problem("GET", "/things/%C3%A4bc/", "").await, detail);
    assert_eq!(
        problem("GET", "/things/abc/?thing_id=0001", "").await,
        detail,
        "the query cannot stand in for the path"
    );
    for number in ["0", "x", "1.5", "%22a%22"] {
        assert!(problem("GET", &format!("/things/a/parts/{number}/"), "").await["number"].is_array());
    }
    for unknown in ["/things/%ff%ff%ff%ff/", "/thing", "/things//", "/things/0001/parts/"] {
        assert_eq!(response("GET", unknown, "").await.0, 404, "{unknown}");
    }
}

#[tokio::test]
async fn query_parameters_are_checked_in_their_types() {
    for query in [
        "limit=100",
        "page=2",
        "deleted=true",
        "sizes=1&sizes=2",
        "ages=1,2",
        "ages=1%2C2",
        "filter[colour]=5&filter%5Bsize%5D=5",
        "filter[other]=x",
        "filter=x",
        "other=x",
        "limit=x&limit=5",
        "colours=5",
        "%ff=%ff",
    ] {
        assert_eq!(response("GET", &format!("/things/?colours=RED&{query}"), "").await.0, 200, "{query}");
    }
    for (query, field) in [
        ("limit=101", "limit"),
        ("limit=", "limit"),
        ("deleted=yes", "deleted"),
        ("sizes=x", "sizes"),
        ("sizes=1,2", "sizes"),
        ("ages=1,x", "ages"),
        ("ages=", "ages"),
        ("filter[colour]=BLUE", "filter"),
        ("filter[size]=1", "filter"),
        ("filter[colour]=5&filter[size]=x", "filter"),
    ] {
        assert!(problem("GET", &format!("/things/?colours=RED&{query}"), "").await[field].is_array(), "{query}");
    }
    assert_eq!(problem("GET", "/things/", "").await, json!({"colours": ["This field is required."]}));
    assert!(problem("GET", "/things/?colours=RED&colours=BLUE", "").await["colours"][0].is_string());
}

#[tokio::test]
async fn a_body_may_be_missing_where_it_is_optional_and_is_ignored_where_none_is_described() {
    assert_eq!(response("PATCH", "/things/0001/", "").await.0, 200);
    assert!(problem("PATCH", "/things/0001/", "{\"size\": \"x\"}").await["size"].is_array());
    assert_eq!(response("GET", "/things/0001/", "no JSON").await.0, 200);
}

#[tokio::test]
async fn an_operation_may_need_no_token() {
    let without_token = |path| Request::builder().uri(path).body(Body::empty()).unwrap();
    assert_eq!(send(without_token("/status/")).await, (200, json!("up")));
    assert_eq!(send(without_token("/things/0001/")).await.0, 401);
}

#[tokio::test]
async fn a_body_may_be_a_text() {
    let send = async |content_type: &str, body: &'static [u8]| {
        let request = Request::post("/rows/").header("Authorization", "Token t").header("Content-Type", content_type);
        let response = service().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (head, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        (head.status.as_u16(), head.headers["content-type"].clone(), String::from_utf8(body.into()).unwrap())
    };
    let (status, content_type, body) = send("text/csv; charset=utf-8", b"a,b").await;
    assert_eq!((status, content_type.to_str().unwrap(), body.as_str()), (200, "text/plain", "a\u{e9}"));
    for (content_type, body, status, detail) in [
        ("application/json", &b"\"a,b\""[..], 415, "The Content-Type must be text/csv."),
        ("text/csv", b"\xff\xff", 400, "Not UTF-8: "),
        ("text/csv", b"a", 400, "The value is shorter than 2 characters"),
        ("text/csv", b"", 400, "A body is required."),
    ] {
        let (given, content_type, body) = send(content_type, body).await;
        assert_eq!((given, content_type.to_str().unwrap()), (status, "application/json"), "{body}");
        assert!(body.contains(detail), "{body}");
    }
}

#[tokio::test]
async fn another_method_gets_all_allowed_ones() {
    let request = Request::builder().method("POST").uri("/things/0001/").header("Authorization", "Token t");
    let response = service().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()["allow"], "DELETE, GET, HEAD, PATCH");
}
