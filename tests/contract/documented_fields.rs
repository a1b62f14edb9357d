//! The documentation's field table (`documented-fields.toml`, transcribed by hand), against the JSON Schema of the
//! generated types. Nothing here reads the OpenAPI document.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::schemas;

/// What the documentation says of a field, and what the schema says of a property.
#[allow(clippy::struct_excessive_bools, reason = "they are the columns of the documentation's table")]
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Field {
    /// `string`, `integer`, `boolean`, an object's name, or `list of …`.
    r#type: String,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    nullable: bool,
    #[serde(default)]
    deprecated: bool,
    #[serde(default)]
    read_only: bool,
    #[serde(default, rename = "enum")]
    values: Vec<String>,
}

type Fields = BTreeMap<String, Field>;

/// The table: type, then field.
fn documented() -> BTreeMap<String, Fields> {
    toml::from_str(include_str!("documented-fields.toml")).unwrap()
}

/// The same of a generated type.
fn generated(name: &str) -> Fields {
    let (_, schema) = schemas::all().into_iter().find(|(type_name, _)| *type_name == name).unwrap();
    let schema = schema.to_value();
    let required: Vec<_> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    // What is told by its variant alone has none.
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties
        .filter(|(field, _)| *field != "unknown_fields")
        .map(|(field, property)| (field.clone(), read(&schema, property, required.contains(&field.as_str()))))
        .collect()
}

fn read(root: &Value, property: &Value, required: bool) -> Field {
    let (plain, nullable) = without_null(property);
    let (r#type, values) = type_of(root, &plain);
    Field {
        r#type,
        required,
        nullable,
        deprecated: property["deprecated"] == true,
        read_only: property["readOnly"] == true,
        values,
    }
}

/// The schema without `null`, and whether it allowed it.
fn without_null(schema: &Value) -> (Value, bool) {
    let mut plain = schema.clone();
    if let Some(parts) = schema["anyOf"].as_array() {
        let others: Vec<_> = parts.iter().filter(|part| part["type"] != "null").collect();
        if others.len() == 1 && parts.len() == 2 {
            return (others[0].clone(), true);
        }
    }
    if let Some(types) = schema["type"].as_array() {
        let others: Vec<_> = types.iter().filter(|name| **name != "null").collect();
        if others.len() == 1 {
            plain["type"] = others[0].clone();
            return (plain, types.len() == 2);
        }
    }
    (plain, false)
}

/// The texts that this part of a schema allows by name.
fn values_of(part: &Value) -> impl Iterator<Item = String> {
    let one = part["const"].as_str().into_iter();
    one.chain(part["enum"].as_array().into_iter().flatten().filter_map(Value::as_str)).map(str::to_owned)
}

/// The type's name as the documentation gives it, and the documented values of an enum.
fn type_of(root: &Value, schema: &Value) -> (String, Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap();
        let target = &root["$defs"][name];
        // An id is a string with a name, and an open enum is its values or any string.
        return if target["type"] == "object" { (name.to_owned(), Vec::new()) } else { type_of(root, target) };
    }
    if let Some(parts) = schema["anyOf"].as_array() {
        let values: Vec<_> = parts.iter().flat_map(values_of).collect();
        let open = parts
            .iter()
            .any(|part| part["type"] == "string" && part.get("enum").is_none() && part.get("const").is_none());
        let name = if open && !values.is_empty() { "string" } else { "anything" };
        return (name.to_owned(), values);
    }
    // A closed enum: all of its values, and nothing else.
    let closed = schema["oneOf"].as_array().into_iter().flatten().chain([schema]);
    let values: Vec<_> = closed.flat_map(values_of).collect();
    match schema["type"].as_str() {
        _ if !values.is_empty() => ("string".to_owned(), values),
        Some("array") => (format!("list of {}", type_of(root, &schema["items"]).0), Vec::new()),
        Some(name) => (name.to_owned(), Vec::new()),
        None => ("anything".to_owned(), Vec::new()),
    }
}

/// What differs, a line for each difference, in the words of the documentation.
fn differences(name: &str, documented: &Fields, generated: &Fields) -> Vec<String> {
    let mut found = Vec::new();
    for (field, as_documented) in documented {
        let Some(as_generated) = generated.get(field) else {
            found.push(format!("{name}.{field}: documented, but not generated"));
            continue;
        };
        let mut compare = |what: &str, documented: String, generated: String| {
            if documented != generated {
                found.push(format!(
                    "{name}.{field}: {what} is documented as {documented}, but generated as {generated}"
                ));
            }
        };
        compare("type", as_documented.r#type.clone(), as_generated.r#type.clone());
        compare("required", as_documented.required.to_string(), as_generated.required.to_string());
        compare("nullable", as_documented.nullable.to_string(), as_generated.nullable.to_string());
        compare("deprecated", as_documented.deprecated.to_string(), as_generated.deprecated.to_string());
        compare("read-only", as_documented.read_only.to_string(), as_generated.read_only.to_string());
        compare("enum", format!("{:?}", as_documented.values), format!("{:?}", as_generated.values));
    }
    for field in generated.keys().filter(|field| !documented.contains_key(*field)) {
        found.push(format!("{name}.{field}: generated, but not documented"));
    }
    found
}

#[test]
fn every_object_that_is_generated_is_in_the_table() {
    let objects = schemas::all().into_iter().filter(|(_, schema)| schema.as_value()["type"] == "object");
    let mut objects: Vec<_> = objects.map(|(name, _)| name.to_owned()).collect();
    objects.sort();
    let documented: Vec<_> = documented().into_keys().collect();
    let missing: Vec<_> = objects.iter().filter(|name| !documented.contains(name)).collect();
    assert!(
        missing.is_empty(),
        "transcribe the fields that the documentation shows of {missing:?} into tests/contract/documented-fields.toml"
    );
    let extra: Vec<_> = documented.iter().filter(|name| !objects.contains(name)).collect();
    assert!(extra.is_empty(), "tests/contract/documented-fields.toml has {extra:?}, of which there is no type");
}

#[test]
fn the_generated_types_have_exactly_the_documented_fields() {
    let found: Vec<_> =
        documented().iter().flat_map(|(name, fields)| differences(name, fields, &generated(name))).collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

/// The counts that the documentation page of the create operation shows.
#[test]
fn a_create_has_five_fields_and_its_response_nine_all_nullable() {
    let request = generated("CreateParticipantGroup");
    let required: Vec<_> = request.iter().filter(|(_, field)| field.required).map(|(name, _)| name.as_str()).collect();
    assert_eq!((request.len(), required), (5, vec!["name"]));
    let response = generated("ParticipantGroup");
    assert_eq!((response.len(), response.values().filter(|field| field.nullable).count()), (9, 9));
}

#[test]
fn the_values_of_an_enum_are_read_whatever_its_form() {
    let values = json!(["EN", "FR"]);
    for schema in [
        json!({ "type": "string", "enum": values }),
        json!({ "oneOf": [{ "type": "string", "const": "EN" }, { "type": "string", "const": "FR" }] }),
        json!({ "anyOf": [{ "type": "string", "enum": values }, { "type": "string" }] }),
    ] {
        assert_eq!(type_of(&Value::Null, &schema), ("string".to_owned(), vec!["EN".to_owned(), "FR".to_owned()]));
    }
}

/// Each way in which the two can drift apart is reported, with the field's name.
#[test]
fn every_kind_of_drift_is_named() {
    let documented = documented().remove("ParticipantGroup").unwrap();
    let after = |change: &dyn Fn(&mut Fields)| {
        let mut changed = documented.clone();
        change(&mut changed);
        (differences("T", &documented, &changed), differences("T", &changed, &documented))
    };
    let field = |fields: &mut Fields, change: &dyn Fn(&mut Field)| change(fields.get_mut("project_id").unwrap());

    let (generated_lacks, documented_lacks) = after(&|fields| drop(fields.remove("name")));
    assert_eq!(generated_lacks, ["T.name: documented, but not generated"]);
    assert_eq!(documented_lacks, ["T.name: generated, but not documented"]);

    let drift = |change: &dyn Fn(&mut Field)| after(&|fields| field(fields, change)).0;
    assert_eq!(
        drift(&|field| field.r#type = "integer".into()),
        ["T.project_id: type is documented as string, but generated as integer"]
    );
    assert_eq!(
        drift(&|field| field.nullable = false),
        ["T.project_id: nullable is documented as true, but generated as false"]
    );
    assert_eq!(
        drift(&|field| field.deprecated = false),
        ["T.project_id: deprecated is documented as true, but generated as false"]
    );
    assert_eq!(
        drift(&|field| field.required = true),
        ["T.project_id: required is documented as false, but generated as true"]
    );
    assert_eq!(
        drift(&|field| field.read_only = true),
        ["T.project_id: read-only is documented as false, but generated as true"]
    );
    assert_eq!(
        drift(&|field| field.values.push("A".into())),
        [r#"T.project_id: enum is documented as [], but generated as ["A"]"#]
    );
}
