//! Webhooks: secrets, subscriptions, and the events that are sent.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use indexmap::IndexMap;
use serde_json::Value;
use tokio::sync::watch;

use super::clock::Moment;

#[derive(Debug, Default)]
pub(crate) struct Webhooks {
    /// By workspace.
    pub(crate) secrets: IndexMap<String, Secret>,
    pub(crate) subscriptions: IndexMap<String, Subscription>,
    /// By id, which is the order in which they happened.
    pub(crate) events: BTreeMap<String, Event>,
    /// The URLs and types of events of which every delivery fails, and since when.
    pub(crate) failing: BTreeMap<(String, String), Moment>,
    /// The events to send now, in this order, by their URLs.
    queues: BTreeMap<String, VecDeque<String>>,
    /// The URLs that an event is being sent to.
    busy: BTreeSet<String>,
    /// The length of all queues, and one more for each event that is being sent.
    open: watch::Sender<usize>,
    /// Which state of the sandbox this is. An event of one has nothing to do with that of another with the same id.
    era: u64,
}

/// What the events of a workspace are signed with.
#[derive(Debug)]
pub(crate) struct Secret {
    pub(crate) id: String,
    pub(crate) value: String,
    pub(crate) workspace: String,
}

#[derive(Debug)]
pub(crate) struct Subscription {
    pub(crate) id: String,
    pub(crate) workspace: String,
    /// The type of event.
    pub(crate) kind: String,
    /// The URL that events are sent to.
    pub(crate) target: String,
    pub(crate) is_enabled: bool,
    pub(crate) is_confirmed: bool,
    /// What it is confirmed with.
    pub(crate) hook_secret: String,
    /// How many events it has had.
    pub(crate) count: u64,
}

/// Something that happened to a study or a submission, for one subscription.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) id: String,
    pub(crate) subscription: String,
    pub(crate) kind: &'static str,
    pub(crate) target: String,
    /// What is sent: with `event_type` and `resource_id`.
    pub(crate) payload: Value,
    pub(crate) created: Moment,
    pub(crate) updated: Moment,
    pub(crate) status: EventStatus,
    /// How often it was sent.
    pub(crate) attempts: u32,
    /// When it is sent next. `None` if it arrived or was given up.
    pub(crate) due: Option<Moment>,
}

/// An event that has been taken from its queue.
#[derive(Debug, Clone)]
pub(crate) struct Sending {
    pub(crate) event: String,
    pub(crate) target: String,
    /// That of the state whose event it is.
    pub(crate) era: u64,
}

/// How the last delivery of an event went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EventStatus {
    Pending,
    Succeeded,
    Failed,
}

impl EventStatus {
    pub(crate) const ALL: [Self; 3] = [Self::Pending, Self::Succeeded, Self::Failed];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
        }
    }
}

impl Webhooks {
    /// Puts an event at the end of the queue of its URL.
    pub(crate) fn enqueue(&mut self, event: String) {
        let Some(target) = self.events.get(&event).map(|event| event.target.clone()) else { return };
        self.queues.entry(target).or_default().push_back(event);
        self.open.send_modify(|open| *open += 1);
    }

    /// Takes the first event of a queue to whose URL nothing is being sent. [`Self::done`] follows when it has been dealt
    /// with.
    pub(crate) fn dequeue(&mut self) -> Option<Sending> {
        let target = self.queues.keys().find(|target| !self.busy.contains(*target))?.clone();
        let queue = self.queues.get_mut(&target)?;
        let event = queue.pop_front()?;
        if queue.is_empty() {
            self.queues.remove(&target);
        }
        self.busy.insert(target.clone());
        Some(Sending { event, target, era: self.era })
    }

    /// Returns whether the event is one of this state.
    pub(crate) fn done(&mut self, sending: &Sending) -> bool {
        self.busy.remove(&sending.target);
        self.open.send_modify(|open| *open = open.saturating_sub(1));
        sending.era == self.era
    }

    /// Goes on in place of another one: for those who wait for its events, and with the URLs to which one of them is still
    /// being sent.
    pub(crate) fn take_over(&mut self, other: &mut Self) {
        self.busy = std::mem::take(&mut other.busy);
        self.era = other.era + 1;
        std::mem::swap(&mut self.open, &mut other.open);
        let open = self.queues.values().map(VecDeque::len).sum::<usize>() + self.busy.len();
        self.open.send_modify(|number| *number = open);
    }

    /// Whether no event is to be sent now, and none is being sent.
    pub(crate) fn is_quiet(&self) -> bool {
        *self.open.borrow() == 0
    }

    /// The number of events that are to be sent or are being sent, to wait for.
    pub(crate) fn open(&self) -> watch::Receiver<usize> {
        self.open.subscribe()
    }
}
