//! The documentation's operations and parameters (`documented-operations.toml`, transcribed by hand), against the
//! OpenAPI document and the generated table of operations.

use std::collections::{BTreeMap, BTreeSet};

use prolific_sdk::operations::OPERATIONS;
use serde::Deserialize;
use serde_json::Value;

use crate::document::{document, operations, resolve};

/// An operation, as documented and as described.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Operation {
    page: String,
    request: String,
    status: u16,
    #[serde(default)]
    parameters: BTreeSet<Parameter>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(deny_unknown_fields)]
struct Parameter {
    name: String,
    r#in: String,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    r#enum: Vec<String>,
}

type Operations = BTreeMap<String, Operation>;

fn documented() -> Operations {
    toml::from_str(include_str!("documented-operations.toml")).unwrap()
}

/// What the OpenAPI document says.
fn described() -> Operations {
    let document = document();
    let parameter = |value: &Value| {
        let value = resolve(&document, value);
        let schema = resolve(&document, &value["schema"]);
        Parameter {
            name: value["name"].as_str().unwrap().to_owned(),
            r#in: value["in"].as_str().unwrap().to_owned(),
            required: value["required"] == true,
            r#enum: schema["enum"].as_array().into_iter().flatten().map(|v| v.as_str().unwrap().to_owned()).collect(),
        }
    };
    let all = operations(&document).into_iter().map(|(path, method, operation)| {
        let shared = document["paths"][path]["parameters"].as_array().into_iter().flatten();
        let own = operation["parameters"].as_array().into_iter().flatten();
        let mut statuses = operation["responses"].as_object().unwrap().keys().filter(|status| status.starts_with('2'));
        let page = operation["externalDocs"]["url"].as_str().unwrap();
        let described = Operation {
            page: page.strip_prefix("https://docs.prolific.com/api-reference/").unwrap_or(page).to_owned(),
            request: format!("{} {path}", method.to_uppercase()),
            status: statuses.next().unwrap().parse().unwrap(),
            parameters: shared.chain(own).map(parameter).collect(),
        };
        (operation["operationId"].as_str().unwrap().to_owned(), described)
    });
    all.collect()
}

/// What differs, a line for each difference.
fn differences(documented: &Operations, described: &Operations) -> Vec<String> {
    let mut found = Vec::new();
    for (id, as_documented) in documented {
        let Some(as_described) = described.get(id) else {
            found.push(format!("{id}: documented, but not described"));
            continue;
        };
        let mut compare = |what: &str, documented: &dyn ToString, described: &dyn ToString| {
            let (documented, described) = (documented.to_string(), described.to_string());
            if documented != described {
                found.push(format!("{id}: the {what} is documented as {documented}, but described as {described}"));
            }
        };
        compare("page", &as_documented.page, &as_described.page);
        compare("request", &as_documented.request, &as_described.request);
        compare("status", &as_documented.status, &as_described.status);
        for parameter in as_documented.parameters.difference(&as_described.parameters) {
            found.push(format!("{id}: documented, but not described: {parameter:?}"));
        }
        for parameter in as_described.parameters.difference(&as_documented.parameters) {
            found.push(format!("{id}: described, but not documented: {parameter:?}"));
        }
    }
    found.extend(
        described
            .keys()
            .filter(|id| !documented.contains_key(*id))
            .map(|id| format!("{id}: described, but not documented: transcribe it into documented-operations.toml")),
    );
    found
}

#[test]
fn the_operations_are_exactly_the_documented_ones() {
    let found = differences(&documented(), &described());
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn the_table_of_operations_is_that_of_the_documentation() {
    let table = OPERATIONS
        .iter()
        .map(|operation| (operation.id.to_owned(), format!("{} {}", operation.method, operation.path)));
    let documented = documented().into_iter().map(|(id, operation)| (id, operation.request));
    assert_eq!(table.collect::<BTreeMap<_, _>>(), documented.collect());
}

#[test]
fn every_kind_of_drift_is_named() {
    let documented = documented();
    let after = |change: &dyn Fn(&mut Operations)| {
        let mut changed = documented.clone();
        change(&mut changed);
        differences(&documented, &changed)
    };
    let list = |change: &dyn Fn(&mut Operation)| after(&|all| change(all.get_mut("participant_groups_list").unwrap()));
    let parameter = |change: &dyn Fn(&mut Parameter)| {
        list(&|operation| {
            let mut changed = operation.parameters.pop_first().unwrap();
            change(&mut changed);
            operation.parameters.insert(changed);
        })
    };
    assert_eq!(after(&|_| {}), [""; 0]);
    assert_eq!(after(&|all| drop(all.remove("users_me"))), ["users_me: documented, but not described"]);
    for (found, word) in [
        (list(&|operation| operation.page.push('x')), "the page is"),
        (list(&|operation| operation.request = "GET /".into()), "the request is"),
        (list(&|operation| operation.status = 201), "the status is"),
        (list(&|operation| drop(operation.parameters.pop_last())), "workspace_id"),
        (parameter(&|parameter| parameter.required = true), "active"),
        (parameter(&|parameter| parameter.r#in = "path".into()), "active"),
        (parameter(&|parameter| parameter.r#enum.clear()), "active"),
    ] {
        assert!(!found.is_empty() && found.iter().all(|line| line.contains(word)), "{word}: {found:?}");
    }
}
