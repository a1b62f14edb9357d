//! What holds for every operation when it is called with the document's examples. The calls are generated
//! (`generated.rs`), so that a new operation is tested without hand-written code.
//!
//! With `CONTRACT_URL` set, the calls go to the service there, which must respond with the document's examples, as
//! `prism mock` does; `tests/third-party.sh` runs that.

use contract_tests::json::{with_whole_numbers, without_nulls};
use contract_tests::query::{pairs, text};
use std::env;

use prolific_sandbox::{Sandbox, check_response};
use prolific_sdk::{Client, Error, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::document::{document, operations, resolve};

/// A value of the document's examples, from its JSON.
pub fn example<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).unwrap()
}

/// The service that is called.
pub struct Service {
    pub client: Client,
    /// None if the service is somebody else's.
    sandbox: Option<Sandbox>,
}

impl Service {
    /// A sandbox that answers with the examples, or the service that the environment names.
    pub async fn start() -> Self {
        if let Ok(url) = env::var("CONTRACT_URL") {
            let client = Client::builder().base_url(url).token("contract").build().unwrap();
            return Self { client, sandbox: None };
        }
        let sandbox = Sandbox::builder().examples_only(true).start().await.unwrap();
        let client = Client::builder().base_url(sandbox.url()).token(sandbox.token()).build().unwrap();
        Self { client, sandbox: Some(sandbox) }
    }

    /// The call succeeded as documented, the request that arrived was made of the examples, and the value that came
    /// back is what the service sent.
    pub fn check<T: Serialize>(&self, id: &str, response: Result<Response<T>, Error>) {
        let response = response.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(error.body())));
        let document = document();
        let all = operations(&document);
        let (path, method, operation) = all.iter().find(|(_, _, operation)| operation["operationId"] == id).unwrap();
        let success = &operation["responses"][response.status().as_str()];
        assert!(success.is_object(), "{} is not documented", response.status());
        let value = with_whole_numbers(&serde_json::to_value(response.body()).unwrap());

        let Some(sandbox) = &self.sandbox else {
            let documented = &resolve(&document, success)["content"]["application/json"]["example"];
            assert_eq!(without_nulls(&value), without_nulls(&with_whole_numbers(documented)));
            return;
        };
        let requests = sandbox.requests();
        let [request] = requests.as_slice() else { panic!("{} requests", requests.len()) };
        let parameters = [&document["paths"][*path]["parameters"], &operation["parameters"]];
        let parameters = parameters.into_iter().filter_map(Value::as_array).flatten().map(|p| resolve(&document, p));
        let (mut filled, mut query) = (path.to_string(), Vec::new());
        for parameter in parameters {
            match parameter["in"].as_str() {
                Some("path") => {
                    let name = format!("{{{}}}", text(&parameter["name"]));
                    filled = filled.replace(&name, &text(&parameter["example"]));
                }
                _ => query.extend(pairs(parameter)),
            }
        }
        assert_eq!((request.method.to_lowercase().as_str(), request.path.as_str()), (*method, filled.as_str()));
        let mut sent = request.query.clone();
        sent.sort();
        query.sort();
        assert_eq!(sent, query);
        let body = &operation["requestBody"]["content"]["application/json"]["example"];
        let sent = if request.body.is_empty() { Value::Null } else { serde_json::from_slice(&request.body).unwrap() };
        assert_eq!(with_whole_numbers(&sent), with_whole_numbers(body));

        let items = &resolve(&document, success)["content"]["application/json"]["example"]["results"];
        let empty = |list: &Value| list.as_array().is_some_and(Vec::is_empty);
        assert_eq!(empty(&value["results"]), empty(items), "a list without items shows nothing: seed some");
        let body = &request.response_body;
        check_response(id, request.status.unwrap(), body).unwrap();
        let sent = if body.is_empty() { Value::Null } else { serde_json::from_slice(body).unwrap() };
        assert_eq!(without_nulls(&value), without_nulls(&with_whole_numbers(&sent)));
    }
}
