//! Projects.

use serde_json::{Value, json};

use super::request::{Performed, parameter};
use crate::error::ApiError;
use crate::operation::{Input, Outcome};
use crate::store::{Project, World};

pub(super) fn perform(world: &mut World, method: &str, input: &Input) -> Performed {
    let workspace = parameter(input, "workspace_id").unwrap_or_default();
    if input.parameters.contains_key("workspace_id") && !world.workspaces.contains_key(workspace) {
        return Err(ApiError::not_found());
    }
    Ok(Some(match method {
        "list" => {
            let own = world.projects.values().filter(|project| project.workspace == workspace);
            input.window.of(own, |project| summary(world, project))
        }
        "create" => {
            let fields = input.body.as_object().cloned().unwrap_or_default();
            let id = world.add_project(workspace, fields);
            let project = world.projects.get(&id).ok_or_else(ApiError::not_found)?;
            Outcome::Object(show(world, project))
        }
        "get" => {
            let id = parameter(input, "project_id").unwrap_or_default();
            let project = world.projects.get(id).ok_or_else(ApiError::not_found)?;
            Outcome::Object(show(world, project))
        }
        _ => return Ok(None),
    }))
}

/// What lists show.
pub(super) fn summary(world: &World, project: &Project) -> Value {
    let field = |name: &str| project.fields.get(name).cloned().unwrap_or_default();
    let member = json!({"id": world.user.id, "email": world.user.email, "roles": ["PROJECT_EDITOR"]});
    json!({
        "id": project.id,
        "title": field("title"),
        "description": field("description"),
        "owner": world.user.id,
        "type": project.fields.get("type").cloned().unwrap_or_else(|| "PRIVATE".into()),
        "public_details": field("public_details"),
        "users": [member],
        "naivety_distribution_rate": field("naivety_distribution_rate"),
    })
}

fn show(world: &World, project: &Project) -> Value {
    let mut shown = summary(world, project);
    shown["workspace"] = project.workspace.as_str().into();
    shown["is_longitudinal"] = project.fields.get("is_longitudinal").cloned().unwrap_or_else(|| false.into());
    shown["longitudinal"] = project.fields.get("longitudinal").cloned().unwrap_or_default();
    shown
}
