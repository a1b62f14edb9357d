//! What can happen to studies and submissions, as tables: from which status, by what, to which status, and who says so.
//! Every change of a status is looked up here. The page `machines.md` of the documentation is made from them.

/// A row of a table.
#[derive(Debug)]
pub(crate) struct Row<S: 'static> {
    pub(crate) from: &'static [S],
    /// An action of the API, in capitals, or what happens.
    pub(crate) by: &'static str,
    /// More than one, if something else decides.
    pub(crate) to: &'static [S],
    #[cfg_attr(not(test), expect(dead_code, reason = "the page shows it"))]
    pub(crate) source: &'static str,
}

const fn row<S>(from: &'static [S], by: &'static str, to: &'static [S], source: &'static str) -> Row<S> {
    Row { from, by, to, source }
}

/// Whether a table has this step.
pub(crate) fn allows<S: PartialEq>(table: &[Row<S>], from: &S, by: &str, to: &S) -> bool {
    table.iter().any(|row| row.by == by && row.from.contains(from) && row.to.contains(to))
}

macro_rules! statuses {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum $name {
            $($variant,)*
        }

        impl $name {
            #[cfg(test)]
            pub(crate) const ALL: &[Self] = &[$(Self::$variant),*];

            /// As the service writes it in responses.
            pub(crate) fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }
    };
}

statuses! {
    /// The status of a study.
    StudyStatus {
        Unpublished = "UNPUBLISHED",
        Scheduled = "SCHEDULED",
        Active = "ACTIVE",
        Paused = "PAUSED",
        AwaitingReview = "AWAITING REVIEW",
        Completed = "COMPLETED",
    }
}

statuses! {
    /// The status of a submission.
    SubmissionStatus {
        Reserved = "RESERVED",
        Active = "ACTIVE",
        TimedOut = "TIMED-OUT",
        AwaitingReview = "AWAITING REVIEW",
        Approved = "APPROVED",
        PartiallyApproved = "PARTIALLY APPROVED",
        Rejected = "REJECTED",
        Returned = "RETURNED",
        ScreenedOut = "SCREENED OUT",
    }
}

impl SubmissionStatus {
    /// Whether the submission takes one of the study's places.
    pub(crate) fn takes_place(self) -> bool {
        self.is_undecided() || self.is_paid()
    }

    /// Whether its participant is not done.
    pub(crate) fn is_open(self) -> bool {
        matches!(self, Self::Reserved | Self::Active)
    }

    /// Whether nobody knows yet if it will be paid.
    pub(crate) fn is_undecided(self) -> bool {
        self.is_open() || self == Self::AwaitingReview
    }

    /// Whether its place has been paid for.
    pub(crate) fn is_paid(self) -> bool {
        matches!(self, Self::Approved | Self::PartiallyApproved)
    }

    /// Whether its participant has taken part.
    pub(crate) fn has_taken_part(self) -> bool {
        !matches!(self, Self::Reserved | Self::Returned | Self::TimedOut)
    }
}

const DOCUMENTED: &str = "documentation of the API";
const GUIDE: &str = "guides of the API; the table of its documentation does not have it";
const HELP: &str = "help centre";
const CHOSEN: &str = "not documented, chosen here";

/// What a participant does, or does not do, to end a submission without a result.
pub(crate) const RETURNS: &str = "the participant returns it";
pub(crate) const NO_SHOW: &str = "ten minutes pass";
pub(crate) const TIME_OUT: &str = "the maximum time passes";

/// The moves of a study.
pub(crate) const STUDY: &[Row<StudyStatus>] = {
    use StudyStatus::{Active, AwaitingReview, Completed, Paused, Scheduled, Unpublished};
    &[
        row(&[Unpublished], "PUBLISH", &[Active], DOCUMENTED),
        row(&[Unpublished], "SCHEDULE_PUBLISH", &[Scheduled], DOCUMENTED),
        row(&[Scheduled], "CANCEL_PUBLISH", &[Unpublished], DOCUMENTED),
        row(&[Scheduled], "its time has come", &[Active], DOCUMENTED),
        row(&[Scheduled], "its time has come, and the balance is too low", &[Unpublished], CHOSEN),
        row(&[Active], "PAUSE", &[Paused], DOCUMENTED),
        row(&[Paused], "START", &[Active], DOCUMENTED),
        row(&[AwaitingReview], "START", &[Active], GUIDE),
        row(
            &[Active, Paused],
            "STOP",
            &[Completed, AwaitingReview],
            "help centre and users: while something is unreviewed, AWAITING REVIEW; the documentation of the API knows only COMPLETED",
        ),
        row(&[Active], "all places are taken, and all have finished", &[AwaitingReview, Completed], GUIDE),
        row(&[AwaitingReview], "everything is reviewed", &[Completed], GUIDE),
        row(&[Completed], "more places", &[Active], DOCUMENTED),
        row(&[AwaitingReview], "more places", &[Active], "help centre and users"),
        row(&[Active], "the slots of a screen-out are used up", &[Paused], DOCUMENTED),
        row(&[Completed], "a rejection is taken back", &[AwaitingReview], CHOSEN),
    ]
};

/// The moves of a submission. The first is that from nothing, which a table of statuses cannot show.
pub(crate) const SUBMISSION: &[Row<SubmissionStatus>] = {
    use SubmissionStatus::{
        Active, Approved, AwaitingReview, PartiallyApproved, Rejected, Reserved, Returned, ScreenedOut, TimedOut,
    };
    &[
        row(&[Reserved], "the participant starts", &[Active], DOCUMENTED),
        row(&[Reserved], NO_SHOW, &[TimedOut], "documentation of the API; which status follows is chosen here"),
        row(&[Active], "the participant finishes", &[AwaitingReview], DOCUMENTED),
        row(&[Active], TIME_OUT, &[TimedOut], DOCUMENTED),
        row(&[Reserved, Active, AwaitingReview], RETURNS, &[Returned], HELP),
        row(&[AwaitingReview], "APPROVE", &[Approved], DOCUMENTED),
        row(&[AwaitingReview], "21 days pass", &[Approved], HELP),
        row(&[AwaitingReview], "REJECT", &[Rejected], DOCUMENTED),
        row(&[Active], "COMPLETE", &[AwaitingReview], DOCUMENTED),
        row(&[AwaitingReview], "DYNAMIC_PAYMENT", &[PartiallyApproved], DOCUMENTED),
        row(&[AwaitingReview], "FIXED_SCREEN_OUT_PAYMENT", &[ScreenedOut], DOCUMENTED),
        row(&[Active, AwaitingReview], "it is screened out", &[ScreenedOut], "documentation of 2025, and four clients"),
        row(
            &[Rejected],
            "UNREJECT",
            &[AwaitingReview],
            "help centre, where the web application does it; the action's name is in the API",
        ),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;

    fn lines<S: PartialEq>(table: &[Row<S>], text: fn(&S) -> &'static str) -> String {
        let join = |list: &[S]| list.iter().map(|status| format!("`{}`", text(status))).collect::<Vec<_>>().join(", ");
        let by = |by: &str| if by.to_uppercase() == by { format!("`{by}`") } else { by.to_owned() };
        let row =
            |row: &Row<S>| format!("| {} | {} | {} | {} |\n", join(row.from), by(row.by), join(row.to), row.source);
        format!("| from | by | to | source |\n|---|---|---|---|\n{}", table.iter().map(row).collect::<String>())
    }

    const INTRODUCTION: &str = "\
The moves of studies and submissions: from which status, by what, to which status, and who says so. An action that is not
in the tables returns 400 and changes nothing; what the service does then is not documented. To approve or reject once more
what is approved or rejected succeeds, and has no effect.
";

    #[test]
    fn the_page_shows_the_tables() {
        let (study, submission) = (lines(STUDY, |status| status.as_str()), lines(SUBMISSION, |status| status.as_str()));
        let page = format!("{INTRODUCTION}\n# Studies\n\n{study}\n# Submissions\n\n{submission}");
        if std::env::var_os("UPDATE_PAGE").is_some() {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/src/machines.md"), &page).unwrap();
        }
        assert_eq!(include_str!("machines.md"), page, "UPDATE_PAGE=1 writes the page");
    }

    #[test]
    fn every_status_is_reached_or_is_the_first() {
        for status in StudyStatus::ALL.iter().filter(|status| **status != StudyStatus::Unpublished) {
            assert!(STUDY.iter().any(|row| row.to.contains(status)), "{status:?}");
        }
        for status in SubmissionStatus::ALL.iter().filter(|status| **status != SubmissionStatus::Reserved) {
            assert!(SUBMISSION.iter().any(|row| row.to.contains(status)), "{status:?}");
        }
    }
}
