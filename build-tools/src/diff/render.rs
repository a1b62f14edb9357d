//! How changes are shown: for people, for programs, and as an entry for the changelog. Must not know how they are found.

use serde_json::{Value, json};

use super::change::{Bump, Change, Changes, Class};

/// The longest line.
const WIDTH: usize = 110;

impl Changes {
    /// For people: by class, the most consequential first; the verdict; the entry for the changelog. `version` is that of
    /// the earlier state.
    pub fn render(&self, version: &str) -> String {
        if self.list.is_empty() {
            return "No change that dependents can notice.\n".to_owned();
        }
        let classes = Class::ALL.into_iter().map(|class| (class, self.of(class))).filter(|(_, list)| !list.is_empty());
        let sections = classes.map(|(class, list)| {
            let lines: String = list.into_iter().map(shown).collect();
            format!("{} ({})\n{lines}\n", class.title(), lines_of(class))
        });
        let sections: String = sections.collect();
        format!("{sections}{}\n\nFor CHANGELOG.md:\n\n{}", self.verdict(version), self.changelog())
    }

    fn of(&self, class: Class) -> Vec<&Change> {
        self.list.iter().filter(|change| change.class == class).collect()
    }

    /// One sentence: how many changes of each class, and the next version.
    fn verdict(&self, version: &str) -> String {
        let classes = Class::ALL.into_iter().map(|class| (self.of(class).len(), class)).filter(|(count, _)| *count > 0);
        let counts: Vec<_> = classes.map(|(count, class)| format!("{count} {}", class.name())).collect();
        let bump = self.bump(version);
        let next = bump.apply(version).map_or_else(
            || format!("a {} release; `{version}` is not of the form 1.2.3", bump.name()),
            |next| format!("{version} -> {next}, a {} release", bump.name()),
        );
        let rule = match self.class() {
            Some(class) if class.is_breaking() && bump == Bump::Minor => {
                ". Before 1.0, the minor version says that programs may no longer compile"
            }
            _ => "",
        };
        wrap(&format!("Verdict: {}. {next}{rule}.", counts.join(", ")), "", "")
    }

    /// An entry for the changelog, to be edited: a line for each change but those of the documentation, which have one
    /// together, and what dependents have to rewrite.
    pub fn changelog(&self) -> String {
        let mut out = String::from("### `prolific-sdk`\n\n");
        for change in self.list.iter().filter(|change| change.class != Class::Docs) {
            let mark = if change.class.is_breaking() { "**Breaking:** " } else { "" };
            out += &(wrap(&format!("- {mark}{}", change.sentence()), "", "  ") + "\n");
            if let Some(migration) = &change.migration {
                out += &(wrap(&format!("Migration: {migration}"), "  ", "  ") + "\n");
            }
        }
        let mut items: Vec<_> = self.of(Class::Docs).iter().map(|change| format!("`{}`", change.item)).collect();
        items.dedup();
        if !items.is_empty() {
            out += &(wrap(&format!("- Documentation: {}.", items.join(", ")), "", "  ") + "\n");
        }
        out
    }

    /// For programs. `version` is that of the earlier state.
    pub fn to_json(&self, version: &str) -> Value {
        let changes = self.list.iter().map(|change| {
            json!({
                "class": change.class.name(),
                "item": change.item,
                "change": change.sentence(),
                "reason": change.reason,
                "migration": change.migration,
            })
        });
        let bump = self.bump(version);
        json!({
            "class": self.class().map(Class::name),
            "breaking": self.class().is_some_and(Class::is_breaking),
            "bump": bump.name(),
            "version": version,
            "next_version": bump.apply(version),
            "changes": changes.collect::<Vec<_>>(),
            "changelog": if self.list.is_empty() { String::new() } else { self.changelog() },
        })
    }
}

/// What the class says of programs.
fn lines_of(class: Class) -> &'static str {
    match class {
        Class::BreaksCallers => "code that makes requests may no longer compile",
        Class::BreaksReaders => "code that reads responses may no longer compile",
        Class::Behaviour => "compiles, and does something else",
        Class::Additive => "compiles, and works as before; a deprecation warns",
        Class::Docs => "nothing else changes",
    }
}

fn shown(change: &Change) -> String {
    let mut out = wrap(&change.sentence(), "  ", "    ") + "\n";
    for line in change.reason.into_iter().chain(change.migration.as_deref()) {
        out += &(wrap(line, "      ", "      ") + "\n");
    }
    out
}

fn wrap(text: &str, first: &str, rest: &str) -> String {
    let options = textwrap::Options::new(WIDTH)
        .initial_indent(first)
        .subsequent_indent(rest)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    // Code stays in one line.
    let parts = text.split('`').enumerate();
    let parts = parts.map(|(at, part)| if at % 2 == 1 { part.replace(' ', "\u{a0}") } else { part.to_owned() });
    textwrap::fill(&parts.collect::<Vec<_>>().join("`"), options).replace('\u{a0}', " ")
}
