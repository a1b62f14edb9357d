//! A change, its class, and the version that follows from the classes. Knows no rule for which change has which class.

/// What a change means for programs that were written against the earlier state. The most consequential comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Code that makes requests may no longer compile: methods, arguments, setters, types that are sent. Or it compiles
    /// with its arguments in the wrong places, which is worse.
    BreaksCallers,
    /// Code that reads responses may no longer compile: fields, variants, types that are only received.
    BreaksReaders,
    /// Everything compiles, and something else happens: another request, another retry, another JSON form.
    Behaviour,
    /// Everything compiles and works as before, and there is more to use, or a warning.
    Additive,
    /// Only the documentation is different.
    Docs,
}

impl Class {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [Self::BreaksCallers, Self::BreaksReaders, Self::Behaviour, Self::Additive, Self::Docs];

    /// Its name, for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::BreaksCallers => "breaks-callers",
            Self::BreaksReaders => "breaks-readers",
            Self::Behaviour => "behaviour",
            Self::Additive => "additive",
            Self::Docs => "docs",
        }
    }

    /// Its name, for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::BreaksCallers => "Breaking for callers",
            Self::BreaksReaders => "Breaking for readers",
            Self::Behaviour => "Behaviour",
            Self::Additive => "Additive",
            Self::Docs => "Documentation",
        }
    }

    /// Whether programs may no longer compile.
    pub fn is_breaking(self) -> bool {
        matches!(self, Self::BreaksCallers | Self::BreaksReaders)
    }
}

/// A change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it means for dependents.
    pub class: Class,
    /// The item of the SDK, as Rust names it.
    pub item: String,
    /// What is different: the rest of a sentence that begins with the item, without a full stop.
    pub what: String,
    /// Why it has this class, where Rust decides what one would not expect. A sentence.
    pub reason: Option<&'static str>,
    /// What dependents do about it. A sentence.
    pub migration: Option<String>,
}

impl Change {
    /// A change without a reason and without anything to do.
    pub(super) fn new(class: Class, item: impl Into<String>, what: impl Into<String>) -> Self {
        Self { class, item: item.into(), what: what.into(), reason: None, migration: None }
    }

    pub(super) fn because(mut self, reason: &'static str) -> Self {
        self.reason = Some(reason);
        self
    }

    pub(super) fn migrate(mut self, migration: impl Into<String>) -> Self {
        self.migration = Some(migration.into());
        self
    }

    /// As one sentence.
    pub fn sentence(&self) -> String {
        format!("`{}` {}.", self.item, self.what)
    }
}

/// All changes between two states of the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The most consequential first; within a class, operations before types.
    pub list: Vec<Change>,
}

impl Changes {
    pub(super) fn add(&mut self, change: Change) {
        self.list.push(change);
    }

    pub(super) fn sort(&mut self) {
        self.list.sort_by_key(|change| change.class);
    }

    /// The most consequential class. `None` without changes.
    pub fn class(&self) -> Option<Class> {
        self.list.iter().map(|change| change.class).min()
    }

    /// What has to be raised of a version, by Cargo's rules: before 1.0, a breaking change raises the minor version, and
    /// before 0.1, everything raises the patch version.
    pub fn bump(&self, version: &str) -> Bump {
        let Some(class) = self.class() else { return Bump::None };
        match (parts(version), class) {
            (Some([0, 0, _]), _) => Bump::Patch,
            (Some([0, ..]), class) if class.is_breaking() => Bump::Minor,
            (Some([0, ..]), _) | (_, Class::Docs) => Bump::Patch,
            (_, class) if class.is_breaking() => Bump::Major,
            _ => Bump::Minor,
        }
    }
}

/// Which part of a version is raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bump {
    /// Nothing: there are no changes.
    None,
    /// The third number.
    Patch,
    /// The second number.
    Minor,
    /// The first number.
    Major,
}

impl Bump {
    /// Its name, for programs and for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    /// The next version. `None` if this one is not of the form `1.2.3`.
    pub fn apply(self, version: &str) -> Option<String> {
        let [major, minor, patch] = parts(version)?;
        let [major, minor, patch] = match self {
            Self::None => [major, minor, patch],
            Self::Patch => [major, minor, patch.checked_add(1)?],
            Self::Minor => [major, minor.checked_add(1)?, 0],
            Self::Major => [major.checked_add(1)?, 0, 0],
        };
        Some(format!("{major}.{minor}.{patch}"))
    }
}

/// The numbers of a version, without what follows them.
fn parts(version: &str) -> Option<[u64; 3]> {
    let numbers = version.split(['-', '+']).next()?;
    let numbers: Vec<u64> = numbers.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    numbers.try_into().ok()
}
