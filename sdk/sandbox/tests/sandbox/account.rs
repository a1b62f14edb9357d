//! The user and the workspaces.

use std::io::Result;

use prolific_sandbox::{Sandbox, Seed};
use serde_json::json;

use crate::http::read;

#[tokio::test]
async fn without_a_seed_there_are_a_user_and_a_workspace() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let user = read(&sandbox, "users_me", "")?;
    assert_eq!(user, json!({"id": "60a42f4c693c29420793cb73", "email": "robin@example.org"}));
    let list = read(&sandbox, "workspaces_list", "")?;
    let expected = json!([{
        "id": "62fce6fff0a78eb4f3ebc09c",
        "title": "My workspace",
        "owner": user["id"],
        "users": [{"id": user["id"], "email": user["email"], "roles": ["WORKSPACE_ADMIN"]}],
    }]);
    assert_eq!(list["results"], expected);
    Ok(())
}

#[tokio::test]
async fn a_seed_sets_another_user_and_other_workspaces() -> Result<()> {
    let seed = Seed::new().user("u1", "a@example.org").workspace("w1", "One").workspace("w2", "Two");
    let sandbox = Sandbox::builder().seed(seed).start().await?;
    assert_eq!(read(&sandbox, "users_me", "")?, json!({"id": "u1", "email": "a@example.org"}));
    let list = read(&sandbox, "workspaces_list", "")?;
    let fields = |field| list["results"].as_array().map(|list| list.iter().map(|item| item[field].clone()).collect());
    assert_eq!(fields("id"), Some(json!(["w1", "w2"])));
    assert_eq!(fields("title"), Some(json!(["One", "Two"])));
    assert_eq!(fields("owner"), Some(json!(["u1", "u1"])));
    Ok(())
}

#[tokio::test]
async fn an_empty_seed_has_no_workspace() -> Result<()> {
    let sandbox = Sandbox::builder().seed(Seed::new()).start().await?;
    assert_eq!(read(&sandbox, "workspaces_list", "")?["results"], json!([]));
    Ok(())
}
