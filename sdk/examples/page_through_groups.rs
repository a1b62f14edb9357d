//! All groups of a workspace, item by item and page by page.
//!
//! Runs offline, against a sandbox that it starts.
//!
//! ```text
//! cargo run --example page_through_groups
//! ```

use std::error::Error;

use prolific_sandbox::{Sandbox, Seed, SeedGroup};
use prolific_sdk::Client;
use prolific_sdk::types::ActiveFilter;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let groups = (1..=5).map(|wave| SeedGroup::in_workspace(format!("Wave {wave}"), "w1"));
    let sandbox = Sandbox::builder().seed(groups.fold(Seed::new(), Seed::group)).start().await?;
    // For the real service: Client::from_env()?
    let client = Client::builder().base_url(sandbox.url()).token(sandbox.token()).build()?;

    // A page is asked for when its first item is.
    let mut groups = client.list_participant_groups("w1").active(ActiveFilter::True).limit(2).stream();
    while let Some(group) = groups.next().await {
        println!("{}", group?.name.as_deref().unwrap_or("without a name"));
    }

    let mut pages = client.list_participant_groups("w1").limit(2).pages();
    while let Some(page) = pages.next().await {
        println!("a page of {}", page?.results.as_ref().map_or(0, Vec::len));
    }
    Ok(())
}
