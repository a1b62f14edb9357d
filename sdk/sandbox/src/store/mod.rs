//! Everything that a sandbox remembers. It keeps what it is given, and decides nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use indexmap::IndexMap;
use serde_json::{Value, json};

use clock::{Clock, Moment};
use filter_set::FilterSet;
use group::Group;
use money::{Money, Wallet};
use study::{Numbers, Study};
use submissions::Submissions;
use webhook::Webhooks;

use crate::machine::SubmissionStatus;
use crate::quirk::Quirks;

pub(crate) mod clock;
pub(crate) mod filter_set;
pub(crate) mod group;
pub(crate) mod money;
pub(crate) mod study;
pub(crate) mod submission;
pub(crate) mod submissions;
pub(crate) mod webhook;

/// The currency of every workspace.
pub(crate) const CURRENCY: &str = "GBP";

/// Everything of one kind, by id, in the order in which it was created.
pub(crate) type Table<T> = IndexMap<String, T>;

/// The state of one sandbox.
#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    ids: BTreeMap<&'static str, u64>,
    pub(crate) user: User,
    pub(crate) workspaces: Table<Workspace>,
    pub(crate) projects: Table<Project>,
    pub(crate) groups: Table<Group>,
    pub(crate) filter_sets: Table<FilterSet>,
    pub(crate) studies: Table<Study>,
    pub(crate) submissions: Submissions,
    pub(crate) bonuses: Table<Bonus>,
    pub(crate) messages: Table<Message>,
    /// Everybody who was ever named, with the email of test participants.
    pub(crate) participants: IndexMap<String, Option<String>>,
    pub(crate) webhooks: Webhooks,
    /// What the service does oddly here, apart from lists.
    pub(crate) quirks: Quirks,
    /// The ids of groups that are not given to others.
    pub(crate) reserved: BTreeSet<String>,
    agenda: BTreeMap<(Moment, u64), Due>,
    agenda_count: u64,
    /// The studies that add to a group or remove from it, by the group's id.
    pub(crate) feeders: BTreeMap<String, BTreeSet<String>>,
    /// How studies fill by themselves, by their ids.
    pub(crate) plans: BTreeMap<String, Plan>,
    /// The requests that the service recognises when they are repeated, and when they came.
    pub(crate) recent: BTreeMap<String, Moment>,
}

/// The user to whom the token belongs.
#[derive(Debug, Default)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) email: String,
}

#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) wallet: Wallet,
}

#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) id: String,
    pub(crate) workspace: String,
    /// The documented properties that were sent, as they were sent.
    pub(crate) fields: serde_json::Map<String, Value>,
}

/// How a study fills by itself.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// How many participants come in all.
    pub(crate) count: u64,
    /// The time between one and the next.
    pub(crate) every: Duration,
    /// The code with which each hands in.
    pub(crate) code: Option<String>,
}

/// Bonuses that were set up together.
#[derive(Debug)]
pub(crate) struct Bonus {
    pub(crate) study: String,
    /// Submissions and amounts.
    pub(crate) lines: Vec<(String, Money)>,
}

#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) sender: String,
    pub(crate) recipient: String,
    pub(crate) body: String,
    pub(crate) sent_at: Moment,
    pub(crate) study: Option<String>,
}

impl Message {
    /// The conversation that it belongs to: one for each two people.
    pub(crate) fn channel(&self) -> String {
        let mut both = [self.sender.as_str(), self.recipient.as_str()];
        both.sort_unstable();
        both.join("-")
    }
}

/// Something that happens at its time, if it still can.
#[derive(Debug, Clone)]
pub(crate) enum Due {
    /// A study is published.
    Publish(String),
    /// A place is given up, for nobody came.
    Reservation(String),
    /// A submission takes too long.
    Timeout(String),
    /// A submission is approved, since nobody has reviewed it.
    Approval(String),
    /// The next participant of a plan comes, by its number.
    Arrival(String, u64),
    /// An event is delivered, by its id.
    Delivery(String),
    /// A bonus that was paid for a submission shows.
    Bonus(String, Money),
}

/// The state, whatever happened to those who had it before.
pub(crate) fn lock(world: &Mutex<World>) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

impl World {
    /// An id of 24 digits. Those of one kind count up, and begin with its two digits.
    pub(crate) fn next_id(&mut self, kind: &'static str) -> String {
        let number = self.ids.entry(kind).or_default();
        *number += 1;
        format!("{kind}{number:022x}")
    }

    /// The id of a new group: its number among the groups, or the next one that is free.
    pub(crate) fn next_group_id(&self) -> String {
        let mut ids = (self.groups.len() + 1..).map(|number| format!("{number:024x}"));
        ids.find(|id| !self.groups.contains_key(id) && !self.reserved.contains(id)).unwrap_or_default()
    }

    pub(crate) fn add_project(&mut self, workspace: &str, fields: serde_json::Map<String, Value>) -> String {
        let id = self.next_id("62");
        self.projects.insert(id.clone(), Project { id: id.clone(), workspace: workspace.to_owned(), fields });
        id
    }

    /// Notes which groups the completion codes of a study change.
    pub(crate) fn note_feeders(&mut self, study: &str) {
        let Some(found) = self.studies.get(study) else { return };
        let actions = found.list("completion_codes").iter().filter_map(|code| code["actions"].as_array());
        for action in actions.flatten() {
            if let Some(group) = action["participant_group"].as_str() {
                self.feeders.entry(group.to_owned()).or_default().insert(study.to_owned());
            }
        }
    }

    /// Notes that something happens after a time.
    pub(crate) fn later(&mut self, after: Duration, due: Due) {
        let at = self.clock.now().after(after);
        self.at(at, due);
    }

    pub(crate) fn at(&mut self, at: Moment, due: Due) {
        self.agenda_count += 1;
        self.agenda.insert((at, self.agenda_count), due);
    }

    /// Takes what is due first, if it is due by then, and sets the clock to its time.
    pub(crate) fn next_due(&mut self, until: Moment) -> Option<Due> {
        let entry = self.agenda.first_entry().filter(|entry| entry.key().0 <= until)?;
        let ((at, _), due) = entry.remove_entry();
        self.clock.forward_to(at);
        Some(due)
    }

    /// What is shown of a study that its submissions say.
    pub(crate) fn numbers(&self, study: &Study) -> Numbers {
        let roll = self.submissions.roll(&study.id);
        let seconds = roll.average_seconds();
        let average = (seconds > 0).then(|| study.number("reward").saturating_mul(3600) / seconds);
        Numbers {
            submissions: roll.len(),
            places_taken: roll.number(SubmissionStatus::takes_place),
            currency: CURRENCY,
            average_reward_per_hour: json!(average),
        }
    }

    /// Gives a new draft another id.
    pub(crate) fn rename_study(&mut self, id: &str, new: String) -> String {
        if let Some(mut study) = self.studies.shift_remove(id) {
            study.id.clone_from(&new);
            self.studies.insert(new.clone(), study);
        }
        new
    }

    /// A message of the user to a participant.
    pub(crate) fn write(&mut self, recipient: &str, body: &str, study: Option<&str>) {
        let sender = self.user.id.clone();
        self.send(sender, recipient.to_owned(), body, study);
    }

    /// A message of a participant to the user.
    pub(crate) fn receive(&mut self, sender: &str, body: &str, study: Option<&str>) {
        let recipient = self.user.id.clone();
        self.send(sender.to_owned(), recipient, body, study);
    }

    fn send(&mut self, sender: String, recipient: String, body: &str, study: Option<&str>) {
        let (id, sent_at) = (self.next_id("5d"), self.clock.tick());
        let (body, study) = (body.to_owned(), study.map(str::to_owned));
        self.messages.insert(id.clone(), Message { id, sender, recipient, body, sent_at, study });
    }
}
