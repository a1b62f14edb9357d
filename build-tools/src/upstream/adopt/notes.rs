//! What was decided for a draft, and what is not in it, with the places in the vendor's document. Knows neither document.

use std::collections::BTreeMap;

use crate::diagnostic::Place;

/// Something that was decided, which the author of the fragment may decide otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// In words.
    pub text: String,
    /// Where it was decided, in the vendor's document; empty if it is about the whole.
    pub places: Vec<Place>,
}

/// Something that the vendor's document says and the draft does not, since the grammar cannot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// What it is, in kebab case, such as `map`.
    pub kind: &'static str,
    /// In words.
    pub message: String,
    /// Where it is in the vendor's document.
    pub place: Place,
    /// Whether no request can be made without it.
    pub needed: bool,
}

impl Dropped {
    pub(super) fn new(kind: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), place, needed: false }
    }

    pub(super) fn needed(self, needed: bool) -> Self {
        Self { needed, ..self }
    }
}

/// What is known of the draft so far.
#[derive(Debug, Default)]
pub(super) struct Notes {
    decisions: BTreeMap<String, Vec<Place>>,
    order: Vec<String>,
    pub(super) dropped: Vec<Dropped>,
    seen: BTreeMap<(usize, usize, String), usize>,
}

impl Notes {
    /// Notes a decision; the same at several places is one.
    pub(super) fn decide(&mut self, text: impl Into<String>, place: Option<Place>) {
        let text = text.into();
        if !self.decisions.contains_key(&text) {
            self.order.push(text.clone());
        }
        let places = self.decisions.entry(text).or_default();
        places.extend(place.filter(|place| places.last() != Some(place)));
    }

    /// Notes that something is not in the draft, and returns the comment for its place there.
    pub(super) fn drop(&mut self, dropped: Dropped) -> String {
        let comment = format!("adopt: {}", dropped.message);
        let key = (dropped.place.line, dropped.place.column, dropped.message.clone());
        let at = *self.seen.entry(key).or_insert(self.dropped.len());
        match self.dropped.get_mut(at) {
            Some(known) => known.needed |= dropped.needed,
            None => self.dropped.push(dropped),
        }
        comment
    }

    /// The decisions in the order in which they were made.
    pub(super) fn decisions(&self) -> Vec<Decision> {
        let all = self.order.iter().filter_map(|text| Some((text, self.decisions.get(text)?)));
        let all = all.map(|(text, places)| {
            let mut places = places.clone();
            places.sort_by_key(|place| (place.line, place.column));
            places.dedup();
            Decision { text: text.clone(), places }
        });
        all.collect()
    }
}

/// The places as words: `line 12`, `lines 12, 15 and 20 more`.
pub(super) fn lines(places: &[Place]) -> String {
    const MOST: usize = 5;
    let mut lines: Vec<_> = places.iter().map(|place| place.line).collect();
    lines.dedup();
    let shown = lines.iter().take(MOST).map(usize::to_string).collect::<Vec<_>>().join(", ");
    match lines.len() {
        0 => String::new(),
        1 => format!("line {shown}"),
        many if many <= MOST => format!("lines {shown}"),
        many => format!("lines {shown} and {} more", many - MOST),
    }
}
