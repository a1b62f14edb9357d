//! What the page shows, taken from the state.

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;

use super::actions::WITH_CODE;
use super::faults;
use super::subject::Ui;
use super::text::Text;
use crate::faults::Injected;
use crate::machine::{self, StudyStatus, SubmissionStatus};
use crate::record::RecordedRequest;
use crate::store::clock::Moment;
use crate::store::group::{Group, Owner};
use crate::store::money::Money;
use crate::store::study::Study;
use crate::store::submission::Submission;
use crate::store::{CURRENCY, Message, World};

/// How many items of a list are shown.
const SHOWN: usize = 50;

/// The longest completion code that is offered, in bytes.
const CODE: usize = 200;

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

/// The part of a list that is shown.
#[derive(Debug)]
struct List<T> {
    rows: Vec<T>,
    total: u64,
}

/// A word with a colour.
#[derive(Debug)]
struct Badge {
    text: String,
    tone: &'static str,
}

#[derive(Debug)]
struct WorkspaceRow {
    key: String,
    id: Text,
    title: Text,
    total: Money,
    available: Money,
    reserved: Money,
    paid: Money,
}

#[derive(Debug)]
struct StudyRow {
    key: String,
    id: Text,
    name: Text,
    workspace: Text,
    status: Badge,
    is_test: bool,
    taken: u64,
    places: u64,
    reward: Money,
    publish_at: Option<String>,
    /// What can be done with a submission of it: values of the form, and their texts. Empty if it takes nobody.
    steps: Vec<Step>,
}

/// A choice of a form.
#[derive(Debug)]
struct Step {
    value: String,
    text: Text,
}

#[derive(Debug)]
struct SubmissionRow {
    id: String,
    participant: Text,
    study: Text,
    status: Badge,
    return_requested: bool,
    started: String,
    completed: Option<String>,
    code: Option<Text>,
    bonuses: Option<Money>,
    /// The ways to hand in. Empty if that is not possible.
    hand_in: Vec<Step>,
    /// What else the participant can do.
    steps: Vec<Step>,
}

#[derive(Debug)]
struct GroupRow {
    key: String,
    id: Text,
    name: Text,
    owner: Text,
    is_deleted: bool,
    members: List<Text>,
}

#[derive(Debug)]
struct MessageRow {
    id: String,
    at: String,
    from: Text,
    to: Text,
    study: Option<Text>,
    body: Text,
}

#[derive(Debug)]
struct FaultRow {
    id: u64,
    effect: String,
    operation: Option<String>,
    requests: String,
    performed: bool,
}

#[derive(Debug)]
struct RequestRow {
    number: u64,
    method: Text,
    target: Text,
    status: Badge,
    headers: Text,
    body: Part,
    response: Part,
}

/// A body.
#[derive(Debug)]
struct Part {
    text: Text,
    size: usize,
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
            workspaces: List::last(world.workspaces.values(), |workspace| {
                let wallet = &workspace.wallet;
                WorkspaceRow {
                    key: workspace.id.clone(),
                    id: Text::of(&workspace.id),
                    title: Text::of(&workspace.title),
                    total: wallet.available() + wallet.reserved(),
                    available: wallet.available(),
                    reserved: wallet.reserved(),
                    paid: wallet.paid(),
                }
            }),
            studies: List::last(world.studies.values(), |study| StudyRow::new(world, study)),
            submissions: List::last(world.submissions.values(), |submission| SubmissionRow::new(world, submission)),
            groups: List::last(world.groups.values(), |group| GroupRow::new(world, group)),
            messages: List::last(world.messages.values(), |message| MessageRow::new(world, message)),
            faults: ui
                .shared
                .faults
                .list()
                .iter()
                .map(|Injected { id, fault, seen }| FaultRow {
                    id: *id,
                    effect: faults::effect(fault),
                    operation: fault.operation.clone(),
                    requests: faults::requests(fault, *seen),
                    performed: fault.performed,
                })
                .collect(),
            requests: List { rows: requests, total },
            operations: ui.operations.clone(),
            statuses: faults::STATUSES,
            effects: faults::EFFECTS,
        }
    }
}

impl<T> List<T> {
    /// The last items, the newest first.
    fn last<S>(all: impl DoubleEndedIterator<Item = S> + ExactSizeIterator, view: impl FnMut(S) -> T) -> Self {
        let total = all.len() as u64;
        Self { rows: all.rev().take(SHOWN).map(view).collect(), total }
    }

    /// How many there are, and how many are shown if these are not all.
    fn count(&self) -> String {
        let shown = self.rows.len() as u64;
        if shown == self.total { self.total.to_string() } else { format!("{} ({shown} shown)", self.total) }
    }
}

impl StudyRow {
    fn new(world: &World, study: &Study) -> Self {
        let mut steps = Vec::new();
        if study.status == StudyStatus::Active {
            steps = ways_to_hand_in(study);
            steps.push(Step::new("begin", "Begin, and hand in later"));
            steps.push(Step::new("reserve", "Reserve a place, and begin later"));
        }
        Self {
            key: study.id.clone(),
            id: Text::of(&study.id),
            name: Text::of(study.text("name")),
            workspace: workspace(world, &study.workspace),
            status: study_badge(study.status),
            is_test: study.is_test,
            taken: world.numbers(study).places_taken,
            places: study.places(),
            reward: Money::minor(study.number("reward")),
            publish_at: study.publish_at.filter(|_| study.status == StudyStatus::Scheduled).map(Moment::readable),
            steps,
        }
    }
}

impl Step {
    fn new(value: &str, text: &str) -> Self {
        Self { value: value.to_owned(), text: Text::of(text) }
    }
}

/// With each code of the study, or without one.
fn ways_to_hand_in(study: &Study) -> Vec<Step> {
    let codes = study.list("completion_codes").iter().filter_map(|code| code["code"].as_str());
    let codes = codes.filter(|code| code.len() <= CODE);
    let with = |code: &str| Step::new(&format!("{WITH_CODE}{code}"), &format!("Hand in with {code}"));
    codes.map(with).chain([Step::new("no-code", "Hand in without a code")]).collect()
}

impl SubmissionRow {
    fn new(world: &World, submission: &Submission) -> Self {
        use SubmissionStatus::{Active, AwaitingReview, Returned, TimedOut};
        let study = world.studies.get(&submission.study);
        let can = |by, to| machine::allows(machine::SUBMISSION, &submission.status, by, &to);
        let hands_in = study.filter(|_| can("the participant finishes", AwaitingReview));
        let steps = [
            ("begin", "Begin", can("the participant starts", Active)),
            ("return", "Return", can(machine::RETURNS, Returned)),
            ("no-show", "Do not come", can(machine::NO_SHOW, TimedOut)),
            ("time-out", "Time out", can(machine::TIME_OUT, TimedOut)),
        ];
        let bonuses: Money = submission.bonuses.iter().copied().sum();
        Self {
            id: submission.id.clone(),
            participant: Text::of(&submission.participant),
            study: Text::of(study.map(|study| study.text("name")).unwrap_or_default()),
            status: submission_badge(submission.status),
            return_requested: submission.return_requested.is_some(),
            started: submission.started_at.readable(),
            completed: submission.completed_at.map(Moment::readable),
            code: submission.code.as_deref().map(Text::of),
            bonuses: (bonuses > Money::ZERO).then_some(bonuses),
            hand_in: hands_in.map(ways_to_hand_in).unwrap_or_default(),
            steps: steps.iter().filter(|(.., can)| *can).map(|(value, text, _)| Step::new(value, text)).collect(),
        }
    }
}

impl GroupRow {
    fn new(world: &World, group: &Group) -> Self {
        let owner = match &group.owner {
            Owner::Workspace(id) => workspace(world, id),
            Owner::Organisation(id) => Text::of(&format!("Organisation {id}")),
        };
        Self {
            key: group.id.clone(),
            id: Text::of(&group.id),
            name: Text::of(&group.name),
            owner,
            is_deleted: group.is_deleted,
            members: List {
                rows: group.members().take(SHOWN).map(|id| Text::of(id)).collect(),
                total: group.member_count() as u64,
            },
        }
    }
}

impl MessageRow {
    fn new(world: &World, message: &Message) -> Self {
        let user = &world.user;
        let name = |id: &String| Text::of(if *id == user.id { &user.email } else { id });
        let study = message.study.as_ref().and_then(|study| world.studies.get(study));
        Self {
            id: message.id.clone(),
            at: message.sent_at.readable(),
            from: name(&message.sender),
            to: name(&message.recipient),
            study: study.map(|study| Text::of(study.text("name"))),
            body: Text::long(&message.body),
        }
    }
}

impl RequestRow {
    fn new(request: &RecordedRequest) -> Self {
        let query = request.query.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&");
        let separator = if query.is_empty() { "" } else { "?" };
        let headers = request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>();
        Self {
            number: request.number,
            method: Text::of(&request.method),
            target: Text::of(&format!("{}{separator}{query}", request.path)),
            status: response_badge(request.status),
            headers: Text::long(&headers.join("\n")),
            body: Part::new(&request.body),
            response: Part::new(&request.response_body),
        }
    }
}

impl Part {
    fn new(bytes: &[u8]) -> Self {
        Self { text: Text::body(bytes), size: bytes.len() }
    }
}

/// The title of a workspace, or its id if it is in no list.
fn workspace(world: &World, id: &str) -> Text {
    Text::of(world.workspaces.get(id).map_or(id, |workspace| &workspace.title))
}

/// `p1`, `p2` and so on.
fn newcomer(world: &World) -> String {
    let mut ids = (1..).map(|number| format!("p{number}"));
    ids.find(|id| !world.participants.contains_key(id)).unwrap_or_default()
}

fn study_badge(status: StudyStatus) -> Badge {
    use StudyStatus::{Active, AwaitingReview, Completed, Paused, Scheduled, Unpublished};
    let tone = match status {
        Active => "good",
        AwaitingReview | Paused => "wait",
        Completed => "done",
        Scheduled | Unpublished => "idle",
    };
    Badge { text: status.as_str().to_owned(), tone }
}

fn submission_badge(status: SubmissionStatus) -> Badge {
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

fn response_badge(status: Option<u16>) -> Badge {
    let tone = match status {
        Some(..400) => "good",
        Some(400..500) => "wait",
        _ => "bad",
    };
    let text = status.map_or_else(|| "none".to_owned(), |status| status.to_string());
    Badge { text, tone }
}
