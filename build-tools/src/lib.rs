//! Generates the SDK from the OpenAPI document: text in, files out. The steps are the modules, in this order: `load`,
//! `rules`, `client`, `passes`, `operations`, `render`, `output`. Depends on no other crate of the workspace, so that it
//! runs while they do not compile.

use std::path::{Path, PathBuf};

mod client;
mod contract;
pub mod diagnostic;
mod document;
mod load;
mod operations;
pub mod output;
mod passes;
pub mod render;
mod rules;

use diagnostic::{Diagnostic, Diagnostics};
use output::Tree;

/// Where the document is, from the root of the workspace.
pub const DOCUMENT: &str = "openapi/prolific.yaml";

/// Generates everything that is derived from the document of the workspace at `root`.
///
/// # Errors
///
/// All defects of the document that the failing step has found.
pub fn generate(root: &Path) -> Result<Tree, Diagnostics> {
    let text = load::read(&root.join(DOCUMENT))
        .map_err(|diagnostic| Diagnostics::new(Path::new(DOCUMENT), "", vec![diagnostic]))?;
    let generated = PathBuf::from("sdk/src/generated");
    let mut tree = Tree::default();
    let Generated { module, contract } = module(Path::new(DOCUMENT), &text)?;
    tree.files.extend(module.into_iter().map(|(path, text)| (generated.join(path), text)));
    tree.files.insert("tests/contract/generated.rs".into(), contract);
    tree.files.insert("sdk/sandbox/openapi.yaml".into(), output::copy(Path::new(DOCUMENT), &text));
    tree.owned.push(generated);
    Ok(tree)
}

/// What is generated from a document.
#[derive(Debug)]
pub struct Generated {
    /// The module of the client.
    pub module: render::Files,
    /// The test of each operation.
    pub contract: String,
}

/// Generates from a document's text. `path` is how the document is called in diagnostics.
///
/// # Errors
///
/// All defects of the document that the failing step has found.
pub fn module(path: &Path, text: &str) -> Result<Generated, Diagnostics> {
    let one = |diagnostic: Diagnostic| vec![diagnostic];
    let steps = || -> Result<Generated, Vec<Diagnostic>> {
        let document = load::document(text).map_err(one)?;
        let defects = rules::check(&document);
        if !defects.is_empty() {
            return Err(defects);
        }
        let spec = load::for_generator(text, &document).map_err(one)?;
        let client::Output { types, methods } = client::generate(&spec).map_err(one)?;
        let types = passes::types::shape(&document, types).map_err(|mismatch| one(mismatch.into()))?;
        let calls = passes::builders::shape(&document, &types, &methods).map_err(|mismatch| one(mismatch.into()))?;
        Ok(Generated {
            module: render::module(path, &document, &types, &calls).map_err(one)?,
            contract: render::contract(path, &document, &calls).map_err(one)?,
        })
    };
    steps().map_err(|list| Diagnostics::new(path, text, list))
}
