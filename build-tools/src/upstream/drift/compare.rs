//! The differences between two documents in one operation, and what they can mean for those who call it by ours.

use std::collections::BTreeSet;

use super::facts::{Aspects, Facts, Part, Place, SEPARATOR};

/// What a difference can mean. The most consequential first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Consequence {
    /// The service may reject what is sent, or ignore it.
    Calls,
    /// A response may not be read, or without what is expected in it.
    Reads,
    /// The service has something that we lack.
    New,
    /// Calls and responses are the same.
    Docs,
}

impl Consequence {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Calls => "may break calls",
            Self::Reads => "may break reading",
            Self::New => "new there",
            Self::Docs => "documentation",
        }
    }
}

/// A difference in an operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// Where it is in the operation.
    pub at: String,
    /// In words: `only there: string, required`, `nullable: no here, yes there`.
    pub what: String,
    pub consequence: Consequence,
}

/// The differences between what is said here and what is said there.
pub fn compare(here: &Facts, there: &Facts) -> Vec<Difference> {
    let places: BTreeSet<&Place> = here.keys().chain(there.keys()).collect();
    let mut found = Vec::new();
    for place in places {
        match (here.get(place), there.get(place)) {
            (Some(here), Some(there)) => aspects(place, here, there, &mut found),
            (Some(_), None) if !is_inside(place, here, there) => found.push(only("here", place, &here[place])),
            (None, Some(_)) if !is_inside(place, there, here) => found.push(only("there", place, &there[place])),
            _ => {}
        }
    }
    found
}

/// Whether it stands in something that only one of the two has.
fn is_inside(place: &Place, own: &Facts, other: &Facts) -> bool {
    let path = place.path.strip_suffix("[]").or_else(|| place.path.rsplit_once('.').map(|(parent, _)| parent));
    let path = path.unwrap_or_default().to_owned();
    let parent = Place { path, part: place.part.clone() };
    parent != *place && own.contains_key(&parent) && !other.contains_key(&parent)
}

fn only(side: &str, place: &Place, aspects: &Aspects) -> Difference {
    let get = |aspect: &str| aspects.get(aspect).map_or("", String::as_str);
    let required = get("required") == "yes";
    let what = match &place.part {
        Part::Other(_) if place.path.is_empty() => format!("only {side}"),
        _ => format!("only {side}: {}, {}", get("type"), if required { "required" } else { "optional" }),
    };
    let consequence = match (&place.part, side) {
        (Part::Other(_), "here") => Consequence::Docs,
        (Part::Parameter(..) | Part::Request, "here") => Consequence::Calls,
        (Part::Parameter(..) | Part::Request, _) if required => Consequence::Calls,
        (_, "here") => Consequence::Reads,
        _ => Consequence::New,
    };
    Difference { at: place.to_string(), what, consequence }
}

fn aspects(place: &Place, here: &Aspects, there: &Aspects, found: &mut Vec<Difference>) {
    let is_sent = matches!(place.part, Part::Operation | Part::Parameter(..) | Part::Request);
    let mut add = |what: String, consequence| found.push(Difference { at: place.to_string(), what, consequence });
    for (aspect, ours) in here {
        let Some(theirs) = there.get(aspect).filter(|theirs| *theirs != ours) else { continue };
        let more = theirs == "yes";
        let breaks = if is_sent { Consequence::Calls } else { Consequence::Reads };
        let consequence = match *aspect {
            // Another form of a body is one to choose.
            "body" if theirs.split(" or ").any(|one| one == ours) => Consequence::New,
            "type" | "form" | "body" | "status" | "last slash" => breaks,
            "values" if ours != "any" && theirs != "any" => {
                values(ours, theirs, is_sent, &mut add);
                continue;
            }
            // Who sends does no harm with less than is taken, who reads with more than comes.
            "values" if is_sent == (ours == "any") => breaks,
            "required" if is_sent && more => Consequence::Calls,
            "required" if !is_sent && !more => Consequence::Reads,
            "nullable" if is_sent && !more => Consequence::Calls,
            "nullable" if !is_sent && more => Consequence::Reads,
            _ => Consequence::Docs,
        };
        let [ours, theirs] = [ours, theirs].map(|text| text.replace(SEPARATOR, " "));
        add(format!("{aspect}: {ours} here, {theirs} there"), consequence);
    }
}

/// The values that only one of two enums has.
fn values(ours: &str, theirs: &str, is_sent: bool, add: &mut impl FnMut(String, Consequence)) {
    let set = |values: &str| values.split(SEPARATOR).map(str::to_owned).collect::<BTreeSet<_>>();
    let (ours, theirs) = (set(ours), set(theirs));
    for value in theirs.difference(&ours) {
        add(format!("value only there: {value}"), Consequence::New);
    }
    for value in ours.difference(&theirs) {
        let consequence = if is_sent { Consequence::Calls } else { Consequence::Docs };
        add(format!("value only here: {value}"), consequence);
    }
}
