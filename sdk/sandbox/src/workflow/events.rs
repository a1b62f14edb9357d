//! Who is told what happened, how often that is tried, and what the service does when it fails. Knows no HTTP.

use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Refused;
use crate::quirk::Quirk;
use crate::store::clock::Moment;
use crate::store::webhook::{Event, EventStatus, Sending};
use crate::store::{Due, World};

/// How often an event is sent again at most.
const RETRIES: u32 = 11;

/// How long an event is sent again.
const RETRIED_FOR: Duration = Duration::from_secs(24 * 3600);

/// The longest time to the first retry. It doubles for each further one.
const FIRST_DELAY: u64 = 60_000;

/// For how long all deliveries fail before the service stops them.
const PERSISTENT: Duration = Duration::from_secs(5 * 24 * 3600);

/// How late a late event is.
const LATE: Duration = Duration::from_secs(60);

/// How many events are kept, apart from those that are still to be sent.
const KEPT: usize = 10_000;

/// An event on its way.
#[derive(Debug)]
pub(crate) struct Parcel {
    pub(crate) sending: Sending,
    pub(crate) body: String,
    /// What it is signed with.
    pub(crate) secret: String,
    pub(crate) created: Moment,
}

impl World {
    /// Reports that something happened to those who subscribed to it.
    pub(crate) fn tell(&mut self, workspace: &str, kind: &'static str, resource: &str, more: Value) {
        let mut payload = json!({"event_type": kind, "resource_id": resource});
        if let (Some(payload), Value::Object(more)) = (payload.as_object_mut(), more) {
            payload.extend(more);
        }
        let is_unordered = self.quirks.contains(&Quirk::UnorderedEvents);
        let (created, mut told) = (self.clock.now(), Vec::new());
        for subscription in self.webhooks.subscriptions.values_mut() {
            if subscription.is_enabled && subscription.workspace == workspace && subscription.kind == kind {
                let is_late = is_unordered && subscription.count.is_multiple_of(2);
                subscription.count += 1;
                told.push((subscription.id.clone(), subscription.target.clone(), is_late));
            }
        }
        for (subscription, target, is_late) in told {
            let id = self.next_id("6a");
            let due = if is_late { created.after(LATE) } else { created };
            let event = Event {
                id: id.clone(),
                subscription,
                kind,
                target,
                payload: payload.clone(),
                created,
                updated: created,
                status: EventStatus::Pending,
                attempts: 0,
                due: Some(due),
            };
            self.webhooks.events.insert(id.clone(), event);
            if is_late {
                self.at(due, Due::Delivery(id));
            } else {
                self.webhooks.enqueue(id);
            }
        }
    }

    /// Takes the next event that is to be sent now. [`Self::delivered`] follows.
    pub(crate) fn next_parcel(&mut self) -> Option<Parcel> {
        loop {
            let sending = self.webhooks.dequeue()?;
            if let Some((body, secret, created)) = self.contents(&sending.event) {
                return Some(Parcel { sending, body, secret, created });
            }
            // The subscription does not want it any more.
            if let Some(event) = self.webhooks.events.get_mut(&sending.event) {
                event.due = None;
            }
            self.webhooks.done(&sending);
        }
    }

    /// The body of an event, what it is signed with, and when it happened. `None` if there is no such event, or if its
    /// subscription is not enabled.
    fn contents(&self, id: &str) -> Option<(String, String, Moment)> {
        let event = self.webhooks.events.get(id)?;
        let subscription = self.webhooks.subscriptions.get(&event.subscription)?;
        let secret = self.webhooks.secrets.get(&subscription.workspace)?;
        subscription.is_enabled.then(|| (event.payload.to_string(), secret.value.clone(), event.created))
    }

    /// Notes how it went, and what follows from that.
    pub(crate) fn delivered(&mut self, sending: &Sending, succeeded: bool) {
        if !self.webhooks.done(sending) {
            return;
        }
        let id = &sending.event;
        let now = self.clock.now();
        let repeats = self.quirks.contains(&Quirk::RepeatedEvents);
        let Some(event) = self.webhooks.events.get_mut(id) else { return };
        let was_delivered = event.status == EventStatus::Succeeded;
        event.attempts += 1;
        event.updated = now;
        let target = (event.target.clone(), event.kind.to_owned());
        if succeeded {
            (event.status, event.due) = (EventStatus::Succeeded, None);
            self.webhooks.failing.remove(&target);
            if repeats && !was_delivered {
                self.webhooks.enqueue(id.to_owned());
            }
        } else {
            event.status = EventStatus::Failed;
            // Counted from when it was due, not from now, so that it is the same on every run.
            let next = event.due.unwrap_or(now).after(delay(id, event.attempts));
            let is_retried = event.attempts <= RETRIES && next.since(event.created) <= RETRIED_FOR;
            event.due = is_retried.then_some(next);
            if is_retried {
                self.at(next, Due::Delivery(id.to_owned()));
            }
            let since = *self.webhooks.failing.entry(target.clone()).or_insert(now);
            if now.since(since) >= PERSISTENT {
                self.stop_sending(&target);
            }
        }
        self.forget();
    }

    /// Sends an event that is due, unless its time was changed.
    pub(crate) fn retry(&mut self, id: &str) {
        let due = self.webhooks.events.get(id).and_then(|event| event.due);
        if due.is_some_and(|due| due <= self.clock.now()) {
            self.webhooks.enqueue(id.to_owned());
        }
    }

    /// Sends an event again, whether it arrived or not.
    pub(crate) fn redeliver(&mut self, id: &str) -> Result<(), Refused> {
        if self.contents(id).is_none() {
            return Err(Refused::because(format!("There is no event {id}, or its subscription is not enabled.")));
        }
        self.webhooks.enqueue(id.to_owned());
        Ok(())
    }

    /// Disables all subscriptions of a URL to a type of event.
    fn stop_sending(&mut self, target: &(String, String)) {
        for subscription in self.webhooks.subscriptions.values_mut() {
            if (&subscription.target, &subscription.kind) == (&target.0, &target.1) {
                subscription.is_enabled = false;
            }
        }
        self.webhooks.failing.remove(target);
    }

    /// Drops the oldest events, up to the first that is still to be sent.
    fn forget(&mut self) {
        while self.webhooks.events.len() > KEPT {
            match self.webhooks.events.first_entry() {
                Some(oldest) if oldest.get().due.is_none() => drop(oldest.remove()),
                _ => return,
            }
        }
    }
}

/// The time from a failure to the next attempt: a random part of the longest, which is the same on every run.
fn delay(event: &str, attempts: u32) -> Duration {
    let longest = FIRST_DELAY.saturating_mul(1 << attempts.saturating_sub(1).min(RETRIES));
    let random = Sha256::digest(format!("{event} {attempts}"));
    let random = random.iter().take(8).fold(0, |number: u64, byte| number << 8 | u64::from(*byte));
    Duration::from_millis(random % (longest + 1))
}

#[cfg(test)]
mod tests;
