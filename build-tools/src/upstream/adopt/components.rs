//! The components of a draft as they are made, each with a name that nothing else has. Knows nothing of what they are made
//! of.

use std::collections::BTreeMap;

use heck::ToPascalCase;

use super::model::{Component, Form, Target};
use super::naming::Types;
use super::notes::Notes;
use super::ours::Ours;
use crate::diagnostic::Place;

/// The components of a draft.
#[derive(Debug, Default)]
pub(super) struct Components {
    pub(super) all: Vec<Component>,
    /// Where they are, by their names.
    index: BTreeMap<String, usize>,
    types: Types,
}

impl Components {
    /// Adds a component by the first of the names that is free.
    pub(super) fn add(
        &mut self,
        names: &[String],
        form: Form,
        place: Place,
        ours: &Ours<'_>,
        notes: &mut Notes,
    ) -> Target {
        let name = self.types.take(names, |name| ours.has_type(name));
        if let Some(wanted) = names.first().filter(|wanted| wanted.to_pascal_case() != name) {
            notes.decide(format!("`{name}` is the vendor's `{wanted}`"), Some(place));
        }
        self.index.insert(name.clone(), self.all.len());
        self.all.push(Component { name: name.clone(), title: None, form, comments: Vec::new(), place });
        Target::Own(name)
    }

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut Component> {
        self.index.get(name).and_then(|index| self.all.get_mut(*index))
    }

    /// Whether a reference leads to what a body can be: an object, or one of several forms.
    pub(super) fn is_body(&self, target: &Target, ours: &Ours<'_>) -> bool {
        match target {
            Target::Own(name) => {
                let component = self.index.get(name).and_then(|index| self.all.get(*index));
                component.is_some_and(|component| !matches!(component.form, Form::Enum(_) | Form::Id(_) | Form::Time))
            }
            Target::Ours { .. } => !ours.properties(target).is_empty(),
        }
    }
}
