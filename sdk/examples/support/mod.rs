//! Which service an example calls. With `PROLIFIC_TOKEN` or `PROLIFIC_URL` set, the one that these name; otherwise a
//! sandbox, so that every example runs offline.

use std::env;
use std::error::Error;
use std::fmt;

use prolific_sandbox::{Sandbox, Seed};
use prolific_sdk::Client;

/// An error as people read it, with its causes: without this, `main` prints the `Debug` of an error.
pub struct Failure(Box<dyn Error>);

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)?;
        let causes = std::iter::successors(self.0.source(), |&cause| cause.source());
        causes.take(8).try_for_each(|cause| write!(f, "\n  because: {cause}"))
    }
}

impl<E: Into<Box<dyn Error>>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// A service, and the workspace to work in.
pub struct Service {
    pub client: Client,
    pub workspace: Option<String>,
    /// Ends when it is dropped.
    sandbox: Option<Sandbox>,
}

/// Connects, and says to what. A sandbox starts with this seed, whose first workspace is the default.
pub async fn connect(seed: Seed, workspace: Option<String>) -> Result<Service, Failure> {
    if env::var_os("PROLIFIC_TOKEN").is_some() || env::var_os("PROLIFIC_URL").is_some() {
        let client = Client::from_env()?;
        println!("calling {}", client.base_url());
        return Ok(Service { client, workspace, sandbox: None });
    }
    let sandbox = Sandbox::builder().seed(seed.workspace("62fce6fff0a78eb4f3ebc09c", "My workspace")).start().await?;
    let client = Client::builder().base_url(sandbox.url()).token(sandbox.token()).build()?;
    println!("PROLIFIC_TOKEN is not set: calling a sandbox at {}", client.base_url());
    let workspace = workspace.or_else(|| Some("62fce6fff0a78eb4f3ebc09c".to_owned()));
    Ok(Service { client, workspace, sandbox: Some(sandbox) })
}

#[allow(dead_code, reason = "no example needs all of it")]
impl Service {
    pub fn is_sandbox(&self) -> bool {
        self.sandbox.is_some()
    }

    /// The sandbox, if that is what is called.
    pub fn sandbox(&self) -> Option<&Sandbox> {
        self.sandbox.as_ref()
    }

    /// The workspace, which a real service does not have by default.
    pub fn workspace(&self) -> Result<&str, &'static str> {
        self.workspace.as_deref().ok_or("no workspace given: pass its id as an argument, or set PROLIFIC_WORKSPACE_ID")
    }
}
