//! From the document to the model: what the documentation says of each operation and type, and which Rust types
//! progenitor makes of them. `openapi` gives the document to progenitor, `progenitor` reads what it decides,
//! `operations` and `types` put the two together.

mod constructors;
mod openapi;
mod operations;
mod progenitor;
mod types;

use crate::diagnostic::Diagnostic;
use crate::model::{Api, Resource};
use crate::names;
use crate::source::document::{Document, Endpoint, prose};

/// Lowers the document.
///
/// # Errors
///
/// When progenitor cannot use the document, or decides what is not known here.
pub fn lower(document: &Document) -> Result<Api, Diagnostic> {
    let spec = openapi::openapi(document)?;
    let decisions = progenitor::decisions(&spec)?;
    let resources = document.tags.iter().map(|tag| {
        let endpoints = document.endpoints().filter(|endpoint| is_of(endpoint, &tag.name));
        let operations = endpoints.map(|endpoint| operations::operation(document, &decisions, &endpoint));
        Ok(Resource {
            name: names::resource(&tag.name),
            doc: prose(Some(&tag.description)),
            operations: operations.collect::<Result<_, Diagnostic>>()?,
        })
    });
    Ok(Api {
        resources: resources.collect::<Result<_, Diagnostic>>()?,
        types: types::types(document, &decisions.shapes)?,
        errors: operations::errors(document),
    })
}

fn is_of(endpoint: &Endpoint<'_>, tag: &str) -> bool {
    endpoint.operation.tags.iter().any(|given| given.value == tag)
}
