//! A draft before it is written: what our grammar can say, and the comments for their places. Knows neither document.

use crate::diagnostic::Place;
use crate::names;

/// Where a reference leads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    /// To a component of the draft.
    Own(String),
    /// To one of our folder.
    Ours { file: String, name: String },
}

impl Target {
    /// The name of the component.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Own(name) | Self::Ours { name, .. } => name,
        }
    }
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Type {
    /// A text, with its example.
    Text(String),
    Integer {
        unsigned: bool,
    },
    Number,
    Boolean,
    /// A boolean that is written as a text.
    Flag,
    Reference(Target),
    List(Box<Type>),
    /// An object with any keys, and values of this type.
    Map(Box<Type>),
    /// The one text that tells an alternative of a union from the others.
    Tag(String),
    /// Any JSON: items, the values of maps, and bodies.
    Any,
}

impl Type {
    /// Whether it is an amount of money, if a property of this name has it.
    pub(super) fn is_money(&self, property: &str) -> bool {
        matches!(self, Self::Integer { .. } | Self::Number) && names::is_money(property)
    }
}

/// What is said of a use of a schema.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    pub(super) nullable: bool,
    pub(super) deprecated: bool,
    pub(super) read_only: bool,
}

/// A component of the draft.
#[derive(Clone, Debug)]
pub(super) struct Component {
    pub(super) name: String,
    /// The name that it has as an alternative of a union, if it is another one.
    pub(super) title: Option<String>,
    pub(super) form: Form,
    pub(super) comments: Vec<String>,
    /// What it was made of.
    pub(super) place: Place,
}

#[derive(Clone, Debug)]
pub(super) enum Form {
    Object(Vec<Property>),
    Enum(Vec<String>),
    /// An id, with its example.
    Id(String),
    Time,
    /// The titles and types of the alternatives, which have different JSON types.
    Choice(Vec<(&'static str, Type)>),
    /// One of several objects, and the property that tells which, if there is one.
    Union {
        tag: Option<String>,
        alternatives: Vec<Alternative>,
    },
}

/// An alternative of a union of objects.
#[derive(Clone, Debug)]
pub(super) struct Alternative {
    pub(super) target: Target,
    /// The value of the property that tells which it is; empty if there is no such property.
    pub(super) value: String,
}

#[derive(Clone, Debug)]
pub(super) struct Property {
    pub(super) name: String,
    pub(super) ty: Type,
    pub(super) marks: Marks,
    pub(super) required: bool,
    pub(super) personal: bool,
    /// Whether a request has it.
    pub(super) sent: bool,
    pub(super) place: Place,
}

#[derive(Clone, Debug)]
pub(super) enum Parameter {
    /// A component of our folder: the reference to it.
    Ours(String),
    Own {
        name: String,
        location: String,
        required: bool,
        ty: Type,
        written: Written,
    },
}

/// How a parameter is written in a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// A value, or each item of a list.
    Plain,
    /// A list, with commas between its items.
    Commas,
    /// An object, with the names of its properties in brackets.
    Brackets,
}

/// What is in a body.
#[derive(Clone, Debug)]
pub(super) enum Body {
    /// An object, or one of several forms.
    Named(Target),
    /// What needs no name, with its media type: a text, or a string, a list, a map or anything in JSON.
    Plain(&'static str, Type),
    /// It has none.
    Nothing,
    /// What it has cannot be said.
    Dropped(String),
}

#[derive(Clone, Debug)]
pub(super) struct Paging {
    /// `offset` or `page`: by what the pages are requested.
    pub(super) by: &'static str,
    pub(super) parameter: String,
    pub(super) items: String,
    pub(super) key: String,
    pub(super) next: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Operation {
    pub(super) path: String,
    /// In lower case.
    pub(super) method: &'static str,
    pub(super) id: String,
    pub(super) tag: String,
    /// The URL of the page that documents it.
    pub(super) page: String,
    pub(super) paging: Option<Paging>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) request: Option<Body>,
    /// The statuses of success, and their bodies. If there are several, none has a body.
    pub(super) successes: Vec<(String, Body)>,
    /// The statuses of errors, with the common schema of errors if there is one.
    pub(super) errors: Vec<String>,
    pub(super) comments: Vec<String>,
}

/// A draft.
#[derive(Debug, Default)]
pub(super) struct Fragment {
    pub(super) title: String,
    /// Those that our folder does not have yet.
    pub(super) tags: Vec<String>,
    pub(super) operations: Vec<Operation>,
    pub(super) components: Vec<Component>,
}
