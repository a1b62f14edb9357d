//! What is generated beside the module: a call of each operation with the document's examples, and the examples of the
//! docs. They pass over the runtime, against a server that responds as the document says.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

// The name that generated code knows.
extern crate runtime_fixture as prolific_sdk;

#[path = "../../../build-tools/tests/fixture/generated/tests/calls.rs"]
mod generated;

#[rustfmt::skip]
#[allow(unused, clippy::pedantic, reason = "an example shows how a value is made")]
#[path = "../../../build-tools/tests/fixture/generated/tests/examples.rs"]
mod examples;

mod document {
    use contract_tests::query::{pairs, text};
    use serde_json::Value;

    const FILES: [&str; 3] = [
        include_str!("../../../build-tools/tests/fixture/openapi.yaml"),
        include_str!("../../../build-tools/tests/fixture/cases.yaml"),
        include_str!("../../../build-tools/tests/fixture/forms.yaml"),
    ];

    /// An operation with its examples.
    pub struct Operation {
        pub id: String,
        pub method: String,
        /// With the examples of its parameters.
        pub path: String,
        pub query: String,
        pub request: Body,
        pub status: String,
        pub response: Body,
    }

    /// The media type of a body, and its example: a string stands for a text as it is, unless it is JSON.
    pub struct Body {
        pub media_type: String,
        pub example: Value,
    }

    impl Body {
        /// Of a request or response. Without a body, it is null.
        fn of(value: &Value) -> Self {
            let content = value["content"].as_object().and_then(|content| content.iter().next());
            let content = content.map(|(media_type, media)| (media_type.clone(), media["example"].clone()));
            let (media_type, example) = content.unwrap_or_default();
            Self { media_type, example }
        }

        pub fn is_text(&self) -> bool {
            !matches!(self.media_type.as_str(), "" | "application/json")
        }

        /// As it is sent.
        pub fn written(&self) -> String {
            self.example.as_str().filter(|_| self.is_text()).map_or_else(|| self.example.to_string(), str::to_owned)
        }
    }

    /// The examples of the component schemas that have one, by their names.
    pub fn examples() -> Vec<(String, Value)> {
        let documents = FILES.iter().map(|text| serde_saphyr::from_str::<Value>(text).unwrap());
        let schemas = documents.map(|document| document["components"]["schemas"].as_object().unwrap().clone());
        let example = |(name, schema): (String, Value)| Some((name, schema.get("example")?.clone()));
        schemas.flatten().filter_map(example).collect()
    }

    pub fn operations() -> Vec<Operation> {
        FILES.iter().flat_map(|text| of_file(&serde_saphyr::from_str(text).unwrap())).collect()
    }

    fn of_file(document: &Value) -> Vec<Operation> {
        let mut all = Vec::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap().iter().filter(|(key, _)| *key != "parameters") {
                let (mut path, mut query) = (path.clone(), Vec::new());
                let parameters =
                    [&item["parameters"], &operation["parameters"]].into_iter().filter_map(Value::as_array);
                for parameter in parameters.flatten() {
                    let parameter = resolve(document, parameter);
                    if parameter["in"] == "path" {
                        let name = format!("{{{}}}", text(&parameter["name"]));
                        path = path.replace(&name, &text(&parameter["example"]));
                    } else {
                        let escaped = |name: String| name.replace('[', "%5B").replace(']', "%5D");
                        query.extend(
                            pairs(parameter).into_iter().map(|(name, value)| format!("{}={value}", escaped(name))),
                        );
                    }
                }
                query.sort();
                let mut responses = operation["responses"].as_object().unwrap().iter();
                let (status, response) = responses.find(|(status, _)| status.starts_with('2')).unwrap();
                all.push(Operation {
                    id: operation["operationId"].as_str().unwrap().to_owned(),
                    method: method.to_uppercase(),
                    path,
                    query: query.join("&"),
                    request: Body::of(&operation["requestBody"]),
                    status: status.clone(),
                    response: Body::of(response),
                });
            }
        }
        all
    }

    fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
        value["$ref"].as_str().map_or(value, |path| document.pointer(path.trim_start_matches('#')).unwrap())
    }
}

mod calls {
    use std::io::Write;
    use std::sync::mpsc::{Receiver, channel};

    use contract_tests::json::{with_whole_numbers, without_nulls};
    use runtime_fixture::{Client, Error, Response};
    use serde::Serialize;
    use serde::de::DeserializeOwned;
    use serde_json::Value;

    use crate::document::operations;

    pub fn example<T: DeserializeOwned>(json: &str) -> T {
        serde_json::from_str(json).unwrap()
    }

    /// Responds to each operation with its example.
    pub struct Service {
        pub client: Client,
        requests: Receiver<String>,
    }

    impl Service {
        #[allow(clippy::unused_async, reason = "generated tests await it")]
        pub async fn start() -> Self {
            let (sender, requests) = channel();
            let server = contract_tests::service::Service::start(move |request, connection| {
                let line = request.lines().next().unwrap_or_default();
                let of = |method: &str, path: &str| {
                    line.split(' ').next() == Some(method) && line.split([' ', '?']).nth(1) == Some(path)
                };
                let all = operations();
                let operation = all.iter().find(|known| of(&known.method, &known.path)).unwrap();
                sender.send(request.to_owned()).unwrap();
                let body = if operation.status == "204" { String::new() } else { operation.response.written() };
                let (status, media_type, length) = (&operation.status, &operation.response.media_type, body.len());
                let head = if body.is_empty() { String::new() } else { format!("content-length: {length}\r\n") };
                write!(connection, "HTTP/1.1 {status} \r\ncontent-type: {media_type}\r\n{head}\r\n{body}")
            });
            Self { client: Client::builder().base_url(server.unwrap().url()).token("t").build().unwrap(), requests }
        }

        /// What was sent is made of the examples, and so is what came back.
        pub fn check<T: Serialize>(&self, id: &str, response: Result<Response<T>, Error>) {
            let response = response.unwrap_or_else(|error| panic!("{error}"));
            let operation = operations().into_iter().find(|operation| operation.id == id).unwrap();
            let request = self.requests.try_recv().unwrap();
            let mut line = request.lines().next().unwrap().split([' ', '?']);
            assert_eq!(line.next(), Some(operation.method.as_str()));
            assert_eq!(line.next(), Some(operation.path.as_str()));
            let mut query: Vec<_> = line.next().unwrap_or_default().split('&').collect();
            query.sort_unstable();
            assert_eq!(query.join("&"), if operation.query.is_empty() { "HTTP/1.1" } else { &operation.query });
            let (head, body) = request.split_once("\r\n\r\n").unwrap();
            let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            let (sent, received) = (&operation.request, &operation.response);
            assert_eq!(header("content-type").unwrap_or_default(), sent.media_type);
            let accept = header("accept").unwrap();
            let text = format!("{}, application/json;q=0.5", received.media_type);
            assert_eq!(accept, if received.is_text() { text.as_str() } else { "application/json" });
            let json = if body.is_empty() { Value::Null } else { serde_json::from_str(body).unwrap_or_default() };
            if sent.is_text() {
                assert_eq!(body, sent.written());
            } else {
                assert_eq!(with_whole_numbers(&json), with_whole_numbers(&sent.example));
            }
            let read = serde_json::to_value(response.body()).unwrap();
            // In a response, null is what is absent; in a request it is not.
            let same = |value| with_whole_numbers(&without_nulls(value));
            assert_eq!(same(&read), same(&received.example));
        }
    }
}

mod schemas {
    use std::fmt::Debug;

    use serde::Serialize;
    use serde::de::DeserializeOwned;
    use serde_json::Value;

    use crate::document::examples;
    use crate::generated::TYPES;

    pub struct Type {
        name: &'static str,
        round_trip: fn(&Value) -> Value,
    }

    /// Its bounds are what a Rust user expects of every type.
    pub const fn ty<T>(name: &'static str) -> Type
    where
        T: Clone + PartialEq + Debug + Serialize + DeserializeOwned + Send + Sync + 'static,
    {
        Type { name, round_trip: |value| serde_json::to_value(T::deserialize(value).unwrap()).unwrap() }
    }

    #[test]
    fn every_type_reads_and_writes_its_example() {
        let examples = examples();
        assert!(examples.len() > 5);
        for (name, example) in examples {
            let ty = TYPES.iter().find(|ty| ty.name == name).unwrap_or_else(|| panic!("no type {name}"));
            assert_eq!((ty.round_trip)(&example), example, "{name}");
        }
    }
}
