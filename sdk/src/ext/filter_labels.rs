//! Filters by their names, and choices by their labels: the service takes ids and keys, and people know the texts. That
//! the one is found by the other, no description of the API says. Sends nothing.

use std::fmt;

use crate::generated::types::{Filter, FilterDefinition, FilterDefinitionList, FilterId};

/// How many names an error suggests at most.
const MOST_SUGGESTIONS: usize = 5;
/// With no more choices than this, an error lists all of them.
const FEW_CHOICES: usize = 8;

/// Why [`FilterDefinitionList::select`] or [`FilterDefinitionList::find`] found nothing.
///
/// ```
/// use prolific_sdk::FilterLookupError;
///
/// fn suggestions(error: &FilterLookupError) -> &[String] {
///     match error {
///         FilterLookupError::UnknownFilter { similar, .. } | FilterLookupError::UnknownLabel { similar, .. } => similar,
///         _ => &[],
///     }
/// }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum FilterLookupError {
    /// No filter has this id or title.
    UnknownFilter {
        /// What was looked for.
        name: String,
        /// Similar ids and titles, the most similar first.
        similar: Vec<String>,
    },
    /// Several filters have this title. Use the id.
    AmbiguousFilter {
        /// What was looked for.
        name: String,
        /// The ids of the filters.
        ids: Vec<FilterId>,
    },
    /// The filter has no choices. It takes a range of values, or ids: see [`Filter::range`] and [`Filter::select`].
    NoChoices {
        /// The id of the filter.
        filter: FilterId,
    },
    /// No label was given. What a filter without values means is not documented.
    NoLabels {
        /// The id of the filter.
        filter: FilterId,
    },
    /// No choice of the filter has this label.
    UnknownLabel {
        /// The id of the filter.
        filter: FilterId,
        /// What was looked for.
        label: String,
        /// Similar labels, the most similar first. All labels, if none is similar and there are few.
        similar: Vec<String>,
    },
    /// Several choices of the filter have this label. Use [`Filter::select`] with a key.
    AmbiguousLabel {
        /// The id of the filter.
        filter: FilterId,
        /// What was looked for.
        label: String,
        /// The keys of the choices.
        keys: Vec<String>,
    },
}

impl fmt::Display for FilterLookupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownFilter { name, similar } => {
                write!(f, "no filter has the id or title {name:?}")?;
                suggest(f, similar)
            }
            Self::AmbiguousFilter { name, ids } => {
                write!(f, "several filters have the title {name:?}; use one of their ids: ")?;
                join(f, ids, ", ")
            }
            Self::NoChoices { filter } => {
                write!(f, "the filter {filter} has no choices: it takes a range of values, or ids")
            }
            Self::NoLabels { filter } => write!(f, "no label was given for the filter {filter}"),
            Self::UnknownLabel { filter, label, similar } => {
                write!(f, "the filter {filter} has no choice {label:?}")?;
                suggest(f, similar)
            }
            Self::AmbiguousLabel { filter, label, keys } => {
                write!(f, "several choices of the filter {filter} have the label {label:?}; use one of their keys: ")?;
                join(f, keys, ", ")
            }
        }
    }
}

impl std::error::Error for FilterLookupError {}

fn suggest(f: &mut fmt::Formatter<'_>, similar: &[String]) -> fmt::Result {
    if similar.is_empty() {
        return Ok(());
    }
    f.write_str("; did you mean ")?;
    join(f, similar.iter().map(|name| format!("{name:?}")), " or ")?;
    f.write_str("?")
}

fn join(
    f: &mut fmt::Formatter<'_>,
    names: impl IntoIterator<Item = impl fmt::Display>,
    separator: &str,
) -> fmt::Result {
    for (number, name) in names.into_iter().enumerate() {
        write!(f, "{}{name}", if number == 0 { "" } else { separator })?;
    }
    Ok(())
}

/// # Filters by name
impl FilterDefinitionList {
    /// Makes a filter from the labels that people see, for a filter with choices. `filter` is its id or its title, and
    /// each label is the text of a choice. Case and surrounding blanks do not matter.
    ///
    /// Nothing is sent: read the list once, and keep it for all filters.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let sandbox = prolific_sandbox::Sandbox::start().await?;
    /// # let client = prolific_sdk::Client::builder().base_url(sandbox.url()).token(sandbox.token()).build()?;
    /// use prolific_sdk::types::Filter;
    ///
    /// let filters = client.filters().list().send().await?;
    /// let coffee = filters.select("Coffee per day", ["one or two", "three or more"])?;
    /// assert_eq!(coffee, Filter::select("coffee-per-day", ["1", "2"]));
    ///
    /// let error = filters.select("coffee-per-day", ["one or tow"]).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     r#"the filter coffee-per-day has no choice "one or tow"; did you mean "One or two"?"#,
    /// );
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If there is no such filter or choice, or more than one. [`FilterLookupError`] has what is similar.
    pub fn select(
        &self,
        filter: &str,
        labels: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> Result<Filter, FilterLookupError> {
        let (id, definition) = self.named(filter)?;
        let choices = definition.choices.as_ref().filter(|choices| !choices.is_empty());
        let choices = choices.ok_or_else(|| FilterLookupError::NoChoices { filter: id.clone() })?;
        let choices: Vec<_> = choices.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
        let mut keys: Vec<&str> = Vec::new();
        for label in labels {
            let key = key_of(id, &choices, label.as_ref())?;
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        if keys.is_empty() {
            return Err(FilterLookupError::NoLabels { filter: id.clone() });
        }
        Ok(Filter::select(id, keys))
    }

    /// Finds a filter by its id or its title. Case and surrounding blanks do not matter.
    ///
    /// # Errors
    ///
    /// If there is no such filter, or if several have the title. [`FilterLookupError`] has what is similar.
    pub fn find(&self, filter: &str) -> Result<&FilterDefinition, FilterLookupError> {
        self.named(filter).map(|(_, definition)| definition)
    }

    fn named(&self, name: &str) -> Result<(&FilterId, &FilterDefinition), FilterLookupError> {
        let filters = || {
            let all = self.results.iter().flatten();
            all.filter_map(|filter| Some((filter.filter_id.as_ref()?, filter)))
        };
        let exact = filters().find(|(id, _)| id.as_str() == name);
        let wanted = folded(name);
        if let Some(found) = exact.or_else(|| filters().find(|(id, _)| folded(id.as_str()) == wanted)) {
            return Ok(found);
        }
        let with_title: Vec<_> = filters()
            .filter(|(_, filter)| filter.title.as_deref().is_some_and(|title| folded(title) == wanted))
            .collect();
        match with_title[..] {
            [found] => Ok(found),
            [] => {
                let ids = filters().map(|(id, _)| id.as_str());
                let titles = filters().filter_map(|(_, filter)| filter.title.as_deref());
                let similar = similar(name, ids.chain(titles));
                Err(FilterLookupError::UnknownFilter { name: name.to_owned(), similar })
            }
            _ => Err(FilterLookupError::AmbiguousFilter {
                name: name.to_owned(),
                ids: with_title.iter().map(|(id, _)| FilterId::clone(id)).collect(),
            }),
        }
    }
}

/// The key of the choice with this label. One that is the same to the letter goes before those that differ in case.
fn key_of<'a>(filter: &FilterId, choices: &[(&'a str, &'a str)], label: &str) -> Result<&'a str, FilterLookupError> {
    let wanted = folded(label);
    let exact: Vec<_> = choices.iter().filter(|(_, text)| *text == label).map(|(key, _)| *key).collect();
    let folded: Vec<_> = choices.iter().filter(|(_, text)| folded(text) == wanted).map(|(key, _)| *key).collect();
    match (&exact[..], &folded[..]) {
        ([key], _) | ([], [key]) => Ok(key),
        (_, []) => {
            let mut similar = similar(label, choices.iter().map(|(_, text)| *text));
            if similar.is_empty() && choices.len() <= FEW_CHOICES {
                similar = choices.iter().map(|(_, text)| (*text).to_owned()).collect();
            }
            Err(FilterLookupError::UnknownLabel { filter: filter.clone(), label: label.to_owned(), similar })
        }
        (_, keys) => Err(FilterLookupError::AmbiguousLabel {
            filter: filter.clone(),
            label: label.to_owned(),
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
        }),
    }
}

/// The text in lower case, with single blanks.
fn folded(text: &str) -> String {
    text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// The names that are meant if this one is misspelt, or is a part of theirs. The most similar first, each once.
fn similar<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let wanted = folded(name);
    // A typing error or two; in a long name, more.
    let most = (wanted.chars().count() / 3).clamp(1, 4);
    let mut found: Vec<(usize, &str)> = names
        .filter_map(|other| {
            let text = folded(other);
            let changes = distance(&wanted, &text);
            let is_part = wanted.chars().count() >= 3 && text.contains(&wanted);
            (changes <= most || is_part).then_some((changes, other))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().take(MOST_SUGGESTIONS).map(|(_, name)| name.to_owned()).collect()
}

/// How many letters are inserted, removed or replaced to make one text the other (Levenshtein).
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, letter) in one.chars().enumerate() {
        let mut diagonal = above;
        row[0] = above + 1;
        for (at, there) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *there);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(row[at] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filters() -> FilterDefinitionList {
        serde_json::from_value(serde_json::json!({"results": [
            {"filter_id": "handedness", "title": "Handedness", "choices": {
                "0": "Left handed", "1": "Right handed", "2": "Ambidextrous",
            }},
            {"filter_id": "first-language", "title": "First language", "choices": {
                "0": "English", "1": "Welsh", "2": "welsh", "3": "Other", "4": "other", "5": "OTHER", "6": "Other",
            }},
            {"filter_id": "age", "title": "Age", "type": "range", "min": 18},
            {"filter_id": "custom_allowlist", "title": "Custom list", "choices": {}},
            {"filter_id": "custom_blocklist", "title": "Custom list"},
            {"title": "Without an id", "choices": {"0": "Yes"}},
            {"filter_id": "Age-2", "title": "Age"},
        ]}))
        .unwrap()
    }

    fn select(filter: &str, labels: &[&str]) -> Result<Filter, String> {
        filters().select(filter, labels).map_err(|error| error.to_string())
    }

    #[test]
    fn a_filter_is_found_by_id_or_title_and_a_choice_by_its_label() {
        let wanted = Ok(Filter::select("handedness", ["2", "0"]));
        for filter in ["handedness", "Handedness", " HANDEDNESS "] {
            assert_eq!(select(filter, &["ambidextrous", "Left  Handed ", "left handed"]), wanted, "{filter}");
        }
        assert_eq!(select("First Language", &["english"]), Ok(Filter::select("first-language", ["0"])));
    }

    #[test]
    fn an_id_goes_before_a_title_and_the_same_letters_before_others() {
        assert_eq!(filters().find("age").unwrap().filter_id, Some("age".into()));
        assert_eq!(select("first-language", &["welsh"]), Ok(Filter::select("first-language", ["2"])));
        assert_eq!(select("first-language", &["Welsh"]), Ok(Filter::select("first-language", ["1"])));
    }

    #[test]
    fn what_is_not_found_is_an_error_with_what_is_similar() {
        for (filter, labels, says) in [
            (
                "handednes",
                &["x"][..],
                r#"no filter has the id or title "handednes"; did you mean "Handedness" or "handedness"?"#,
            ),
            ("shoe size", &["x"], r#"no filter has the id or title "shoe size""#),
            ("without an id", &["yes"], r#"no filter has the id or title "without an id""#),
            (
                "Custom List",
                &["x"],
                r#"several filters have the title "Custom List"; use one of their ids: custom_allowlist, custom_blocklist"#,
            ),
            ("handedness", &["left"], r#"the filter handedness has no choice "left"; did you mean "Left handed"?"#),
            (
                "handedness",
                &["rihgt handed"],
                r#"the filter handedness has no choice "rihgt handed"; did you mean "Right handed" or "Left handed"?"#,
            ),
            (
                "handedness",
                &["0"],
                r#"the filter handedness has no choice "0"; did you mean "Left handed" or "Right handed" or "Ambidextrous"?"#,
            ),
            (
                "handedness",
                &["left handed", "both"],
                r#"the filter handedness has no choice "both"; did you mean "Left handed" or "Right handed" or "Ambidextrous"?"#,
            ),
            ("handedness", &[], "no label was given for the filter handedness"),
            ("age", &["18"], "the filter age has no choices: it takes a range of values, or ids"),
            (
                "custom_allowlist",
                &["5e9b"],
                "the filter custom_allowlist has no choices: it takes a range of values, or ids",
            ),
            (
                "first-language",
                &["WELSH"],
                r#"several choices of the filter first-language have the label "WELSH"; use one of their keys: 1, 2"#,
            ),
            (
                "first-language",
                &["Other"],
                r#"several choices of the filter first-language have the label "Other"; use one of their keys: 3, 4, 5, 6"#,
            ),
        ] {
            assert_eq!(select(filter, labels), Err(says.to_owned()));
        }
    }

    #[test]
    fn an_empty_list_has_no_filters() {
        let error = FilterDefinitionList::default().find("age").unwrap_err();
        assert_eq!(error, FilterLookupError::UnknownFilter { name: "age".to_owned(), similar: Vec::new() });
    }

    #[test]
    fn the_distance_counts_letters() {
        for (one, other, changes) in
            [("", "", 0), ("", "äb", 2), ("kitten", "sitting", 3), ("abc", "ab", 1), ("ab", "ba", 2)]
        {
            assert_eq!(distance(one, other), changes, "{one} {other}");
            assert_eq!(distance(other, one), changes, "{other} {one}");
        }
    }
}
