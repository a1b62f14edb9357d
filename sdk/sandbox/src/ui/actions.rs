//! What the forms of the page do. They name the section that shows it, or say why it is not possible.

use std::collections::BTreeMap;
use std::time::Duration;

use super::faults;
use super::subject::Ui;
use crate::store::World;
use crate::workflow::Refused;

/// The fields of a form.
pub(super) type Form = BTreeMap<String, String>;

/// What stands before a code in the field that says what a participant does.
pub(super) const WITH_CODE: &str = "code:";

pub(super) async fn perform(ui: &Ui, action: &str, form: &Form) -> Result<&'static str, String> {
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let refused = |refused: Refused| refused.to_string();
    match action {
        "take" => {
            let (study, participant, then) = (field("study"), field("participant").trim(), field("then"));
            take(&mut ui.world(), study, participant, then).map_err(refused)?;
            Ok("submissions")
        }
        "submission" => {
            step(&mut ui.world(), field("submission"), field("then")).map_err(refused)?;
            Ok("submissions")
        }
        "clock" => {
            let number: u32 =
                field("number").trim().parse().map_err(|_| "The clock turns forward by a whole number.")?;
            let unit = match field("unit") {
                "days" => 86_400,
                "hours" => 3600,
                "minutes" => 60,
                _ => 1,
            };
            ui.shared.advance(Duration::from_secs(u64::from(number) * unit)).await;
            Ok("clock")
        }
        "fault" => {
            ui.shared.faults.inject(faults::read(&field)?);
            Ok("faults")
        }
        "remove-fault" => {
            ui.shared.faults.remove(field("fault").parse().map_err(|_| "A fault has a number.")?);
            Ok("faults")
        }
        "reset" => {
            ui.shared.reset()?;
            Ok("main")
        }
        _ => Err("The page has no such form.".to_owned()),
    }
}

/// A participant takes part in a study, as far as `then` says. If that is not possible, the place stays reserved.
fn take(world: &mut World, study: &str, participant: &str, then: &str) -> Result<(), Refused> {
    let id = world.take(study, participant)?;
    if then != "reserve" {
        world.begin_submission(&id)?;
    }
    if matches!(then, "reserve" | "begin") { Ok(()) } else { step(world, &id, then) }
}

/// A participant goes a step on with a submission.
fn step(world: &mut World, id: &str, then: &str) -> Result<(), Refused> {
    match then {
        "begin" => world.begin_submission(id),
        "return" => world.return_submission(id),
        "no-show" => world.no_show(id),
        "time-out" => world.time_out(id),
        _ => world.hand_in(id, then.strip_prefix(WITH_CODE)),
    }
}
