//! The page as a whole, taken from the state.

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;

use super::faults;
use super::parts::{List, SHOWN};
use super::rows::{FaultRow, GroupRow, MessageRow, RequestRow, StudyRow, SubmissionRow, WorkspaceRow};
use super::subject::Ui;
use super::text::Text;
use crate::store::{CURRENCY, World};

/// The page. Texts from clients are [`Text`]s, and raw only in the values of forms.
#[derive(Debug, Template)]
#[template(path = "ui/page.html")]
pub(super) struct Page {
    problem: Option<Text>,
    now: String,
    currency: &'static str,
    /// The id of a participant whom nobody has named.
    newcomer: String,
    workspaces: List<WorkspaceRow>,
    studies: List<StudyRow>,
    submissions: List<SubmissionRow>,
    groups: List<GroupRow>,
    messages: List<MessageRow>,
    faults: Vec<FaultRow>,
    requests: List<RequestRow>,
    operations: Arc<[String]>,
    statuses: &'static [StatusCode],
    effects: &'static [(&'static str, &'static str)],
}

impl Page {
    pub(super) fn new(ui: &Ui, problem: Option<Text>) -> Self {
        let world = &*ui.world();
        let (requests, total) = ui.shared.log.newest(SHOWN, RequestRow::new);
        Self {
            problem,
            now: world.clock.now().readable(),
            currency: CURRENCY,
            newcomer: newcomer(world),
            workspaces: List::last(world.workspaces.values(), WorkspaceRow::new),
            studies: List::last(world.studies.values(), |study| StudyRow::new(world, study)),
            submissions: List::last(world.submissions.values(), |submission| SubmissionRow::new(world, submission)),
            groups: List::last(world.groups.values(), |group| GroupRow::new(world, group)),
            messages: List::last(world.messages.values(), |message| MessageRow::new(world, message)),
            faults: ui.shared.faults.list().iter().map(FaultRow::new).collect(),
            requests: List { rows: requests, total },
            operations: ui.operations.clone(),
            statuses: faults::STATUSES,
            effects: faults::EFFECTS,
        }
    }
}

/// `p1`, `p2` and so on.
fn newcomer(world: &World) -> String {
    let mut ids = (1..).map(|number| format!("p{number}"));
    ids.find(|id| !world.participants.contains_key(id)).unwrap_or_default()
}
