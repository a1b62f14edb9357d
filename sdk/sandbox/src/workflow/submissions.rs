//! Taking part, handing in, and reviewing.

use std::time::Duration;

use serde_json::{Value, json};

use super::Refused;
use super::codes::part_of_reward;
use crate::machine::{self, StudyStatus, SubmissionStatus};
use crate::store::money::{Money, Price};
use crate::store::submission::Submission;
use crate::store::{Due, World};

/// How long a place is reserved for somebody who does not begin.
const RESERVATION: Duration = Duration::from_secs(600);

/// After how long a submission that nobody reviews is approved.
const REVIEW: Duration = Duration::from_secs(21 * 86_400);

/// How long there is for the review of what was rejected longer ago.
const LAST_DAY: Duration = Duration::from_secs(86_400);

/// The least length of the message of a rejection, in characters.
const REJECTION: usize = 100;

impl World {
    /// Reserves a place.
    pub(crate) fn take(&mut self, study: &str, participant: &str) -> Result<String, Refused> {
        self.check_takes_part(study, participant)?;
        let (id, now) = (self.next_id("64"), self.clock.tick());
        let submission = Submission {
            id: id.clone(),
            study: study.to_owned(),
            participant: participant.to_owned(),
            status: SubmissionStatus::Reserved,
            started_at: now,
            completed_at: None,
            code: None,
            return_requested: None,
            bonuses: Vec::new(),
        };
        self.participants.entry(participant.to_owned()).or_default();
        self.submissions.add(submission);
        self.later(RESERVATION, Due::Reservation(id.clone()));
        self.tell_submission(&id)?;
        self.review(study)?;
        Ok(id)
    }

    /// The participant begins.
    pub(crate) fn begin_submission(&mut self, id: &str) -> Result<(), Refused> {
        self.move_submission(id, "the participant starts", SubmissionStatus::Active)?;
        let now = self.clock.now();
        self.change_submission(id, |submission| submission.started_at = now)?;
        let study = self.submission(id)?.study.clone();
        let minutes = self.study(&study)?.maximum_time();
        self.later(Duration::from_secs(minutes.saturating_mul(60)), Due::Timeout(id.to_owned()));
        Ok(())
    }

    /// The participant hands in, with a code or without, and the code is performed.
    pub(crate) fn hand_in(&mut self, id: &str, code: Option<&str>) -> Result<(), Refused> {
        self.complete(id, "the participant finishes", code, &Value::Null)
    }

    fn complete(&mut self, id: &str, by: &str, code: Option<&str>, data: &Value) -> Result<(), Refused> {
        self.move_submission(id, by, SubmissionStatus::AwaitingReview)?;
        let now = self.clock.now();
        self.change_submission(id, |submission| {
            submission.completed_at = Some(now);
            submission.code = code.map(str::to_owned);
        })?;
        let study = self.submission(id)?.study.clone();
        self.later(REVIEW, Due::Approval(id.to_owned()));
        self.progress(&study)?;
        if let Some(code) = code {
            self.perform_code(id, code, data)?;
        }
        self.review(&study)
    }

    /// The participant gives the place back, or withdraws what was handed in.
    pub(crate) fn return_submission(&mut self, id: &str) -> Result<(), Refused> {
        self.give_up(id, machine::RETURNS, SubmissionStatus::Returned)
    }

    /// The participant does not come.
    pub(crate) fn no_show(&mut self, id: &str) -> Result<(), Refused> {
        self.give_up(id, machine::NO_SHOW, SubmissionStatus::TimedOut)
    }

    /// The participant takes too long.
    pub(crate) fn time_out(&mut self, id: &str) -> Result<(), Refused> {
        self.give_up(id, machine::TIME_OUT, SubmissionStatus::TimedOut)
    }

    /// Ends a submission without a result.
    fn give_up(&mut self, id: &str, by: &str, to: SubmissionStatus) -> Result<(), Refused> {
        self.move_submission(id, by, to)?;
        let study = self.submission(id)?.study.clone();
        self.review(&study)
    }

    /// Performs an action of the API.
    pub(crate) fn act_on_submission(&mut self, id: &str, action: &str, body: &Value) -> Result<(), Refused> {
        use SubmissionStatus::{Approved, AwaitingReview, Rejected};
        let submission = self.submission(id)?;
        let (status, study) = (submission.status, submission.study.clone());
        // A second time is ignored.
        if matches!((action, status), ("APPROVE", Approved) | ("REJECT", Rejected)) {
            return Ok(());
        }
        match action {
            "APPROVE" => self.approve(id, action)?,
            "REJECT" => {
                let message = body["message"].as_str().unwrap_or_default();
                if message.chars().count() < REJECTION {
                    let problem = format!("The message has at least {REJECTION} characters.");
                    return Err(Refused::because(json!({"message": [problem]})));
                }
                let participant = submission.participant.clone();
                self.move_submission(id, action, Rejected)?;
                self.write(&participant, message, Some(&study));
            }
            "COMPLETE" => {
                let code = body["completion_code"].as_str().unwrap_or_default();
                let is_ours = self.study(&study)?.code(code).is_some_and(|code| code["actor"] == "researcher");
                if !is_ours {
                    let problem = "This is no code of the study whose actor is the researcher.";
                    return Err(Refused::because(json!({"completion_code": [problem]})));
                }
                let data = &body["completion_code_data"];
                let actions = self.study(&study)?.code(code).and_then(|code| code["actions"].as_array());
                if actions.into_iter().flatten().any(|action| action["action"] == "DYNAMIC_PAYMENT") {
                    part_of_reward(data)?;
                }
                self.complete(id, action, Some(code), data)?;
            }
            "UNREJECT" => {
                self.check_submission(id, action, AwaitingReview)?;
                self.change_submission(id, |submission| submission.status = AwaitingReview)?;
                // Whether there is money for it is known when it is reserved, before anybody is told.
                if let Err(refused) = self.settle(&study) {
                    self.change_submission(id, |submission| submission.status = Rejected)?;
                    return Err(refused);
                }
                self.clock.tick();
                self.tell_submission(id)?;
                let handed_in = self.submission(id)?.completed_at;
                if handed_in.is_some_and(|at| self.clock.now().since(at) >= REVIEW) {
                    self.later(LAST_DAY, Due::Approval(id.to_owned()));
                }
            }
            _ => {
                return Err(Refused::because(format!(
                    "What {action} does is not documented. The sandbox does not know it."
                )));
            }
        }
        self.review(&study)
    }

    /// Approves a submission and pays for it. Nothing changes if there is too little money.
    pub(crate) fn approve(&mut self, id: &str, by: &str) -> Result<(), Refused> {
        self.check_submission(id, by, SubmissionStatus::Approved)?;
        let study = self.submission(id)?.study.clone();
        let price = self.study(&study)?.price();
        self.pay_submission(id, price)?;
        self.move_submission(id, by, SubmissionStatus::Approved)
    }

    /// Screens out submissions of a study, each for this amount. Nothing changes if one of them cannot be.
    pub(crate) fn screen_out(
        &mut self,
        study: &str,
        ids: &[String],
        pay: Money,
        more_places: bool,
    ) -> Result<(), Refused> {
        for (at, id) in ids.iter().enumerate() {
            let submission = self.submission(id)?;
            if ids[..at].contains(id) {
                return Err(Refused::because(json!({"submission_ids": [format!("{id} is given twice.")]})));
            }
            if submission.study != study {
                return Err(Refused::because(json!({"submission_ids": [format!("{id} is not of this study.")]})));
            }
            self.check_submission(id, "it is screened out", SubmissionStatus::ScreenedOut)?;
        }
        let total = Price::of(pay).times(ids.len() as u64).map(Price::total);
        let total = total.ok_or_else(|| Refused::because("This costs more than there is money."))?;
        self.pay_beside(study, total)?;
        for id in ids {
            self.move_submission(id, "it is screened out", SubmissionStatus::ScreenedOut)?;
        }
        if more_places {
            let places = self.study(study)?.places().saturating_add(ids.len() as u64);
            self.study_mut(study)?.fields.insert("total_available_places".into(), places.into());
        }
        self.review(study)
    }

    fn check_submission(&self, id: &str, by: &str, to: SubmissionStatus) -> Result<(), Refused> {
        let from = self.submission(id)?.status;
        if machine::allows(machine::SUBMISSION, &from, by, &to) {
            return Ok(());
        }
        let (from, to) = (from.as_str(), to.as_str());
        Err(Refused::because(format!("A submission that is {from} cannot become {to} by {by}.")))
    }

    /// Changes the status, if the table has it.
    pub(crate) fn move_submission(&mut self, id: &str, by: &str, to: SubmissionStatus) -> Result<(), Refused> {
        self.check_submission(id, by, to)?;
        self.clock.tick();
        self.change_submission(id, |submission| submission.status = to)?;
        self.tell_submission(id)
    }

    fn tell_submission(&mut self, id: &str) -> Result<(), Refused> {
        let submission = self.submission(id)?;
        let more = json!({"participant_id": submission.participant, "status": submission.status.as_str()});
        let workspace = self.study(&submission.study)?.workspace.clone();
        self.tell(&workspace, "submission.status.change", id, more);
        Ok(())
    }

    /// Tells how far a study is.
    fn progress(&mut self, study: &str) -> Result<(), Refused> {
        let workspace = self.study(study)?.workspace.clone();
        self.tell(&workspace, "study.progress.change", study, json!({}));
        Ok(())
    }

    /// Whether a study takes this participant, and why not.
    fn check_takes_part(&self, id: &str, participant: &str) -> Result<(), Refused> {
        let study = self.study(id)?;
        let refused = |why: &str| Err(Refused::because(why));
        if participant.is_empty() {
            return refused("A participant has an id.");
        }
        if study.status != StudyStatus::Active {
            return Err(Refused::because(format!("The study is {}.", study.status.as_str())));
        }
        let roll = self.submissions.roll(id);
        let open = roll.number(SubmissionStatus::is_open);
        let own = self.submissions.of_participant(id, participant).len() as u64;
        if roll.number(SubmissionStatus::takes_place) >= study.places() {
            return refused("All places are taken.");
        }
        if study.limit("max_concurrent_submissions", None).is_some_and(|limit| open >= limit) {
            return refused("As many as may take part at the same time do so.");
        }
        if study.limit("max_submissions_per_participant", Some(1)).is_some_and(|limit| own >= limit) {
            return refused("The participant has taken part as often as is allowed.");
        }
        let is_tester = self.participants.get(participant).is_some_and(Option::is_some);
        if study.is_test && !is_tester {
            return refused("The study is for test participants.");
        }
        if !self.is_eligible(study, participant) {
            return refused("The filters of the study keep the participant out.");
        }
        Ok(())
    }
}
