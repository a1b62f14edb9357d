//! From text to the document, twice: with places for the rules, and as `openapiv3` for the generator. Knows no rule but
//! that the text can be read.

use std::path::Path;

use openapiv3::{ObjectType, OpenAPI, ReferenceOr, Schema, SchemaKind, Type, VariantOrUnknownOrEmpty};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_saphyr::{Location, Spanned};

use crate::diagnostic::Diagnostic;
use crate::document::{Document, NOTHING};

/// Reads the document file.
pub fn read(path: &Path) -> Result<String, Diagnostic> {
    std::fs::read_to_string(path).map_err(|error| {
        Diagnostic::whole(
            "file",
            format!("the OpenAPI document cannot be read: {error}"),
            match error.kind() {
                std::io::ErrorKind::InvalidData => "save it as UTF-8",
                _ => "it is looked for from the workspace's folder; restore it from version control",
            },
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
    if !["3.0.0", "3.0.1", "3.0.2", "3.0.3", "3.0.4"].contains(&version.value.as_str()) {
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
pub fn for_generator(text: &str, document: &Document) -> Result<OpenAPI, Diagnostic> {
    let value: Value = parse(text)?;
    let mut spec: OpenAPI = serde_json::from_value(value).map_err(|error| {
        Diagnostic::whole(
            "openapi",
            format!("openapiv3 cannot read the document: {error}"),
            "the rules let something through that the library refuses: report it with the document",
        )
    })?;
    if let Some(components) = &mut spec.components {
        components.schemas.shift_remove(NOTHING);
    }
    let (sent, received) = (document.sent(), document.received());
    for (name, schema) in spec.components.iter_mut().flat_map(|components| &mut components.schemas) {
        match schema {
            ReferenceOr::Item(Schema { schema_kind: SchemaKind::Type(Type::Object(object)), .. }) => {
                make_optional(object, received.contains(name.as_str()) && !sent.contains(name.as_str()));
            }
            // It would become a type of `chrono`, and one that cannot be read would lose the whole answer.
            ReferenceOr::Item(Schema { schema_kind: SchemaKind::Type(Type::String(text)), .. }) => {
                text.format = VariantOrUnknownOrEmpty::Empty;
            }
            _ => {}
        }
    }
    Ok(spec)
}

/// Puts nullable references into the form that progenitor knows, and declares properties nullable that become `Option`.
///
/// In an answer this is every property, whatever is documented: the service may leave out what it always sent, and the
/// rest of the answer shall not be lost for it. In a request it is optional arrays, which would become `Vec`: an empty one
/// is left out of the request then, and "empty it" would read as "leave it".
fn make_optional(object: &mut ObjectType, answered: bool) {
    if answered {
        object.required.clear();
    }
    for (name, property) in &mut object.properties {
        if let ReferenceOr::Item(property) = property {
            // The rules know one `anyOf`, that of a reference and nothing.
            if let SchemaKind::AnyOf { any_of } = &mut property.schema_kind {
                property.schema_kind = SchemaKind::AllOf { all_of: any_of.drain(..1).collect() };
                property.schema_data.nullable = true;
            }
            let is_array = matches!(property.schema_kind, SchemaKind::Type(Type::Array(_)));
            property.schema_data.nullable |= answered || (is_array && !object.required.contains(name));
        }
    }
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
