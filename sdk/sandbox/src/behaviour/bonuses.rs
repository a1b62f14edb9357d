//! Bonuses.

use serde_json::json;

use super::request::{Performed, parameter, text};
use crate::error::ApiError;
use crate::operation::{Input, Outcome};
use crate::store::World;

pub(super) fn perform(world: &mut World, method: &str, input: &Input) -> Performed {
    Ok(Some(match method {
        "set_up" => {
            let (study, lines) = (text(input, "study_id"), text(input, "csv_bonuses"));
            let id = world.set_up_bonuses(study.unwrap_or_default(), lines.unwrap_or_default())?;
            let bonus = world.bonuses.get(&id).ok_or_else(ApiError::not_found)?;
            let price = World::price_of_bonuses(bonus);
            Outcome::Object(json!({
                "id": id,
                "study": bonus.study,
                "amount": price.reward.to_json(),
                "fees": price.fee.to_json(),
                "vat": price.vat.to_json(),
                "total_amount": price.total().to_json(),
            }))
        }
        "pay" => {
            world.pay_bonuses(parameter(input, "id").unwrap_or_default())?;
            Outcome::Object("The bonuses are being paid.".into())
        }
        _ => return Ok(None),
    }))
}
