//! The rows of the page, taken from the state.

use super::actions::WITH_CODE;
use super::faults;
use super::parts::{Badge, List, Part, SHOWN, Step, response_badge, study_badge, submission_badge};
use super::text::Text;
use crate::faults::Injected;
use crate::machine::{self, StudyStatus, SubmissionStatus};
use crate::record::RecordedRequest;
use crate::store::clock::Moment;
use crate::store::group::{Group, Owner};
use crate::store::money::Money;
use crate::store::study::Study;
use crate::store::submission::Submission;
use crate::store::{Message, Workspace, World};

/// The longest completion code that is offered, in bytes.
const CODE: usize = 200;

#[derive(Debug)]
pub(super) struct WorkspaceRow {
    pub(super) key: String,
    pub(super) id: Text,
    pub(super) title: Text,
    pub(super) total: Money,
    pub(super) available: Money,
    pub(super) reserved: Money,
    pub(super) paid: Money,
}

#[derive(Debug)]
pub(super) struct StudyRow {
    pub(super) key: String,
    pub(super) id: Text,
    pub(super) name: Text,
    pub(super) workspace: Text,
    pub(super) status: Badge,
    pub(super) is_test: bool,
    pub(super) taken: u64,
    pub(super) places: u64,
    pub(super) reward: Money,
    pub(super) publish_at: Option<String>,
    /// What can be done with a submission of it: values of the form, and their texts. Empty if it takes nobody.
    pub(super) steps: Vec<Step>,
}

#[derive(Debug)]
pub(super) struct SubmissionRow {
    pub(super) id: String,
    pub(super) participant: Text,
    pub(super) study: Text,
    pub(super) status: Badge,
    pub(super) return_requested: bool,
    pub(super) started: String,
    pub(super) completed: Option<String>,
    pub(super) code: Option<Text>,
    pub(super) bonuses: Option<Money>,
    /// The ways to hand in. Empty if that is not possible.
    pub(super) hand_in: Vec<Step>,
    /// What else the participant can do.
    pub(super) steps: Vec<Step>,
}

#[derive(Debug)]
pub(super) struct GroupRow {
    pub(super) key: String,
    pub(super) id: Text,
    pub(super) name: Text,
    pub(super) owner: Text,
    pub(super) is_deleted: bool,
    pub(super) members: List<Text>,
}

#[derive(Debug)]
pub(super) struct MessageRow {
    pub(super) id: String,
    pub(super) at: String,
    pub(super) from: Text,
    pub(super) to: Text,
    pub(super) study: Option<Text>,
    pub(super) body: Text,
}

#[derive(Debug)]
pub(super) struct FaultRow {
    pub(super) id: u64,
    pub(super) effect: String,
    pub(super) operation: Option<String>,
    pub(super) requests: String,
    pub(super) performed: bool,
}

#[derive(Debug)]
pub(super) struct RequestRow {
    pub(super) number: u64,
    pub(super) method: Text,
    pub(super) target: Text,
    pub(super) status: Badge,
    pub(super) headers: Text,
    pub(super) body: Part,
    pub(super) response: Part,
}

impl WorkspaceRow {
    pub(super) fn new(workspace: &Workspace) -> Self {
        let wallet = &workspace.wallet;
        Self {
            key: workspace.id.clone(),
            id: Text::of(&workspace.id),
            title: Text::of(&workspace.title),
            total: wallet.available() + wallet.reserved(),
            available: wallet.available(),
            reserved: wallet.reserved(),
            paid: wallet.paid(),
        }
    }
}

impl FaultRow {
    pub(super) fn new(Injected { id, fault, seen }: &Injected) -> Self {
        Self {
            id: *id,
            effect: faults::effect(fault),
            operation: fault.operation.clone(),
            requests: faults::requests(fault, *seen),
            performed: fault.performed,
        }
    }
}

impl StudyRow {
    pub(super) fn new(world: &World, study: &Study) -> Self {
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

/// With each code of the study, or without one.
pub(super) fn ways_to_hand_in(study: &Study) -> Vec<Step> {
    let codes = study.list("completion_codes").iter().filter_map(|code| code["code"].as_str());
    let codes = codes.filter(|code| code.len() <= CODE);
    let with = |code: &str| Step::new(&format!("{WITH_CODE}{code}"), &format!("Hand in with {code}"));
    codes.map(with).chain([Step::new("no-code", "Hand in without a code")]).collect()
}

impl SubmissionRow {
    pub(super) fn new(world: &World, submission: &Submission) -> Self {
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
    pub(super) fn new(world: &World, group: &Group) -> Self {
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
    pub(super) fn new(world: &World, message: &Message) -> Self {
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
    pub(super) fn new(request: &RecordedRequest) -> Self {
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

/// The title of a workspace, or its id if it is in no list.
pub(super) fn workspace(world: &World, id: &str) -> Text {
    Text::of(world.workspaces.get(id).map_or(id, |workspace| &workspace.title))
}
