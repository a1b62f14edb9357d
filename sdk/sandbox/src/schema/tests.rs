//! How OpenAPI 3.0 schemas are understood, and how mismatches are reported.

use serde_json::{Value, json};

use super::{Checker, Components, Direction};

#[track_caller]
fn components(schemas: &Value) -> Components {
    Components::new(&json!({"schemas": schemas}), Direction::Request).unwrap()
}

#[track_caller]
fn request(schema: &Value) -> Checker {
    let schemas = json!({
        "Text": {"type": "string", "example": 5},
        "Colour": {"type": "string", "enum": ["RED"]},
        "Tree": {"type": "object", "properties": {"child": {"$ref": "#/components/schemas/Tree"}, "id": {"type": "string"}}},
        "Either": {"oneOf": [{"$ref": "#/components/schemas/Tree"}, {"$ref": "#/components/schemas/Text"}]},
    });
    components(&schemas).checker(schema).unwrap()
}

#[track_caller]
fn assert_valid(schema: &Value, values: &[Value]) {
    for value in values {
        assert_eq!(request(schema).check(value), Ok(()), "{value}");
        assert_eq!(request(schema).check_briefly(value), Ok(()), "{value}");
    }
}

#[track_caller]
fn assert_invalid(schema: &Value, values: &[Value]) {
    for value in values {
        assert!(request(schema).check(value).is_err(), "{value}");
        assert!(request(schema).check_briefly(value).is_err(), "{value}");
    }
}

#[test]
fn null_is_a_value_of_nullable_schemas_only() {
    let plain = [
        json!({"type": "string"}),
        json!({"type": "string", "enum": ["a"]}),
        json!({"allOf": [{"$ref": "#/components/schemas/Text"}]}),
        json!({"$ref": "#/components/schemas/Text"}),
    ];
    for schema in plain {
        assert_invalid(&schema, &[json!(null), json!(1)]);
    }
    let nullable = [
        json!({"type": "string", "nullable": true}),
        json!({"type": "string", "enum": ["a"], "nullable": true}),
        json!({"type": "string", "enum": ["a", null], "nullable": true}),
        json!({"enum": ["a"], "nullable": true}),
        json!({"allOf": [{"$ref": "#/components/schemas/Text"}], "nullable": true}),
        json!({"oneOf": [{"type": "string"}, {"type": "boolean"}], "nullable": true}),
    ];
    for schema in nullable {
        assert_valid(&schema, &[json!(null), json!("a")]);
        assert_invalid(&schema, &[json!(1)]);
    }
}

#[test]
fn references_are_followed_even_in_circles() {
    let tree = json!({"$ref": "#/components/schemas/Tree"});
    assert_valid(&tree, &[json!({"child": {"child": {"id": "x"}}})]);
    assert_invalid(&tree, &[json!({"child": {"child": {"id": 5}}})]);
    assert_invalid(&json!({"type": "array", "items": {"$ref": "#/components/schemas/Colour"}}), &[json!(["BLUE"])]);
}

#[test]
fn a_value_may_be_one_of_several_forms() {
    let either = json!({"$ref": "#/components/schemas/Either"});
    assert_valid(&either, &[json!("a"), json!({"id": "a"})]);
    assert_invalid(&either, &[json!(null), json!(1), json!({"id": 1})]);
}

#[test]
fn a_read_only_property_is_ignored_in_a_request_and_checked_in_a_response() {
    let schema = json!({
        "type": "object",
        "required": ["count"],
        "properties": {"count": {"type": "integer", "readOnly": true}, "name": {"type": "string"}},
    });
    assert_valid(&schema, &[json!({}), json!({"count": "many"})]);
    assert_invalid(&schema, &[json!({"name": 5})]);
    let response = Components::new(&Value::Null, Direction::Response).unwrap().checker(&schema).unwrap();
    assert!(response.check(&json!({})).is_err());
    assert!(response.check(&json!({"count": "many"})).is_err());
}

#[test]
fn a_property_may_have_the_name_of_a_keyword() {
    let schema = json!({"type": "object", "properties": {
        "example": {"type": "string"},
        "nullable": {"type": "string"},
        "properties": {"type": "object", "additionalProperties": {"type": "string", "nullable": true}},
        "items": {"type": "array", "items": {"type": "string", "nullable": true}},
    }});
    assert_valid(&schema, &[json!({"example": "a", "properties": {"x": null}, "items": [null]})]);
    assert_invalid(&schema, &[json!({"example": 1}), json!({"nullable": 1}), json!({"properties": {"x": 1}})]);
}

#[test]
fn a_request_is_what_exactly_one_constructor_makes_at_every_depth() {
    let owner = json!({"type": "object", "x-constructors": [{"takes": ["a"]}, {"takes": ["b"]}, {"takes": ["c"]}]});
    assert_valid(&owner, &[json!({"a": 1}), json!({"c": 1, "d": 1})]);
    assert_invalid(&owner, &[json!({}), json!({"a": 1, "b": 1}), json!({"a": 1, "b": 1, "c": 1})]);
    let outer = request(&json!({"type": "object", "properties": {"owner": owner}}));
    let detail = json!({"owner": ["Exactly one of these fields is required: a, b, c."]});
    assert_eq!(outer.check(&json!({"owner": {}})), Err(detail));
}

#[test]
fn what_a_constructor_takes_is_needed_with_the_values_that_it_sets() {
    let action = request(&json!({"type": "object", "x-constructors": [
        {"sets": {"do": "keep"}},
        {"sets": {"do": "move"}, "takes": ["to", "why"]},
    ]}));
    for valid in [json!({"do": "keep"}), json!({"do": "move", "to": 1, "why": 2}), json!({"do": "turn"}), json!({})] {
        assert_eq!(action.check(&valid), Ok(()), "{valid}");
    }
    let problem = action.check(&json!({"do": "move", "to": 1})).unwrap_err();
    assert_eq!(problem, json!("These fields are required: to with why."));
}

#[test]
fn messages_are_by_field_and_have_the_place_inside_it() {
    let checker = request(&json!({
        "type": "object",
        "required": ["a", "b"],
        "properties": {"b": {"type": "array", "items": {"type": "object", "required": ["c"]}}},
    }));
    let detail = json!({"a": ["This field is required."], "b": ["1/c: This field is required."]});
    assert_eq!(checker.check(&json!({"b": [{"c": 1}, {}]})), Err(detail));
    assert_eq!(checker.check(&json!(5)), Err(json!("The value is not of type \"object\"")));
}

#[test]
fn an_invalid_schema_is_an_error() {
    for schema in
        [json!({"type": "text"}), json!({"x-constructors": "a"}), json!({"$ref": "#/components/schemas/Nothing"})]
    {
        assert!(components(&json!({})).checker(&schema).is_err(), "{schema}");
    }
}
