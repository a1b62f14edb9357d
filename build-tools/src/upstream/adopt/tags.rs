//! The alternatives of unions, once all components are made: the property that tells them apart has its one value in place,
//! and they are named after it. Knows neither document.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Alternative, Component, Form, Marks, Type};
use crate::names::{self, Use};

/// Settles the alternatives of all unions.
pub(super) fn settle(components: &mut [Component]) {
    let index: BTreeMap<String, usize> =
        components.iter().enumerate().map(|(at, component)| (component.name.clone(), at)).collect();
    let mut found = Vec::new();
    for component in components.iter() {
        let Form::Union { tag: Some(tag), alternatives } = &component.form else { continue };
        let titles = titles(alternatives);
        for (alternative, title) in alternatives.iter().zip(titles) {
            let at = index.get(alternative.target.name()).copied();
            found.extend(at.map(|at| (at, tag.clone(), alternative.value.clone(), title)));
        }
    }
    for (at, tag, value, title) in found {
        let component = &mut components[at];
        if let Form::Object(properties) = &mut component.form
            && let Some(property) = properties.iter_mut().find(|property| property.name == tag)
        {
            (property.ty, property.marks) = (Type::Tag(value), Marks::default());
            let title = title.filter(|title| *title != component.name);
            component.title = component.title.take().or(title);
        }
    }
}

/// The names of the alternatives by their values; `None` where the name of the type has to do.
fn titles(alternatives: &[Alternative]) -> Vec<Option<String>> {
    let mut seen = BTreeSet::new();
    let title = |alternative: &Alternative| {
        let name = names::variant(&alternative.value);
        let is_free = names::is_pascal_case(&name) && !names::is_taken(&name, Use::Variant);
        (is_free && seen.insert(name.clone())).then_some(name)
    };
    alternatives.iter().map(title).collect()
}
