//! Whose token is this, and which workspaces are theirs? A group needs the id of one.
//!
//! Without `PROLIFIC_TOKEN` it runs offline, against a sandbox that it starts; with it, against the real service. It
//! only reads.
//!
//! ```text
//! cargo run --example find_my_workspace
//! ```

use std::env;
use std::error::Error;

use prolific_sandbox::{Sandbox, Seed};
use prolific_sdk::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let seed = Seed::new().workspace("w1", "Attention lab").workspace("w2", "Memory lab");
    let sandbox = Sandbox::builder().seed(seed).start().await?;
    let client = match env::var_os("PROLIFIC_TOKEN") {
        Some(_) => Client::from_env()?,
        None => Client::builder().base_url(sandbox.url()).token(sandbox.token()).build()?,
    };
    println!("asking {}", client.base_url());

    let user = client.get_current_user().send().await?;
    println!("the token is that of {:?}", user.email);

    let mut workspaces = client.list_workspaces().stream();
    while let Some(workspace) = workspaces.next().await {
        let workspace = workspace?;
        println!(
            "{}: {}",
            workspace.id.as_ref().map_or("?", |id| id.as_str()),
            workspace.title.as_deref().unwrap_or("?")
        );
    }
    Ok(())
}
