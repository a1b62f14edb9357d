//! All groups of a workspace, item by item and page by page. Only reads.
//!
//! ```text
//! cargo run --example page_through_groups
//! PROLIFIC_TOKEN=… cargo run --example page_through_groups -- WORKSPACE_ID
//! ```

mod support;

use clap::Parser;
use prolific_sandbox::{Seed, SeedGroup};
use support::Failure;

/// Lists the groups of a workspace, in the service that PROLIFIC_TOKEN and PROLIFIC_URL name, or in a sandbox.
#[derive(Parser)]
#[expect(clippy::doc_markdown, reason = "the help shows this text")]
struct Arguments {
    /// The id of the workspace.
    #[arg(env = "PROLIFIC_WORKSPACE_ID")]
    workspace_id: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let arguments = Arguments::parse();
    let workspace = arguments.workspace_id.as_deref().unwrap_or("62fce6fff0a78eb4f3ebc09c");
    let groups = (1..=5).map(|wave| SeedGroup::in_workspace(format!("Wave {wave}"), workspace));
    let seed = groups.fold(Seed::new(), Seed::group);
    let service = support::connect(seed, arguments.workspace_id).await?;
    let (client, workspace) = (&service.client, service.workspace()?);

    // Each page is requested when its first item is needed.
    let mut groups = client.participant_groups().list(workspace).active(true).limit(2).stream();
    while let Some(group) = groups.try_next().await? {
        println!("{}", group.name.as_deref().unwrap_or("without a name"));
    }

    let mut pages = client.participant_groups().list(workspace).active(true).limit(2).pages();
    while let Some(page) = pages.try_next().await? {
        println!("a page of {}", page.body().results.as_ref().map_or(0, Vec::len));
    }
    Ok(())
}
