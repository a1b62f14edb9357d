//! What the passing of time does.

use crate::machine::StudyStatus;
use crate::store::clock::Moment;
use crate::store::{Due, World};

impl World {
    /// Turns the clock, and does what is due meanwhile, each at its time. Stops as soon as there are events to deliver,
    /// so that their receivers can do something at that time. Returns whether the clock has arrived.
    pub(crate) fn advance_to(&mut self, until: Moment) -> bool {
        while self.webhooks.is_quiet() {
            let Some(due) = self.next_due(until) else {
                self.clock.forward_to(until);
                return true;
            };
            // What is no longer possible does not happen.
            drop(self.happen(&due));
        }
        false
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
            Due::Reservation(id) => self.no_show(id),
            Due::Timeout(id) => self.time_out(id),
            Due::Approval(id) => {
                self.approve(id, "21 days pass")?;
                let study = self.submission(id)?.study.clone();
                self.review(&study)
            }
            Due::Arrival(study, number) => self.arrive(study, *number),
            Due::Delivery(event) => {
                self.retry(event);
                Ok(())
            }
            Due::Bonus(submission, amount) => {
                self.change_submission(submission, |submission| submission.bonuses.push(*amount))
            }
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
