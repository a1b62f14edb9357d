//! Publishing, pausing and ending studies, and the money that is reserved for them.

use serde_json::{Map, Value, json};

use super::Refused;
use crate::machine::{self, StudyStatus, SubmissionStatus};
use crate::store::clock::Moment;
use crate::store::money::{Money, Price};
use crate::store::study::{Study, names};
use crate::store::{Due, Workspace, World};

impl World {
    /// Creates a draft of the documented properties that were sent.
    pub(crate) fn draft(&mut self, project: &str, fields: Map<String, Value>) -> Result<String, Refused> {
        let workspace = self.projects.get(project).map(|project| project.workspace.clone());
        let workspace = workspace.ok_or_else(|| Refused::because(json!({"project": ["There is no such project."]})))?;
        self.check_fields(&fields)?;
        let (id, now) = (self.next_id("5e"), self.clock.tick());
        let study = Study {
            id: id.clone(),
            workspace,
            project: project.to_owned(),
            names: names(&fields),
            fields,
            status: StudyStatus::Unpublished,
            is_stopped: false,
            is_test: false,
            date_created: now,
            published_at: None,
            publish_at: None,
        };
        self.studies.insert(id.clone(), study);
        Ok(id)
    }

    /// Copies a study into a new draft, whatever its status. By default the copy keeps out who took part in the original,
    /// unless it has a filter set, beside which a study has no filters.
    pub(crate) fn duplicate(&mut self, id: &str, keep_out: bool) -> Result<String, Refused> {
        let study = self.study(id)?;
        let (project, mut fields) = (study.project.clone(), study.fields.clone());
        fields.insert("name".to_owned(), format!("{} Copy", study.text("name")).into());
        if keep_out && fields.get("filter_set_id").is_none_or(Value::is_null) {
            let filter = json!({"filter_id": "previous_studies_blocklist", "selected_values": [id]});
            match fields.get_mut("filters") {
                Some(Value::Array(filters)) => filters.push(filter),
                _ => drop(fields.insert("filters".to_owned(), json!([filter]))),
            }
        }
        self.draft(&project, fields)
    }

    /// Publishes a copy of a draft for test participants. The draft stays one.
    pub(crate) fn publish_test(&mut self, id: &str) -> Result<String, Refused> {
        if self.study(id)?.status != StudyStatus::Unpublished {
            return Err(Refused::because("Only a draft can be tested."));
        }
        if self.participants.values().flatten().next().is_none() {
            return Err(Refused::because("There is no test participant."));
        }
        let (project, fields) = (self.study(id)?.project.clone(), self.study(id)?.fields.clone());
        let test = self.draft(&project, fields)?;
        self.study_mut(&test)?.is_test = true;
        self.publish(&test, "PUBLISH")?;
        Ok(test)
    }

    /// Performs an action of the API.
    pub(crate) fn act_on_study(&mut self, id: &str, action: &str, publish_at: Option<&str>) -> Result<(), Refused> {
        match action {
            "PUBLISH" => self.publish(id, action),
            "SCHEDULE_PUBLISH" => {
                let given =
                    publish_at.or_else(|| Some(self.studies.get(id)?.text("publish_at")).filter(|at| !at.is_empty()));
                let missing = || Refused::because(json!({"publish_at": ["This field is required to schedule."]}));
                let at = given.and_then(Moment::parse).ok_or_else(missing)?;
                self.check_ready(id)?;
                self.move_study(id, action, StudyStatus::Scheduled)?;
                self.study_mut(id)?.publish_at = Some(at);
                self.at(at, Due::Publish(id.to_owned()));
                Ok(())
            }
            "CANCEL_PUBLISH" => {
                self.move_study(id, action, StudyStatus::Unpublished)?;
                self.study_mut(id)?.publish_at = None;
                Ok(())
            }
            "PAUSE" => self.move_study(id, action, StudyStatus::Paused),
            "START" => {
                self.check_move(id, action, StudyStatus::Active)?;
                let study = self.study_mut(id)?;
                let was_stopped = std::mem::replace(&mut study.is_stopped, false);
                if let Err(refused) = self.settle(id) {
                    self.study_mut(id)?.is_stopped = was_stopped;
                    return Err(refused);
                }
                self.move_study(id, action, StudyStatus::Active)?;
                self.review(id)
            }
            "STOP" => {
                let unreviewed = self.submissions.roll(id).number(SubmissionStatus::is_undecided) > 0;
                let to = if unreviewed { StudyStatus::AwaitingReview } else { StudyStatus::Completed };
                self.move_study(id, action, to)?;
                self.study_mut(id)?.is_stopped = true;
                self.settle(id)
            }
            _ => Err(Refused::because(format!("The action {action} is not known."))),
        }
    }

    fn check_ready(&self, id: &str) -> Result<(), Refused> {
        let ready = self.study(id)?.is_ready();
        if ready { Ok(()) } else { Err(Refused::because("The study is not ready to be published: it is incomplete.")) }
    }

    /// Reserves the cost and opens the study. The balance is checked first: if it is too low, nothing changes.
    pub(crate) fn publish(&mut self, id: &str, by: &str) -> Result<(), Refused> {
        self.check_move(id, by, StudyStatus::Active)?;
        self.check_ready(id)?;
        let cost = self.cost_of_running(self.study(id)?)?;
        self.hold(id, cost)?;
        self.move_study(id, by, StudyStatus::Active)?;
        let now = self.clock.now();
        self.study_mut(id)?.published_at = Some(now);
        self.review(id)
    }

    pub(super) fn check_move(&self, id: &str, by: &str, to: StudyStatus) -> Result<(), Refused> {
        let from = self.study(id)?.status;
        if machine::allows(machine::STUDY, &from, by, &to) {
            return Ok(());
        }
        Err(Refused::because(format!("A study that is {} cannot become {} by {by}.", from.as_str(), to.as_str())))
    }

    /// Changes the status, if the table has it.
    pub(crate) fn move_study(&mut self, id: &str, by: &str, to: StudyStatus) -> Result<(), Refused> {
        self.check_move(id, by, to)?;
        self.clock.tick();
        let study = self.study_mut(id)?;
        study.status = to;
        let workspace = study.workspace.clone();
        self.tell(&workspace, "study.status.change", id, json!({"metadata": {}, "status": to.as_str()}));
        Ok(())
    }

    /// What has to be held for a study while it runs: every place that is not paid for yet, and every screen-out.
    pub(super) fn cost_of_running(&self, study: &Study) -> Result<Money, Refused> {
        let too_much = || Refused::because("The study costs more than there is money.");
        let roll = self.submissions.roll(&study.id);
        let (paid, unpaid) = (roll.number(SubmissionStatus::is_paid), roll.number(SubmissionStatus::is_undecided));
        // A rejection that is taken back may need a place that was filled again.
        let places = study.places().saturating_sub(paid).max(unpaid);
        let mut sum = study.price().total().times(places).ok_or_else(too_much)?;
        for (code, action) in screen_outs(study) {
            let used = roll.screened_out(code);
            let slots = action["slots"].as_u64().unwrap_or_default().saturating_sub(used);
            let reward = Money::minor(action["fixed_screen_out_reward"].as_u64().unwrap_or_default());
            let price = if study.is_test { Price::default() } else { Price::of(reward) };
            sum += price.total().times(slots).ok_or_else(too_much)?;
        }
        Ok(sum)
    }

    /// Reserves this amount, no more and no less.
    pub(super) fn hold(&mut self, id: &str, amount: Money) -> Result<(), Refused> {
        let workspace = self.study(id)?.workspace.clone();
        Ok(self.wallet(&workspace)?.wallet.reserve(id, amount)?)
    }

    pub(crate) fn wallet(&mut self, workspace: &str) -> Result<&mut Workspace, Refused> {
        self.workspaces.get_mut(workspace).ok_or_else(Refused::unknown)
    }

    /// Reserves what the study needs now.
    pub(crate) fn settle(&mut self, id: &str) -> Result<(), Refused> {
        let study = self.study(id)?;
        let open = self.submissions.roll(id).number(SubmissionStatus::is_undecided);
        let amount = match study.status {
            StudyStatus::Unpublished | StudyStatus::Scheduled => Money::ZERO,
            StudyStatus::Active | StudyStatus::Paused | StudyStatus::AwaitingReview if !study.is_stopped => {
                self.cost_of_running(study)?
            }
            _ => study.price().total().times(open).unwrap_or_default(),
        };
        self.hold(id, amount)
    }

    /// Moves a study on whose places are taken, or whose submissions are all reviewed.
    pub(crate) fn review(&mut self, id: &str) -> Result<(), Refused> {
        let study = self.study(id)?;
        let roll = self.submissions.roll(id);
        let (open, unreviewed) = (roll.number(SubmissionStatus::is_open), roll.with(SubmissionStatus::AwaitingReview));
        let taken = roll.number(SubmissionStatus::takes_place);
        let is_over = study.is_stopped || roll.number(SubmissionStatus::is_paid) >= study.places();
        match study.status {
            StudyStatus::Active if taken >= study.places() && open == 0 => {
                let to = if unreviewed > 0 { StudyStatus::AwaitingReview } else { StudyStatus::Completed };
                self.move_study(id, "all places are taken, and all have finished", to)?;
            }
            StudyStatus::AwaitingReview if open + unreviewed == 0 && is_over => {
                self.move_study(id, "everything is reviewed", StudyStatus::Completed)?;
            }
            StudyStatus::Completed if unreviewed > 0 => {
                self.move_study(id, "a rejection is taken back", StudyStatus::AwaitingReview)?;
            }
            _ => {}
        }
        self.settle(id)
    }
}

/// The codes that screen out for a fixed payment, each with this action.
fn screen_outs(study: &Study) -> impl Iterator<Item = (&str, &Value)> {
    study.list("completion_codes").iter().filter_map(|code| {
        let actions = code["actions"].as_array()?;
        let action = actions.iter().find(|action| action["action"] == "FIXED_SCREEN_OUT_PAYMENT")?;
        Some((code["code"].as_str().unwrap_or_default(), action))
    })
}
