//! Workspaces and their money.

use serde_json::{Value, json};

use super::projects;
use super::request::{Performed, parameter};
use crate::error::ApiError;
use crate::operation::{Input, Outcome};
use crate::store::money::{Money, breakdown};
use crate::store::{CURRENCY, Workspace, World};

pub(super) fn perform(world: &mut World, method: &str, input: &Input) -> Performed {
    Ok(Some(match method {
        "list" => input.window.of(world.workspaces.values(), |workspace| show(world, workspace)),
        "get" => {
            let workspace = find(world, input)?;
            let mut shown = show(world, workspace);
            let own = world.projects.values().filter(|project| project.workspace == workspace.id);
            shown["projects"] = own.map(|project| projects::summary(world, project)).collect();
            Outcome::Object(shown)
        }
        "balance" => {
            let wallet = &find(world, input)?.wallet;
            let (available, total) = (wallet.available(), wallet.available() + wallet.reserved());
            let whole = |amount: Money| i64::try_from(amount.whole()).unwrap_or(i64::MAX);
            Outcome::Object(json!({
                "currency_code": CURRENCY,
                "total_balance": whole(total),
                "balance_breakdown": breakdown(total),
                "available_balance": whole(available),
                "available_balance_breakdown": breakdown(available),
            }))
        }
        _ => return Ok(None),
    }))
}

fn find<'a>(world: &'a World, input: &Input) -> Result<&'a Workspace, ApiError> {
    world.workspaces.get(parameter(input, "workspace_id").unwrap_or_default()).ok_or_else(ApiError::not_found)
}

fn show(world: &World, workspace: &Workspace) -> Value {
    let member = json!({"id": world.user.id, "email": world.user.email, "roles": ["WORKSPACE_ADMIN"]});
    json!({"id": workspace.id, "title": workspace.title, "owner": world.user.id, "users": [member]})
}
