//! From text to the document, twice: with places for the rules, and as `openapiv3` for the generator. Knows no rule but
//! that the text can be read.

use std::path::Path;

use openapiv3::{OpenAPI, ReferenceOr, Schema, SchemaKind, Type};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_saphyr::{Location, Spanned};

use crate::diagnostic::Diagnostic;
use crate::document::Document;

/// Reads the document file.
pub fn read(path: &Path) -> Result<String, Diagnostic> {
    std::fs::read_to_string(path).map_err(|error| {
        Diagnostic::whole(
            "file",
            format!("the OpenAPI document cannot be read: {error}"),
            "it is looked for from the workspace's folder; restore it from version control",
        )
    })
}

/// Parses the text into the grammar of the fragment.
pub fn document(text: &str) -> Result<Document, Diagnostic> {
    /// Read first, so that a document of another version is told its version and not its unknown keys.
    #[derive(Deserialize)]
    struct Version {
        openapi: Spanned<String>,
    }

    let version = parse::<Version>(text)?.openapi;
    if !version.value.starts_with("3.0.") {
        return Err(Diagnostic::new(
            "openapi-version",
            &version,
            format!("OpenAPI {} is not supported", version.value),
            "write the document in OpenAPI 3.0.3; progenitor reads no other version",
        ));
    }
    parse(text)
}

/// Parses the text for the generator. Everything that it would misread is made plain first.
pub fn for_generator(text: &str) -> Result<OpenAPI, Diagnostic> {
    let value: Value = parse(text)?;
    let mut spec: OpenAPI = serde_json::from_value(value).map_err(|error| {
        Diagnostic::whole(
            "openapi",
            format!("openapiv3 cannot read the document: {error}"),
            "the rules let something through that the library refuses: report it with the document",
        )
    })?;
    // An optional array becomes `Vec`, and an empty one is then left out of the request: "empty it" would read as "leave
    // it". Declared nullable it becomes `Option<Vec>`.
    let schemas = spec.components.iter_mut().flat_map(|components| components.schemas.values_mut());
    for schema in schemas {
        let ReferenceOr::Item(Schema { schema_kind: SchemaKind::Type(Type::Object(object)), .. }) = schema else {
            continue;
        };
        for (name, property) in &mut object.properties {
            if let ReferenceOr::Item(property) = property
                && matches!(property.schema_kind, SchemaKind::Type(Type::Array(_)))
                && !object.required.contains(name)
            {
                property.schema_data.nullable = true;
            }
        }
    }
    Ok(spec)
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Diagnostic> {
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let message = error.without_snippet().to_string();
        // The library ends its message with the place, which the diagnostic shows itself.
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        let (rule, help) = if message.starts_with("unknown field") {
            (
                "unknown-key",
                "openapi/README.md lists what a fragment may contain; other keys would be dropped without a word",
            )
        } else if message.starts_with("missing field") {
            ("missing-key", "add the key to the mapping that this place belongs to")
        } else if message.starts_with("duplicate mapping key") {
            return Diagnostic::new(
                "duplicate-key",
                error.location().unwrap_or(Location::UNKNOWN),
                message.split(", set").next().unwrap_or(message),
                "remove or rename one of the two",
            );
        } else {
            ("yaml", "mend the YAML at this place")
        };
        Diagnostic::new(rule, error.location().unwrap_or(Location::UNKNOWN), message, help)
    })
}
