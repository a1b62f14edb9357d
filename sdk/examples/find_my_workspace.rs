//! Whose token is this, and which workspaces does the account have? A group needs the id of one. Only reads.
//!
//! ```text
//! cargo run --example find_my_workspace
//! PROLIFIC_TOKEN=… cargo run --example find_my_workspace
//! ```

mod support;

use clap::Parser;
use prolific_sandbox::Seed;
use support::Failure;

/// Shows the account of the token, and its workspaces, in the service that PROLIFIC_TOKEN and PROLIFIC_URL name, or in
/// a sandbox.
#[derive(Parser)]
#[expect(clippy::doc_markdown, reason = "the help shows this text")]
struct Arguments {}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    Arguments::parse();
    let seed = Seed::new().workspace("w1", "Attention lab").workspace("w2", "Memory lab");
    let service = support::connect(seed, None).await?;
    let client = &service.client;

    let user = client.users().me().send().await?;
    println!("the token belongs to {}", user.email);

    let mut workspaces = client.workspaces().list().stream();
    while let Some(workspace) = workspaces.try_next().await? {
        println!("{}  {}", workspace.id, workspace.title);
    }
    Ok(())
}
