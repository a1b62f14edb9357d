//! How much memory a response can take: at most 8 times the largest body that is read, whatever it says.

use std::io::Write;
use std::process::Command;

use contract_tests::service::Service;
use peak_alloc::PeakAlloc;
use prolific_sdk::types::GroupParticipantList;
use prolific_sdk::{Client, ErrorKind, Operation};
use schemars::{Schema, schema_for};
use serde_json::Value;

use crate::document::{document, operations, resolve};
use crate::schemas::{Receive, receivers};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The largest body that is read.
const LIMIT: usize = 32 << 20;
/// How many JSON values it may have.
const VALUES: usize = 1_000_000;
/// As how many of them an object counts.
const OBJECT: usize = 6;
/// After how many levels of nesting a byte and a value count once more.
const LEVELS: usize = 8;
const FACTOR: usize = 8;

const READ: Operation = Operation::new("read", "GET", "/");

/// A body in pieces, so that the service needs no memory for it: what comes first, what is repeated how often, and what
/// comes last.
type Body = (String, String, usize, String);

fn bytes_of((first, repeated, times, last): &Body) -> usize {
    first.len() + repeated.len() * times + last.len()
}

fn serve(body: Body) -> Service {
    Service::start(move |_, connection| {
        let length = bytes_of(&body);
        let (first, repeated, times, last) = &body;
        write!(connection, "HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{first}")?;
        let many = 1000;
        let block = repeated.repeat(many);
        for _ in 0..times / many {
            connection.write_all(block.as_bytes())?;
        }
        connection.write_all(repeated.repeat(times % many).as_bytes())?;
        connection.write_all(last.as_bytes())
    })
    .unwrap()
}

/// Whether the schema of a property is an array, with or without null.
fn is_list(schema: &Value) -> bool {
    let is_array = |schema: &Value| match &schema["type"] {
        Value::Array(types) => types.iter().any(|ty| ty == "array"),
        ty => ty == "array",
    };
    is_array(schema)
}

/// Maps in maps, as deep as is read.
fn nested() -> String {
    format!("{}0{}", "{\"\":".repeat(100), "}".repeat(100))
}

/// What takes the most memory for its length: of an object, as many values as may be, the smallest that there are, in
/// each list that the type has and in one that it does not have, with padding that is skipped; of another type, a string
/// or a list as long as may be.
fn worst(schema: &Schema, with_unknown: bool) -> Vec<Body> {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return vec![
            ("\"".into(), "x".into(), LIMIT - 2, "\"".into()),
            ("\"".into(), "\\u0061".into(), (LIMIT - 2) / 6, "\"".into()),
            ("[".into(), "[],".into(), VALUES / 2 - 4, "[]]".into()),
            ("[".into(), format!("{},", nested()), VALUES / (100 * OBJECT + 1) - 1, "0]".into()),
            (
                format!("[\"{}\",", "x".repeat(30 << 20)),
                format!("{},", nested()),
                VALUES / (100 * OBJECT + 1) - 1,
                "0]".into(),
            ),
        ];
    };
    let nested = nested();
    let lists = properties.iter().filter(|(_, schema)| is_list(schema)).map(|(name, _)| name.as_str());
    let padding = format!("\"padding\":\"{}\"", "x".repeat(24 << 20));
    let bodies = lists.chain(with_unknown.then_some("unknown")).flat_map(|name| {
        [("{}", OBJECT + 1), ("\"\"", 1), (&nested, 100 * OBJECT + 1)].map(|(item, values)| {
            let last = format!("{item}],{padding}}}");
            (format!("{{\"{name}\":["), format!("{item},"), VALUES / values - 10, last)
        })
    });
    let filters = properties.contains_key("filters");
    bodies.chain(filters.then(contained).into_iter().flatten()).collect()
}

/// Filters in filters, which are read from a copy on each level: with as many values in the innermost as may be, and with
/// a text as long as may be.
fn contained() -> Vec<Body> {
    let levels = [1, 2, 6, 12, 28, 60];
    let bodies = levels.into_iter().flat_map(|levels| {
        let weight = 1 + (2 + 2 * levels) / LEVELS;
        let first = format!("{{\"filters\":[{}", "{\"filter_id\":\"and\",\"selected_filters\":[".repeat(levels));
        let last = format!("{}]}}", "]}".repeat(levels));
        let values = [("{}", OBJECT + 1), ("\"\"", 1)].map(|(item, values)| {
            let times = (VALUES - 10_000) / values / weight;
            (first.clone(), format!("{item},"), times, format!("{item}{last}"))
        });
        let text = (format!("{first}\""), "x".into(), LIMIT / weight - 10_000, format!("\"{last}"));
        values.into_iter().chain([text])
    });
    bodies.collect()
}

/// The names of the schemas that responses are.
fn outputs(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (_, _, operation) in operations(document) {
        for response in operation["responses"].as_object().unwrap().values() {
            let schema = &resolve(document, response)["content"]["application/json"]["schema"]["$ref"];
            found.extend(schema.as_str().and_then(|path| path.rsplit('/').next()).map(str::to_owned));
        }
    }
    found
}

/// In a process of its own, whose memory is all for this.
#[test]
#[ignore = "the memory of the process is measured: run by the test below"]
fn measured() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let value: (_, _, Receive) =
        ("serde_json::Value", schema_for!(Value), |call| Box::pin(async { call.send::<Value>().await.map(drop) }));
    // All types, or those that responses are: one of the others is part of them, and takes no more in them.
    let document = document();
    let all = std::env::var_os("MEMORY_OF_ALL_TYPES").is_some();
    let outputs = outputs(&document);
    let is_response = |name: &str| all || outputs.iter().any(|output| output == name);
    let receivers = receivers().filter(|(name, ..)| is_response(name)).chain([value]);
    for (number, (name, schema, receive)) in receivers.enumerate() {
        let mut most = 0;
        // What a type does not have is skipped alike by all that do not keep it.
        let keeps = schema.get("additionalProperties").is_some();
        for body in worst(&schema, all || number == 0 || keeps) {
            assert!(bytes_of(&body) <= LIMIT);
            let service = serve(body);
            let client = Client::builder().base_url(service.url()).token("t").build().unwrap();
            MEMORY.reset_peak_usage();
            let before = MEMORY.current_usage();
            // Most bodies are not of the type, which is as it should be.
            let _ = runtime.block_on(receive(client.call(&READ)));
            most = most.max(MEMORY.peak_usage() - before);
        }
        println!("{name}: {} MiB at most", most >> 20);
        assert!(most <= FACTOR * LIMIT, "{name}: {most} bytes");
    }
}

#[test]
fn no_response_takes_more_than_8_times_the_limit_whatever_its_type() {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "memory::measured", "--ignored", "--nocapture"])
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success(), "{printed}{}", String::from_utf8_lossy(&child.stderr));
    assert!(printed.contains("ParticipantGroupList: ") && printed.contains("1 passed"), "{printed}");
}

#[tokio::test]
async fn a_body_with_more_values_is_too_large() {
    let body = ("{\"results\":[".into(), "{},".into(), VALUES / OBJECT, "{}]}".into());
    let service = serve(body);
    let client = Client::builder().base_url(service.url()).token("t").build().unwrap();
    let error = client.participant_groups().list("w").send().await.unwrap_err();
    assert_eq!((error.kind(), error.body_truncated()), (ErrorKind::BodyTooLarge, true));
}

/// The largest group that is known of.
#[tokio::test]
async fn a_group_of_98000_participants_is_read() {
    let item = r#"{"participant_id":"5e9b9c9b0f9c9a0001b0b1f4","datetime_created":"2020-04-20T12:00:00.000000Z"}"#;
    let service = serve(("{\"results\":[".into(), format!("{item},"), 97_999, format!("{item}]}}")));
    let client = Client::builder().base_url(service.url()).token("t").build().unwrap();
    let list: GroupParticipantList = client.participant_groups().list_participants("g").send().await.unwrap();
    assert_eq!(list.results.unwrap_or_default().len(), 98_000);
}
