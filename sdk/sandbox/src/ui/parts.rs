//! What rows of the page consist of.

use super::text::Text;
use crate::machine::{StudyStatus, SubmissionStatus};

/// How many items of a list are shown.
pub(super) const SHOWN: usize = 50;

/// The part of a list that is shown.
#[derive(Debug)]
pub(super) struct List<T> {
    pub(super) rows: Vec<T>,
    pub(super) total: u64,
}

/// A word with a colour.
#[derive(Debug)]
pub(super) struct Badge {
    pub(super) text: String,
    pub(super) tone: &'static str,
}

/// A choice of a form.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) value: String,
    pub(super) text: Text,
}

/// A body.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) text: Text,
    pub(super) size: usize,
}

impl<T> List<T> {
    /// The last items, the newest first.
    pub(super) fn last<S>(
        all: impl DoubleEndedIterator<Item = S> + ExactSizeIterator,
        view: impl FnMut(S) -> T,
    ) -> Self {
        let total = all.len() as u64;
        Self { rows: all.rev().take(SHOWN).map(view).collect(), total }
    }

    /// How many there are, and how many are shown if these are not all.
    pub(super) fn count(&self) -> String {
        let shown = self.rows.len() as u64;
        if shown == self.total { self.total.to_string() } else { format!("{} ({shown} shown)", self.total) }
    }
}

impl Step {
    pub(super) fn new(value: &str, text: &str) -> Self {
        Self { value: value.to_owned(), text: Text::of(text) }
    }
}

impl Part {
    pub(super) fn new(bytes: &[u8]) -> Self {
        Self { text: Text::body(bytes), size: bytes.len() }
    }
}

pub(super) fn study_badge(status: StudyStatus) -> Badge {
    use StudyStatus::{Active, AwaitingReview, Completed, Paused, Scheduled, Unpublished};
    let tone = match status {
        Active => "good",
        AwaitingReview | Paused => "wait",
        Completed => "done",
        Scheduled | Unpublished => "idle",
    };
    Badge { text: status.as_str().to_owned(), tone }
}

pub(super) fn submission_badge(status: SubmissionStatus) -> Badge {
    use SubmissionStatus::{
        Active, Approved, AwaitingReview, PartiallyApproved, Rejected, Reserved, Returned, ScreenedOut, TimedOut,
    };
    let tone = match status {
        Active => "good",
        AwaitingReview => "wait",
        Approved | PartiallyApproved => "done",
        Rejected => "bad",
        Reserved | Returned | ScreenedOut | TimedOut => "idle",
    };
    Badge { text: status.as_str().to_owned(), tone }
}

pub(super) fn response_badge(status: Option<u16>) -> Badge {
    let tone = match status {
        Some(..400) => "good",
        Some(400..500) => "wait",
        _ => "bad",
    };
    let text = status.map_or_else(|| "none".to_owned(), |status| status.to_string());
    Badge { text, tone }
}
