//! Studies.

use serde_json::{Map, Value, json};

use super::request::{Performed, parameter, text};
use crate::document::Document;
use crate::error::ApiError;
use crate::machine::{StudyStatus, SubmissionStatus};
use crate::operation::{Input, Outcome};
use crate::store::money::{Money, Price};
use crate::store::study::Study;
use crate::store::{CURRENCY, World};

pub(super) fn perform(world: &mut World, method: &str, input: &Input) -> Performed {
    let id = parameter(input, "id").unwrap_or_default();
    let show = |world: &World, id: &str| -> Result<Outcome, ApiError> {
        let study = world.study(id)?;
        Ok(Outcome::Object(study.to_json(&world.numbers(study))))
    };
    Ok(Some(match method {
        "list" | "list_of_project" => list(world, input),
        "create" => {
            let fields = documented(&input.body)?;
            let id = world.draft(text(input, "project").unwrap_or_default(), fields)?;
            world.note_feeders(&id);
            show(world, &id)?
        }
        "get" => show(world, id)?,
        "update" => {
            let fields = documented(&input.body)?;
            world.update_study(id, fields)?;
            world.note_feeders(id);
            show(world, id)?
        }
        "delete" => {
            let status = world.study(id)?.status;
            if !matches!(status, StudyStatus::Unpublished | StudyStatus::Scheduled) {
                return Err(ApiError::bad_request(format!("A study that is {} cannot be deleted.", status.as_str())));
            }
            world.studies.shift_remove(id);
            Outcome::Nothing
        }
        "transition" => {
            let action = text(input, "action").unwrap_or_default();
            world.act_on_study(id, action, text(input, "publish_at"))?;
            show(world, id)?
        }
        "duplicate" => {
            let keep_out = input.body["block_previous_participants"].as_bool().unwrap_or(true);
            let copy = world.duplicate(id, keep_out)?;
            world.note_feeders(&copy);
            show(world, &copy)?
        }
        "create_test" => {
            let study = world.publish_test(id)?;
            let url = world.study(&study)?.text("external_study_url").to_owned();
            Outcome::Object(json!({"study_id": study, "study_url": url}))
        }
        "cost" => {
            let is_projected = input.parameters.get("is_projected").and_then(Value::as_bool).unwrap_or_default();
            cost(world, world.study(id)?, is_projected)
        }
        "calculate_cost" => {
            let number = |name: &str| input.body[name].as_u64().unwrap_or_default();
            let total = Price::of(Money::minor(number("reward"))).total().times(number("total_available_places"));
            let total = total.ok_or_else(|| ApiError::bad_request("The study costs more than there is money."))?;
            Outcome::Object(json!({"total_cost": total.to_json()}))
        }
        _ => return Ok(None),
    }))
}

fn list(world: &World, input: &Input) -> Outcome {
    let state = parameter(input, "state");
    let search = parameter(input, "search").unwrap_or_default().to_lowercase();
    let project = parameter(input, "project_id");
    let fits = |study: &&Study| {
        state.is_none_or(|state| state.replace('_', " ") == study.status.as_str())
            && project.is_none_or(|project| project == study.project)
            && (search.is_empty() || study.names.contains(&search))
    };
    let show = |study: &Study| study.summary(&world.numbers(study));
    let studies = world.studies.values().filter(fits);
    if parameter(input, "ordering") == Some("-date_created") {
        input.window.of(studies.rev(), show)
    } else {
        input.window.of(studies, show)
    }
}

/// What is sent and documented. The rest is ignored, as by the service.
fn documented(body: &Value) -> Result<Map<String, Value>, ApiError> {
    let document = Document::embedded().map_err(ApiError::bad_request)?;
    let given = body.as_object().into_iter().flatten();
    let known = given.filter(|(name, _)| document.has_property("CreateStudy", name));
    Ok(known.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// What a study has cost so far, or what it costs when all of its places are paid.
fn cost(world: &World, study: &Study, is_projected: bool) -> Outcome {
    let paid = world.submissions.roll(&study.id).number(SubmissionStatus::is_paid);
    let count = if is_projected { study.places().max(paid) } else { paid };
    let rewards = study.price().times(count).unwrap_or_default();
    let all = world.submissions.of(&study.id).flat_map(|submission| &submission.bonuses);
    let bonuses: Price = all.map(|amount| Price::of(*amount)).sum();
    let amount = |amount: Money| json!({"amount": amount.to_json(), "currency": CURRENCY});
    let show =
        |price: Price| json!({"rewards": amount(price.reward), "fees": amount(price.fee), "tax": amount(price.vat)});
    Outcome::Object(json!({"rewards": show(rewards), "bonuses": show(bonuses)}))
}
