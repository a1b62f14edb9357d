//! What the passing of time does.

use std::time::Duration;

use crate::machine::{StudyStatus, SubmissionStatus};
use crate::store::{Due, World};

impl World {
    /// Turns the clock, and does what is due meanwhile, each at its time. Returns the deliveries among it.
    pub(crate) fn advance(&mut self, by: Duration) -> Vec<String> {
        let until = self.clock.now().after(by);
        let mut deliveries = Vec::new();
        while let Some(due) = self.next_due(until) {
            match due {
                Due::Delivery(event) => deliveries.push(event),
                // What is no longer possible does not happen.
                other => drop(self.happen(&other)),
            }
        }
        self.clock.forward_to(until);
        deliveries
    }

    fn happen(&mut self, due: &Due) -> Result<(), super::Refused> {
        match due {
            Due::Publish(study) => {
                // The time may have been changed, or the study been published.
                let at = self.study(study)?.publish_at;
                if self.study(study)?.status != StudyStatus::Scheduled || at > Some(self.clock.now()) {
                    return Ok(());
                }
                if self.publish(study, "its time has come").is_err() {
                    let by = "its time has come, and the balance is too low";
                    self.move_study(study, by, StudyStatus::Unpublished)?;
                }
                Ok(())
            }
            Due::Reservation(id) => self.give_up(id, "ten minutes pass", SubmissionStatus::TimedOut),
            Due::Timeout(id) => self.give_up(id, "the maximum time passes", SubmissionStatus::TimedOut),
            Due::Approval(id) => {
                self.approve(id, "21 days pass")?;
                let study = self.submission(id)?.study.clone();
                self.review(&study)
            }
            Due::Arrival(study, number) => self.arrive(study, *number),
            Due::Delivery(_) => Ok(()),
        }
    }

    /// A participant of a plan comes, and hands in at once.
    fn arrive(&mut self, study: &str, number: u64) -> Result<(), super::Refused> {
        let Some(plan) = self.plans.get(study).cloned() else { return Ok(()) };
        if number < plan.count {
            self.later(plan.every, Due::Arrival(study.to_owned(), number + 1));
        }
        let id = self.take(study, &format!("5a{number:022x}"))?;
        self.begin_submission(&id)?;
        self.hand_in(&id, plan.code.as_deref())
    }
}
