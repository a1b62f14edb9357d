//! What a change of the document means for those who depend on the SDK: every change with its class, the next version,
//! an entry for the changelog, and what dependents have to rewrite. Compares models; knows neither YAML nor tokens.
//!
//! `base` gets the earlier state. `change` is what a change is, `render` how it is shown. `written` has the words for
//! Rust, `states` the two models and what was renamed between them. `operations`, `parameters`, `types` and `fields`
//! compare.

mod base;
mod change;
mod fields;
mod operations;
mod parameters;
mod render;
mod states;
mod types;
mod written;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lower;
use crate::model::Api;
use crate::source;
use crate::source::folder::Folder;

pub use base::{base, default_base, version, version_of};
pub use change::{Bump, Change, Changes, Class};
use states::States;

/// All changes from an earlier state of the document to a later one.
///
/// # Errors
///
/// All findings in the state that does not pass. If it is the earlier one, one of them says so.
pub fn diff(old: &Folder, new: &Folder) -> Result<Changes, Diagnostics> {
    let new = model(new).map_err(|found| Diagnostics::new(new.texts.clone(), found))?;
    // Rules that were added since do not hold for the earlier state, as long as it can be lowered.
    let old = earlier(old).map_err(|mut found| {
        let message = "the earlier state does not pass, so that nothing can be compared with it";
        found.push(Diagnostic::whole("base", message, "choose another one with `--base`"));
        Diagnostics::new(old.texts.clone(), found)
    })?;
    let states = States::new(&old, &new);
    let mut changes = Changes::default();
    operations::compare(&states, &mut changes);
    types::compare(&states, &mut changes);
    changes.sort();
    Ok(changes)
}

fn earlier(folder: &Folder) -> Result<Api, Vec<Diagnostic>> {
    let mut found = Vec::new();
    match source::parse(folder, &mut found) {
        Some(source) if found.is_empty() => lower::lower(&source.document).or_else(|_| model(folder)),
        _ => Err(found),
    }
}

fn model(folder: &Folder) -> Result<Api, Vec<Diagnostic>> {
    let source = crate::lint::read(folder)?;
    crate::lower::lower(&source.document).map_err(|finding| vec![finding])
}
