//! Bonuses: set up for free, then paid. Paid again, they are paid again, as by the service.

use std::time::Duration;

use serde_json::json;

use super::Refused;
use crate::quirk::Quirk;
use crate::store::money::{Money, Price};
use crate::store::{Bonus, Due, World};

impl World {
    /// Sets up bonuses: lines of a submission's or participant's id, a comma and an amount in the major unit.
    pub(crate) fn set_up_bonuses(&mut self, study: &str, lines: &str) -> Result<String, Refused> {
        if !self.studies.contains_key(study) {
            return Err(Refused::because(json!({"study_id": ["There is no such study."]})));
        }
        let (mut read, mut strangers, mut wrong) = (Vec::new(), Vec::new(), Vec::new());
        for (number, line) in lines.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let amount = line.split_once(',').map(|(id, amount)| (id.trim(), Money::major(amount)));
            let Some((id, Some(amount))) = amount else {
                wrong.push(format!("line {}", number + 1));
                continue;
            };
            // The last one of a participant with several.
            let named = self.submissions.get(id).filter(|submission| submission.study == study);
            match named.or_else(|| self.submissions.of_participant(study, id).next_back()) {
                Some(submission) => read.push((submission.id.clone(), amount)),
                None => strangers.push(id),
            }
        }
        let problem = match (wrong.is_empty(), strangers.is_empty()) {
            (false, _) => format!(
                "Not an id, a comma and an amount with at most two digits after the point: {}.",
                wrong.join(", ")
            ),
            (true, false) => format!("These have not taken part in the study: {}.", strangers.join(", ")),
            (true, true) if read.is_empty() => "There is no line.".to_owned(),
            (true, true) => String::new(),
        };
        if !problem.is_empty() {
            return Err(Refused::because(json!({"csv_bonuses": [problem]})));
        }
        let bonus = Bonus { study: study.to_owned(), lines: read };
        let id = self.next_id("66");
        self.bonuses.insert(id.clone(), bonus);
        Ok(id)
    }

    /// What bonuses cost: fees and VAT are those of each line.
    pub(crate) fn price_of_bonuses(bonus: &Bonus) -> Price {
        bonus.lines.iter().map(|(_, amount)| Price::of(*amount)).sum()
    }

    /// Pays bonuses. Nothing is paid if there is too little for all of them.
    pub(crate) fn pay_bonuses(&mut self, id: &str) -> Result<(), Refused> {
        let bonus = self.bonuses.get(id).ok_or_else(Refused::unknown)?;
        let (total, lines) = (Self::price_of_bonuses(bonus).total(), bonus.lines.clone());
        let study = bonus.study.clone();
        self.pay_beside(&study, total)?;
        self.clock.tick();
        let delay = Duration::from_secs(if self.quirks.contains(&Quirk::LateBonuses) { 180 } else { 0 });
        for (submission, amount) in lines {
            if delay.is_zero() {
                self.change_submission(&submission, |submission| submission.bonuses.push(amount))?;
            } else {
                self.later(delay, Due::Bonus(submission, amount));
            }
        }
        Ok(())
    }
}
