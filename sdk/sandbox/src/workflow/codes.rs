//! What completion codes do, in the order in which their actions are written.

use serde_json::{Value, json};

use super::Refused;
use crate::machine::{StudyStatus, SubmissionStatus};
use crate::store::World;
use crate::store::money::{Money, Price};

impl World {
    /// Performs the actions of a code on a submission that has been handed in.
    pub(crate) fn perform_code(&mut self, id: &str, code: &str, data: &Value) -> Result<(), Refused> {
        let submission = self.submission(id)?;
        let (study, participant) = (submission.study.clone(), submission.participant.clone());
        let Some(code) = self.study(&study)?.code(code).cloned() else { return Ok(()) };
        for action in code["actions"].as_array().into_iter().flatten() {
            let group = action["participant_group"].as_str().unwrap_or_default();
            match action["action"].as_str().unwrap_or_default() {
                // With too little money, it stays to be reviewed.
                "AUTOMATICALLY_APPROVE" => drop(self.approve(id, "APPROVE")),
                "ADD_TO_PARTICIPANT_GROUP" => {
                    if let Some(group) = self.groups.get_mut(group) {
                        group.add(vec![participant.clone()], &mut self.clock);
                    }
                }
                "REMOVE_FROM_PARTICIPANT_GROUP" => {
                    if let Some(group) = self.groups.get_mut(group) {
                        group.remove(std::slice::from_ref(&participant));
                    }
                }
                "REQUEST_RETURN" => {
                    let now = self.clock.tick();
                    self.change_submission(id, |submission| submission.return_requested = Some(now))?;
                    self.write(&participant, action["return_reason"].as_str().unwrap_or_default(), Some(&study));
                }
                // Of a participant who hands in, nothing says how much it is.
                "DYNAMIC_PAYMENT" if !data.is_null() => self.pay_part(id, data)?,
                "FIXED_SCREEN_OUT_PAYMENT" => {
                    let reward = Money::minor(action["fixed_screen_out_reward"].as_u64().unwrap_or_default());
                    if self.pay_submission(id, Price::of(reward)).is_err() {
                        continue;
                    }
                    self.move_submission(id, "FIXED_SCREEN_OUT_PAYMENT", SubmissionStatus::ScreenedOut)?;
                    let text = code["code"].as_str().unwrap_or_default();
                    let used = self.submissions.roll(&study).screened_out(text);
                    let is_active = self.study(&study)?.status == StudyStatus::Active;
                    if is_active && used >= action["slots"].as_u64().unwrap_or_default() {
                        self.move_study(&study, "the slots of a screen-out are used up", StudyStatus::Paused)?;
                    }
                }
                _ => {}
            }
        }
        self.review(&study)
    }

    /// Pays a part of the reward.
    fn pay_part(&mut self, id: &str, data: &Value) -> Result<(), Refused> {
        let percent = part_of_reward(data)?;
        let (study, participant) = {
            let submission = self.submission(id)?;
            (submission.study.clone(), submission.participant.clone())
        };
        let reward = self.study(&study)?.price().reward.percent(percent);
        self.pay_submission(id, Price::of(reward))?;
        self.move_submission(id, "DYNAMIC_PAYMENT", SubmissionStatus::PartiallyApproved)?;
        if let Some(text) = data["message_to_participant"].as_str() {
            self.write(&participant, text, Some(&study));
        }
        Ok(())
    }

    /// Pays something beside the rewards of a study, out of the balance. Test participants are not paid.
    pub(crate) fn pay_beside(&mut self, study: &str, amount: Money) -> Result<(), Refused> {
        self.pay(study, None, amount)
    }

    /// Pays for a submission: out of what its study holds, as far as that goes.
    pub(crate) fn pay_submission(&mut self, id: &str, price: Price) -> Result<(), Refused> {
        let study = self.submission(id)?.study.clone();
        self.pay(&study, Some(&study), price.total())
    }

    fn pay(&mut self, study: &str, reserved_for: Option<&str>, amount: Money) -> Result<(), Refused> {
        let study = self.study(study)?;
        if study.is_test {
            return Ok(());
        }
        let workspace = study.workspace.clone();
        Ok(self.wallet(&workspace)?.wallet.pay(reserved_for, amount)?)
    }
}

/// The part of the reward that is paid, in percent.
pub(super) fn part_of_reward(data: &Value) -> Result<u64, Refused> {
    let percent = data["percentage_of_reward"].as_f64().filter(|percent| (8.0..=99.0).contains(percent));
    let problem = || Refused::because(json!({"completion_code_data": ["The part of the reward is from 8 to 99."]}));
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is from 8 to 99")]
    percent.map(|percent| percent.round() as u64).ok_or_else(problem)
}
