//! Validates values against OpenAPI 3.0 schemas, by way of JSON Schema, and explains mismatches. Knows neither
//! operations nor HTTP.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, Keyword, Registry, RegistryBuilder, ValidationError, Validator};
use serde_json::{Map, Value, json};

/// The schema extension that lists which optional properties go together.
const CONSTRUCTORS: &str = "x-constructors";

/// Whether a value is in a request or in a response: a client cannot set read-only properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    Request,
    Response,
}

/// OpenAPI 3.0 follows this draft: siblings of `$ref` are ignored, and `exclusiveMinimum` is a boolean.
const DRAFT: Draft = Draft::Draft4;

/// What the schemas of a document are called when another schema refers to them.
const DOCUMENT: &str = "urn:document";

/// The schemas of a document that references point to. They are converted once, however many schemas refer to them.
#[derive(Debug)]
pub(crate) struct Components {
    registry: Registry<'static>,
    direction: Direction,
}

impl Components {
    pub(crate) fn new(components: &Value, direction: Direction) -> Result<Self, String> {
        let schemas = convert_each(&components["schemas"], direction);
        let registry = Registry::new().draft(DRAFT).add(DOCUMENT, json!({"components": {"schemas": schemas}}));
        let registry = registry.and_then(RegistryBuilder::prepare).map_err(|error| error.to_string())?;
        Ok(Self { registry, direction })
    }

    /// What checks values against a schema of the same document.
    pub(crate) fn checker(&self, schema: &Value) -> Result<Checker, String> {
        let options = jsonschema::options().with_draft(DRAFT).with_keyword(CONSTRUCTORS, constructors);
        let options = options.with_registry(&self.registry);
        options.build(&convert(schema, self.direction)).map(Checker).map_err(|error| error.to_string())
    }
}

/// Checks values against one schema.
#[derive(Debug)]
pub(crate) struct Checker(Validator);

impl Checker {
    /// Reports every mismatch, in the form of an error's `detail`: messages by field, or a text if no field is wrong.
    pub(crate) fn check(&self, value: &Value) -> Result<(), Value> {
        explain(self.0.iter_errors(value))
    }

    /// Like [`check`](Self::check), but stops at the first mismatch, as a large value may have millions.
    pub(crate) fn check_briefly(&self, value: &Value) -> Result<(), Value> {
        explain(self.0.validate(value).err().into_iter())
    }
}

fn explain<'a>(errors: impl Iterator<Item = ValidationError<'a>>) -> Result<(), Value> {
    let (mut by_field, mut general) = (Map::<String, Value>::new(), Vec::new());
    for error in errors {
        let mut path: Vec<_> = error.instance_path().segments().map(|segment| segment.to_string()).collect();
        let mut message = match error.kind() {
            ValidationErrorKind::Required { property: Value::String(name) } => {
                path.push(name.clone());
                "This field is required.".to_owned()
            }
            _ => error.masked_with("The value").to_string(),
        };
        let Some((field, inner)) = path.split_first() else {
            general.push(message);
            continue;
        };
        if !inner.is_empty() {
            message = format!("{}: {message}", inner.join("/"));
        }
        if let Value::Array(messages) = by_field.entry(field).or_insert_with(|| json!([])) {
            messages.push(message.into());
        }
    }
    match (by_field.is_empty(), general.is_empty()) {
        (false, _) => Err(by_field.into()),
        (true, false) => Err(general.join(" ").into()),
        (true, true) => Ok(()),
    }
}

fn convert(schema: &Value, direction: Direction) -> Value {
    let Some(source) = schema.as_object() else {
        // `additionalProperties` may be a boolean.
        return schema.clone();
    };
    let mut target = Map::new();
    for (keyword, value) in source {
        let value = match keyword.as_str() {
            "example" | "nullable" | "readOnly" => continue,
            "$ref" => value.as_str().map(|reference| format!("{DOCUMENT}{reference}")).into(),
            "properties" => convert_each(value, direction),
            "items" | "not" | "additionalProperties" => convert(value, direction),
            "allOf" | "anyOf" | "oneOf" => {
                value.as_array().into_iter().flatten().map(|part| convert(part, direction)).collect()
            }
            _ => value.clone(),
        };
        target.insert(keyword.clone(), value);
    }
    if direction == Direction::Request {
        ignore_read_only(&schema["properties"], &mut target);
        // A larger one would be kept as a fraction, and come back as one.
        if source.get("type").is_some_and(|kind| kind == "integer") {
            target.entry("maximum").or_insert_with(|| u64::MAX.into());
        }
    }
    if source.get("nullable") == Some(&Value::Bool(true)) { nullable(target) } else { target.into() }
}

fn convert_each(schemas: &Value, direction: Direction) -> Value {
    let schemas = schemas.as_object().into_iter().flatten();
    schemas.map(|(name, schema)| (name.clone(), convert(schema, direction))).collect::<Map<_, _>>().into()
}

fn ignore_read_only(properties: &Value, target: &mut Map<String, Value>) {
    let properties = properties.as_object().into_iter().flatten();
    for (name, _) in properties.filter(|(_, property)| property["readOnly"] == true) {
        if let Some(Value::Object(converted)) = target.get_mut("properties") {
            converted.insert(name.clone(), json!({}));
        }
        if let Some(Value::Array(required)) = target.get_mut("required") {
            required.retain(|required| required != name);
        }
    }
    // The draft does not allow an empty list.
    if target.get("required") == Some(&json!([])) {
        target.remove("required");
    }
}

fn nullable(mut schema: Map<String, Value>) -> Value {
    // The common case is separate because its messages are better than those of `anyOf`.
    let Some(kind) = schema.remove("type") else {
        return json!({"anyOf": [{"type": "null"}, schema]});
    };
    schema.insert("type".to_owned(), json!([kind, "null"]));
    if let Some(Value::Array(values)) = schema.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    schema.into()
}

/// What a request needs: the properties of exactly one of these, out of those that fit the values that it has.
struct Constructors(Vec<Constructor>);

struct Constructor {
    takes: Vec<String>,
    sets: Map<String, Value>,
}

impl Constructors {
    /// What is wrong with an object, if something is.
    fn problem(&self, object: &Map<String, Value>) -> Option<String> {
        let fits = |made: &&Constructor| made.sets.iter().all(|(name, value)| object.get(name) == Some(value));
        let is_made = |made: &&Constructor| made.takes.iter().all(|name| object.contains_key(name));
        // What a single one takes is what a request needs in order to mean something, which is no rule of the service.
        let fitting: Vec<_> = self.0.iter().filter(fits).filter(|_| self.0.len() > 1).collect();
        if fitting.is_empty() || fitting.iter().copied().filter(is_made).count() == 1 {
            return None;
        }
        let needed: Vec<_> = fitting.iter().map(|made| made.takes.join(" with ")).collect();
        let of =
            if needed.len() == 1 { "These fields are required" } else { "Exactly one of these fields is required" };
        Some(format!("{of}: {}.", needed.join(", ")))
    }
}

impl<'i> Keyword<'i> for Constructors {
    fn validate(&self, instance: &'i Value) -> Result<(), ValidationError<'i>> {
        let problem = instance.as_object().and_then(|object| self.problem(object));
        problem.map_or(Ok(()), |problem| Err(ValidationError::custom(problem)))
    }

    fn is_valid(&self, instance: &'i Value) -> bool {
        Keyword::validate(self, instance).is_ok()
    }
}

fn constructors<'a>(
    _: &'a Map<String, Value>,
    given: &'a Value,
    _: jsonschema::paths::Location,
) -> Result<Box<dyn for<'i> Keyword<'i>>, ValidationError<'a>> {
    let given = given.as_array().ok_or_else(|| ValidationError::custom(format!("{CONSTRUCTORS} is not a list")))?;
    let constructor = |entry: &Value| {
        let takes = entry["takes"].as_array().into_iter().flatten();
        Constructor {
            takes: takes.filter_map(|name| name.as_str().map(str::to_owned)).collect(),
            sets: entry["sets"].as_object().cloned().unwrap_or_default(),
        }
    };
    Ok(Box::new(Constructors(given.iter().map(constructor).collect())))
}

#[cfg(test)]
mod tests;
